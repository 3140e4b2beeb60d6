//! How often the judge is right, measured on labelled pairs: what `tapak evaluate` prints.

mod figures;
mod intervals;
mod measure;
mod pairs;

pub use figures::{Best, Figures, Reliability};
pub use intervals::Estimate;
pub use measure::{Bands, Evaluation, Judged, Wrong, evaluate};
pub use pairs::{Label, Labelled, PairsError, read_pairs, read_title_pairs};
