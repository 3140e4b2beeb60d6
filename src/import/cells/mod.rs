//! The text of one cell as a value, including Excel's habits. Knows neither rows nor files.

pub mod coordinates;
pub mod dates;
pub mod funds;
pub mod numbers;
pub mod words;
pub mod writing;
