//! What of a project changed, for the audit chain.

use super::diff::Diff;
use super::project::{Project, ProjectDetails, Sensitivity};
use serde_json::{Value, json};

/// Fields of a grant house that name its owner or lead to the door: those that [`ProjectDetails`] calls so.
pub const OF_A_HOUSE: [&str; 5] = ["owner", "title", "hamlet", "rt", "rw"];

/// A project as the chain tells it. `parts`: the SHA-256 of its footprint's parts, where they were read.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub project: &'a Project,
    pub parts: Option<&'a str>,
}

/// What is another way in a project. What leads to a grant house is personal if it was one, or is one now.
pub fn project_diff(before: Option<Told<'_>>, after: Told<'_>) -> Diff {
    let is_house = before.is_some_and(|before| before.project.details.is_house()) || after.project.details.is_house();
    let was = before.map(fields);
    let mut diff = Diff::new();
    for (at, (name, now)) in fields(after).into_iter().enumerate() {
        let was = was.as_ref().map_or(&Value::Null, |was| &was[at].1);
        let is_personal = name == "owner" || (is_house && (OF_A_HOUSE.contains(&name) || name == "parts"));
        diff = if is_personal { diff.personal(name, was, now) } else { diff.field(name, was, now) };
    }
    diff
}

impl ProjectDetails {
    /// Whether it is a house that somebody got: its title and place lead to a person.
    pub const fn is_house(&self) -> bool {
        matches!(self.sensitivity, Sensitivity::Hamlet) || self.owner.is_some()
    }
}

/// Every field by name, always in the same order.
fn fields(told: Told<'_>) -> Vec<(&'static str, Value)> {
    // Without `..`, so that a new field does not compile until it is decided what the chain tells of it.
    let Project {
        id: _,
        public_id: _, // follows from the id
        details,
        merged_into,
        withdrawn_at,
        footprint_version,
        percent: _, // each report has an entry of its own
        registered_at: _,
        registered_by: _,
        registered_digest: _,
        updated_at: _,
        row_version: _,
    } = told.project;
    let ProjectDetails {
        title,
        village_id,
        activity_code,
        fiscal_year,
        status,
        authority,
        executor,
        programme,
        agreement,
        hamlet,
        rt,
        rw,
        owner,
        start_on,
        finish_on,
        volume,
        volume_unit,
        sensitivity,
        continues,
        budget_rupiah,
        funding,
        photo_marks,
    } = details;
    // What is empty is not there: a new project without it has not changed it.
    let list = |value: Value| if value == json!([]) { Value::Null } else { value };
    vec![
        ("title", json!(title)),
        ("village_id", json!(village_id)),
        ("activity_code", json!(activity_code)),
        ("fiscal_year", json!(fiscal_year)),
        ("status", json!(status)),
        ("authority", json!(authority)),
        ("executor", json!(executor)),
        ("programme", json!(programme)),
        ("agreement", json!(agreement)),
        ("hamlet", json!(hamlet)),
        ("rt", json!(rt)),
        ("rw", json!(rw)),
        ("owner", json!(owner)),
        ("start_on", json!(start_on)),
        ("finish_on", json!(finish_on)),
        ("volume", json!(volume)),
        ("volume_unit", json!(volume_unit)),
        ("sensitivity", json!(sensitivity)),
        ("continues", json!(continues)),
        ("budget_rupiah", json!(budget_rupiah)),
        ("funding", list(json!(funding))),
        ("photo_marks", list(json!(photo_marks))),
        ("footprint_version", if *footprint_version == 0 { Value::Null } else { json!(footprint_version) }),
        ("parts", json!(told.parts)),
        ("merged_into", json!(merged_into)),
        ("withdrawn", withdrawn_at.map_or(Value::Null, |_| json!(true))),
    ]
}
