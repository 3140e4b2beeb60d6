//! Codes that stand in several features: an island of its own, a border cut at the edge of a map sheet, or a mistake.

use super::{VillageFile, VillageRow};
use crate::domain::Invalid;
use crate::domain::rings::find_fault;
use crate::domain::text::fold;
use crate::domain::village::RegionCode;
use crate::import::rows::refusals::RefusedCell;
use geo::{BoundingRect, InteriorPoint, Intersects, MultiPolygon, Polygon, unary_union};
use std::collections::BTreeMap;

/// A village that stands in several features.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    pub code: RegionCode,
    pub name: String,
    pub features: Vec<u64>,
}

/// Makes one village of the features of one code and one name. Features of one code under several names are all refused;
/// each message names all of them.
pub fn merge(file: &mut VillageFile, column: &str) {
    let mut by_code: BTreeMap<RegionCode, Vec<VillageRow>> = BTreeMap::new();
    for row in std::mem::take(&mut file.good) {
        by_code.entry(row.code.clone()).or_default().push(row);
    }
    for (code, rows) in by_code {
        let features: Vec<u64> = rows.iter().map(|row| row.border.feature).collect();
        let name = rows.first().map(|row| row.border.name.clone()).unwrap_or_default();
        match united(rows) {
            Some(row) => {
                if features.len() > 1 {
                    file.merged.push(Merged { code, name, features });
                }
                file.good.push(row);
            }
            None => {
                for feature in &features {
                    let invalid = Invalid::new("duplicate_code", column).with("features", features.clone());
                    file.refused.push(RefusedCell::new(*feature, column, invalid, code.as_str()));
                }
            }
        }
    }
    file.good.sort_by_key(|row| row.border.feature);
}

/// One village of the features of a code; `None` where they are of several names, or make no border together.
fn united(rows: Vec<VillageRow>) -> Option<VillageRow> {
    let mut rows = rows.into_iter();
    let mut first = rows.next()?;
    let name = fold(&first.border.name);
    let mut parts = first.border.boundary.0.clone();
    let (mut is_one, mut may_overlap) = (true, false);
    for VillageRow { border, .. } in rows {
        if fold(&border.name) != name {
            return None;
        }
        is_one = false;
        may_overlap |= border.boundary.0.iter().any(|part| parts.iter().any(|other| bounds_meet(part, other)));
        parts.extend(border.boundary.0);
        first.border.schematic |= border.schematic;
        first.border.bps_code = first.border.bps_code.or(border.bps_code);
        for (ours, theirs) in
            [(&mut first.border.district, border.district), (&mut first.border.regency, border.regency)]
        {
            if ours.is_empty() {
                *ours = theirs;
            }
        }
    }
    if is_one {
        return Some(first);
    }
    // Parts that overlap, touch, or are twice the same are united; others stay as they are to the last digit.
    let area = if may_overlap { unary_union(&parts) } else { MultiPolygon(parts) };
    if find_fault(&area).is_some() {
        return None;
    }
    first.border.centre = area.interior_point().map(|inside| [inside.x(), inside.y()])?;
    first.border.boundary = area;
    Some(first)
}

fn bounds_meet(one: &Polygon<f64>, other: &Polygon<f64>) -> bool {
    one.bounding_rect().zip(other.bounding_rect()).is_some_and(|(one, other)| one.intersects(&other))
}
