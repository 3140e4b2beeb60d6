//! One file a noun, speaking HTTP as a browser would.

mod bodies;
mod conditional;
mod contract;
mod description;
mod events;
mod findings;
mod guessing;
mod idempotency;
mod jobs;
mod limits;
mod monitoring;
mod odd_geometries;
mod people;
mod permissions;
mod photo_files;
mod photos;
mod places;
mod posts;
mod projects;
mod rates;
mod refusals;
mod rights;
mod session;
mod sight;
mod uploads;
mod villages;
