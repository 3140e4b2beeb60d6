//! `tapak scan`: files compared with themselves and each other, without a server or a database.

mod find;
pub mod output;
mod whatif;

pub use find::{Finding, Flood, Outcome, Scored, scan};
pub use whatif::{Change, whatif};
