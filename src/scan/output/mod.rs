//! What a scan found, for programs and for people.

mod html;
mod json;
mod tables;
mod whole_file;

pub use html::html;
pub use json::{geojson, json};
pub use tables::{csv, summary};
pub use whole_file::WholeFile;
