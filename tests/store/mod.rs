//! What SQL promises, on both engines.

mod change_log;
mod jobs;
mod schema;
