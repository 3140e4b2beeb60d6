//! Which village a row of a file means: by its code, by its name, with those of district and regency where several have
//! that name, or, of a row that names none, by the border that holds its place. Codes of BPS look like those of Kemendagri and
//! mean other villages.

use super::rows::fields::Field;
use super::rows::notes::Note;
use super::rows::project_row::ProjectRow;
use super::villages::VillageFile;
use crate::domain::Invalid;
use crate::domain::footprint::NewFootprint;
use crate::domain::scope::Scope;
use crate::domain::text::fold;
use crate::domain::village::{BPS_DIGITS, Village};
use crate::spatial::far::Doubt;
use crate::spatial::places::{Place, Places};
use geo::CoordsIter;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Candidates that a refusal names.
const SHOWN: usize = 5;
/// Villages that places told, and rows of each, that are named.
const TOLD: usize = 20;

/// The villages that rows may lie in, those of a database or of a boundary file.
#[derive(Debug)]
pub struct KnownVillages {
    /// Earlier codes included.
    ids: HashMap<String, Uuid>,
    /// Today's, by their codes of BPS.
    of_bps: HashMap<String, String>,
    /// Today's, by their names as they are compared.
    named: HashMap<String, Vec<Village>>,
    outlines: Arc<Places>,
    limits: Limits,
    /// Where whoever imports may do so, with the codes and names of these regions.
    scope: Scope,
    regions: (Vec<String>, Vec<String>),
}

/// How far places and borders are trusted.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A place further from its village is doubted, metres.
    pub far_m: f64,
    /// Borders are certain to so many metres.
    pub border_m: f64,
}

/// The village of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub id: Uuid,
    /// By the place of the row, which names no village.
    pub by_place: bool,
}

/// A village that the places of rows told.
#[derive(Clone, Debug, PartialEq)]
pub struct ByPlace {
    pub code: String,
    pub name: String,
    pub rows: Vec<u64>,
}

impl ByPlace {
    /// What is told of them: the first villages, with the first rows of each.
    pub fn note(all: &[Self]) -> Option<Note> {
        let count: usize = all.iter().map(|village| village.rows.len()).sum();
        let shown = |Self { code, name, rows }: &Self| json!({ "code": code, "name": name, "count": rows.len(), "rows": rows[..rows.len().min(TOLD)] });
        let villages: Vec<_> = all.iter().take(TOLD).map(shown).collect();
        let note = Note::new("by_place").with("count", count).with("villages", villages);
        (count > 0).then(|| note.with("more", all.len().saturating_sub(TOLD)))
    }
}

/// Why a row has no village, or not this one: the field at fault, and what stood in the file.
pub type Fault = (Field, Invalid, String);

impl KnownVillages {
    /// `ids` are by all codes, earlier ones too; `of_bps` today's codes by those of BPS.
    pub fn new(
        ids: HashMap<String, Uuid>,
        of_bps: impl IntoIterator<Item = (String, String)>,
        villages: impl IntoIterator<Item = Village>,
        outlines: Arc<Places>,
        limits: Limits,
    ) -> Self {
        let of_bps = of_bps.into_iter().map(|(bps, code)| (bps.replace('.', ""), code)).collect();
        let mut named: HashMap<String, Vec<Village>> = HashMap::new();
        for village in villages {
            named.entry(key(&village.name, &VILLAGE_WORDS)).or_default().push(village);
        }
        Self { ids, of_bps, named, outlines, limits, scope: Scope::all(), regions: (Vec::new(), Vec::new()) }
    }

    /// For whoever may import in this scope alone; `regions` are its codes and names.
    #[must_use]
    pub fn within(self, scope: Scope, regions: (Vec<String>, Vec<String>)) -> Self {
        Self { scope, regions, ..self }
    }

    /// The name of a village, where its outline is known.
    pub fn name(&self, village: Uuid) -> Option<&str> {
        self.outlines.village(village).map(|village| village.name.as_str())
    }

    /// Those of a boundary file, numbered from 1.
    pub fn of_file(file: VillageFile, limits: Limits) -> Self {
        let bps = file.good.iter().filter_map(|row| Some((row.border.bps_code.clone()?, row.code.to_string())));
        let of_bps: Vec<(String, String)> = bps.collect();
        let outlines: Vec<_> =
            (1..).zip(file.good).map(|(number, row)| row.into_outline(Uuid::from_u128(number))).collect();
        let villages: Vec<Village> = outlines.iter().map(|(village, _)| village.clone()).collect();
        let ids = villages.iter().map(|village| (village.code.clone(), village.id)).collect();
        Self::new(ids, of_bps, villages, Arc::new(Places::new(outlines)), limits)
    }

