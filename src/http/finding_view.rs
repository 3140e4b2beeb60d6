//! Findings and pairs as answers show them: the sentences are made from the stored evidence by the catalogue.

use super::answers::shown_projects;
use super::caller::{Action, Caller};
use super::input::{Paging, after, limit};
use super::problem::Problem;
use crate::app::App;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState, Severity};
use crate::domain::person::Language;
use crate::domain::verdict::{Band, Evidence, VerdictKind};
use crate::publish::{ShownPair, ShownProject, ShownVerdict, geojson};
use crate::store::Tx;
use crate::store::findings::{self, Finding, QueueKey};
use crate::store::pairs;
use crate::words::Words;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// A finding that this caller may see.
pub async fn find_shown(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<Finding, Problem> {
    findings::find(tx, &caller.scope(), id).await?.ok_or_else(|| Problem::not_found("finding"))
}

/// A page of what a finding holds, for a caller who sees that finding.
pub struct Part<K> {
    pub tx: Tx,
    pub finding: Finding,
    pub after: Option<K>,
    pub limit: i64,
}

/// Begins the answer with such a page: `usual` is the of its rows, `most` the greatest, `read` reads its key.
pub async fn part_of<K>(
    app: &App,
    caller: &Caller,
    id: Uuid,
    asked: &Paging,
    (usual, most): (i64, i64),
    read: impl FnOnce(&str) -> Option<K>,
) -> Result<Part<K>, Problem> {
    caller.require(Action::ReadFindings)?;
    let limit = limit(asked.limit, usual, most)?;
    let after = after(asked.after.as_deref(), read)?;
    let mut tx = app.store.read().await?;
    let finding = find_shown(&mut tx, caller, id).await?;
    Ok(Part { tx, finding, after, limit })
}

/// The place of a finding in the queue, as the key of a page.
pub fn queue_key(finding: &Finding) -> String {
    let key = finding.queue_key();
    format!("{}|{}|{}", key.rank, key.rupiah, key.id)
}

/// Reads what [`queue_key`] wrote.
pub fn read_queue_key(text: &str) -> Option<QueueKey> {
    let [rank, rupiah, id] = text.split('|').collect::<Vec<_>>().try_into().ok()?;
    Some(QueueKey { rank: rank.parse().ok()?, rupiah: rupiah.parse().ok()?, id: id.parse().ok()? })
}

/// One comparison with its sentence.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EvidenceView {
    pub name: String,
    pub level: String,
    #[schema(value_type = Object)]
    pub value: Value,
    /// For (positive) and against (negative); 0 is neutral.
    pub bits: f64,
    pub sentence: String,
}

/// The verdict on two projects.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PairView {
    /// `null` where nothing is stored (a check).
    pub id: Option<Uuid>,
    pub a: Uuid,
    pub b: Uuid,
    /// Which members of the finding they are, counted from 1; `null` where nothing is stored.
    pub numbers: Option<[i64; 2]>,
    pub kind: VerdictKind,
    /// `null` for a caller who may not see one of the places: it would show how near they are.
    pub probability: Option<f64>,
    pub band: Band,
    pub cross_border: bool,
    pub shared_m: Option<f64>,
    pub distance_m: Option<f64>,
    /// Where the two come nearest to each other: a place on `a` and one on `b`, lon/lat. `null` where that is not known, or
    /// a place is not to be seen.
    pub nearest: Option<[[f64; 2]; 2]>,
    /// The metres that both claim, GeoJSON.
    #[schema(value_type = Vec<Object>)]
    pub shared: Vec<Value>,
    pub weights_version: String,
    pub evidence: Vec<EvidenceView>,
    /// The meaning of the kind, in one sentence.
    pub sentence: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FindingSummary {
    pub id: Uuid,
    pub kind: FindingKind,
    pub verdict_kind: Option<VerdictKind>,
    pub severity: Severity,
    pub state: FindingState,
    pub closed_because: Option<ClosedBecause>,
    pub row_version: i64,
    /// The summary that stands for this finding.
    pub summary_id: Option<Uuid>,
    pub probability: Option<f64>,
    pub rupiah_at_stake: i64,
    pub cross_border: bool,
    pub distance_m: Option<f64>,
    pub shared_m: Option<f64>,
    pub headline: String,
    pub sentence: String,
    /// The first ones; the rest by page of `/findings/{id}/members`.
    pub members: Vec<ShownProject>,
    /// How many records it is about.
    pub members_total: i64,
    pub opened_at: String,
    pub updated_at: String,
}

