//! Takes a decision back: what it closed is open again, what it merged is two records again.

use super::announce::announce;
use super::decide_finding::{require_all_of, village_codes};
use super::undo_change::{find_undoable, put_back};
use super::{ActionError, Result, require_on};
use crate::app::App;
use crate::domain::act::ActKind;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::findings::{gather, keyed};
use crate::permission::Action;
use crate::store::decisions;
use crate::store::{Change, Tx, finding_pairs, finding_writes, findings, pairs, projects};
use std::collections::BTreeSet;
use uuid::Uuid;

pub async fn take_back_decision(app: &App, by: &Person, finding: Uuid, decision: Uuid) -> Result<()> {
    by.require(Action::DecideFinding)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let finding = findings::find(&mut tx, &by.scope_of(Action::DecideFinding), finding)
        .await?
        .ok_or(ActionError::NotFound("finding"))?;
    require_all_of(&mut tx, by, finding.id).await?;
    let projects: BTreeSet<Uuid> = findings::list_projects(&mut tx, finding.id).await?.into_iter().collect();
    for project in &projects {
        projects::lock(&mut tx, *project).await?;
    }
    finding_pairs::lock(&mut tx).await?;
    let last = decisions::find_last(&mut tx, finding.id).await?;
    let Some(last) = last.filter(|last| last.id == decision) else {
        // Another one was made since, or it was taken back already.
        let known = decisions::find(&mut tx, decision).await?;
        return Err(match known.is_some_and(|one| one.finding_id == finding.id) {
            true => ActionError::Conflict("not_the_last_decision"),
            false => ActionError::NotFound("decision"),
        });
    };
    // Its pairs may be reported by another finding today: their members count as well.
    let ids = decisions::list_pair_ids(&mut tx, last.id).await?;
    let members: Vec<Uuid> = pairs::list_members(&mut tx, &ids).await?.into_iter().collect();
    require_on(&mut tx, by, Action::DecideFinding, &members).await?;
    let author = by.author_of(Action::DecideFinding, &village_codes(&mut tx, finding.id).await?)?;
    let doer = Doer::of(by, &author);
    decisions::take_back(&mut tx, decision, by.id, now).await?;
    if let Some(kept) = last.kept {
        unmerge(&mut tx, app, &doer, &members, kept).await?;
    }
    if last.pairs.is_empty() {
        keyed::reopen(&mut tx, app.gathering(now, &doer), finding.id).await?;
    } else {
        let touched: Vec<Uuid> = projects.into_iter().chain(members).collect();
        gather(&mut tx, app.gathering(now, &doer), &touched).await?;
    }
    finding_writes::touch(&mut tx, finding.id, now).await?;
    announce(&mut tx, app, author, (ActKind::TakenBack, decision), finding.id, now).await?;
    let gone = Diff::new().field("id", decision, ()).field("decision", last.decision, ()).field("kept", last.kept, ());
    let change = Change::new(now, Entity::Finding, finding.id, ChangeAction::TakeBack, doer).with(gone);
    tx.log(change.noted(Some(last.decision.as_str().to_owned())));
    Ok(tx.commit().await?)
}

/// Takes the merges of a decision about these projects back. Refused where one of the records was changed since.
async fn unmerge(tx: &mut Tx, app: &App, by: &Doer, members: &[Uuid], kept: Uuid) -> Result<()> {
    for id in members.iter().copied().filter(|id| *id != kept) {
        let project = projects::find(tx, id).await?.ok_or(ActionError::NotFound("project"))?;
        if project.merged_into != Some(kept) {
            continue; // it was unmerged by hand since
        }
        let entry = find_undoable(tx, &project).await?.filter(|entry| entry.action == ChangeAction::Merge.as_str());
        let entry = entry.ok_or(ActionError::Conflict("finding_changed"))?;
        put_back(tx, app, by, project, entry).await?;
    }
    Ok(())
}
