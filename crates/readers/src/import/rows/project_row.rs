//! A row about a project, understood: what registering it or comparing it needs.

use super::places::digest;
use super::refusals::RefusedCell;
use crate::domain::Day;
use crate::domain::activity::ActivityCode;
use crate::domain::facts::{Facts, FundingFact};
use crate::domain::footprint::{NewFootprint, Part};
use crate::domain::names::Names;
use crate::domain::project::{Authority, FundingLine, ProjectDetails, Sensitivity, Status};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The canonical cell of the footprint.
pub const FOOTPRINT: &str = "footprint";

/// A project as it stands in a file; village and predecessor are still codes and ids of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectRow {
    pub row: u64,
    pub external_id: String,
    /// Of Kemendagri in its dotted form, or of BPS in ten digits, where registration needs it
    /// ([`Needs`](super::raw::Needs)), unless there is a name; what is only compared may stand under the codes of any country.
    pub village_code: Option<String>,
    /// Identifies the village where no code does.
    pub village_name: Option<String>,
    pub district: Option<String>,
    pub regency: Option<String>,
    /// The external id, in the same source, of the project that this one continues.
    pub continues_external: Option<String>,
    pub title: String,
    pub activity_code: Option<ActivityCode>,
    /// Always there where registration needs it.
    pub fiscal_year: Option<i32>,
    pub status: Option<Status>,
    pub authority: Option<Authority>,
    pub executor: Option<String>,
    pub programme: Option<String>,
    pub agreement: Option<String>,
    pub hamlet: Option<String>,
    pub rt: Option<String>,
    pub rw: Option<String>,
    pub owner: Option<String>,
    pub start_on: Option<Day>,
    pub finish_on: Option<Day>,
    pub volume: Option<f64>,
    pub volume_unit: Option<String>,
    pub sensitivity: Sensitivity,
    pub budget_rupiah: Option<i64>,
    pub funding: Vec<FundingLine>,
    pub photo_marks: Vec<String>,
    pub footprint: Option<NewFootprint>,
    /// A person chose that a place far from its village is read as the one that fits.
    pub takes_reading: bool,
    /// Cells that are not understood: their values are unknown.
    pub unknown: Vec<RefusedCell>,
    /// Canonical text of each field that the file has a column for, empty where the cell is: a later reading compares
    /// with it to find what changed in the file. Keys are names of [`ProjectDetails`], and `village_code`, `continues`,
    /// `footprint` (a digest).
    pub cells: BTreeMap<String, String>,
}

impl ProjectRow {
    /// Takes another place for the row.
    pub fn replace_footprint(&mut self, footprint: NewFootprint) {
        self.cells.insert(FOOTPRINT.to_owned(), digest(&footprint));
        self.footprint = Some(footprint);
    }

    /// The details, once village and predecessor are found; `None` without a fiscal year. Without a status the project
    /// is planned.
    pub fn into_details(
        self,
        village_id: Uuid,
        continues: Option<Uuid>,
    ) -> Option<(ProjectDetails, Option<NewFootprint>)> {
        let details = ProjectDetails {
            title: self.title,
            village_id,
            activity_code: self.activity_code,
            fiscal_year: self.fiscal_year?,
            status: self.status.unwrap_or(Status::Planned),
            authority: self.authority,
            executor: self.executor,
            programme: self.programme,
            agreement: self.agreement,
            hamlet: self.hamlet,
            rt: self.rt,
            rw: self.rw,
            owner: self.owner,
            start_on: self.start_on,
            finish_on: self.finish_on,
            volume: self.volume,
            volume_unit: self.volume_unit,
            sensitivity: self.sensitivity,
            continues,
            budget_rupiah: self.budget_rupiah,
            funding: self.funding,
            photo_marks: self.photo_marks,
        };
        Some((details, self.footprint))
    }

    /// The facts for comparing rows of files with no database. `village_id` stands for the village code.
    pub fn into_facts(self, id: Uuid, village_id: Option<Uuid>, continues: Option<Uuid>, names: &mut Names) -> Facts {
        Facts {
            id,
            title: self.title.into(),
            village_id,
            village_code: names.keep(self.village_code.as_deref().unwrap_or_default()),
            village_name: names.keep(self.village_name.as_deref().unwrap_or_default()),
            activity_code: self.activity_code,
            fiscal_year: self.fiscal_year,
            status: self.status,
            authority: self.authority,
            executor: names.keep_some(self.executor),
            agreement: names.keep_some(self.agreement),
            hamlet: names.keep_some(self.hamlet),
            rt: names.keep_some(self.rt),
            rw: names.keep_some(self.rw),
            owner: self.owner.map(Into::into),
            volume: self.volume,
            volume_unit: names.keep_some(self.volume_unit),
            continues: continues.map(Box::new),
            budget_rupiah: self.budget_rupiah,
            funding: self.funding.into_iter().map(|line| FundingFact::new(line, |fund| names.keep(fund))).collect(),
            photo_marks: self.photo_marks.into(),
            listed: None,
            how: self.footprint.as_ref().map(|footprint| footprint.how),
            parts: self.footprint.into_iter().flat_map(|footprint| footprint.parts).map(Part::shrunk).collect(),
        }
    }
}

/// A row that cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedRow {
    /// Everything that is wrong with it, by column.
    pub cells: Vec<RefusedCell>,
    /// Its key, where that is understood.
    pub external_id: Option<String>,
}
