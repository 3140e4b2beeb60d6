//! A work as somebody sees it.

use super::Eyes;
use crate::domain::finding::FindingKind;
use crate::domain::project::{Authority, ProjectDetails, ProjectSummary, Sensitivity, Status, VillageRef};
use crate::duplicates::{NOTHING, without_person};
use crate::store::footprints::Drawn;
use geo::{Geometry, GeometryCollection, Point};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// A work as lists, maps and findings show it to somebody. Only [`Eyes::project`] makes one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProjectSummary)]
pub struct ShownProject {
    pub id: Uuid,
    pub public_id: String,
    pub title: String,
    pub village: VillageRef,
    pub activity_code: Option<String>,
    pub fiscal_year: i64,
    pub status: Status,
    pub authority: Option<Authority>,
    pub budget_rupiah: Option<i64>,
    pub funds: Vec<String>,
    /// Physical progress of the latest report.
    pub percent: Option<f64>,
    /// 0 for who may not see findings.
    pub open_findings: i64,
    /// How many of them are alerts.
    pub open_alerts: i64,
    /// Of a grant house that this caller may not see: the centre of its village.
    pub centre: Option<[f64; 2]>,
    pub withdrawn: bool,
    pub merged_into: Option<Uuid>,
    pub updated_at: String,
    #[serde(skip)]
    seen: Seen,
}

/// How much of a work is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    place: bool,
    whole: bool,
    grant_house: bool,
}

impl ShownProject {
    /// Whether it is shown where the work stands, and what else leads to a grant house.
    pub const fn shows_place(&self) -> bool {
        self.seen.place
    }

    /// Whether everything of it is shown, names of persons too.
    pub const fn shows_all(&self) -> bool {
        self.seen.whole
    }

    /// Whether it is one of those whose place not everybody may see.
    pub const fn is_grant_house(&self) -> bool {
        self.seen.grant_house
    }

    /// Whether it is named as a member of a finding of this kind: each of several works on one point reveals where the
    /// others are.
    pub fn is_shown_in(&self, kind: FindingKind) -> bool {
        self.seen.place || kind != FindingKind::StackedCoordinates
    }

    /// The parts of its outline as GeoJSON, where its place is shown.
    pub fn shapes(&self, drawn: &Drawn) -> Vec<Value> {
        if !self.seen.place {
            return Vec::new();
        }
        drawn.parts.iter().map(geojson).collect()
    }

    /// The work as the map draws it: its outline, or its village's centre instead.
    pub fn drawn(&self, drawn: Drawn) -> Option<Value> {
        if !self.seen.place {
            let [lon, lat] = self.centre?;
            return Some(geojson(&Geometry::Point(Point::new(lon, lat))));
        }
        let mut parts = drawn.parts;
        Some(geojson(&match parts.len() {
            1 => parts.remove(0),
            _ => Geometry::GeometryCollection(GeometryCollection(parts)),
        }))
    }

    /// Whether a fact of this name is shown, as it was and as it is. A new one is hidden of a house until somebody has thought
    /// about it.
    pub fn shows_fact(&self, name: &str) -> bool {
        match name {
            "owner" => self.seen.whole,
            "village_id" | "activity_code" | "fiscal_year" | "void" | "authority" | "executor" | "agreement"
            | "volume" | "volume_unit" | "continues" | "budget_rupiah" => true,
            _ => self.seen.place,
        }
    }

    /// Its hamlet: of a house without the number of the door that some write behind it.
    pub fn hamlet(&self, hamlet: Option<String>) -> Option<String> {
        if self.seen.place { hamlet } else { hamlet.map(|hamlet| without_person(&hamlet, None)) }
    }

    /// A free text about it as far as this caller may read it; `None` where it may lead to a house or name its owner.
    pub fn text(&self, text: Option<String>) -> Option<String> {
        text.filter(|_| self.seen.place)
    }
}

impl Eyes {
    /// The work as it is seen: the public and other regions see a grant house at its village's centre, without the name of
    /// its owner in the title, and of no work how many findings there are about it.
    pub fn project(&self, row: ProjectSummary) -> ShownProject {
        let seen = Seen {
            place: self.sees_place_of(&row),
            whole: self.sees_all_of(&row.village.code),
            grant_house: row.sensitivity == Sensitivity::Hamlet,
        };
        let title = match (seen.place, row.shown_title) {
            (true, _) => row.title,
            (false, Some(shown)) => shown,
            // Written by a program that kept no such title, and whose owner is not at hand here.
            (false, None) => NOTHING.to_owned(),
        };
        ShownProject {
            id: row.id,
            public_id: row.public_id,
            title,
            village: row.village,
            activity_code: row.activity_code,
            fiscal_year: row.fiscal_year,
            status: row.status,
            authority: row.authority,
            budget_rupiah: row.budget_rupiah,
            funds: row.funds,
            percent: row.percent,
            open_findings: if seen.whole { row.open_findings } else { 0 },
            open_alerts: if seen.whole { row.open_alerts } else { 0 },
            centre: if seen.place { row.centre } else { row.centre.and(row.village_centre) },
            withdrawn: row.withdrawn,
            merged_into: row.merged_into,
            updated_at: row.updated_at,
            seen,
        }
    }

    /// Those of these works that are known to be there, as this caller sees them.
    pub fn projects(&self, rows: Vec<ProjectSummary>) -> impl Iterator<Item = ShownProject> {
        rows.into_iter().filter(|row| self.knows_of(row)).map(|row| self.project(row))
    }

    /// The details of a work as they are seen: of a grant house elsewhere no owner, no RT and RW.
    pub fn details(&self, shown: &ShownProject, mut details: ProjectDetails) -> ShownDetails {
        // Without `..`, so that a new field does not compile until it is decided whether it is public.
        let ProjectDetails {
            title,
            village_id: _,
            activity_code: _,
            fiscal_year: _,
            status: _,
            authority: _,
            executor: _,
            programme: _,
            agreement: _,
            hamlet,
            rt,
            rw,
            owner,
            start_on: _,
            finish_on: _,
            volume: _,
            volume_unit: _,
            sensitivity: _,
            continues: _,
            budget_rupiah: _,
            funding,
            photo_marks,
        } = &mut details;
        if !shown.seen.whole {
            *owner = None;
            photo_marks.clear();
        }
        if !shown.seen.place {
            title.clone_from(&shown.title);
            (*rt, *rw) = (None, None);
            *hamlet = shown.hamlet(hamlet.take());
            for line in funding {
                line.segment = None;
            }
        }
        ShownDetails(details)
    }
}

/// Details as somebody sees them. Only [`Eyes::details`] makes them.
#[derive(Debug)]
pub struct ShownDetails(ProjectDetails);

impl ShownDetails {
    pub fn into_inner(self) -> ProjectDetails {
        self.0
    }
}

/// A geometry as GeoJSON.
pub fn geojson(geometry: &Geometry<f64>) -> Value {
    serde_json::to_value(geojson::Geometry::from(geometry)).unwrap_or_default()
}
