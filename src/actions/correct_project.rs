//! Corrects a project: its details, or a new version of its footprint. What was there is kept for undo.

use super::changed_fields::changed_fields;
use super::check_place::refuse_far_place;
use super::register_project::{check_references, require_in_village};
use super::{ActionError, Result, require_on, screen_later};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::doer::Doer;
use crate::domain::footprint::NewFootprint;
use crate::domain::person::Person;
use crate::domain::project::{Project, ProjectDetails};
use crate::permission::Action;
use crate::store::footprints::{self, NewVersion};
use crate::store::{Change, Tx, projects};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A correction of the project as it was at `row_version`.
#[derive(Debug)]
pub struct Correction {
    pub row_version: i64,
    pub reason: Option<String>,
    pub footprint: Option<NewFootprint>,
    /// Somebody looked at the place, however far from its village it is.
    pub confirm_place: bool,
}

/// What undo puts back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Before {
    pub details: ProjectDetails,
    pub footprint_version: i64,
    pub withdrawn: bool,
    pub merged_into: Option<Uuid>,
    /// The names of what was changed, for the history: fields of the details, and `parts`.
    #[serde(default)]
    pub changed: Vec<String>,
}

impl Before {
    pub fn snapshot(project: &Project) -> Value {
        let before = Self {
            details: project.details.clone(),
            footprint_version: project.footprint_version,
            withdrawn: project.withdrawn_at.is_some(),
            merged_into: project.merged_into,
            changed: Vec::new(),
        };
        serde_json::to_value(before).expect("a project is plain data")
    }

    /// A state before, with the names of what is another way in the changed project.
    pub fn naming_changes(mut before: Value, project: &Project) -> Value {
        let now = Self::snapshot(project);
        let fields = now["details"].as_object().into_iter().flatten();
        let mut changed: Vec<&str> =
            fields.filter(|(name, value)| before["details"][*name] != **value).map(|(name, _)| name.as_str()).collect();
        if before["footprint_version"] != now["footprint_version"] {
            changed.push("parts");
        }
        before["changed"] = json!(changed);
        before
    }
}

/// `change` turns today's details into the corrected ones.
pub async fn correct_project(
    app: &App,
    by: &Person,
    id: Uuid,
    correction: Correction,
    change: impl FnOnce(ProjectDetails) -> Result<ProjectDetails>,
) -> Result<Project> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let doer = require_on(&mut tx, by, Action::CorrectProject, &[id]).await?;
    let mut project = find_current(&mut tx, id, correction.row_version).await?;
    // What was withdrawn or merged comes back as it was: an undo of it must find nothing done since.
    if project.withdrawn_at.is_some() || project.merged_into.is_some() {
        return Err(ActionError::Conflict("not_standing"));
    }
    let before = Before::snapshot(&project);
    let village = project.details.village_id;
    project.details = change(project.details)?;
    check_references(&mut tx, project.details.village_id, project.details.continues, id).await?;
    if project.details.village_id != village {
        require_in_village(&mut tx, by, Action::CorrectProject, project.details.village_id).await?;
    }
    if !correction.confirm_place {
        let given = correction.footprint.as_ref().map(|footprint| footprint.parts.as_slice());
        // A footprint that stays is looked at again only where the village is another one.
        let moved = project.details.village_id != village;
        let standing =
            if given.is_none() && moved { footprints::list_current(&mut tx, &[id]).await? } else { HashMap::new() };
        let parts = given.or_else(|| standing.get(&id).map(Vec::as_slice)).unwrap_or_default();
        refuse_far_place(app, project.details.village_id, parts)?;
    }
    if let Some(footprint) = &correction.footprint {
        project.footprint_version = next_version(&mut tx, id).await?;
        let version = NewVersion {
            project_id: id,
            version: project.footprint_version,
            footprint,
            made_by: Some(by.id),
            reason: correction.reason.as_deref(),
        };
        footprints::insert(&mut tx, &app.clock, now, &[version]).await?;
    }
    let before = Before::naming_changes(before, &project);
    write(&mut tx, app, &project, &doer, ChangeAction::Correct, correction.reason, Some(before)).await?;
    let stored = projects::find(&mut tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    tx.commit().await?;
    Ok(stored)
}

/// The project, locked, if it is still at the row version that the person saw.
pub(super) async fn find_current(tx: &mut Tx, id: Uuid, row_version: i64) -> Result<Project> {
    projects::lock(tx, id).await?;
    let project = projects::find(tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    if project.row_version != row_version {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    Ok(project)
}

/// The number of the next footprint version.
pub(super) async fn next_version(tx: &mut Tx, id: Uuid) -> Result<i64> {
    Ok(footprints::last_versions(tx, &[id]).await?.get(&id).map_or(1, |last| last + 1))
}

/// Writes a changed project with its log entry and its screening.
pub(super) async fn write(
    tx: &mut Tx,
    app: &App,
    project: &Project,
    by: &Doer,
    action: ChangeAction,
    note: Option<String>,
    before: Option<Value>,
) -> Result<()> {
    let now = app.clock.now();
    let was = projects::find(tx, project.id).await?.ok_or(ActionError::NotFound("project"))?;
    let diff = changed_fields(tx, Some(&was), project).await?;
    if !projects::update(tx, &app.clock, project, now).await? {
        return Err(ActionError::Conflict("changed_meanwhile"));
    }
    screen_later(tx, &app.clock, &[project.id], now).await?;
    let change = Change::new(now, Entity::Project, project.id, action, by.clone()).with(diff);
    tx.log(change.noted(note).from_state(before));
    Ok(())
}
