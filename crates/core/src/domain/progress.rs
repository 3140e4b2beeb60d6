//! Progress reports and their photos.

use super::{Day, Invalid, Time, closed_set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// How far a photo has come: its bytes are waited for, its small pictures are made, they are there, or it failed.
    PhotoState { Waiting = "waiting", Preparing = "preparing", Ready = "ready", Failed = "failed" }
}

/// The most photos one report may carry.
pub const PHOTOS_PER_REPORT: usize = 20;

/// Physical progress in percent, 0 to 100.
pub fn percent(field: &str, given: f64) -> Result<f64, Invalid> {
    if given.is_finite() && (0.0..=100.0).contains(&given) {
        return Ok(given);
    }
    Err(Invalid::new("percent_out_of_range", field).with("given", given.to_string()))
}

/// Where and when the picture was taken by the phone's own report. Kept beside the EXIF data: they are two witnesses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Capture {
    #[serde(default)]
    pub lon: Option<f64>,
    #[serde(default)]
    pub lat: Option<f64>,
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    #[serde(default)]
    pub heading_deg: Option<f64>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Time>,
}

/// A photo announced by a report; its bytes follow.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPhoto {
    pub id: Uuid,
    pub position: i64,
    pub bytes: i64,
    pub station: Option<String>,
    pub capture: Option<Capture>,
}

/// A report as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReport {
    pub id: Uuid,
    pub project_id: Uuid,
    pub percent: f64,
    pub reported_on: Day,
    pub stage: Option<String>,
    pub note: Option<String>,
    pub photos: Vec<NewPhoto>,
}
