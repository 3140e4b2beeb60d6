//! The facts of a project that a verdict may rest on. Missing is `None` or empty: unknown, never equal and never different.

use super::activity::ActivityCode;
use super::footprint::{How, NewFootprint, Part};
use super::project::{Authority, FundingLine, ProjectDetails, Segment, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// One project as the Atlas holds it and `duplicates` compares it. Small, since there are millions: repeated names are
/// shared ([`super::names::Names`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    pub id: Uuid,
    pub title: Box<str>,
    pub village_id: Option<Uuid>,
    /// The village's code of today (`35.10.01.2001`) and name; empty where it is not known.
    pub village_code: Arc<str>,
    pub village_name: Arc<str>,
    pub activity_code: Option<ActivityCode>,
    pub fiscal_year: Option<i32>,
    pub status: Option<Status>,
    pub authority: Option<Authority>,
    pub executor: Option<Arc<str>>,
    pub agreement: Option<Arc<str>>,
    pub hamlet: Option<Arc<str>>,
    pub rt: Option<Arc<str>>,
    pub rw: Option<Arc<str>>,
    pub owner: Option<Box<str>>,
    pub volume: Option<f64>,
    pub volume_unit: Option<Arc<str>>,
    /// Rare, so it is kept apart.
    pub continues: Option<Box<Uuid>>,
    pub budget_rupiah: Option<i64>,
    pub funding: Box<[FundingFact]>,
    pub photo_marks: Box<[String]>,
    /// The number under which its list has it, where another record of the list has that number too; of stored projects each
    /// has its own.
    pub listed: Option<Box<Listed>>,
    /// How the footprint came to be; `None` without one.
    pub how: Option<How>,
    pub parts: Box<[Part]>,
}

/// A number in a list of records.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Listed {
    pub list: u32,
    pub id: Box<str>,
}

/// A funding line as facts hold it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FundingFact {
    pub fund: Arc<str>,
    pub amount_rupiah: Option<i64>,
    pub budget_line: Option<Box<str>>,
    pub contract_number: Option<Box<str>>,
    pub segment: Option<Box<Segment>>,
}

impl FundingFact {
    /// `keep` holds the name of the fund.
    pub fn new(line: FundingLine, keep: impl FnOnce(&str) -> Arc<str>) -> Self {
        let FundingLine { fund, amount_rupiah, budget_line, contract_number, segment } = line;
        Self {
            fund: keep(&fund),
            amount_rupiah,
            budget_line: budget_line.map(Into::into),
            contract_number: contract_number.map(Into::into),
            segment: segment.map(Box::new),
        }
    }
}

impl Facts {
    /// A record of which nothing is known.
    pub fn unknown() -> Self {
        Self {
            id: Uuid::nil(),
            title: "".into(),
            village_id: None,
            village_code: "".into(),
            village_name: "".into(),
            activity_code: None,
            fiscal_year: None,
            status: None,
            authority: None,
            executor: None,
            agreement: None,
            hamlet: None,
            rt: None,
            rw: None,
            owner: None,
            volume: None,
            volume_unit: None,
            continues: None,
            budget_rupiah: None,
            funding: Box::default(),
            photo_marks: Box::default(),
            listed: None,
            how: None,
            parts: Box::default(),
        }
    }

    /// The facts of a project with these details, in a village of this code and name.
    pub fn new(
        id: Uuid,
        details: ProjectDetails,
        (village_code, village_name): (String, String),
        footprint: Option<NewFootprint>,
    ) -> Self {
        let name = |name: Option<String>| name.map(Arc::from);
        // Without `..`, so that a new field does not compile until it is decided whether a verdict may rest on it.
        let ProjectDetails {
            title,
            village_id,
            activity_code,
            fiscal_year,
            status,
            authority,
            executor,
            programme: _,
            agreement,
            hamlet,
            rt,
            rw,
            owner,
            start_on: _,
            finish_on: _,
            volume,
            volume_unit,
            sensitivity: _,
            continues,
            budget_rupiah,
            funding,
            photo_marks,
        } = details;
        Self {
            id,
            title: title.into(),
            village_id: Some(village_id),
            village_code: village_code.into(),
            village_name: village_name.into(),
            activity_code,
            fiscal_year: Some(fiscal_year),
            status: Some(status),
            authority,
            executor: name(executor),
            agreement: name(agreement),
            hamlet: name(hamlet),
            rt: name(rt),
            rw: name(rw),
            owner: owner.map(Into::into),
            volume,
            volume_unit: name(volume_unit),
            continues: continues.map(Box::new),
            budget_rupiah,
            funding: funding.into_iter().map(|line| FundingFact::new(line, |fund| fund.into())).collect(),
            photo_marks: photo_marks.into(),
            listed: None,
            how: footprint.as_ref().map(|footprint| footprint.how),
            parts: footprint.map(|footprint| footprint.parts).unwrap_or_default().into(),
        }
    }

    /// Whether both have a village and the two differ.
    pub fn is_cross_border(&self, other: &Self) -> bool {
        matches!((self.village_id, other.village_id), (Some(x), Some(y)) if x != y)
    }

    /// Years between the two; `None` where one has no year.
    pub fn years_apart(&self, other: &Self) -> Option<i32> {
        Some((self.fiscal_year? - other.fiscal_year?).abs())
    }

    pub fn is_cancelled(&self) -> bool {
        self.status.is_some_and(Status::is_cancelled)
    }

    /// The facts that a decision about this project rests on, by name: everything that a verdict may weigh. The village
    /// stands by its identity, which outlives a new code or name; a status counts only where it is the end of a work
    /// that was never done, so that progress opens no finding again.
    pub fn weighed(&self) -> Map<String, Value> {
        // Without `..`, so that a new fact does not compile until it is decided whether a decision rests on it.
        let Self {
            id: _,
            title,
            village_id,
            village_code: _,
            village_name: _,
            activity_code,
            fiscal_year,
            status,
            authority,
            executor,
            agreement,
            hamlet,
            rt,
            rw,
            owner,
            volume,
            volume_unit,
            continues,
            budget_rupiah,
            funding,
            photo_marks,
            listed: _,
            how,
            parts,
        } = self;
        let mut photo_marks = photo_marks.to_vec();
        photo_marks.sort_unstable();
        let facts = json!({
            "title": title,
            "village_id": village_id,
            "activity_code": activity_code.map(|code| code.to_string()),
            "fiscal_year": fiscal_year,
            "void": status.filter(|status| status.is_cancelled()),
            "authority": authority,
            "executor": executor,
            "agreement": agreement,
            "hamlet": hamlet,
            "rt": rt,
            "rw": rw,
            "owner": owner,
            "volume": volume,
            "volume_unit": volume_unit,
            "continues": continues,
            "budget_rupiah": budget_rupiah,
            "funding": funding,
            "photo_marks": photo_marks,
            "how": how,
            "parts": parts,
        });
        match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        }
    }
}
