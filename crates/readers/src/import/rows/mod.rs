//! A row of any format: its columns, its cells by our fields, and its project. Nothing here opens files.

pub mod axes;
pub mod carried;
mod cells;
pub mod columns;
pub mod fields;
pub mod headings;
pub mod identity;
mod key;
pub mod notes;
pub mod parse_row;
mod places;
pub mod project_row;
pub mod raw;
pub mod refusals;
mod row_days;
mod row_money;
pub mod shape;
pub mod total;
pub mod village_cell;
