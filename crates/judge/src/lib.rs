//! Whether two works are one. Knows nothing of HTTP, SQL, files or clocks.

#[cfg(test)]
use tapak_core::words;
use tapak_core::{digest, domain, spatial};

// Evidence, weights, verdict.
pub mod duplicates;
// Pairs of one work grouped, for the server and for files.
pub mod groups;
