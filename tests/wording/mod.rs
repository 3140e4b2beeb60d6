//! Whole texts that people read, in both languages, as they are kept in `tests/snapshots/`: the same on both engines.

mod mails;
mod problems;
mod scan;