    pub fn outlines(&self) -> &Arc<Places> {
        &self.outlines
    }

    pub fn by_code(&self, code: &str) -> Option<Uuid> {
        self.ids.get(code).copied()
    }

    /// Finds the village of a row and writes its code into it, so that a name or a place is found once and a later file may
    /// state the code instead. A place far from its village is refused.
    pub fn place(&self, row: &mut ProjectRow) -> Result<Found, Fault> {
        for field in [Field::VillageName, Field::District, Field::Regency] {
            row.cells.remove(field.as_str());
        }
        let (code, by_place) = self.find(row)?;
        let unknown = || Invalid::new("unknown_village", Field::VillageCode.as_str()).with("given", code.as_str());
        let id = self.by_code(&code).ok_or_else(|| (Field::VillageCode, unknown(), code.clone()))?;
        if !self.scope.holds(&code) {
            let is_named = row.village_code.is_none() && row.village_name.is_some();
            let field = if is_named { Field::VillageName } else { Field::VillageCode };
            let (codes, names) = &self.regions;
            let text = |all: &[String]| (!all.is_empty()).then(|| all.join(", "));
            let invalid = Invalid::new("village_of_other_region", field.as_str())
                .with("given", code.as_str())
                .with("region", text(codes))
                .with("region_name", text(names));
            return Err((field, invalid, code));
        }
        row.village_code = Some(code.clone());
        row.cells.insert(Field::VillageCode.as_str().to_owned(), code);
        self.settle_place(row, id)?;
        Ok(Found { id, by_place })
    }

