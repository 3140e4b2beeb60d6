//! Decides a finding: what the records are to each other, with a reason. It stands until the facts change.

use super::announce::announce;
use super::correct_project::find_current;
use super::merge_project::merge_into;
use super::{ActionError, BodyDigest, Result};
use crate::app::App;
use crate::domain::act::ActKind;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::decision::Decision;
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::facts::Facts;
use crate::domain::finding::{ClosedBecause, FindingKind, FindingState};
use crate::domain::person::Person;
use crate::domain::post::Author;
use crate::domain::{Invalid, Time};
use crate::duplicates::DecisionBasis;
use crate::findings::{Gathering, gather, keyed};
use crate::permission::Action;
use crate::store::decisions::{self, DecidedPair, FULLY_SEEN, NewDecision};
use crate::store::findings::{self, Finding};
use crate::store::pairs::{self, Pair};
use crate::store::{Change, Tx, finding_pairs, finding_writes, project_facts, projects, stakes};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What a person decides.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionRequest {
    /// Made by the client: the same again is the same decision.
    pub id: Uuid,
    pub finding: Uuid,
    /// As the person saw the finding.
    pub row_version: i64,
    pub decision: Decision,
    pub reason: String,
    /// The pairs it is about; empty: all of the finding.
    pub pairs: Vec<Uuid>,
    /// The record that stays: the others are one work with it and are merged into it.
    pub keep: Option<Uuid>,
}

/// `sent`: the digest of the body as it came.
pub async fn decide_finding(app: &App, by: &Person, request: &DecisionRequest, sent: Option<&str>) -> Result<()> {
    by.require(Action::DecideFinding)?;
    let now = app.clock.now();
    let body = BodyDigest::new(sent, request);
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(request.id).await?;
    if let Some(stored) = decisions::find(&mut tx, request.id).await? {
        return if body.is_that_of(&stored.body_digest) { Ok(()) } else { Err(ActionError::Conflict("id_taken")) };
    }
    let body_digest = body.text();
    let finding = find_in_scope(&mut tx, by, request.finding).await?;
    require_all_of(&mut tx, by, finding.id).await?;
    if request.keep.is_some() {
        let members: BTreeSet<Uuid> = findings::list_projects(&mut tx, finding.id).await?.into_iter().collect();
        for project in &members {
            projects::lock(&mut tx, *project).await?;
        }
    }
    // From here on nobody gathers pairs into findings; what was read before may be old.
    finding_pairs::lock(&mut tx).await?;
    let finding = find_in_scope(&mut tx, by, request.finding).await?;
    require_all_of(&mut tx, by, finding.id).await?;
    if finding.state == FindingState::Closed && finding.closed_because == Some(ClosedBecause::Decided) {
        return Err(ActionError::Conflict("already_decided"));
    }
    if finding.row_version != request.row_version {
        return Err(ActionError::Conflict("finding_changed"));
    }
    let author = by.author_of(Action::DecideFinding, &village_codes(&mut tx, finding.id).await?)?;
    let doer = Doer::of(by, &author);
    if finding.kind == FindingKind::Duplicate {
        decide_pairs(&mut tx, app, (by, author.clone()), request, &body_digest, &finding, now).await?;
    } else {
        decide_place(&mut tx, author.clone(), request, &body_digest, &finding, app.gathering(now, &doer)).await?;
    }
    finding_writes::touch(&mut tx, finding.id, now).await?;
    announce(&mut tx, app, author, (ActKind::Decision, request.id), finding.id, now).await?;
    let pairs = Some(&request.pairs).filter(|pairs| !pairs.is_empty());
    let said = Diff::new()
        .now("id", request.id)
        .now("decision", request.decision)
        .now("pairs", pairs)
        .now("kept", request.keep);
    let change = Change::new(now, Entity::Finding, finding.id, ChangeAction::Decide, doer).with(said);
    tx.log(change.noted(Some(request.reason.clone())));
    Ok(tx.commit().await?)
}

/// Refuses to decide, or to take back what was decided, where a member lies outside the region of this person: what one
/// side decides binds the other, so somebody answers for both.
pub async fn require_all_of(tx: &mut Tx, by: &Person, finding: Uuid) -> Result<()> {
    by.require(Action::DecideFinding)?;
    let scope = by.scope_of(Action::DecideFinding);
    let members = findings::list_projects(tx, finding).await?;
    let stakes = stakes::list(tx, &members).await?;
    let beyond: BTreeSet<&str> =
        stakes.values().filter(|stake| !scope.holds(&stake.village_code)).map(|stake| &*stake.village_name).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    Err(ActionError::OtherSide(beyond.into_iter().collect::<Vec<_>>().join(", ")))
}

/// The codes of the villages that a finding is about: by them it is known by which post somebody acts on it.
pub async fn village_codes(tx: &mut Tx, finding: Uuid) -> Result<Vec<String>> {
    Ok(findings::list_villages(tx, &[finding]).await?.remove(&finding).unwrap_or_default())
}

async fn find_in_scope(tx: &mut Tx, by: &Person, id: Uuid) -> Result<Finding> {
    findings::find(tx, &by.scope_of(Action::DecideFinding), id).await?.ok_or(ActionError::NotFound("finding"))
}

