//! Tapak: e-monitoring of village public works. The rooms, in the order of the data flow.
//!
//! Rooms on which much rests and that change seldom are crates of their own, in `crates/`; here they have their places
//! among the others.

pub use tapak_core::{canonical_json, clock, digest, domain, permission, spatial, whole_file, words};
pub use tapak_judge::{duplicates, groups};
pub use tapak_readers::import;
pub use tapak_store::store;

// The command line: one file a verb.
pub mod cli;
// Every setting, its default and its unit.
pub mod config;
// Limits, so that nobody can exhaust the service.
pub mod limits;
// How often one person may make expensive requests.
pub mod allowance;
// How many requests each one may make in a minute.
pub mod rates;
// A memory budget shared by all requests.
pub mod budget;

// Routes, requests, answers, problems, the page.
pub mod http;
// Passwords, tokens.
pub mod accounts;
// Bytes that nobody reads without their key.
pub mod seal;
// One use case a file, one transaction each.
pub mod actions;

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

// One message a person.
pub mod mail;
// Originals, EXIF, derivatives.
pub mod photos;
// What changed for one viewer.
pub mod news;
// Database and photos as one set, elsewhere; restored; moved to another engine.
pub mod backup;
// What is wrong with an installation: `tapak doctor`.
pub mod doctor;
// The parts of a project that each person may see.
pub mod publish;

// The whole service, built once.
pub mod app;
// Whether this process can do its work now.
pub mod readiness;
// Counters and levels for a monitoring system.
pub mod metrics;
// CPU work, so many pieces at once.
pub mod turns;
// One piece of work on every core.
pub mod cores;
// How the allocator returns free memory.
pub mod allocator;
