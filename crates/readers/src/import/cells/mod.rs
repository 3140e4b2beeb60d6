//! The text of one cell as a value, including Excel's habits. Knows neither rows nor files.

pub mod coordinates;
pub mod dates;
pub mod funds;
mod links;
pub mod money;
pub mod numbers;
pub mod place_text;
pub mod quantities;
mod tracks;
mod utm;
mod wkt;
mod wkt_curves;
pub mod words;
pub mod writing;
