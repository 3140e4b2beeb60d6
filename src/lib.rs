//! Tapak: e-monitoring of village public works. The rooms, in the order of the way of the data.
//!
//! `domain`, `spatial` and `duplicates` know nothing of HTTP, SQL, files or clocks.

// The command line: one file a verb.
pub mod cli;
// Every setting, its default and its unit.
pub mod config;
// What is bounded, so that nobody uses the service up.
pub mod limits;
// How often one person may ask for what costs much.
pub mod allowance;
// Bytes in memory that all requests share.
pub mod budget;

// Routes, requests, answers, problems, the page.
pub mod http;
// Files in: rows, and a report of every refused one.
pub mod import;

// Files out that appear whole or not at all.
pub mod whole_file;

// What each role may do, passwords, tokens.
pub mod accounts;
// One use case a file, one transaction each.
pub mod actions;
// One SQL text for SQLite and PostgreSQL.
pub mod store;

// Evidence, weights, verdict.
pub mod duplicates;
// Records of files, compared without a database.
pub mod collection;
// Files compared with themselves and each other: `tapak scan`.
pub mod scan;
// How often the judge is right: `tapak evaluate`.
pub mod evaluate;
// Weights estimated anew: `tapak calibrate`.
pub mod calibrate;
// Pairs become findings; a village is not flooded.
pub mod findings;
// What happens later: the worker and its jobs.
pub mod jobs;
// Every standing project in memory, by place: who is near whom. Its follower reads the change log.
pub mod atlas;
// Metres, places, time zones.
pub mod spatial;

// One message a person.
pub mod mail;
// Originals, EXIF, derivatives.
pub mod photos;
// What somebody may see of it.
pub mod publish;
// The catalogue of sentences, Indonesian and English.
pub mod words;

// The whole service, built once.
pub mod app;
// Whether this process can do its work now.
pub mod readiness;
// Work for the processor, so many pieces at once.
pub mod turns;
// How the allocator treats what is free again.
pub mod allocator;
// SHA-256 as text.
pub mod digest;
// The only place that asks for the time.
pub mod clock;
// Types and rules.
pub mod domain;
