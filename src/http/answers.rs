//! Queries that several endpoints begin with.

use super::caller::Caller;
use super::problem::Problem;
use crate::domain::project::ProjectSummary;
use crate::publish::{Eyes, ShownProject};
use crate::store::{Tx, project_lists};
use std::collections::HashMap;
use uuid::Uuid;

/// A project that this caller may see; a withdrawn one only within the caller's own regions.
pub async fn find_known(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<ProjectSummary, Problem> {
    let found = project_lists::find_many(tx, &[id]).await?.pop();
    found.filter(|project| caller.eyes().knows_of(project)).ok_or_else(|| Problem::not_found("project"))
}

/// These projects as these eyes see them, by id.
pub async fn shown_projects(tx: &mut Tx, eyes: &Eyes, ids: &[Uuid]) -> Result<HashMap<Uuid, ShownProject>, Problem> {
    let rows = project_lists::find_many(tx, ids).await?;
    Ok(eyes.projects(rows).map(|project| (project.id, project)).collect())
}
