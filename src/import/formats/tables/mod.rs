//! Tables of every format as rows: records come from text, sheets or tables of a page; the heading is found among them, and
//! what belongs to no work is told apart and named.

mod beside;
mod chapters;
mod csv_records;
mod habits;
mod heading;
mod html;
mod lines;
mod ods;
mod record;
pub mod rows;
pub mod sheet;
mod spreadsheet_ml;
mod sums;
pub mod table;
pub mod text;
pub mod workbook;
mod xml;
