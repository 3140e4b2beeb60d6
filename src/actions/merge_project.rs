//! Merges a project into another: both were one record entered twice. Nothing is deleted, and it can be undone.

use super::correct_project::{Before, find_current, write};
use super::{ActionError, Result, require_on};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::finding::ClosedBecause;
use crate::domain::person::Person;
use crate::domain::project::Project;
use crate::findings::{gather, keyed};
use crate::permission::Action;
use crate::store::{Tx, finding_pairs, projects};
use uuid::Uuid;

pub async fn merge_project(
    app: &App,
    by: &Person,
    id: Uuid,
    row_version: i64,
    into: Uuid,
    reason: String,
) -> Result<Project> {
    let now = app.clock.now();
    if into == id {
        return Err(Invalid::new("merge_into_itself", "into").into());
    }
    let mut tx = app.store.write().await?;
    // Both rows in one order: two merges the two ways round must not wait for each other.
    for locked in [id.min(into), id.max(into)] {
        projects::lock(&mut tx, locked).await?;
    }
    let doer = require_on(&mut tx, by, Action::MergeProject, &[id]).await?;
    let project = find_current(&mut tx, id, row_version).await?;
    merge_into(&mut tx, app, by, project, into, reason).await?;
    finding_pairs::lock(&mut tx).await?;
    gather(&mut tx, app.gathering(now, &doer), &[id, into]).await?;
    let stored = projects::find(&mut tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    tx.commit().await?;
    Ok(stored)
}

/// Merges a locked project into another locked one: for those alone who answer for both.
pub(super) async fn merge_into(
    tx: &mut Tx,
    app: &App,
    by: &Person,
    mut project: Project,
    into: Uuid,
    reason: String,
) -> Result<()> {
    if project.withdrawn_at.is_some() || project.merged_into.is_some() {
        return Err(ActionError::Conflict("not_standing"));
    }
    let target = projects::find(tx, into).await?;
    if target.is_none_or(|target| target.withdrawn_at.is_some() || target.merged_into.is_some()) {
        return Err(Invalid::new("merge_target_not_standing", "into").with("given", into.to_string()).into());
    }
    let doer = require_on(tx, by, Action::MergeProject, &[project.id, into]).await?;
    let before = Before::snapshot(&project);
    project.merged_into = Some(into);
    let gathering = app.gathering(app.clock.now(), &doer);
    keyed::close_of_project(tx, gathering, project.id, ClosedBecause::Merged).await?;
    write(tx, app, &project, &doer, ChangeAction::Merge, Some(reason), Some(before)).await?;
    Ok(projects::refresh_percent(tx, into, app.clock.now()).await?)
}
