//! The text of one cell as a value: Excel's habits are understood here. Nothing here knows rows or files.

pub mod coordinates;
pub mod dates;
pub mod funds;
pub mod numbers;
pub mod words;
