//! What SQL promises, on both engines.

mod audit;
mod change_log;
mod full_disk;
mod jobs;
mod judges;
mod locks;
mod migrations;
mod project_facts;
mod schema;
mod unreadable_rows;
