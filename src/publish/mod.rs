//! The public view: the one place that decides how much a viewer may see of a work, its photos and its findings.
//!
//! A handler holds rows of the store, an answer holds only [`Eyes`]' view of them: the types of answers are constructed
//! in this module alone, so that no row reaches an answer unfiltered. `docs/security.md` lists what is hidden from
//! whom.

mod eyes;
mod progress;
mod project;
mod verdict;

pub use eyes::Eyes;
pub use progress::{PhotoView, ReportView};
pub use project::{ShownDetails, ShownProject, geojson};
pub use verdict::{ShownPair, ShownVerdict};