pub fn evidence(language: Language, evidence: &Evidence) -> EvidenceView {
    EvidenceView {
        name: evidence.name.clone(),
        level: evidence.level.clone(),
        value: evidence.value.clone(),
        bits: evidence.bits,
        sentence: Words::evidence(language, evidence),
    }
}

pub fn pair(language: Language, id: Option<Uuid>, (a, b): (Uuid, Uuid), verdict: &ShownVerdict) -> PairView {
    PairView {
        id,
        a,
        b,
        numbers: None,
        kind: verdict.kind,
        probability: verdict.probability(),
        band: verdict.band,
        cross_border: verdict.cross_border,
        shared_m: verdict.shared_m,
        distance_m: verdict.distance_m,
        nearest: verdict.nearest.map(|ends| ends.map(|end| [end.x, end.y])),
        shared: verdict.shared.iter().map(|line| geojson(&geo::Geometry::LineString(line.clone()))).collect(),
        weights_version: verdict.weights_version.clone(),
        evidence: verdict.evidence.iter().map(|item| self::evidence(language, item)).collect(),
        sentence: Words::kind_sentence(language, verdict.kind, 2),
    }
}

/// How much of each finding an answer shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub members: usize,
    /// Of its pairs the likeliest.
    pub pairs: i64,
}

impl Shown {
    /// A row of a list: some names and the likeliest pair.
    pub const ROW: Self = Self { members: 5, pairs: 1 };
    /// A map or a page: as much as a reader can distinguish.
    pub const PAGE: Self = Self { members: 20, pairs: 20 };
}

/// Findings with their likeliest pairs and first members, as this caller may see them.
pub async fn summaries(
    tx: &mut Tx,
    caller: &Caller,
    mut findings: Vec<Finding>,
    shown: Shown,
) -> Result<Vec<(FindingSummary, Vec<ShownPair>)>, Problem> {
    let ids: Vec<Uuid> = findings.iter().map(|finding| finding.id).collect();
    let mut pairs = pairs::list_likeliest_of_findings(tx, &ids, shown.pairs).await?;
    for finding in &mut findings {
        finding.projects.truncate(shown.members);
    }
    let mut projects: Vec<Uuid> = findings.iter().flat_map(|finding| finding.projects.iter().copied()).collect();
    projects.extend(pairs.values().flatten().flat_map(|pair| [pair.a_id, pair.b_id]));
    projects.sort_unstable();
    projects.dedup();
    let known = shown_projects(tx, &caller.eyes(), &projects).await?;
    Ok(findings
        .into_iter()
        .map(|finding| {
            let pairs = ShownPair::of_members(pairs.remove(&finding.id).unwrap_or_default(), &known);
            let members =
                finding.projects.iter().filter_map(|id| known.get(id)).filter(|one| one.is_shown_in(finding.kind));
            let members = members.cloned().collect();
            (view(caller.language, finding, pairs.first(), members), pairs)
        })
        .collect())
}

fn view(language: Language, finding: Finding, pair: Option<&ShownPair>, members: Vec<ShownProject>) -> FindingSummary {
    let verdict = pair.map(|pair| &pair.verdict);
    let shown = verdict.map(|verdict| &**verdict);
    let (headline, sentence) = Words::finding(language, finding.kind, &finding.details, shown, finding.projects_total);
    FindingSummary {
        id: finding.id,
        kind: finding.kind,
        verdict_kind: verdict.map(|verdict| verdict.kind),
        severity: finding.severity,
        state: finding.state,
        closed_because: finding.closed_because,
        row_version: finding.row_version,
        summary_id: finding.summary_id,
        probability: verdict.and_then(ShownVerdict::probability),
        rupiah_at_stake: finding.rupiah,
        cross_border: verdict.is_some_and(|verdict| verdict.cross_border),
        distance_m: verdict.and_then(|verdict| verdict.distance_m),
        shared_m: verdict.and_then(|verdict| verdict.shared_m),
        headline,
        sentence,
        members,
        members_total: finding.projects_total,
        opened_at: finding.opened_at,
        updated_at: finding.updated_at,
    }
}
