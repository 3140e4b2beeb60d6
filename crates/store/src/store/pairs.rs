//! Pairs: two projects, smaller id first, one row for each; judging again updates it.

use super::footprints::{from_wkb, to_wkb};
use super::sight::within;
use super::sql::MOST_VALUES;
use super::{Result, StoreError, Tx, list, list_in, sql, to_text};
use crate::domain::Time;
use crate::domain::scope::Scope;
use crate::domain::verdict::{Band, Evidence, Kept, Verdict, VerdictKind};
use geo::{Coord, Geometry, LineString, MultiLineString};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// A stored pair.
#[derive(Clone, Debug)]
pub struct Pair {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub verdict: Verdict,
    pub digests: Digests,
}

/// Digests of the input of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Of the facts of both projects: while it stays, a decision stands.
    pub facts: String,
    /// Of the facts, their neighbourhood, weights and settings: while it stays, judging again gives the same verdict.
    pub verdict: String,
}

/// A verdict to be written.
#[derive(Clone, Debug)]
pub struct NewPair<'a> {
    /// Of the pair, where it was not there before.
    pub id: Uuid,
    /// Smaller than the other.
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub verdict: &'a Verdict,
    pub digests: Digests,
}

/// Writes the verdicts of the judge with this number, each pair once, over those that were there. A later judge's
/// verdict on the same facts stays.
pub async fn upsert_many(tx: &mut Tx, new: &[NewPair<'_>], judge: i64, now: Time) -> Result<()> {
    const INSERT: &str =
        "INSERT INTO pairs (id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m, shared,
            evidence, facts_digest, weights_version, judged_at, verdict_digest, nearest, judge) ";
    const OVER: &str = " ON CONFLICT (a_id, b_id) DO UPDATE SET kind = excluded.kind, probability = excluded.probability,
            band = excluded.band, cross_border = excluded.cross_border, distance_m = excluded.distance_m,
            shared_m = excluded.shared_m, shared = excluded.shared, evidence = excluded.evidence,
            facts_digest = excluded.facts_digest, weights_version = excluded.weights_version, judged_at = excluded.judged_at,
            verdict_digest = excluded.verdict_digest, nearest = excluded.nearest, judge = excluded.judge
        WHERE pairs.judge <= excluded.judge OR pairs.facts_digest <> excluded.facts_digest
        RETURNING id";
    // The order of a finding's pairs is kept with the finding: an index gives the likeliest of thousands.
    const REORDER: &str = "UPDATE finding_pairs SET probability =
        (SELECT r.probability FROM pairs r WHERE r.id = finding_pairs.pair_id) WHERE pair_id";
    /// Rows of one statement.
    const TOGETHER: usize = 250;
    for some in new.chunks(TOGETHER) {
        // No limit: the ids of the rows just written.
        let written = list!(tx, (Uuid,), |q| {
            q.push(INSERT).push_values(some, |mut row, pair| {
                let verdict = pair.verdict;
                let shared = (!verdict.shared.is_empty())
                    .then(|| to_wkb(&Geometry::MultiLineString(MultiLineString(verdict.shared.clone()))));
                let nearest =
                    verdict.nearest.map(|ends| to_wkb(&Geometry::LineString(LineString::from(ends.to_vec()))));
                row.push_bind(pair.id)
                    .push_bind(pair.a_id)
                    .push_bind(pair.b_id)
                    .push_bind(verdict.kind.as_str())
                    .push_bind(verdict.probability)
                    .push_bind(verdict.band.as_str())
                    .push_bind(i64::from(verdict.cross_border))
                    .push_bind(verdict.distance_m)
                    .push_bind(verdict.shared_m)
                    .push_bind(shared)
                    .push_bind(serde_json::to_string(&verdict.evidence).expect("evidence is plain data"))
                    .push_bind(pair.digests.facts.clone())
                    .push_bind(verdict.weights_version.clone())
                    .push_bind(to_text(now))
                    .push_bind(pair.digests.verdict.clone())
                    .push_bind(nearest)
                    .push_bind(judge);
            });
            q.push(OVER);
        })?;
        let new: HashSet<Uuid> = some.iter().map(|pair| pair.id).collect();
        let known: Vec<Uuid> = written.into_iter().map(|(id,)| id).filter(|id| !new.contains(id)).collect();
        list_in!(tx, (Uuid,), REORDER, known, "RETURNING pair_id");
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PairRow {
    id: Uuid,
    a_id: Uuid,
    b_id: Uuid,
    kind: String,
    probability: f64,
    band: String,
    cross_border: i64,
    distance_m: Option<f64>,
    shared_m: Option<f64>,
    shared: Option<Vec<u8>>,
    nearest: Option<Vec<u8>>,
    evidence: String,
    facts_digest: String,
    verdict_digest: String,
    weights_version: String,
}

impl PairRow {
    fn parse(self) -> Result<Pair> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt(column, id);
        let shared = match self.shared.map(|bytes| from_wkb(&bytes, "pairs.shared", id)).transpose()? {
            Some(Geometry::MultiLineString(lines)) => lines.0,
            _ => Vec::new(),
        };
        let nearest = match self.nearest.map(|bytes| from_wkb(&bytes, "pairs.nearest", id)).transpose()? {
            Some(Geometry::LineString(line)) => <[Coord<f64>; 2]>::try_from(line.0).ok(),
            _ => None,
        };
        let evidence: Vec<Evidence> = serde_json::from_str(&self.evidence).map_err(|_| corrupt("pairs.evidence"))?;
        let verdict = Verdict {
            kind: VerdictKind::parse(&self.kind).ok_or_else(|| corrupt("pairs.kind"))?,
            probability: self.probability,
            band: Band::parse(&self.band).ok_or_else(|| corrupt("pairs.band"))?,
            cross_border: self.cross_border != 0,
            distance_m: self.distance_m,
            shared_m: self.shared_m,
            shared,
            nearest,
            evidence,
            weights_version: self.weights_version,
        };
        Ok(Pair {
            id,
            a_id: self.a_id,
            b_id: self.b_id,
            verdict,
            digests: Digests { facts: self.facts_digest, verdict: self.verdict_digest },
        })
    }
}

const PAIR: &str =
    "SELECT id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m, shared, nearest, evidence,
    facts_digest, verdict_digest, weights_version FROM pairs";
const PAIR_OF_FINDING: &str =
    "SELECT r.id AS id, r.a_id AS a_id, r.b_id AS b_id, r.kind AS kind, r.probability AS probability, r.band AS band,
    r.cross_border AS cross_border, r.distance_m AS distance_m, r.shared_m AS shared_m, r.shared AS shared,
    r.nearest AS nearest, r.evidence AS evidence, r.facts_digest AS facts_digest, r.verdict_digest AS verdict_digest,
    r.weights_version AS weights_version
    FROM finding_pairs f JOIN pairs r ON r.id = f.pair_id";

/// A pair as grouping sees it.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub probability: f64,
    pub band: Band,
}

