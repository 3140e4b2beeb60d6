//! The database of Tapak.

use tapak_core::{canonical_json, clock, digest, domain, spatial};
use tapak_judge::duplicates;

// One SQL text for SQLite and PostgreSQL.
pub mod store;
