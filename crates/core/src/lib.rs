//! What every part of Tapak shares: types and rules, metres and places, the words of both languages.
//!
//! `domain` and `spatial` know nothing of HTTP, SQL, files or clocks.

// Types and rules.
pub mod domain;
// Metres, places, time zones.
pub mod spatial;
// What each role may do.
pub mod permission;
// The catalogue of sentences, Indonesian and English.
pub mod words;

// JSON in one form, of which digests are made.
pub mod canonical_json;
// SHA-256 as text.
pub mod digest;
// Files written atomically.
pub mod whole_file;
// The only place that reads the time.
pub mod clock;
