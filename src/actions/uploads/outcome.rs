//! What was found in a file, in plain words of the domain, bounded.

use crate::actions::import_projects::Kept;
use crate::domain::upload::{FoundCell, FoundColumn, FoundNote, KeptCell, Lines, UploadList, UploadOutcome};
use crate::import::{Look, MatchedBy, RefusedCell, Understood};
use serde::Serialize;

/// Lines of one list that are kept; all are counted. Who has more to correct does it in the file.
const MOST_LINES: usize = 1_000;

/// What a look tells.
pub(super) fn of_look(look: &Look) -> UploadOutcome {
    let columns = look.columns.iter().map(|column| FoundColumn {
        name: column.name.clone(),
        field: column.field.map(|(field, _)| field.to_string()),
        by_hand: column.field.is_some_and(|(_, by)| by == MatchedBy::User),
        samples: column.samples.clone(),
    });
    UploadOutcome {
        kind: look.kind.to_string(),
        layers: look.layers.clone(),
        layer: look.layer.clone(),
        columns: columns.collect(),
        ..UploadOutcome::default()
    }
}

/// Adds how the file was understood.
pub(super) fn add_understood(outcome: &mut UploadOutcome, understood: &Understood) {
    let stated = understood.stated_crs.as_ref().filter(|stated| !understood.crs.is_stated_by(stated));
    outcome.crs = Some(understood.crs.to_string());
    outcome.crs_shifted = understood.crs.is_shifted();
    outcome.stated_crs = stated.map(|stated| stated.given.clone());
    outcome.totals = understood.totals.len() as u64;
    let note = |note: &crate::import::Note| FoundNote { code: note.code.to_owned(), values: note.values.clone() };
    outcome.notes = understood.notes.iter().map(note).collect();
}

/// Adds the cells that are wrong, and those that are not understood.
pub(super) fn add_cells(
    outcome: &mut UploadOutcome,
    lines: &mut Lines,
    refused: &[RefusedCell],
    unknown: &[RefusedCell],
) {
    let mut rows: Vec<u64> = refused.iter().map(|cell| cell.row).collect();
    rows.sort_unstable();
    rows.dedup();
    outcome.refused_rows = rows.len() as u64;
    outcome.refused_cells = refused.len() as u64;
    outcome.unknown_cells = unknown.len() as u64;
    add(lines, UploadList::Refused, refused.iter().map(found_cell));
    add(lines, UploadList::Unknown, unknown.iter().map(found_cell));
}

/// Adds the cells that stay as a person wrote them.
pub(super) fn add_kept(outcome: &mut UploadOutcome, lines: &mut Lines, kept: &[Kept]) {
    outcome.kept_cells = kept.len() as u64;
    let cell = |cell: &Kept| KeptCell {
        row: cell.row,
        field: cell.field.clone(),
        ours: cell.ours.clone(),
        file: cell.file.clone(),
    };
    add(lines, UploadList::Kept, kept.iter().map(cell));
}

/// Adds the first lines of a list.
pub(super) fn add(lines: &mut Lines, list: UploadList, found: impl Iterator<Item = impl Serialize>) {
    let plain = |line| serde_json::to_value(line).expect("plain data is JSON");
    lines.extend(found.take(MOST_LINES).map(|line| (list, plain(line))));
}

fn found_cell(cell: &RefusedCell) -> FoundCell {
    FoundCell {
        row: cell.row,
        column: cell.column.clone(),
        given: cell.given.clone(),
        code: cell.invalid.code.to_owned(),
        values: cell.invalid.values.clone(),
    }
}
