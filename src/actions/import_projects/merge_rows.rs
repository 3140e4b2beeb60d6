//! Merges rows that the file changed into the projects that they brought, as many at once as memory and locks allow.

use super::edited_fields::{FOOTPRINT, State, edited_fields, field_of};
use super::{ImportOptions, Kept};
use crate::actions::correct_project::Before;
use crate::actions::{ActionError, Result};
use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::diff::Diff;
use crate::domain::footprint::NewFootprint;
use crate::domain::project::{Project, ProjectDetails, Sensitivity};
use crate::domain::project_diff::{Told, project_diff};
use crate::import::ProjectRow;
use crate::store::changes::{self, StateBefore};
use crate::store::footprints::{self, NewVersion};
use crate::store::references::Cells;
use crate::store::{Tx, projects};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows merged at once: the log of each project is held meanwhile.
const AT_ONCE: usize = 100;

/// A row of a project that is there and that is not as the last file had it.
pub(super) struct ChangedRow<'a> {
    pub row: &'a ProjectRow,
    pub project_id: Uuid,
    pub last: &'a Cells,
    /// The details in the row.
    pub details: ProjectDetails,
    pub footprint: Option<NewFootprint>,
}

impl<'a> ChangedRow<'a> {
    fn changed_cells(&self) -> Vec<&'a str> {
        let is_changed = |(cell, text): &(&'a String, &String)| self.last.get(*cell) != Some(*text);
        self.row.cells.iter().filter(is_changed).map(|(cell, _)| cell.as_str()).collect()
    }
}

/// What came of the rows.
#[derive(Default)]
pub(super) struct Merged {
    pub changed: Vec<Rewritten>,
    pub kept: Vec<Kept>,
}

/// A project that a row changed.
pub(super) struct Rewritten {
    pub project_id: Uuid,
    /// The state before.
    pub before: Value,
    pub diff: Diff,
}

