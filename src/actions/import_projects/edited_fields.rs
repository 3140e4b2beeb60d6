//! What people edited of a project that a file brought: the file does not write over it.

use crate::actions::correct_project::Before;
use crate::domain::change::ChangeAction;
use crate::domain::project::Project;
use crate::store::changes::StateBefore;
use serde_json::Value;
use std::collections::HashMap;

/// The cell of a row that is no field of [`ProjectDetails`](crate::domain::project::ProjectDetails).
pub(super) const FOOTPRINT: &str = "footprint";

/// What a project is or was, as the change log holds it.
pub(super) struct State(pub Value);

impl State {
    pub fn new(project: &Project) -> Self {
        Self(Before::snapshot(project))
    }

    /// What a cell of a row stands for: of a footprint the number of its version.
    pub fn cell(&self, cell: &str) -> &Value {
        if cell == FOOTPRINT { &self.0["footprint_version"] } else { &self.0["details"][field_of(cell)] }
    }
}

/// The field that a cell fills.
pub(super) fn field_of(cell: &str) -> &str {
    if cell == "village_code" { "village_id" } else { cell }
}

/// Those of these cells that are not as the file last brought them, each with what it brought: a person edited them since.
/// What was edited and put back is as the file brought it. `states` is what every change found, newest first. O(states).
pub(super) fn edited_fields<'a>(now: &State, states: &[StateBefore], cells: &[&'a str]) -> HashMap<&'a str, Value> {
    let mut brought: HashMap<&str, Value> = HashMap::new();
    let mut after: Option<State> = None;
    for state in states {
        let Ok(before) = serde_json::from_str::<Value>(&state.before) else { continue };
        if !before["details"].is_object() {
            continue;
        }
        let before = State(before);
        if state.action == ChangeAction::Reimport.as_str() {
            let after = after.as_ref().unwrap_or(now);
            for cell in cells.iter().filter(|cell| before.cell(cell) != after.cell(cell)) {
                brought.entry(*cell).or_insert_with(|| after.cell(cell).clone());
            }
        }
        after = Some(before);
    }
    // What no later file changed is as the first one registered it.
    let first = after.as_ref().unwrap_or(now);
    let with_brought = |cell: &&'a str| (*cell, brought.remove(cell).unwrap_or_else(|| first.cell(cell).clone()));
    cells.iter().map(with_brought).filter(|(cell, brought)| now.cell(cell) != brought).collect()
}
