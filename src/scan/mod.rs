//! `tapak scan`: files compared with themselves and each other, without a server or a database.

mod find;
pub mod output;

pub use find::{Finding, Flood, Outcome, scan};
