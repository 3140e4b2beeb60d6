//! A project as a person types it, parsed into types that cannot be wrong.

use super::body::Sent;
use super::caller::Action;
use super::footprint_input::{FootprintInput, parse_footprint};
use crate::domain::activity::ActivityCode;
use crate::domain::money::rupiah;
use crate::domain::project::{Authority, FundingLine, NewProject, ProjectDetails, Sensitivity, Status, fiscal_year};
use crate::domain::text::{NAME_CHARS, TITLE_CHARS, line, required};
use crate::domain::{Invalid, text};
use crate::duplicates::extract_owner;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

/// A new project. `id` is made by the client, so that sending it twice makes one project.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectDraft {
    #[serde(default)]
    pub id: Option<Uuid>,
    pub title: String,
    pub village_id: Uuid,
    pub fiscal_year: i64,
    #[serde(default)]
    pub status: Option<Status>,
    #[serde(default)]
    pub activity_code: Option<String>,
    #[serde(default)]
    pub authority: Option<Authority>,
    #[serde(default)]
    pub executor: Option<String>,
    #[serde(default)]
    pub programme: Option<String>,
    #[serde(default)]
    pub agreement: Option<String>,
    #[serde(default)]
    pub hamlet: Option<String>,
    #[serde(default)]
    pub rt: Option<String>,
    #[serde(default)]
    pub rw: Option<String>,
    #[serde(default)]
    pub owner: Option<String>,
    #[serde(default)]
    pub start_on: Option<NaiveDate>,
    #[serde(default)]
    pub finish_on: Option<NaiveDate>,
    #[serde(default)]
    pub volume: Option<f64>,
    #[serde(default)]
    pub volume_unit: Option<String>,
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
    #[serde(default)]
    pub continues: Option<Uuid>,
    #[serde(default)]
    pub funding: Vec<FundingLine>,
    #[serde(default)]
    pub footprint: Option<FootprintInput>,
    /// Somebody looked: the place is right although it is far from the village. See the problem `place_far`.
    #[serde(default)]
    pub confirm_place: bool,
}

impl Sent for ProjectDraft {
    const ACTION: Action = Action::CheckProject;
}

/// A correction of a project: a field left out stays, `null` clears it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    /// Of the project as it was seen; or `If-Match`.
    pub row_version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub village_id: Option<Uuid>,
    #[serde(default)]
    pub fiscal_year: Option<i64>,
    #[serde(default)]
    pub status: Option<Status>,
    #[serde(default, deserialize_with = "present")]
    pub activity_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub authority: Option<Option<Authority>>,
    #[serde(default, deserialize_with = "present")]
    pub executor: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub programme: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub agreement: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub hamlet: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub rt: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub rw: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub owner: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub start_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "present")]
    pub finish_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "present")]
    pub volume: Option<Option<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub volume_unit: Option<Option<String>>,
    #[serde(default)]
    pub sensitivity: Option<Sensitivity>,
    #[serde(default, deserialize_with = "present")]
    pub continues: Option<Option<Uuid>>,
    #[serde(default)]
    pub funding: Option<Vec<FundingLine>>,
    #[serde(default)]
    pub footprint: Option<FootprintInput>,
    /// Somebody looked: the place is right although it is far from the village. See the problem `place_far`.
    #[serde(default)]
    pub confirm_place: bool,
}

impl Sent for ProjectPatch {
    const ACTION: Action = Action::CorrectProject;
}

/// Tells `null` from a field left out.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl ProjectDraft {
    /// Everything checked that can be checked without the database; `new_id` where the draft has none.
    pub fn parse(self, new_id: impl FnOnce() -> Uuid) -> Result<NewProject, Invalid> {
        let mut details = ProjectDetails {
            title: required("title", &self.title, TITLE_CHARS)?,
            village_id: self.village_id,
            activity_code: activity(self.activity_code)?,
            fiscal_year: fiscal_year("fiscal_year", self.fiscal_year)?,
            status: self.status.unwrap_or(Status::Planned),
            authority: self.authority,
            executor: name("executor", self.executor)?,
            programme: name("programme", self.programme)?,
            agreement: name("agreement", self.agreement)?,
            hamlet: name("hamlet", self.hamlet)?,
            rt: name("rt", self.rt)?,
            rw: name("rw", self.rw)?,
            owner: name("owner", self.owner)?,
            start_on: self.start_on,
            finish_on: self.finish_on,
            volume: volume(self.volume)?,
            volume_unit: name("volume_unit", self.volume_unit)?,
            sensitivity: Sensitivity::Open,
            continues: self.continues,
            budget_rupiah: None,
            funding: funding(self.funding)?,
            photo_marks: Vec::new(),
        };
        details.budget_rupiah = budget(&details.funding);
        // By default a grant house is shown to the public only by its hamlet.
        let usual = if names_owner(&details) { Sensitivity::Hamlet } else { Sensitivity::Open };
        details.sensitivity = self.sensitivity.unwrap_or(usual);
        days(&details)?;
        let footprint = self.footprint.map(parse_footprint).transpose()?;
        Ok(NewProject { id: self.id.unwrap_or_else(new_id), details, footprint })
    }
}

