//! The output of a scan, for programs and for people.

mod html;
mod json;
mod tables;

pub use crate::whole_file::WholeFile;
pub use html::html;
pub use json::{geojson, json};
pub use tables::{csv, pairs, summary};
