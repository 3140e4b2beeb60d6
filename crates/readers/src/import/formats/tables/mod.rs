//! Tables of every format as rows: records come from text, sheets or tables of a page; the heading is found among them, and
//! what belongs to no work is told apart and named.

mod beside;
mod chapters;
mod csv_records;
mod evenings;
pub mod habits;
mod heading;
mod html;
mod lines;
mod mht;
mod ods;
pub mod record;
pub mod rows;
pub mod sheet;
mod signatures;
mod spreadsheet_ml;
mod sums;
pub mod table;
pub mod text;
mod unpacked;
pub mod workbook;
pub mod xml;
