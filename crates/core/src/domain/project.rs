//! A project: one work, with what is known of it.

use super::activity::ActivityCode;
use super::footprint::NewFootprint;
use super::{Day, Invalid, Time, closed_set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// Where a work stands in its life. *Late* and *critical* are derived, never stored.
    Status {
        Proposed = "proposed", Planned = "planned", Approved = "approved", Running = "running",
        Finished = "finished", HandedOver = "handed_over", Halted = "halted",
        Cancelled = "cancelled", TenderFailed = "tender_failed",
    }
}

impl Status {
    /// The work was given up before it was paid: what replaces it is no double.
    pub const fn is_cancelled(self) -> bool {
        matches!(self, Self::Cancelled | Self::TenderFailed)
    }
}

closed_set! {
    /// Whose work it is.
    Authority { Village = "village", WorksOffice = "works_office", Ministry = "ministry" }
}

closed_set! {
    /// Who may see where it stands: a grant house is shown to the public only by its hamlet.
    Sensitivity { Open = "open", Hamlet = "hamlet" }
}

/// The first and last fiscal year taken.
pub const FISCAL_YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A fiscal year that can be one.
pub fn fiscal_year(field: &str, given: i64) -> Result<i32, Invalid> {
    i32::try_from(given).ok().filter(|year| FISCAL_YEARS.contains(year)).ok_or_else(|| {
        Invalid::new("year_out_of_range", field)
            .with("given", given)
            .with("first", *FISCAL_YEARS.start())
            .with("last", *FISCAL_YEARS.end())
    })
}

/// The part of a line that one funding line pays for: from–to in metres along part `part` (STA).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Number of the part, from 1.
    pub part: i64,
    pub from_m: f64,
    pub to_m: f64,
}

/// Money from one source for one work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingLine {
    /// The fund as it is called in the field: `DD`, `ADD`, `BKK Kabupaten` …
    pub fund: String,
    #[serde(default)]
    pub amount_rupiah: Option<i64>,
    #[serde(default)]
    pub budget_line: Option<String>,
    #[serde(default)]
    pub contract_number: Option<String>,
    #[serde(default)]
    pub segment: Option<Segment>,
}

/// All details that a person or a file gives of a work, parsed: `register` stores and `correct` changes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectDetails {
    pub title: String,
    pub village_id: Uuid,
    pub activity_code: Option<ActivityCode>,
    pub fiscal_year: i32,
    pub status: Status,
    pub authority: Option<Authority>,
    pub executor: Option<String>,
    pub programme: Option<String>,
    /// Number of the agreement by which several pay for it (BKAD).
    pub agreement: Option<String>,
    pub hamlet: Option<String>,
    pub rt: Option<String>,
    pub rw: Option<String>,
    /// The house owner: kept apart from the title, never shown to the public.
    pub owner: Option<String>,
    pub start_on: Option<Day>,
    pub finish_on: Option<Day>,
    pub volume: Option<f64>,
    pub volume_unit: Option<String>,
    pub sensitivity: Sensitivity,
    pub continues: Option<Uuid>,
    pub budget_rupiah: Option<i64>,
    pub funding: Vec<FundingLine>,
    /// Marks of photos that a file declares (short text or a digest): compared as text.
    pub photo_marks: Vec<String>,
}

/// A work with its footprint, ready to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProject {
    pub id: Uuid,
    pub details: ProjectDetails,
    pub footprint: Option<NewFootprint>,
}

/// A work as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    pub id: Uuid,
    pub public_id: String,
    pub details: ProjectDetails,
    pub merged_into: Option<Uuid>,
    pub withdrawn_at: Option<Time>,
    /// 0 without a footprint.
    pub footprint_version: i64,
    pub percent: Option<f64>,
    pub registered_at: Time,
    pub registered_by: Option<String>,
    /// Of the body that registered it.
    pub registered_digest: Option<String>,
    pub updated_at: Time,
    pub row_version: i64,
}

/// The village of a work, in short.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct VillageRef {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub district: String,
}

/// A work in short, as it is stored. What somebody sees of it, `publish` decides: it gets into no answer as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectSummary {
    pub id: Uuid,
    pub public_id: String,
    pub title: String,
    /// The title for who may not see where it is; `None` where it is the title itself.
    pub shown_title: Option<String>,
    pub village: VillageRef,
    pub activity_code: Option<String>,
    pub fiscal_year: i64,
    pub status: Status,
    pub authority: Option<Authority>,
    pub budget_rupiah: Option<i64>,
    pub funds: Vec<String>,
    /// Physical progress of the latest report.
    pub percent: Option<f64>,
    pub open_findings: i64,
    /// How many of them are alerts.
    pub open_alerts: i64,
    pub centre: Option<[f64; 2]>,
    /// Stands for its place where that is not shown.
    pub village_centre: Option<[f64; 2]>,
    pub withdrawn: bool,
    pub merged_into: Option<Uuid>,
    pub updated_at: String,
    pub sensitivity: Sensitivity,
}

/// The symbols of a number on a board.
const BOARD_DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number on a board as somebody typed it: small letters, without hyphens, O for 0, I and L for 1. `None` where it is
/// none.
pub fn read_public_id(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(14);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let digit = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !digit.is_ascii() || !BOARD_DIGITS.contains(&(digit as u8)) || digits.len() == 14 {
            return None;
        }
        if digits.len() == 4 || digits.len() == 9 {
            digits.push('-');
        }
        digits.push(digit);
    }
    (digits.len() == 14).then_some(digits)
}

/// The short name that a project board shows: the random part of the id in Crockford's base 32, which has no I, L, O, U.
pub fn public_id(id: Uuid) -> String {
    let mut rest = id.as_u128() & ((1 << 60) - 1);
    let mut text = [b'0'; 12];
    for digit in text.iter_mut().rev() {
        *digit = BOARD_DIGITS[(rest & 31) as usize];
        rest >>= 5;
    }
    let text = String::from_utf8_lossy(&text);
    format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..])
}