async fn decide_pairs(
    tx: &mut Tx,
    app: &App,
    (by, author): (&Person, Author),
    request: &DecisionRequest,
    body_digest: &str,
    finding: &Finding,
    now: Time,
) -> Result<()> {
    let mut about = pairs::list_ids_of_finding(tx, finding.id).await?;
    if let Some(other) = request.pairs.iter().find(|id| about.binary_search(id).is_err()) {
        return Err(Invalid::new("pair_not_in_finding", "pairs").with("given", other.to_string()).into());
    }
    if !request.pairs.is_empty() {
        let chosen: BTreeSet<Uuid> = request.pairs.iter().copied().collect();
        about.retain(|pair| chosen.contains(pair));
    }
    let doer = Doer::of(by, &author);
    if about.is_empty() {
        return Err(ActionError::Conflict("finding_changed"));
    }
    let members = pairs::list_members(tx, &about).await?;
    check_keep(request, &members)?;
    let new = NewDecision {
        id: request.id,
        finding_id: finding.id,
        decision: request.decision,
        reason: &request.reason,
        decided_by: author,
        body_digest,
        facts_digest: None,
        kept: request.keep,
    };
    decisions::insert(tx, &new, now).await?;
    keep_seen(tx, request.id, &about, &members).await?;
    if let Some(keep) = request.keep {
        for id in members.iter().filter(|id| **id != keep) {
            let current = projects::find(tx, *id).await?.ok_or(ActionError::NotFound("project"))?;
            let project = find_current(tx, *id, current.row_version).await?;
            merge_into(tx, app, by, project, keep, request.reason.clone()).await?;
        }
    }
    let all = findings::list_projects(tx, finding.id).await?;
    let touched: Vec<Uuid> = members.into_iter().chain(all).collect::<BTreeSet<_>>().into_iter().collect();
    gather(tx, app.gathering(now, &doer), &touched).await?;
    Ok(())
}

fn check_keep(request: &DecisionRequest, members: &BTreeSet<Uuid>) -> Result<()> {
    let Some(keep) = request.keep else { return Ok(()) };
    if request.decision != Decision::SameWork {
        return Err(Invalid::new("keep_without_same_work", "keep").into());
    }
    if !members.contains(&keep) {
        return Err(Invalid::new("keep_not_in_finding", "keep").with("given", keep.to_string()).into());
    }
    Ok(())
}

/// Keeps the pairs as the person saw them: the first [`FULLY_SEEN`] whole. Refused where a fact changed since they were judged:
/// what was seen is not so any more. Some are held at a time: a thousand records of one work have half a million pairs.
async fn keep_seen(tx: &mut Tx, decision: Uuid, about: &[Uuid], members: &BTreeSet<Uuid>) -> Result<()> {
    let members: Vec<Uuid> = members.iter().copied().collect();
    let facts = project_facts::find_many(tx, &HashMap::new(), &members).await?;
    let known: HashMap<Uuid, (&Facts, DecisionBasis<'_>)> =
        facts.iter().map(|facts| (facts.id, (facts, DecisionBasis::new(facts)))).collect();
    let mut written: HashSet<Uuid> = HashSet::new();
    for (at, ids) in about.chunks(FULLY_SEEN).enumerate() {
        let in_full = at == 0;
        let pairs = if in_full { pairs::find_many(tx, ids).await? } else { pairs::find_in_brief(tx, ids).await? };
        let mut decided = Vec::with_capacity(pairs.len());
        for pair in &pairs {
            let changed = || ActionError::Conflict("finding_changed");
            let (a, a_weighed) = known.get(&pair.a_id).ok_or_else(changed)?;
            let (b, b_weighed) = known.get(&pair.b_id).ok_or_else(changed)?;
            if a_weighed.digest_with(b_weighed) != pair.digests.facts {
                return Err(changed());
            }
            let mut seen = json!({ "verdict": verdict_seen(pair, in_full) });
            for (side, facts) in [("a", a), ("b", b)] {
                if written.insert(facts.id) || in_full {
                    seen[side] = json!(facts.weighed());
                }
            }
            decided.push(DecidedPair { pair_id: pair.id, facts_digest: pair.digests.facts.clone(), seen });
        }
        decisions::insert_pairs(tx, decision, &decided).await?;
    }
    Ok(())
}

fn verdict_seen(pair: &Pair, in_full: bool) -> Value {
    let verdict = &pair.verdict;
    let mut seen = json!({
        "kind": verdict.kind,
        "probability": verdict.probability,
        "band": verdict.band,
        "distance_m": verdict.distance_m,
        "shared_m": verdict.shared_m,
        "weights_version": verdict.weights_version,
    });
    if in_full {
        seen["evidence"] = json!(verdict.evidence);
    }
    seen
}

/// A finding about one place compares nothing: the place is wrong, or somebody must go and see.
async fn decide_place(
    tx: &mut Tx,
    author: Author,
    request: &DecisionRequest,
    body_digest: &str,
    finding: &Finding,
    gathering: Gathering<'_>,
) -> Result<()> {
    let fits = request.decision.is_about_place() && finding.kind != FindingKind::ManyAlerts;
    if !fits || request.keep.is_some() || !request.pairs.is_empty() {
        return Err(Invalid::new("decision_not_for_this", "decision").with("given", request.decision.as_str()).into());
    }
    let facts_digest = finding_writes::facts_digest(finding.kind, &finding.details);
    let new = NewDecision {
        id: request.id,
        finding_id: finding.id,
        decision: request.decision,
        reason: &request.reason,
        decided_by: author,
        body_digest,
        facts_digest: Some(&facts_digest),
        kept: None,
    };
    decisions::insert(tx, &new, gathering.now).await?;
    if request.decision.closes() {
        keyed::close(tx, gathering, finding.id, ClosedBecause::Decided).await?;
    }
    Ok(())
}
