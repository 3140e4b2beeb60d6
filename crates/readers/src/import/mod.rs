//! Files in: rows out, and a report of every refused cell. No HTTP, no clock, and no SQL but that of a GeoPackage.
//!
//! ```text
//! input (path or bytes) → table or features → RawRow → parse_row → ProjectRow | refused cells → refused rows, to correct
//! ```
//!
//! [`ProjectFile`] does it for a whole file with little memory; [`read_villages`] reads a boundary file.
//! `tapak scan` reads with the same [`RawRow`]s. `formats` knows `rows`, `rows` knows `cells`, and none the other way.

mod cells;
mod corrections;
mod crs;
mod error;
mod formats;
mod keys;
mod known_villages;
mod look;
mod opening;
mod options;
mod projects;
mod refused_rows;
mod rows;
mod understood;
mod villages;

#[cfg(test)]
mod tests;

pub use cells::writing::{DayOrder, Decimal, Writing};
pub use corrections::Correction;
pub use crs::{Crs, Stated};
pub use error::ImportError;
pub use formats::input::{Format, Input, Progress};
pub use formats::kind::Kind;
pub use formats::own_copy::OwnCopy;
pub use known_villages::{KnownVillages, Limits};
pub use look::{Look, LookedColumn, look_and_open};
pub use options::ReadOptions;
pub use projects::{ProjectFile, Row};
pub use refused_rows::{Origin, RefusedRowsError, write_refused_rows};
pub use rows::columns::{Matched, MatchedBy};
pub use rows::fields::Field;
pub use rows::headings::Headings;
pub use rows::notes::Note;
pub use rows::parse_row::parse_row;
pub use rows::project_row::{ProjectRow, RefusedRow};
pub use rows::raw::{Identity, Needs, OwnerOf, RawCell, RawRow, RawShape, Reading};
pub use rows::refusals::{RefusedCell, WIDTH, wrapped, write_csv, write_table};
pub use understood::{Understood, refuse_ignored_in_vain};
pub use villages::{
    ByBpsCode, Crosswalk, Merged, VillageColumns, VillageField, VillageFile, VillageReading, VillageRow,
    read_crosswalk, read_villages,
};
