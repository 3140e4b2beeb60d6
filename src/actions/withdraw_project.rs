//! Withdraws a project that should not have been registered. Nothing is deleted; its findings are closed.

use super::correct_project::{Before, find_current, write};
use super::{ActionError, Result, require_on};
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::finding::ClosedBecause;
use crate::domain::person::Person;
use crate::domain::project::Project;
use crate::findings::{gather, keyed};
use crate::permission::Action;
use crate::store::{finding_pairs, projects};
use uuid::Uuid;

pub async fn withdraw_project(app: &App, by: &Person, id: Uuid, row_version: i64, reason: String) -> Result<Project> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let doer = require_on(&mut tx, by, Action::WithdrawProject, &[id]).await?;
    let mut project = find_current(&mut tx, id, row_version).await?;
    if project.withdrawn_at.is_some() || project.merged_into.is_some() {
        return Err(ActionError::Conflict("not_standing"));
    }
    let before = Before::snapshot(&project);
    project.withdrawn_at = Some(now);
    write(&mut tx, app, &project, &doer, ChangeAction::Withdraw, Some(reason), Some(before)).await?;
    finding_pairs::lock(&mut tx).await?;
    keyed::close_of_project(&mut tx, app.gathering(now, &doer), id, ClosedBecause::Withdrawn).await?;
    gather(&mut tx, app.gathering(now, &doer), &[id]).await?;
    let stored = projects::find(&mut tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    tx.commit().await?;
    Ok(stored)
}