    /// As [`KnownVillages::place`] for a row that is only compared: a village that is not among these stays as it stands, and
    /// a place far from its village is taken off the row.
    pub fn place_compared(&self, row: &mut ProjectRow) -> Result<Option<Found>, Fault> {
        let names_a_village = row.village_code.is_some() || row.village_name.is_some();
        if !names_a_village && row.footprint.is_none() {
            return Ok(None);
        }
        let (code, by_place) = match self.find(row) {
            Ok(found) => found,
            Err(_) if names_a_village => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let Some(id) = self.by_code(&code) else { return Ok(None) };
        row.village_code = Some(code);
        row.village_name = row.village_name.take().or_else(|| self.name(id).map(str::to_owned));
        self.settle_place(row, id).inspect_err(|_| row.footprint = None)?;
        Ok(Some(Found { id, by_place }))
    }

    /// The code of the village of a row, and whether its place alone tells it.
    fn find(&self, row: &ProjectRow) -> Result<(String, bool), Fault> {
        match (&row.village_code, &row.village_name) {
            (Some(given), _) => {
                let code = self.code_of(given).map_err(|invalid| (Field::VillageCode, invalid, given.clone()))?;
                Ok((code.to_owned(), false))
            }
            // Where a name is wrong or that of several, people write the code in its place.
            (None, Some(name)) if self.ids.contains_key(name.as_str()) => Ok((name.clone(), false)),
            (None, Some(name)) => {
                let found = self.find_by_name(name, row.district.as_deref(), row.regency.as_deref());
                let village = found.map_err(|invalid| (Field::VillageName, invalid, name.clone()))?;
                Ok((village.code.clone(), false))
            }
            (None, None) => Ok((self.find_by_place(row)?.code.clone(), true)),
        }
    }

    /// The village whose border holds the place, well within.
    fn find_by_place(&self, row: &ProjectRow) -> Result<&Village, Fault> {
        let parts = row.footprint.as_ref().map_or(&[][..], |footprint| &footprint.parts);
        let field = Field::VillageCode;
        let Some(first) = parts.iter().find_map(|part| part.geometry.coords_iter().next()) else {
            return Err((field, Invalid::new("neither_village_nor_place", field.as_str()), String::new()));
        };
        self.outlines.holder(parts, self.limits.border_m).map_err(|near| {
            let shown = |place: Place| {
                let Place { village, distance_m, .. } = place;
                json!({ "name": village.name, "code": village.code, "distance_m": distance_m.round() })
            };
            let near: Vec<_> = near.into_iter().map(shown).collect();
            let invalid = Invalid::new("village_unclear_by_place", field.as_str()).with("near", near);
            (field, invalid, format!("{}, {}", first.y, first.x))
        })
    }

    /// The code of Kemendagri of a village by either code. One code that is that of two villages, by one office and by the
    /// other, is none.
    fn code_of<'a>(&'a self, given: &'a str) -> Result<&'a str, Invalid> {
        let digits = given.replace('.', "");
        let of_bps = self.of_bps.get(&digits).map(String::as_str);
        let invalid = |code| Invalid::new(code, Field::VillageCode.as_str()).with("given", given);
        if given.len() == BPS_DIGITS {
            return of_bps.ok_or_else(|| invalid("bps_code_unknown"));
        }
        match (self.ids.contains_key(given), of_bps) {
            (true, Some(other)) if self.by_code(given) != self.by_code(other) => {
                Err(invalid("code_of_two_villages").with("other", other))
            }
            (false, Some(of_bps)) => Ok(of_bps),
            _ => Ok(given),
        }
    }

    /// Refuses a row whose place is far from its village: a sign or a digit is lost, or the village is another one. Where
    /// somebody chose it, the place becomes the one that fits.
    fn settle_place(&self, row: &mut ProjectRow, village: Uuid) -> Result<(), Fault> {
        let Some(footprint) = &row.footprint else { return Ok(()) };
        let Some(doubt) = self.outlines.doubt(village, &footprint.parts, self.limits.far_m) else { return Ok(()) };
        if row.takes_reading
            && let Some(read) = read_otherwise(footprint, &doubt)
        {
            row.replace_footprint(read);
            return Ok(());
        }
        let given = format!("{}, {}", doubt.given.y, doubt.given.x);
        let values = doubt.values(self.name(village));
        Err((Field::Geometry, Invalid { values, ..Invalid::new("row_far_from_village", "geometry") }, given))
    }

    fn find_by_name(&self, name: &str, district: Option<&str>, regency: Option<&str>) -> Result<&Village, Invalid> {
        let named = |name: &str| self.named.get(&key(name, &VILLAGE_WORDS));
        // "Tambong, Kabat" and "Tambong (Kabat)" name the district too.
        let first = || name.split([',', '(']).next().filter(|first| *first != name).and_then(named);
        let all: Vec<&Village> = named(name).or_else(first).into_iter().flatten().collect();
        let district_key = district.map(|district| key(district, &DISTRICT_WORDS));
        let regency_key = regency.map(|regency| key(regency, &REGENCY_WORDS));
        // A regency that is not known of a village keeps nothing out.
        let here = |village: &&&Village| {
            let of_village = key(&village.regency, &REGENCY_WORDS);
            district_key.as_ref().is_none_or(|wanted| key(&village.district, &DISTRICT_WORDS) == *wanted)
                && regency_key.as_ref().is_none_or(|wanted| of_village.is_empty() || of_village == *wanted)
        };
        let found: Vec<&Village> = all.iter().filter(here).copied().collect();
        let invalid = |code: &'static str, shown: &[&Village]| {
            let shown: Vec<String> = shown
                .iter()
                .take(SHOWN)
                .map(|village| format!("{}, {} ({})", village.name, village.district, village.code))
                .collect();
            Invalid::new(code, Field::VillageName.as_str())
                .with("given", name)
                .with("district", district)
                .with("count", shown.len())
                .with("candidates", shown)
        };
        match found.as_slice() {
            [village] => Ok(village),
            [] => Err(invalid("unknown_village_name", &all)),
            several => Err(invalid("ambiguous_village", several)),
        }
    }
}

/// The footprint with its far corners as they were probably meant; `None` where no single slip explains them.
fn read_otherwise(footprint: &NewFootprint, doubt: &Doubt) -> Option<NewFootprint> {
    let reading = doubt.reading.as_ref()?;
    let parts = footprint.parts.iter().zip(&reading.parts);
    let parts = parts.map(|(part, geometry)| (part.label.clone(), Some(part.accuracy_m), geometry.clone())).collect();
    NewFootprint::parse(footprint.how, parts).ok()
}

const VILLAGE_WORDS: [&str; 7] =
    ["desa ", "kelurahan ", "kel ", "ds ", "pemerintah desa ", "pemdes ", "pemerintah kelurahan "];
const DISTRICT_WORDS: [&str; 3] = ["kecamatan ", "kec ", "distrik "];
const REGENCY_WORDS: [&str; 2] = ["kabupaten ", "kab "];

/// Names are written together by law and apart by people, with and without what they are.
fn key(name: &str, before: &[&str]) -> String {
    let folded = fold(name);
    let bare = before.iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(&folded);
    bare.replace(' ', "")
}
