//! What an administrator may turn.

use serde::{Deserialize, Serialize};

/// Distances in metres, probabilities 0 to 1, lives in years.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How near two footprints must come to be compared.
    pub radius_m: f64,
    /// Lines that run this near beside each other are the same line.
    pub corridor_m: f64,
    /// How far directions may differ, degrees.
    pub angle_deg: f64,
    /// Works on one point from which on the point says nothing.
    pub stacked: usize,
    pub alert: f64,
    pub review: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { radius_m: 250.0, corridor_m: 15.0, angle_deg: 30.0, stacked: 5, alert: 0.8, review: 0.35 }
    }
}
