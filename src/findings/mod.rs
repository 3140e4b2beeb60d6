//! Turns pairs into findings: three or more records of one work are one finding, and a village is not flooded with
//! alerts.
//!
//! Screening (`jobs`) and decisions (`actions`) both call [`gather`] in the transaction of their change.

mod flood;
mod gather;
mod gathering;
mod plan;

pub use gather::{Gathered, gather};
pub use gathering::Gathering;
