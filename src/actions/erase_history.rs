//! Erases the personal values that the history of something holds, as law may ask for (UU 27/2022). The audit chain has their
//! digests alone and goes on to verify.

use super::{ActionError, Result};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::project::Project;
use crate::domain::project_diff::OF_A_HOUSE;
use crate::store::{Change, Tx, audit, changes, footprints, projects, references};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Erased {
    /// Values of the audit chain.
    pub values: u64,
    /// Words of persons in the change log and at footprints.
    pub notes: u64,
    /// States in the change log, and rows of files, that are now without the name and what leads to the door.
    pub states: u64,
    /// The project names an owner today: what is in the record itself is corrected, not erased.
    pub names_owner: bool,
}

/// Erases from the history of a project, a report, a finding or a person. What stands in the record today stays, so a name is
/// taken out there first. Then writes the database anew, so that it is in no free page either: as long as a copy of it takes.
/// Refused where the chain knows nothing about it.
pub async fn erase_history(app: &App, about: Uuid) -> Result<Erased> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let project = projects::find(&mut tx, about).await?;
    let mut erased = Erased::default();
    if let Some(project) = &project {
        projects::lock(&mut tx, about).await?;
        erased.names_owner = project.details.owner.is_some();
        erased.states =
            erase_states(&mut tx, project).await? + references::erase_cells(&mut tx, about, &OF_A_HOUSE).await?;
        erased.notes = footprints::erase_reasons(&mut tx, about).await?;
    }
    erased.values = audit::erase_values(&mut tx, about).await?;
    erased.notes += changes::erase_notes(&mut tx, about).await?;
    let last = audit::list_about(&mut tx, about, 1).await?.pop();
    let entity = last.and_then(|entry| Entity::parse(&entry.entity)).or(project.map(|_| Entity::Project));
    // Addresses from which somebody acted are theirs, whatever the chain tells about themselves.
    let entity = entity.or((erased.values > 0).then_some(Entity::User)).ok_or(ActionError::NotFound("history"))?;
    let diff =
        Diff::new().field("values", erased.values, 0).field("notes", erased.notes, 0).field("states", erased.states, 0);
    tx.record(Change::new(now, entity, about, ChangeAction::Erase, Doer::terminal()).with(diff));
    tx.commit().await?;
    app.store.sweep().await?;
    Ok(erased)
}

/// What a state before a change says of persons becomes what the record says today: undo still puts the rest back.
async fn erase_states(tx: &mut Tx, project: &Project) -> Result<u64> {
    let today = json!(project.details);
    let mut erased = 0;
    for (seq, text) in changes::list_states_by_seq(tx, project.id).await? {
        let Ok(mut state) = serde_json::from_str::<Value>(&text) else { continue };
        let details = &mut state["details"];
        let is_personal = details["sensitivity"] == "hamlet" || !details["owner"].is_null();
        if !details.is_object() || !is_personal {
            continue;
        }
        for field in OF_A_HOUSE {
            details[field].clone_from(&today[field]);
        }
        changes::set_state(tx, seq, &state).await?;
        erased += 1;
    }
    Ok(erased)
}