/// The pairs in alert or review of which one of `asked` is a member and both stand, but for those with one of `before`: over
/// rounds in which who was asked is `before` for the next, each pair comes once. `asked` is in order.
pub async fn list_links(tx: &mut Tx, asked: &[Uuid], before: &BTreeSet<Uuid>) -> Result<Vec<Link>> {
    type Row = (Uuid, Uuid, Uuid, f64, String);
    /// Projects in one statement: a thousand like records have a thousand pairs each, and rows take more room than links.
    const TOGETHER: usize = 50;
    let mut links = Vec::new();
    for side in ["a_id", "b_id"] {
        let text = format!(
            "SELECT r.id, r.a_id, r.b_id, r.probability, r.band FROM pairs r
            JOIN projects a ON a.id = r.a_id JOIN projects b ON b.id = r.b_id
            WHERE r.band <> 'silent' AND a.withdrawn_at IS NULL AND a.merged_into_id IS NULL
            AND b.withdrawn_at IS NULL AND b.merged_into_id IS NULL AND r.{side}"
        );
        for some in asked.chunks(TOGETHER) {
            for (id, a_id, b_id, probability, band) in list_in!(tx, Row, &text, some) {
                let came = match side {
                    "a_id" => before.contains(&b_id),
                    _ => before.contains(&a_id) || asked.binary_search(&a_id).is_ok(),
                };
                if came {
                    continue;
                }
                let band = Band::parse(&band).ok_or(StoreError::Corrupt("pairs.band", id))?;
                links.push(Link { id, a_id, b_id, probability, band });
            }
        }
    }
    Ok(links)
}

