//! The external id of rows in files that have none: made from the columns that the user chose as the key.

use super::fields::Field;
use super::raw::{RawCell, RawRow};
use super::refusals::RefusedCell;
use crate::digest::sha256_hex;
use crate::domain::Invalid;
use crate::domain::text::{NOTE_CHARS, fold, line};
use crate::import::cells::numbers::is_blank;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The key of a row: its cells folded and joined by `|`. Codes, years and days count in their canonical form. A house owner's
/// name, which stands in no id, counts by a short digest. `cells` are the row's canonical cells.
pub fn made(row: &RawRow, columns: &[Arc<str>], cells: &BTreeMap<String, String>) -> Result<String, RefusedCell> {
    let mut parts = Vec::with_capacity(columns.len());
    for column in columns {
        let refuse = |invalid: Invalid, given: &str| RefusedCell::new(row.row, column, invalid, given);
        let cell = row.column(column).filter(|cell| !is_blank(&cell.text));
        let Some(cell) = cell else {
            return Err(refuse(Invalid::new("missing", column.as_ref()), ""));
        };
        parts.push(part(cell, cells).map_err(|invalid| refuse(invalid, &cell.text))?);
    }
    Ok(parts.join("|"))
}

fn part(cell: &RawCell, cells: &BTreeMap<String, String>) -> Result<String, Invalid> {
    let canonical = |field: Field| cells.get(field.as_str()).map(String::as_str).unwrap_or_default();
    let text = line(&cell.column, &cell.text, NOTE_CHARS)?.unwrap_or_default();
    Ok(match cell.field {
        Some(Field::Title) if !canonical(Field::Owner).is_empty() => {
            format!("{}~{}", fold(canonical(Field::Title)), mark(canonical(Field::Owner)))
        }
        Some(Field::Owner) => mark(&text),
        Some(
            field @ (Field::VillageCode | Field::FiscalYear | Field::ActivityCode | Field::StartOn | Field::FinishOn),
        ) => canonical(field).to_owned(),
        _ => fold(&text),
    })
}

/// Eight hexadecimal digits of a folded name.
fn mark(name: &str) -> String {
    sha256_hex(fold(name)).chars().take(8).collect()
}
