//! Takes a decision back: what it closed is open again, what it merged is two records again.

use super::undo_change::{find_undoable, put_back};
use super::{ActionError, Result};
use crate::app::App;
use crate::domain::person::Person;
use crate::findings::gather;
use crate::store::decisions::{self, StoredDecision};
use crate::store::{Change, Tx, finding_pairs, findings, pairs, projects};
use std::collections::BTreeSet;
use uuid::Uuid;

pub async fn take_back_decision(app: &App, by: &Person, finding: Uuid, decision: Uuid) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let finding = findings::find(&mut tx, &by.scope(), finding).await?.ok_or(ActionError::NotFound("finding"))?;
    for project in &finding.projects.iter().copied().collect::<BTreeSet<_>>() {
        projects::lock(&mut tx, *project).await?;
    }
    finding_pairs::lock(&mut tx).await?;
    let all = decisions::list_of_findings(&mut tx, &[finding.id]).await?;
    let last = all.iter().rfind(|one| one.taken_back_at.is_none());
    let Some(last) = last.filter(|last| last.id == decision) else {
        // Another one was made since, or it was taken back already.
        return Err(match all.iter().any(|one| one.id == decision) {
            true => ActionError::Conflict("not_the_last_decision"),
            false => ActionError::NotFound("decision"),
        });
    };
    decisions::take_back(&mut tx, decision, by.id, now).await?;
    if let Some(kept) = last.kept {
        part(&mut tx, app, by, last, kept).await?;
    }
    if last.pairs.is_empty() {
        findings::reopen(&mut tx, finding.id, now).await?;
    } else {
        gather(&mut tx, app.gathering(now, Some(by.id)), &finding.projects).await?;
    }
    findings::touch(&mut tx, finding.id, now).await?;
    tx.log(Change {
        at: now,
        entity: "finding",
        entity_id: finding.id,
        action: "take_back",
        actor_id: Some(by.id),
        batch_id: None,
        note: Some(last.decision.as_str().to_owned()),
        before: None,
    });
    Ok(tx.commit().await?)
}

/// Takes the merges of a decision back. Refused where one of the records was changed since.
async fn part(tx: &mut Tx, app: &App, by: &Person, decision: &StoredDecision, kept: Uuid) -> Result<()> {
    let ids: Vec<Uuid> = decision.pairs.iter().map(|pair| pair.pair_id).collect();
    let members: BTreeSet<Uuid> =
        pairs::find_many(tx, &ids).await?.iter().flat_map(|pair| [pair.a_id, pair.b_id]).collect();
    for id in members.into_iter().filter(|id| *id != kept) {
        let project = projects::find(tx, id).await?.ok_or(ActionError::NotFound("project"))?;
        if project.merged_into != Some(kept) {
            continue; // it was parted by hand since
        }
        let entry = find_undoable(tx, id).await?.filter(|entry| entry.action == "merge");
        let entry = entry.ok_or(ActionError::Conflict("finding_changed"))?;
        put_back(tx, app, by, project, entry).await?;
    }
    Ok(())
}
