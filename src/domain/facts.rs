//! The facts of a project that a verdict may rest on. Missing is `None` or empty: unknown, never equal and never different.

use super::activity::ActivityCode;
use super::footprint::{How, Part};
use super::project::{Authority, FundingLine, Status};
use serde::Serialize;
use uuid::Uuid;

/// One project as the Atlas holds it and `duplicates` compares it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    pub id: Uuid,
    pub title: String,
    pub village_id: Uuid,
    /// The village's code of today (`35.10.01.2001`) and name.
    pub village_code: String,
    pub village_name: String,
    pub activity_code: Option<ActivityCode>,
    pub fiscal_year: i32,
    pub status: Status,
    pub authority: Option<Authority>,
    pub executor: Option<String>,
    pub programme: Option<String>,
    pub agreement: Option<String>,
    pub hamlet: Option<String>,
    pub rt: Option<String>,
    pub rw: Option<String>,
    pub owner: Option<String>,
    pub volume: Option<f64>,
    pub volume_unit: Option<String>,
    pub continues: Option<Uuid>,
    pub budget_rupiah: Option<i64>,
    pub funding: Vec<FundingLine>,
    pub photo_marks: Vec<String>,
    /// How the footprint came to be; `None` without one.
    pub how: Option<How>,
    pub parts: Vec<Part>,
}
