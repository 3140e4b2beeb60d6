//! Pairs: two projects, smaller id first, one row for each; judging again updates it.

use super::footprints::{from_wkb, to_wkb};
use super::{Result, StoreError, Tx, list, sql, to_text};
use crate::domain::Time;
use crate::domain::verdict::{Band, Evidence, Verdict, VerdictKind};
use geo::{Geometry, MultiLineString};
use std::collections::HashMap;
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

/// What a verdict was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Of the facts of both projects: while it stays, a decision stands.
    pub facts: String,
    /// Of the facts, what surrounds them, weights and settings: while it stays, judging again says the same.
    pub verdict: String,
}

/// Writes the verdict of a pair over the one that was there; gives the pair's id. `a` must be smaller than `b`.
pub async fn upsert(
    tx: &mut Tx,
    id: Uuid,
    (a, b): (Uuid, Uuid),
    verdict: &Verdict,
    digests: &Digests,
    now: Time,
) -> Result<Uuid> {
    const UPSERT: &str = "INSERT INTO pairs (id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m, shared,
            evidence, facts_digest, weights_version, judged_at, verdict_digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (a_id, b_id) DO UPDATE SET kind = excluded.kind, probability = excluded.probability,
            band = excluded.band, cross_border = excluded.cross_border, distance_m = excluded.distance_m,
            shared_m = excluded.shared_m, shared = excluded.shared, evidence = excluded.evidence,
            facts_digest = excluded.facts_digest, weights_version = excluded.weights_version, judged_at = excluded.judged_at,
            verdict_digest = excluded.verdict_digest
        RETURNING id";
    let shared = (!verdict.shared.is_empty())
        .then(|| to_wkb(&Geometry::MultiLineString(MultiLineString(verdict.shared.clone()))));
    let evidence = serde_json::to_string(&verdict.evidence).expect("evidence is plain data");
    let row = sql!(
        tx,
        UPSERT,
        [
            id,
            a,
            b,
            verdict.kind.as_str(),
            verdict.probability,
            verdict.band.as_str(),
            i64::from(verdict.cross_border),
            verdict.distance_m,
            verdict.shared_m,
            shared.as_deref(),
            evidence.as_str(),
            digests.facts.as_str(),
            verdict.weights_version.as_str(),
            to_text(now),
            digests.verdict.as_str()
        ],
        fetch_one as (Uuid,)
    )?;
    Ok(row.0)
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
        let evidence: Vec<Evidence> = serde_json::from_str(&self.evidence).map_err(|_| corrupt("pairs.evidence"))?;
        let verdict = Verdict {
            kind: VerdictKind::parse(&self.kind).ok_or_else(|| corrupt("pairs.kind"))?,
            probability: self.probability,
            band: Band::parse(&self.band).ok_or_else(|| corrupt("pairs.band"))?,
            cross_border: self.cross_border != 0,
            distance_m: self.distance_m,
            shared_m: self.shared_m,
            shared,
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
    "SELECT id, a_id, b_id, kind, probability, band, cross_border, distance_m, shared_m, shared, evidence,
    facts_digest, verdict_digest, weights_version FROM pairs";

/// A pair as grouping sees it.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: Uuid,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub probability: f64,
    pub band: Band,
    pub facts_digest: String,
}

/// The pairs in alert or review of which one of these projects is a member and both stand, in order.
pub async fn list_links(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for chunk in projects.chunks(500) {
        for side in ["a_id", "b_id"] {
            let rows = list!(tx, (Uuid, Uuid, Uuid, f64, String, String), |q| {
                q.push("SELECT r.id, r.a_id, r.b_id, r.probability, r.band, r.facts_digest FROM pairs r JOIN projects a ON a.id = r.a_id JOIN projects b ON b.id = r.b_id WHERE r.band <> 'silent' AND a.withdrawn_at IS NULL AND a.merged_into_id IS NULL AND b.withdrawn_at IS NULL AND b.merged_into_id IS NULL AND r.");
                q.push(side).push(" IN (");
                let mut ids = q.separated(", ");
                for id in chunk {
                    ids.push_bind(*id);
                }
                q.push(")");
            })?;
            for (id, a_id, b_id, probability, band, facts_digest) in rows {
                let band = Band::parse(&band).ok_or(StoreError::Corrupt("pairs.band", id))?;
                links.push(Link { id, a_id, b_id, probability, band, facts_digest });
            }
        }
    }
    links.sort_by_key(|link| (link.a_id, link.b_id));
    links.dedup_by_key(|link| link.id);
    Ok(links)
}

/// The stored pairs of these projects, each under the project that was asked for (twice where both were).
pub async fn list_of_many(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<(Uuid, Pair)>> {
    let mut found = Vec::new();
    for chunk in projects.chunks(500) {
        for side in ["a_id", "b_id"] {
            let rows = list!(tx, PairRow, |q| {
                q.push(PAIR).push(" WHERE ").push(side).push(" IN (");
                let mut ids = q.separated(", ");
                for id in chunk {
                    ids.push_bind(*id);
                }
                q.push(")");
            })?;
            for row in rows {
                let asked = if side == "a_id" { row.a_id } else { row.b_id };
                found.push((asked, row.parse()?));
            }
        }
    }
    Ok(found)
}

/// These pairs.
pub async fn find_many(tx: &mut Tx, wanted: &[Uuid]) -> Result<Vec<Pair>> {
    let mut pairs = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(500) {
        let rows = list!(tx, PairRow, |q| {
            q.push(PAIR).push(" WHERE id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push(")");
        })?;
        for row in rows {
            pairs.push(row.parse()?);
        }
    }
    Ok(pairs)
}

/// The pairs of findings, by finding, the likeliest first.
pub async fn list_of_findings(tx: &mut Tx, findings: &[Uuid]) -> Result<HashMap<Uuid, Vec<Pair>>> {
    let mut all: HashMap<Uuid, Vec<Pair>> = HashMap::new();
    for chunk in findings.chunks(500) {
        let links = list!(tx, (Uuid, Uuid), |q| {
            q.push("SELECT pair_id, finding_id FROM finding_pairs WHERE finding_id IN (");
            let mut ids = q.separated(", ");
            for id in chunk {
                ids.push_bind(*id);
            }
            q.push(")");
        })?;
        if links.is_empty() {
            continue;
        }
        let rows = list!(tx, PairRow, |q| {
            q.push(PAIR).push(" WHERE id IN (");
            let mut ids = q.separated(", ");
            for (pair, _) in &links {
                ids.push_bind(*pair);
            }
            q.push(") ORDER BY probability DESC, id");
        })?;
        for row in rows {
            let pair = row.parse()?;
            for (_, finding) in links.iter().filter(|(id, _)| *id == pair.id) {
                all.entry(*finding).or_default().push(pair.clone());
            }
        }
    }
    Ok(all)
}
