//! Measures the accuracy of the judge on labelled pairs: the output of `tapak evaluate`.

mod figures;
mod intervals;
mod measure;
mod pairs;

pub use figures::{Best, Figures, Reliability};
pub use intervals::Estimate;
pub use measure::{Bands, Evaluation, Judged, Wrong, evaluate};
pub use pairs::{Label, Labelled, PairsError, read_pairs, read_title_pairs};
