//! Weights estimated anew from pairs that nobody labelled and from decided findings: what `tapak calibrate` prints. It
//! proposes and adopts nothing.

mod decided;
mod em;
mod pairs;

pub use decided::decided;
pub use em::{Estimated, estimate};
pub use pairs::{Decided, observe};
