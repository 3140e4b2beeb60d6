//! Files of offices, read.

#[cfg(test)]
use tapak_core::words;
use tapak_core::{digest, domain, spatial, whole_file};

// Files in: rows, and a report of every refused one.
pub mod import;
