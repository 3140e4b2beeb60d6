//! Footprints: versions are only added; a geometry is WKB.

use super::sql::{Columns, OfProject};
use super::{Result, StoreError, Tx, Which, columns, insert_many, list_in, list_which, sql, to_text, which};
use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::footprint::{How, NewFootprint, Part, bounds};
use crate::domain::outline::Outline;
use crate::domain::wkb;
use geo::{CoordsIter, Geometry};
use std::collections::HashMap;
use uuid::Uuid;

/// A footprint version to be added.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    pub project_id: Uuid,
    pub version: i64,
    pub footprint: &'a NewFootprint,
    pub made_by: Option<Uuid>,
    pub reason: Option<&'a str>,
}

/// A stored version without its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub version: i64,
    pub how: How,
    pub made_at: String,
    pub made_by: Option<String>,
    pub reason: Option<String>,
}

/// A stored part.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPart {
    pub id: Uuid,
    pub part: Part,
}

/// A geometry as it is stored.
pub fn to_wkb(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    ::wkb::writer::write_geometry(&mut bytes, geometry, &::wkb::writer::WriteOptions::default())
        .expect("a geometry of the domain is finite in size and a Vec takes every byte");
    bytes
}

/// A stored geometry.
pub fn from_wkb(bytes: &[u8], column: &'static str, id: Uuid) -> Result<Geometry<f64>> {
    let corrupt = || StoreError::Corrupt(column, id);
    wkb::parse(bytes).ok().flatten().ok_or_else(corrupt)
}

/// Adds versions with all their parts.
pub async fn insert(tx: &mut Tx, ids: &Clock, now: Time, versions: &[NewVersion<'_>]) -> Result<()> {
    const INTO: &str =
        "INSERT INTO footprints (id, project_id, version, how, made_at, made_by, reason, west, south, east, north) ";
    const PARTS: &str =
        "INSERT INTO footprint_parts (id, footprint_id, number, label, accuracy_m, geometry, outline, outline_m) ";
    let rows: Vec<(Uuid, &NewVersion, [f64; 4])> =
        versions.iter().filter_map(|v| bounds(&v.footprint.parts).map(|bounds| (ids.id(), v, bounds))).collect();
    insert_many!(tx, INTO, rows, |b, row| {
        let (id, v, [west, south, east, north]) = row;
        b.push_bind(*id)
            .push_bind(v.project_id)
            .push_bind(v.version)
            .push_bind(v.footprint.how.as_str())
            .push_bind(to_text(now))
            .push_bind(v.made_by)
            .push_bind(v.reason.map(str::to_owned))
            .push_bind(*west)
            .push_bind(*south)
            .push_bind(*east)
            .push_bind(*north);
    });
    let parts: Vec<(Uuid, i64, &Part, Option<&Outline>)> = rows
        .iter()
        .flat_map(|(id, v, _)| {
            let drawn = v.footprint.outlines.iter().map(Option::as_ref);
            v.footprint
                .parts
                .iter()
                .zip(drawn)
                .zip(1_i64..)
                .map(move |((part, drawn), number)| (*id, number, part, drawn))
        })
        .collect();
    insert_many!(tx, PARTS, parts, |b, row| {
        let (footprint, number, part, drawn) = row;
        b.push_bind(ids.id())
            .push_bind(*footprint)
            .push_bind(*number)
            .push_bind(part.label.clone())
            .push_bind(part.accuracy_m)
            .push_bind(to_wkb(&part.geometry))
            .push_bind(drawn.map(|drawn| to_wkb(&drawn.geometry)))
            .push_bind(drawn.map(|drawn| drawn.within_m));
    });
    Ok(())
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    how: String,
    made_at: String,
    made_by: Option<String>,
    reason: Option<String>,
}

/// The last versions of a project's footprint, newest first, at most `limit`.
pub async fn list_versions(tx: &mut Tx, project_id: Uuid, limit: i64) -> Result<Vec<Version>> {
    const LIST: &str =
        "SELECT f.version AS version, f.how AS how, f.made_at AS made_at, u.name AS made_by, f.reason AS reason
        FROM footprints f LEFT JOIN users u ON u.id = f.made_by WHERE f.project_id = $1 ORDER BY f.version DESC
        LIMIT $2";
    sql!(tx, LIST, [project_id, limit], fetch_all as VersionRow)?
        .into_iter()
        .map(|row| {
            let how = parse_how(&row.how, project_id)?;
            Ok(Version { version: row.version, how, made_at: row.made_at, made_by: row.made_by, reason: row.reason })
        })
        .collect()
}

/// How this version came about; `None` for one that is not there.
pub async fn find_how(tx: &mut Tx, project_id: Uuid, version: i64) -> Result<Option<How>> {
    const FIND: &str = "SELECT how FROM footprints WHERE project_id = $1 AND version = $2";
    let found = sql!(tx, FIND, [project_id, version], fetch_optional as (String,))?;
    found.map(|(how,)| parse_how(&how, project_id)).transpose()
}

fn parse_how(how: &str, project_id: Uuid) -> Result<How> {
    How::parse(how).ok_or(StoreError::Corrupt("footprints.how", project_id))
}

#[derive(sqlx::FromRow)]
struct PartRow {
    id: Uuid,
    label: Option<String>,
    accuracy_m: f64,
    geometry: Vec<u8>,
}

/// The number of the last version of each of these projects; those that never had a footprint are left out.
pub async fn last_versions(tx: &mut Tx, projects: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    const LAST: &str = "SELECT project_id, MAX(version) FROM footprints WHERE project_id";
    Ok(list_in!(tx, (Uuid, i64), LAST, projects, "GROUP BY project_id").into_iter().collect())
}

/// The parts of one version, in order. No limit: a footprint has at most so many (`domain/footprint.rs`).
pub async fn list_parts(tx: &mut Tx, project_id: Uuid, version: i64) -> Result<Vec<StoredPart>> {
    const LIST: &str = "SELECT p.id AS id, p.label AS label, p.accuracy_m AS accuracy_m, p.geometry AS geometry
        FROM footprints f JOIN footprint_parts p ON p.footprint_id = f.id
        WHERE f.project_id = $1 AND f.version = $2 ORDER BY p.number";
    sql!(tx, LIST, [project_id, version], fetch_all as PartRow)?
        .into_iter()
        .map(|row| {
            let geometry = from_wkb(&row.geometry, "footprint_parts.geometry", row.id)?;
            Ok(StoredPart { id: row.id, part: Part { label: row.label, accuracy_m: row.accuracy_m, geometry } })
        })
        .collect()
}

columns! {
    #[derive(sqlx::FromRow, serde::Deserialize)]
    pub(super) struct CurrentPartRow {
        pub how: String = "f.how",
        pub label: Option<String> = "t.label",
        #[serde(deserialize_with = "super::exact_json::number")]
        pub accuracy_m: f64 = "t.accuracy_m",
        #[serde(deserialize_with = "super::exact_json::from_hex")]
        pub geometry: Vec<u8> = "t.geometry",
    }
}

/// Today's parts of these projects, by project and number.
pub(super) async fn current_part_rows(tx: &mut Tx, projects: Which<'_>) -> Result<Vec<OfProject<CurrentPartRow>>> {
    Ok(list_which!(tx, OfProject<CurrentPartRow>, projects, |q, part| {
        q.push("SELECT p.id AS project_id, ").push(CurrentPartRow::COLUMNS).push(
            " FROM projects p JOIN footprints f ON f.project_id = p.id AND f.version = p.footprint_version
             JOIN footprint_parts t ON t.footprint_id = f.id WHERE ",
        );
        which!(q, "p.id", part);
        q.push(" ORDER BY p.id, t.number");
    }))
}

/// Today's geometries of these projects.
pub async fn list_current(tx: &mut Tx, projects: &[Uuid]) -> Result<HashMap<Uuid, Vec<Part>>> {
    let mut all: HashMap<Uuid, Vec<Part>> = HashMap::new();
    for OfProject { project_id, row } in current_part_rows(tx, Which::These(projects)).await? {
        let geometry = from_wkb(&row.geometry, "footprint_parts.geometry", project_id)?;
        all.entry(project_id).or_default().push(Part { label: row.label, accuracy_m: row.accuracy_m, geometry });
    }
    Ok(all)
}

/// Today's footprint of a project as lists and maps draw it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    pub parts: Vec<Geometry<f64>>,
    /// How far that may lie from the footprint, metres; `None` where it is the footprint.
    pub within_m: Option<f64>,
}