impl ProjectPatch {
    /// These details with the changes that are given.
    pub fn apply(self, was: ProjectDetails) -> Result<ProjectDetails, Invalid> {
        let (named_before, is_paid_anew) = (names_owner(&was), self.funding.is_some());
        let mut details = ProjectDetails {
            title: self.title.map_or(Ok(was.title), |title| required("title", &title, TITLE_CHARS))?,
            village_id: self.village_id.unwrap_or(was.village_id),
            fiscal_year: self.fiscal_year.map_or(Ok(was.fiscal_year), |year| fiscal_year("fiscal_year", year))?,
            status: self.status.unwrap_or(was.status),
            activity_code: self.activity_code.map_or(Ok(was.activity_code), activity)?,
            authority: self.authority.unwrap_or(was.authority),
            executor: self.executor.map_or(Ok(was.executor), |text| name("executor", text))?,
            programme: self.programme.map_or(Ok(was.programme), |text| name("programme", text))?,
            agreement: self.agreement.map_or(Ok(was.agreement), |text| name("agreement", text))?,
            hamlet: self.hamlet.map_or(Ok(was.hamlet), |text| name("hamlet", text))?,
            rt: self.rt.map_or(Ok(was.rt), |text| name("rt", text))?,
            rw: self.rw.map_or(Ok(was.rw), |text| name("rw", text))?,
            owner: self.owner.map_or(Ok(was.owner), |text| name("owner", text))?,
            volume_unit: self.volume_unit.map_or(Ok(was.volume_unit), |text| name("volume_unit", text))?,
            start_on: self.start_on.unwrap_or(was.start_on),
            finish_on: self.finish_on.unwrap_or(was.finish_on),
            volume: self.volume.map_or(Ok(was.volume), volume)?,
            sensitivity: self.sensitivity.unwrap_or(was.sensitivity),
            continues: self.continues.unwrap_or(was.continues),
            budget_rupiah: was.budget_rupiah,
            funding: self.funding.map_or(Ok(was.funding), funding)?,
            photo_marks: was.photo_marks,
        };
        if is_paid_anew {
            details.budget_rupiah = budget(&details.funding);
        }
        if self.sensitivity.is_none() && !named_before && names_owner(&details) {
            details.sensitivity = Sensitivity::Hamlet;
        }
        days(&details)?;
        Ok(details)
    }
}

/// Whether it is somebody's house.
fn names_owner(details: &ProjectDetails) -> bool {
    details.owner.is_some() || extract_owner(&details.title).1.is_some()
}

fn name(field: &str, given: Option<String>) -> Result<Option<String>, Invalid> {
    Ok(given.as_deref().map(|text| line(field, text, NAME_CHARS)).transpose()?.flatten())
}

fn activity(given: Option<String>) -> Result<Option<ActivityCode>, Invalid> {
    let given = given.filter(|code| !code.trim().is_empty());
    given.map(|code| ActivityCode::parse("activity_code", &code)).transpose()
}

fn volume(given: Option<f64>) -> Result<Option<f64>, Invalid> {
    match given {
        Some(volume) if !volume.is_finite() || !(0.0..=1e9).contains(&volume) => {
            Err(Invalid::new("volume_out_of_range", "volume").with("given", volume.to_string()))
        }
        other => Ok(other),
    }
}

fn days(details: &ProjectDetails) -> Result<(), Invalid> {
    match (details.start_on, details.finish_on) {
        (Some(start), Some(finish)) if finish < start => Err(Invalid::new("finish_before_start", "finish_on")
            .with("start_on", start.to_string())
            .with("finish_on", finish.to_string())),
        _ => Ok(()),
    }
}

/// The budget of a project as the sum of the stated amounts; `None` where none is stated.
fn budget(funding: &[FundingLine]) -> Option<i64> {
    let mut sums = funding.iter().filter_map(|line| line.amount_rupiah).peekable();
    sums.peek()?;
    Some(sums.sum())
}

fn funding(given: Vec<FundingLine>) -> Result<Vec<FundingLine>, Invalid> {
    if given.len() > 20 {
        return Err(Invalid::new("too_many_lines", "funding").with("given", given.len()).with("most", 20));
    }
    let parse = |(index, line): (usize, FundingLine)| {
        let FundingLine { fund, amount_rupiah, budget_line, contract_number, segment } = line;
        let field = |name: &str| format!("funding[{index}].{name}");
        let text = |name: &str, given: Option<String>| {
            Ok(given.as_deref().map(|text| text::line(&field(name), text, 100)).transpose()?.flatten())
        };
        let fund = required(&field("fund"), &fund, 100)?;
        let amount_rupiah = amount_rupiah.map(|sum| rupiah(&field("amount_rupiah"), sum)).transpose()?;
        let (budget_line, contract_number) =
            (text("budget_line", budget_line)?, text("contract_number", contract_number)?);
        if let Some(segment) = segment {
            let sound = segment.part >= 1 && segment.from_m.is_finite() && segment.to_m.is_finite();
            if !sound || segment.from_m < 0.0 || segment.to_m <= segment.from_m {
                return Err(Invalid::new("segment_not_forward", field("segment")));
            }
        }
        Ok(FundingLine { fund, amount_rupiah, budget_line, contract_number, segment })
    };
    given.into_iter().enumerate().map(parse).collect()
}
