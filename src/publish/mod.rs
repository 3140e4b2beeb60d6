//! What is public: the one place that decides what somebody may see of a work, its photos and its findings.
//!
//! A handler holds rows; an answer holds what [`Eyes`] made of them.

mod eyes;

pub use eyes::Eyes;
