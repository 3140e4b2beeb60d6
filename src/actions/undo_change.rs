//! Takes back the last correction, withdrawal or merge of a project: for those alone who may do what is taken back.

use super::correct_project::{Before, find_current, next_version, write};
use super::register_project::require_in_village;
use super::{ActionError, Result, require_on};
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::footprint::NewFootprint;
use crate::domain::person::Person;
use crate::domain::project::Project;
use crate::permission::Action;
use crate::store::changes::{self, HistoryEntry};
use crate::store::footprints::{self, NewVersion};
use crate::store::{Tx, decisions, projects};
use uuid::Uuid;

/// Entries that are looked through for the one that can be taken back.
const MOST_ENTRIES: i64 = 100;

/// The change of a project that can be taken back: what ended it, whatever a file brought since, or else its last correction
/// where nothing was done after it.
pub async fn find_undoable(tx: &mut Tx, project: &Project) -> Result<Option<HistoryEntry>> {
    let (action, entries) = match (project.withdrawn_at, project.merged_into) {
        (Some(_), _) => (ChangeAction::Withdraw, MOST_ENTRIES),
        (None, Some(_)) => (ChangeAction::Merge, MOST_ENTRIES),
        (None, None) => (ChangeAction::Correct, 1),
    };
    let history = changes::list_history(tx, project.id, entries).await?;
    Ok(history.into_iter().find(|entry| entry.action == action.as_str() && entry.before.is_some()))
}

pub async fn undo_change(app: &App, by: &Person, id: Uuid, row_version: i64) -> Result<Project> {
    let mut tx = app.store.write().await?;
    let doer = require_on(&mut tx, by, Action::UndoChange, &[id]).await?;
    projects::lock(&mut tx, id).await?;
    let project = projects::find(&mut tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    let entry = find_undoable(&mut tx, &project).await?;
    if let Some(entry) = &entry {
        require_undo(&mut tx, by, &project, entry).await?;
    }
    // Only who may undo it is asked to look again.
    let project = find_current(&mut tx, id, row_version).await?;
    let entry = entry.ok_or(ActionError::Conflict("nothing_to_undo"))?;
    put_back(&mut tx, app, &doer, project, entry).await?;
    let stored = projects::find(&mut tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    tx.commit().await?;
    Ok(stored)
}

/// Refuses to take back what this person could not have done: the role and both regions of the act count, not only who
/// did it. A merge that follows from a decision ends with the decision: else the finding would count as settled.
pub async fn require_undo(tx: &mut Tx, by: &Person, project: &Project, entry: &HistoryEntry) -> Result<()> {
    let act = match ChangeAction::parse(&entry.action) {
        Some(ChangeAction::Correct) => Action::CorrectProject,
        Some(ChangeAction::Withdraw) => Action::WithdrawProject,
        Some(ChangeAction::Merge) => Action::MergeProject,
        _ => return Err(ActionError::Conflict("nothing_to_undo")),
    };
    let concerned: Vec<Uuid> = std::iter::once(project.id).chain(project.merged_into).collect();
    require_on(tx, by, act, &concerned).await?;
    let village = before_of(entry)?.details.village_id;
    if village != project.details.village_id {
        require_in_village(tx, by, act, village).await?;
    }
    if act == Action::MergeProject
        && let Some(into) = project.merged_into
        && let Some((finding, decision)) = decisions::find_merging(tx, project.id, into).await?
    {
        return Err(ActionError::Decided { finding, decision });
    }
    Ok(())
}

fn before_of(entry: &HistoryEntry) -> Result<Before> {
    serde_json::from_str(entry.before.as_deref().unwrap_or_default())
        .map_err(|e| ActionError::Internal(format!("the change log holds no state to go back to: {e}")))
}

/// Puts a locked project back to what it was before this entry.
pub(super) async fn put_back(
    tx: &mut Tx,
    app: &App,
    by: &Doer,
    mut project: Project,
    entry: HistoryEntry,
) -> Result<()> {
    let (now, id) = (app.clock.now(), project.id);
    let before = before_of(&entry)?;
    // A withdrawal and a merge change nothing else: what a file brought since stays.
    let is_correction = entry.action == ChangeAction::Correct.as_str();
    if is_correction {
        project.details = before.details;
    }
    let parted = project.merged_into.filter(|_| before.merged_into.is_none());
    project.merged_into = before.merged_into;
    if !before.withdrawn {
        project.withdrawn_at = None;
    }
    if is_correction && before.footprint_version != project.footprint_version {
        // Versions are only added: the earlier one comes back as a new one.
        let parts = footprints::list_parts(tx, id, before.footprint_version).await?;
        let how = footprints::find_how(tx, id, before.footprint_version).await?;
        project.footprint_version = match how {
            None => 0, // there was none
            Some(how) => {
                let footprint = NewFootprint::sound(how, parts.into_iter().map(|stored| stored.part).collect());
                let version = next_version(tx, id).await?;
                let version = NewVersion {
                    project_id: id,
                    version,
                    footprint: &footprint,
                    made_by: by.person,
                    reason: Some("undo"),
                };
                footprints::insert(tx, &app.clock, now, std::slice::from_ref(&version)).await?;
                version.version
            }
        };
    }
    write(tx, app, &project, by, ChangeAction::Undo, Some(entry.action), None).await?;
    if let Some(from) = parted {
        projects::refresh_percent(tx, from, now).await?;
    }
    Ok(())
}
