//! The service from outside: HTTP, the terminal, the store's promises, whole stories. Each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, with file and line")]

mod api;
mod backup;
mod cli;
mod common;
mod flow;
mod store;
mod wording;
