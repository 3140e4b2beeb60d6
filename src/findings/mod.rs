//! The one home of findings: opened, closed and reopened here, each with its entry in the change log.
//!
//! [`gather`] turns pairs into findings: three or more records of one work are one finding, and a village is not flooded
//! with alerts. [`keyed`] holds those that are not about pairs. Screening (`jobs`), decisions, merges and withdrawals
//! (`actions`) call them in the transaction of their change.

mod flood;
mod gather;
mod gathering;
pub mod keyed;
mod plan;

pub use gather::{Gathered, gather};
pub use gathering::Gathering;