/// With whom each of these projects is paired, and what of that verdict the judge with this number need not judge again.
pub async fn list_known(tx: &mut Tx, projects: &[Uuid], judge: i64) -> Result<HashMap<Uuid, HashMap<Uuid, Kept>>> {
    type Row = (Uuid, Uuid, String, String, i64);
    let mut known: HashMap<Uuid, HashMap<Uuid, Kept>> = HashMap::new();
    for (own, other) in [("a_id", "b_id"), ("b_id", "a_id")] {
        let before = format!("SELECT {own}, {other}, facts_digest, verdict_digest, judge FROM pairs WHERE {own}");
        for (project, partner, facts, verdict, judged_by) in list_in!(tx, Row, &before, projects) {
            let kept = if judged_by > judge { Kept::WhileFacts(facts) } else { Kept::WhileVerdict(verdict) };
            known.entry(project).or_default().insert(partner, kept);
        }
    }
    Ok(known)
}

/// These pairs without what they rest on: no evidence, no geometry.
pub async fn find_in_brief(tx: &mut Tx, wanted: &[Uuid]) -> Result<Vec<Pair>> {
    const IN_BRIEF: &str = "SELECT id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m,
        CAST(NULL AS BYTEA) AS shared, CAST(NULL AS BYTEA) AS nearest, '[]' AS evidence,
        facts_digest, verdict_digest, weights_version FROM pairs WHERE id";
    list_in!(tx, PairRow, IN_BRIEF, wanted).into_iter().map(PairRow::parse).collect()
}

/// These pairs.
pub async fn find_many(tx: &mut Tx, wanted: &[Uuid]) -> Result<Vec<Pair>> {
    let before = format!("{PAIR} WHERE id");
    list_in!(tx, PairRow, &before, wanted).into_iter().map(PairRow::parse).collect()
}

/// The projects of these pairs.
pub async fn list_members(tx: &mut Tx, wanted: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    let mut members = BTreeSet::new();
    // Some at a time: half a million pairs have no more than a thousand projects.
    for some in wanted.chunks(MOST_VALUES) {
        members.extend(list_ends(tx, some).await?.into_values().flat_map(|(a, b)| [a, b]));
    }
    Ok(members)
}

/// The two projects of each of these pairs.
pub async fn list_ends(tx: &mut Tx, wanted: &[Uuid]) -> Result<HashMap<Uuid, (Uuid, Uuid)>> {
    let rows = list_in!(tx, (Uuid, Uuid, Uuid), "SELECT id, a_id, b_id FROM pairs WHERE id", wanted);
    Ok(rows.into_iter().map(|(id, a, b)| (id, (a, b))).collect())
}

/// The ids of the pairs of a finding, in order. No limit: a group has an end (`findings/gather.rs`), and who decides decides
/// about all of it.
pub async fn list_ids_of_finding(tx: &mut Tx, finding: Uuid) -> Result<Vec<Uuid>> {
    const IDS: &str = "SELECT pair_id FROM finding_pairs WHERE finding_id = $1 ORDER BY pair_id";
    Ok(sql!(tx, IDS, [finding], fetch_all as (Uuid,))?.into_iter().map(|(pair,)| pair).collect())
}

