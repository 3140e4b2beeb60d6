//! The regions of a file, in shares that are stored together.

use super::SHARE;
use crate::domain::village::{Level, RegionCode};
use crate::import::{VillageFile, VillageRow};
use crate::store::footprints::to_wkb;
use crate::store::regions::{CurrentVersion, NewRegionVersion};
use geo::{CoordsIter, Geometry};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A share ends early at so many corners: some borders have a hundred thousand.
const SHARE_CORNERS: usize = 200_000;

/// Some regions of a file that are stored together.
pub(super) enum Share<'a> {
    Above(Vec<(RegionCode, (Level, String))>),
    Villages(&'a [VillageRow]),
}

impl Share<'_> {
    pub fn len(&self) -> usize {
        match self {
            Self::Above(regions) => regions.len(),
            Self::Villages(rows) => rows.len(),
        }
    }

    pub fn wanted(&self) -> Vec<Wanted> {
        match self {
            Self::Above(regions) => {
                regions.iter().map(|(code, (level, name))| Wanted::of_region(code, *level, name)).collect()
            }
            Self::Villages(rows) => rows.iter().map(Wanted::of_village).collect(),
        }
    }
}

/// What lies above the villages comes first, from above.
pub(super) fn shares(file: &VillageFile) -> Vec<Share<'_>> {
    let above: Vec<_> = above(&file.good).into_iter().collect();
    let mut shares: Vec<Share> = above.chunks(SHARE).map(|part| Share::Above(part.to_vec())).collect();
    let mut rest = file.good.as_slice();
    while !rest.is_empty() {
        let mut corners = 0;
        let fits = |row: &&VillageRow| {
            corners += row.border.boundary.coords_count();
            corners <= SHARE_CORNERS
        };
        let count = rest.iter().take(SHARE).take_while(fits).count().max(1);
        let (share, others) = rest.split_at(count);
        shares.push(Share::Villages(share));
        rest = others;
    }
    shares
}

/// A region as the file wants it.
pub(super) struct Wanted {
    pub code: String,
    level: Level,
    /// Empty where the file does not name it.
    name: String,
    bps_code: Option<String>,
    kind: String,
    pub parent: Option<String>,
    boundary: Option<Vec<u8>>,
    centre: Option<[f64; 2]>,
    schematic: bool,
}

impl Wanted {
    fn of_region(code: &RegionCode, level: Level, name: &str) -> Self {
        Self {
            code: code.to_string(),
            level,
            name: name.to_owned(),
            bps_code: None,
            kind: "region".to_owned(),
            parent: code.parent().map(|code| code.to_string()),
            boundary: None,
            centre: None,
            schematic: false,
        }
    }

    fn of_village(row: &VillageRow) -> Self {
        Self {
            code: row.code.to_string(),
            level: Level::Village,
            name: row.border.name.clone(),
            bps_code: row.border.bps_code.clone(),
            kind: row.code.kind().to_owned(),
            parent: row.code.parent().map(|code| code.to_string()),
            boundary: Some(to_wkb(&Geometry::MultiPolygon(row.border.boundary.clone()))),
            centre: Some(row.border.centre),
            schematic: row.border.schematic,
        }
    }

    pub fn is_village(&self) -> bool {
        self.level == Level::Village
    }

    /// A file that does not name a region takes nothing from the name it has, nor one without codes of BPS from those.
    pub fn is_same_as(&self, known: &CurrentVersion) -> bool {
        let has_new_bps_code = self.bps_code.is_some() && self.bps_code != known.bps_code;
        if self.is_village() {
            known.name == self.name && known.boundary == self.boundary && !has_new_bps_code
        } else {
            self.name.is_empty() || known.name == self.name
        }
    }

    /// The version that follows `before`.
    pub fn version(
        &self,
        id: Uuid,
        region_id: Uuid,
        parent_id: Option<Uuid>,
        before: Option<&CurrentVersion>,
    ) -> NewRegionVersion {
        NewRegionVersion {
            id,
            region_id,
            level: self.level.as_str(),
            code: self.code.clone(),
            bps_code: self.bps_code.clone().or_else(|| before?.bps_code.clone()),
            name: if self.name.is_empty() { self.code.clone() } else { self.name.clone() },
            kind: self.kind.clone(),
            parent_id,
            boundary: self.boundary.clone(),
            centre: self.centre,
            schematic: self.schematic,
        }
    }
}

pub(super) fn codes(wanted: &[Wanted]) -> Vec<String> {
    wanted.iter().map(|wanted| wanted.code.clone()).collect()
}

/// The provinces, regencies and districts above the villages with the names that the file gives them, from above.
fn above(rows: &[VillageRow]) -> BTreeMap<RegionCode, (Level, String)> {
    let mut regions: BTreeMap<RegionCode, (Level, String)> = BTreeMap::new();
    for row in rows {
        let mut code = row.code.parent();
        while let Some(above) = code {
            let name = match above.level() {
                Level::District => row.border.district.clone(),
                Level::Regency => row.border.regency.clone(),
                _ => String::new(),
            };
            let entry = regions.entry(above.clone()).or_insert_with(|| (above.level(), String::new()));
            if entry.1.is_empty() {
                entry.1 = name;
            }
            code = above.parent();
        }
    }
    regions
}
