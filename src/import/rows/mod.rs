//! A row, whatever file it stands in: its columns, its cells by our fields, and the project that it tells of. Nothing here
//! opens files.

pub mod axes;
pub mod carried;
mod cells;
pub mod columns;
pub mod fields;
pub mod identity;
mod key;
mod places;
pub mod project_row;
pub mod raw;
pub mod refusals;
mod row_money;
pub mod shape;
pub mod total;
