//! Tapak: e-monitoring of village public works. The rooms, in the order of the data flow.
//!
//! `domain`, `spatial`, `duplicates` and `groups` know nothing of HTTP, SQL, files or clocks.

// The command line: one file a verb.
pub mod cli;
// Every setting, its default and its unit.
pub mod config;
// Limits, so that nobody can exhaust the service.
pub mod limits;
// How often one person may make expensive requests.
pub mod allowance;
// A memory budget shared by all requests.
pub mod budget;

// Routes, requests, answers, problems, the page.
pub mod http;
// Files in: rows, and a report of every refused one.
pub mod import;

// Files written atomically.
pub mod whole_file;

// What each role may do, passwords, tokens.
pub mod accounts;
// One use case a file, one transaction each.
pub mod actions;
// One SQL text for SQLite and PostgreSQL.
pub mod store;

// Evidence, weights, verdict.
pub mod duplicates;
// Pairs of one work grouped, for the server and for files.
pub mod groups;
// Records of files, compared without a database.
pub mod collection;
// Duplicates within files: `tapak scan`.
pub mod scan;
// Accuracy of the judge: `tapak evaluate`.
pub mod evaluate;
// Re-estimated weights: `tapak calibrate`.
pub mod calibrate;
// Pairs become findings; a village is not flooded.
pub mod findings;
// Background work: the worker and its jobs.
pub mod jobs;
// Every active project in memory, by place. Its follower reads the change log.
pub mod atlas;
// Metres, places, time zones.
pub mod spatial;

// One message a person.
pub mod mail;
// Originals, EXIF, derivatives.
pub mod photos;
// The parts of a project that each person may see.
pub mod publish;
// The catalogue of sentences, Indonesian and English.
pub mod words;

// The whole service, built once.
pub mod app;
// Whether this process can do its work now.
pub mod readiness;
// CPU work, so many pieces at once.
pub mod turns;
// How the allocator returns free memory.
pub mod allocator;
// SHA-256 as text.
pub mod digest;
// The only place that reads the time.
pub mod clock;
// Types and rules.
pub mod domain;
