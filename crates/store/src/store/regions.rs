//! Regions and their dated versions.

use super::footprints::from_wkb;
use super::sight::in_regions;
use super::{Result, StoreError, Tx, Which, insert_many, list, list_in, list_which, sql, to_day, to_text, which};
use crate::domain::Time;
use crate::domain::scope::Scope;
use crate::domain::village::{Village, VillageVersion};
use geo::{Geometry, MultiPolygon};
use std::collections::HashMap;
use uuid::Uuid;

/// A version to be written.
#[derive(Clone, Debug)]
pub struct NewRegionVersion {
    pub id: Uuid,
    pub region_id: Uuid,
    pub level: &'static str,
    pub code: String,
    pub bps_code: Option<String>,
    pub name: String,
    pub kind: String,
    pub parent_id: Option<Uuid>,
    /// WKB: written before the transaction begins.
    pub boundary: Option<Vec<u8>>,
    pub centre: Option<[f64; 2]>,
    pub schematic: bool,
}

/// Today's version of a region, as an import compares it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CurrentVersion {
    pub id: Uuid,
    pub region_id: Uuid,
    pub code: String,
    pub bps_code: Option<String>,
    pub name: String,
    pub valid_from: String,
    pub boundary: Option<Vec<u8>>,
}

/// A village's outline as the places index holds it.
#[derive(Clone, Debug)]
pub struct Outline {
    pub village: Village,
    pub boundary: MultiPolygon<f64>,
}

/// Today's versions of these codes.
pub async fn current_of(tx: &mut Tx, codes: &[String]) -> Result<HashMap<String, CurrentVersion>> {
    const LIST: &str = "SELECT id, region_id, code, bps_code, name, valid_from, boundary FROM region_versions
        WHERE valid_to IS NULL AND code";
    let rows = list_in!(tx, CurrentVersion, LIST, codes);
    Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
}

/// The regions that have these codes today.
pub async fn ids_of(tx: &mut Tx, codes: &[String]) -> Result<Vec<Uuid>> {
    const LIST: &str = "SELECT region_id FROM region_versions WHERE valid_to IS NULL AND code";
    Ok(list_in!(tx, (Uuid,), LIST, codes).into_iter().map(|(id,)| id).collect())
}

/// Adds identities.
pub async fn insert_regions(tx: &mut Tx, ids: &[Uuid], now: Time) -> Result<()> {
    insert_many!(tx, "INSERT INTO regions (id, created_at) ", ids, |b, id| {
        b.push_bind(*id).push_bind(to_text(now));
    });
    Ok(())
}

/// Ends the versions with these ids on `day`.
pub async fn end_versions(tx: &mut Tx, ids: &[Uuid], day: &str) -> Result<()> {
    list_which!(tx, (Uuid,), Which::These(ids), |q, part| {
        q.push("UPDATE region_versions SET valid_to = ").push_bind(day.to_owned()).push(" WHERE ");
        which!(q, "id", part);
        q.push(" RETURNING id");
    });
    Ok(())
}

/// Takes away versions that the same day corrects.
pub async fn delete_versions(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    const DELETE: &str = "DELETE FROM region_versions WHERE id";
    list_in!(tx, (Uuid,), DELETE, ids, "RETURNING id");
    Ok(())
}

/// Codes of today's villages by their codes of BPS. No limit: the villages of a country.
pub async fn codes_by_bps_code(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    const LIST: &str = "SELECT bps_code, code FROM region_versions
        WHERE level = 'village' AND valid_to IS NULL AND bps_code IS NOT NULL";
    Ok(sql!(tx, LIST, [], fetch_all as (String, String))?)
}

/// Writes the code of BPS into a version.
pub async fn set_bps_code(tx: &mut Tx, version: Uuid, bps_code: &str) -> Result<()> {
    const SET: &str = "UPDATE region_versions SET bps_code = $2 WHERE id = $1";
    sql!(tx, SET, [version, bps_code], execute)?;
    Ok(())
}

/// Adds versions valid from `day`.
pub async fn insert_versions(tx: &mut Tx, versions: &[NewRegionVersion], day: &str) -> Result<()> {
    const INTO: &str =
        "INSERT INTO region_versions (id, region_id, level, code, bps_code, name, name_key, kind, parent_id,
        valid_from, boundary, centre_lon, centre_lat, schematic) ";
    insert_many!(tx, INTO, versions, |b, v| {
        b.push_bind(v.id)
            .push_bind(v.region_id)
            .push_bind(v.level)
            .push_bind(v.code.clone())
            .push_bind(v.bps_code.clone())
            .push_bind(v.name.clone())
            .push_bind(crate::domain::text::fold(&v.name))
            .push_bind(v.kind.clone())
            .push_bind(v.parent_id)
            .push_bind(day.to_owned())
            .push_bind(v.boundary.clone())
            .push_bind(v.centre.map(|c| c[0]))
            .push_bind(v.centre.map(|c| c[1]))
            .push_bind(i64::from(v.schematic));
    });
    Ok(())
}

#[derive(sqlx::FromRow)]
struct VillageRow {
    id: Uuid,
    code: String,
    name: String,
    name_key: String,
    kind: String,
    district: String,
    regency: String,
    centre_lon: Option<f64>,
    centre_lat: Option<f64>,
    schematic: i64,
}

impl VillageRow {
    fn parse(self) -> Village {
        Village {
            id: self.id,
            code: self.code,
            name: self.name,
            kind: self.kind,
            district: self.district,
            regency: self.regency,
            centre: [self.centre_lon.unwrap_or_default(), self.centre_lat.unwrap_or_default()],
            schematic: self.schematic != 0,
        }
    }
}

const VILLAGE: &str =
    "SELECT id, code, name, name_key, kind, district, regency, centre_lon, centre_lat, schematic FROM villages_now";