/// Takes over the cells that the file changed, but none that a person edited since.
pub(super) async fn merge_rows(
    tx: &mut Tx,
    clock: &Clock,
    options: &ImportOptions,
    now: Time,
    rows: &[ChangedRow<'_>],
) -> Result<Merged> {
    let mut merged = Merged::default();
    for rows in rows.chunks(AT_ONCE) {
        let mut merging = Merging::load(tx, options, rows).await?;
        for row in rows {
            merging.merge(tx, options, row, &mut merged).await?;
        }
        merging.write(tx, clock, options, now).await?;
    }
    Ok(merged)
}

/// Projects while rows are merged into them.
struct Merging<'a> {
    projects: HashMap<Uuid, Project>,
    /// What every change of a project found; empty where the file wins whatever was edited.
    states: HashMap<Uuid, Vec<StateBefore>>,
    /// The last version of each footprint.
    versions: HashMap<Uuid, i64>,
    changed: Vec<Uuid>,
    drawn: Vec<(Uuid, i64, &'a NewFootprint)>,
}

impl<'a> Merging<'a> {
    async fn load(tx: &mut Tx, options: &ImportOptions, rows: &[ChangedRow<'_>]) -> Result<Self> {
        let mut ids: Vec<Uuid> = rows.iter().map(|row| row.project_id).collect();
        ids.sort_unstable();
        ids.dedup();
        projects::lock_many(tx, &ids).await?;
        let projects = projects::find_many(tx, &ids).await?.into_iter().map(|project| (project.id, project)).collect();
        let states = if options.overwrite { HashMap::new() } else { changes::list_states(tx, &ids).await? };
        let versions = footprints::last_versions(tx, &ids).await?;
        Ok(Self { projects, states, versions, changed: Vec::new(), drawn: Vec::new() })
    }

    async fn merge(
        &mut self,
        tx: &mut Tx,
        options: &ImportOptions,
        row: &'a ChangedRow<'_>,
        merged: &mut Merged,
    ) -> Result<()> {
        let id = row.project_id;
        let project = self.projects.get_mut(&id).ok_or(ActionError::NotFound("project"))?;
        let before = State::new(project);
        let cells = row.changed_cells();
        let mut edited = HashMap::new();
        if !options.overwrite {
            let states = self.states.get(&id).map(Vec::as_slice).unwrap_or_default();
            edited = edited_fields(&before, states, &cells);
        }
        if let Some(brought) = edited.get(FOOTPRINT)
            && is_same_footprint(tx, project, brought.as_i64().unwrap_or_default()).await?
        {
            edited.remove(FOOTPRINT);
        }
        let (kept, taken): (Vec<&str>, Vec<&str>) = cells.into_iter().partition(|cell| edited.contains_key(cell));
        for cell in kept {
            merged.kept.push(Kept {
                row: row.row.row,
                external_id: row.row.external_id.clone(),
                field: cell.to_owned(),
                ours: text(&before.0["details"][field_of(cell)]),
                file: row.row.cells[cell].clone(),
            });
        }
        let details = take_over(&before.0["details"], row, &taken)?;
        let footprint = row.footprint.as_ref().filter(|_| taken.contains(&FOOTPRINT));
        if details == project.details && footprint.is_none() {
            return Ok(());
        }
        let was = Project { details: std::mem::replace(&mut project.details, details), ..project.clone() };
        if let Some(footprint) = footprint {
            let version = self.versions.entry(id).or_default();
            *version += 1;
            project.footprint_version = *version;
            self.drawn.push((id, *version, footprint));
        }
        let told = |project| Told { project, parts: None };
        merged.changed.push(Rewritten {
            project_id: id,
            before: Before::naming_changes(before.0, project),
            diff: project_diff(Some(told(&was)), told(project)),
        });
        self.changed.push(id);
        Ok(())
    }

    async fn write(mut self, tx: &mut Tx, clock: &Clock, options: &ImportOptions, now: Time) -> Result<()> {
        let version = |(project_id, version, footprint): &(Uuid, i64, &'a NewFootprint)| NewVersion {
            project_id: *project_id,
            version: *version,
            footprint,
            made_by: options.by_id(),
            reason: Some("import"),
        };
        footprints::insert(tx, clock, now, &self.drawn.iter().map(version).collect::<Vec<_>>()).await?;
        // Of two rows of one project the first takes it out.
        let changed: Vec<Project> = self.changed.iter().filter_map(|id| self.projects.remove(id)).collect();
        if !projects::update_many(tx, clock, &changed, now).await? {
            return Err(ActionError::Conflict("changed_meanwhile"));
        }
        Ok(())
    }
}

/// The details as they were before, with the values of the row in these cells.
fn take_over(before: &Value, row: &ChangedRow<'_>, cells: &[&str]) -> Result<ProjectDetails> {
    let internal = |what: String| ActionError::Internal(format!("row {}: {what}", row.row.row));
    let file = serde_json::to_value(&row.details).map_err(|e| internal(e.to_string()))?;
    let mut details = before.clone();
    for cell in cells.iter().filter(|cell| **cell != FOOTPRINT) {
        let field = field_of(cell);
        let value = file.get(field).ok_or_else(|| internal(format!("the cell {cell} is no field of a project")))?;
        details[field].clone_from(value);
    }
    let mut details: ProjectDetails = serde_json::from_value(details).map_err(|e| internal(e.to_string()))?;
    if cells.contains(&"owner") && details.owner.is_some() {
        details.sensitivity = Sensitivity::Hamlet;
    }
    Ok(details)
}

/// Whether the footprint is as this version of it was: one that was put back is a version of its own.
async fn is_same_footprint(tx: &mut Tx, project: &Project, version: i64) -> Result<bool> {
    let was = footprints::list_parts(tx, project.id, version).await?;
    let is = footprints::list_parts(tx, project.id, project.footprint_version).await?;
    Ok(was.iter().map(|stored| &stored.part).eq(is.iter().map(|stored| &stored.part)))
}

/// A field as a person reads it.
fn text(field: &Value) -> String {
    match field {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
