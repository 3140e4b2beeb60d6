//! How things look in answers where it depends on who asks.

use super::caller::Caller;
use super::problem::Problem;
use crate::app::App;
use crate::domain::project::{ProjectSummary, Sensitivity};
use crate::store::{Tx, project_lists};
use uuid::Uuid;

/// What this caller may see of a project: the public and other regions see a grant house at its village's centre only,
/// and no count of findings.
pub fn summary(app: &App, caller: &Caller, mut summary: ProjectSummary) -> ProjectSummary {
    if caller.sees_all_of(&summary.village.code) {
        return summary;
    }
    summary.open_findings = 0;
    summary.open_alerts = 0;
    if summary.sensitivity == Sensitivity::Hamlet && summary.centre.is_some() {
        summary.centre = village_centre(app, &summary);
    }
    summary
}

/// The centre of the project's village, which stands for its place where that is not shown.
pub fn village_centre(app: &App, summary: &ProjectSummary) -> Option<[f64; 2]> {
    app.atlas.look(|picture| picture.villages.village(summary.village.id).map(|village| village.centre))
}

/// Whether this caller may see where a project stands.
pub fn sees_place(caller: &Caller, summary: &ProjectSummary) -> bool {
    summary.sensitivity == Sensitivity::Open || caller.sees_all_of(&summary.village.code)
}

/// A project that this caller may know of: what was withdrawn is there for those alone who answer for it.
pub async fn find_known(tx: &mut Tx, caller: &Caller, id: Uuid) -> Result<ProjectSummary, Problem> {
    let found = project_lists::find_many(tx, &[id]).await?.pop();
    found.filter(|project| caller.eyes().knows_of(project)).ok_or_else(|| Problem::not_found("project"))
}

/// A geometry as GeoJSON.
pub fn geojson(geometry: &geo::Geometry<f64>) -> serde_json::Value {
    serde_json::to_value(geojson::Geometry::from(geometry)).unwrap_or_default()
}