/// The codes that these villages have now.
pub async fn list_codes(tx: &mut Tx, villages: &[Uuid]) -> Result<Vec<String>> {
    const CODES: &str = "SELECT code FROM region_versions WHERE valid_to IS NULL AND region_id";
    let codes = list_in!(tx, (String,), CODES, villages, "ORDER BY code");
    Ok(codes.into_iter().map(|(code,)| code).collect())
}

/// One village as it is called today.
pub async fn find_village(tx: &mut Tx, id: Uuid) -> Result<Option<Village>> {
    let rows = list!(tx, VillageRow, |q| {
        q.push(VILLAGE).push(" WHERE id = ").push_bind(id);
    })?;
    Ok(rows.into_iter().next().map(VillageRow::parse))
}

/// One village by its code of today.
pub async fn find_village_by_code(tx: &mut Tx, code: &str) -> Result<Option<Village>> {
    let rows = list!(tx, VillageRow, |q| {
        q.push(VILLAGE).push(" WHERE code = ").push_bind(code.to_owned());
    })?;
    Ok(rows.into_iter().next().map(VillageRow::parse))
}

/// Villages in the scope whose name or code holds `q`, by name; `after` is the (name key, id) last seen.
pub async fn list_villages(
    tx: &mut Tx,
    scope: &Scope,
    q: Option<&str>,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<(Village, String)>> {
    let wanted = q.map(crate::domain::text::fold).filter(|key| !key.is_empty());
    let rows = list!(tx, VillageRow, |q| {
        q.push(VILLAGE).push(" WHERE ");
        in_regions!(q, "code", scope);
        if let Some(key) = &wanted {
            // Names are written together by law and apart by people: both forms find the village.
            q.push(" AND (name_key LIKE ").push_bind(format!("%{key}%"));
            q.push(" OR REPLACE(name_key, ' ', '') LIKE ").push_bind(format!("%{}%", key.replace(' ', "")));
            q.push(" OR REPLACE(code, '.', ' ') LIKE ").push_bind(format!("{key}%")).push(")");
        }
        if let Some((key, id)) = after {
            q.push(" AND (name_key > ").push_bind(key.clone());
            q.push(" OR (name_key = ").push_bind(key.clone()).push(" AND id > ").push_bind(*id).push("))");
        }
        q.push(" ORDER BY name_key, id LIMIT ").push_bind(limit);
    })?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let key = row.name_key.clone();
            (row.parse(), key)
        })
        .collect())
}

#[derive(sqlx::FromRow)]
struct OutlineRow {
    #[sqlx(flatten)]
    village: VillageRow,
    boundary: Option<Vec<u8>>,
}

/// All villages with a boundary, by code. Some 3 kB a village. No limit: the villages of the country, which memory holds.
pub async fn list_outlines(tx: &mut Tx) -> Result<Vec<Outline>> {
    const LIST: &str =
        "SELECT id, code, name, name_key, kind, district, regency, centre_lon, centre_lat, schematic, boundary
        FROM villages_now WHERE boundary IS NOT NULL ORDER BY code";
    let mut outlines = Vec::new();
    for row in sql!(tx, LIST, [], fetch_all as OutlineRow)? {
        let id = row.village.id;
        let Some(bytes) = row.boundary else { continue };
        let boundary = match from_wkb(&bytes, "region_versions.boundary", id)? {
            Geometry::MultiPolygon(many) => many,
            Geometry::Polygon(one) => MultiPolygon(vec![one]),
            _ => return Err(StoreError::Corrupt("region_versions.boundary", id)),
        };
        outlines.push(Outline { village: row.village.parse(), boundary });
    }
    Ok(outlines)
}

#[derive(sqlx::FromRow)]
struct DatedRow {
    code: String,
    name: String,
    valid_from: String,
    valid_to: Option<String>,
}

/// All villages of today by code, without their outlines. No limit: the villages of the country.
pub async fn list_all_villages(tx: &mut Tx) -> Result<Vec<Village>> {
    let rows = list!(tx, VillageRow, |q| {
        q.push(VILLAGE).push(" ORDER BY code");
    })?;
    Ok(rows.into_iter().map(VillageRow::parse).collect())
}

/// The codes and names of a region with their dates, newest first, at most a hundred.
pub async fn list_versions(tx: &mut Tx, region_id: Uuid) -> Result<Vec<VillageVersion>> {
    const LIST: &str = "SELECT code, name, valid_from, valid_to FROM region_versions WHERE region_id = $1 ORDER BY valid_from DESC LIMIT 100";
    sql!(tx, LIST, [region_id], fetch_all as DatedRow)?
        .into_iter()
        .map(|row| {
            Ok(VillageVersion {
                code: row.code,
                name: row.name,
                valid_from: to_day(&row.valid_from, "region_versions.valid_from", region_id)?,
                valid_to: row.valid_to.map(|day| to_day(&day, "region_versions.valid_to", region_id)).transpose()?,
            })
        })
        .collect()
}

/// The name of the region with this code today, of whatever level.
pub async fn find_name(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    const FIND: &str = "SELECT name FROM region_versions WHERE code = $1 AND valid_to IS NULL";
    Ok(sql!(tx, FIND, [code], fetch_optional as (String,))?.map(|(name,)| name))
}

/// Village ids by code, of today and of every earlier version: an old file may hold other codes for the same village.
/// No limit: the villages of the country.
pub async fn ids_by_code(tx: &mut Tx) -> Result<HashMap<String, Uuid>> {
    const LIST: &str = "SELECT code, region_id FROM region_versions WHERE level = 'village' ORDER BY valid_from";
    Ok(sql!(tx, LIST, [], fetch_all as (String, Uuid))?.into_iter().collect())
}
