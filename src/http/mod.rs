//! HTTP: understands a request, asks an action or the store, answers. One routing table, one error page.

pub mod admission;
pub mod answers;
pub mod caller;
pub mod connections;
pub mod decision_view;
pub mod decisions;
pub mod drafts;
pub mod finding_view;
pub mod findings;
pub mod input;
pub mod jobs;
pub mod listen;
pub mod map;
pub mod messages;
pub mod page;
pub mod peer;
pub mod photos;
pub mod place_doubt;
pub mod problem;
pub mod project_view;
pub mod projects;
pub mod reports;
pub mod routes;
pub mod session;
pub mod villages;
pub mod whatif;