impl Drawn {
    pub fn corners(&self) -> usize {
        self.parts.iter().map(CoordsIter::coords_count).sum()
    }
}

/// Today's footprints of these projects as they are drawn: each of about [`DRAWN_CORNERS`] corners at most.
///
/// [`DRAWN_CORNERS`]: crate::domain::outline::DRAWN_CORNERS
pub async fn list_drawn(tx: &mut Tx, projects: &[Uuid]) -> Result<HashMap<Uuid, Drawn>> {
    const DRAWN: &str = "SELECT p.id, COALESCE(t.outline, t.geometry), t.outline_m
        FROM projects p JOIN footprints f ON f.project_id = p.id AND f.version = p.footprint_version
        JOIN footprint_parts t ON t.footprint_id = f.id WHERE p.id";
    let mut all: HashMap<Uuid, Drawn> = HashMap::new();
    for (project, geometry, within_m) in
        list_in!(tx, (Uuid, Vec<u8>, Option<f64>), DRAWN, projects, "ORDER BY p.id, t.number")
    {
        let drawn = all.entry(project).or_default();
        drawn.parts.push(from_wkb(&geometry, "footprint_parts.outline", project)?);
        drawn.within_m = within_m.into_iter().chain(drawn.within_m).reduce(f64::max);
    }
    Ok(all)
}

/// Takes out what persons wrote about why they drew a footprint anew.
pub async fn erase_reasons(tx: &mut Tx, project_id: Uuid) -> Result<u64> {
    const ERASE: &str = "UPDATE footprints SET reason = NULL
        WHERE project_id = $1 AND reason IS NOT NULL AND reason NOT IN ('undo', 'import')";
    Ok(sql!(tx, ERASE, [project_id], execute)?)
}
