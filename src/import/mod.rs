//! Files in: rows out, and a report of every refused cell. No HTTP, no clock, and no SQL but that of a GeoPackage.
//!
//! ```text
//! input (path or bytes) → table or features → RawRow → parse_row → ProjectRow | refused cells → refused rows, to correct
//! ```
//!
//! [`ProjectFile`] does it for a whole file with little memory; [`read_villages`] reads a boundary file.
//! `tapak scan` reads with the same [`RawRow`]s. Excel's habits are understood in `numbers`, `dates` and `coordinates`.

mod axes;
mod cells;
mod columns;
mod coordinates;
mod crs;
mod csv;
mod dates;
mod error;
mod feature;
mod feature_rows;
mod features;
mod fgb_feature;
mod fields;
mod flatgeobuf;
mod funds;
mod geojson;
mod geopackage;
mod gpkg_feature;
mod gpkg_layers;
mod identity;
mod input;
mod json_text;
mod key;
mod numbers;
mod own_copy;
mod places;
mod project_row;
mod projects;
mod refusals;
mod refused_rows;
mod row_money;
mod rows;
mod text;
mod villages;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use columns::{Matched, MatchedBy};
pub use crs::Crs;
pub use error::ImportError;
pub use fields::Field;
pub use input::{Format, Input, Progress};
pub use own_copy::OwnCopy;
pub use project_row::{ProjectRow, parse_row};
pub use projects::{OwnerOf, ProjectFile, ReadOptions, Row, Understood};
pub use refusals::{RefusedCell, write_csv, write_table};
pub use refused_rows::{RefusedRowsError, write_refused_rows};
pub use rows::{Identity, Needs, RawCell, RawRow, RawShape, Reading};
pub use villages::{VillageColumns, VillageFile, VillageRow, read_villages};