/// The likeliest pairs of each of these findings, at most `most` of each, the likeliest first. Costs what it gives, however
/// many pairs there are.
pub async fn list_likeliest_of_findings(tx: &mut Tx, findings: &[Uuid], most: i64) -> Result<HashMap<Uuid, Vec<Pair>>> {
    /// Parts of one statement: SQLite joins no more than 500.
    const TOGETHER: usize = 100;
    let mut links = Vec::new();
    for chunk in findings.chunks(TOGETHER) {
        links.extend(list!(tx, (Uuid, Uuid), |q| {
            for (at, finding) in chunk.iter().enumerate() {
                q.push(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
                q.push("SELECT finding_id, pair_id FROM finding_pairs WHERE finding_id = ").push_bind(*finding);
                q.push(" ORDER BY probability DESC, pair_id LIMIT ").push_bind(most).push(") AS likeliest");
            }
        })?);
    }
    let ids: Vec<Uuid> = links.iter().map(|(_, pair)| *pair).collect();
    let mut pairs: HashMap<Uuid, Pair> = find_many(tx, &ids).await?.into_iter().map(|pair| (pair.id, pair)).collect();
    let mut all: HashMap<Uuid, Vec<Pair>> = HashMap::new();
    for (finding, pair) in links {
        // A pair belongs to one finding.
        all.entry(finding).or_default().extend(pairs.remove(&pair));
    }
    Ok(all)
}

/// A page of the pairs of a finding, the likeliest first, behind the pair `after`: the id alone, since how likely a pair is is
/// not for everybody who pages.
pub async fn list_page_of_finding(tx: &mut Tx, finding: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<Pair>> {
    let rows = list!(tx, PairRow, |q| {
        q.push(PAIR_OF_FINDING).push(" WHERE f.finding_id = ").push_bind(finding);
        if let Some(id) = after {
            const AT: &str =
                "(SELECT k.probability FROM finding_pairs k WHERE k.finding_id = f.finding_id AND k.pair_id = ";
            q.push(" AND (f.probability < ").push(AT).push_bind(id).push(")");
            q.push(" OR (f.probability = ").push(AT).push_bind(id).push(") AND f.pair_id > ").push_bind(id).push("))");
        }
        q.push(" ORDER BY f.probability DESC, f.pair_id LIMIT ").push_bind(limit);
    })?;
    rows.into_iter().map(PairRow::parse).collect()
}

/// How many pairs of a finding are shown in this scope: not those with a work that was withdrawn elsewhere. Those are
/// looked for only where there is such a work. No limit: works of one group.
pub async fn count_of_finding(tx: &mut Tx, scope: &Scope, finding: Uuid) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM finding_pairs WHERE finding_id = $1";
    const GONE: &str = "SELECT p.id FROM finding_members m JOIN projects p ON p.id = m.project_id
        JOIN region_versions v ON v.region_id = p.village_id AND v.valid_to IS NULL
        WHERE p.withdrawn_at IS NOT NULL AND m.finding_id = ";
    let all = sql!(tx, COUNT, [finding], fetch_one as (i64,))?.0;
    let gone = list!(tx, (Uuid,), |q| {
        q.push(GONE).push_bind(finding).push(" AND NOT ");
        within!(q, "v", scope);
    })?;
    let gone: Vec<Uuid> = gone.into_iter().map(|(id,)| id).collect();
    let mut hidden: HashSet<Uuid> = HashSet::new();
    for side in ["a_id", "b_id"] {
        let before = format!("SELECT r.id FROM pairs r JOIN finding_pairs f ON f.pair_id = r.id WHERE r.{side}");
        let rows = list_in!(tx, (Uuid,), &before, gone, |q| {
            q.push(" AND f.finding_id = ").push_bind(finding);
        });
        hidden.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(all - i64::try_from(hidden.len()).unwrap_or(i64::MAX))
}
