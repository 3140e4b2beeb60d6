//! Re-estimates weights from unlabelled pairs and decided findings: the output of `tapak calibrate`. It proposes and
//! adopts nothing.

mod decided;
mod em;
mod pairs;
mod platt;
mod thresholds;

pub use decided::decided;
pub use em::{Estimated, estimate};
pub use pairs::{Decided, observe};
pub use platt::{Scaling, scaled};
pub use thresholds::{Thresholds, suggest};
