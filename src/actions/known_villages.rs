//! Which village a row of a file means: by its code, or by its name, with those of district and regency where several have
//! that name. Codes of BPS look like those of Kemendagri and mean other villages. A place far from its village is refused.

use super::Result;
use super::check_place::doubt_values;
use crate::app::App;
use crate::atlas::read_places;
use crate::domain::Invalid;
use crate::domain::footprint::NewFootprint;
use crate::domain::person::{Person, Scope};
use crate::domain::text::fold;
use crate::domain::village::{BPS_DIGITS, Village};
use crate::import::{Field, ProjectRow};
use crate::spatial::far::Doubt;
use crate::spatial::places::Places;
use crate::store::{Tx, changes, regions};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Candidates that a refusal names.
const SHOWN: usize = 5;
/// How long the Atlas is waited for before its villages are read from the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// The villages that the database knows.
pub struct KnownVillages {
    /// Earlier codes included.
    ids: HashMap<String, Uuid>,
    /// Today's, by their codes of BPS.
    of_bps: HashMap<String, String>,
    /// Today's, by their names as they are compared.
    named: HashMap<String, Vec<Village>>,
    outlines: Arc<Places>,
    /// A place further from its village is refused, metres.
    far_m: f64,
    /// Where whoever imports may do so, with that region's code and name.
    scope: Scope,
    region: Option<(String, Option<String>)>,
}

impl KnownVillages {
    /// Those in the regions of this person, or all for whoever sits at the terminal. Outlines are those of the Atlas, where
    /// it runs.
    pub async fn load(app: &App, by: Option<&Person>) -> Result<Self> {
        let tx = &mut app.store.read().await?;
        let ids = regions::ids_by_code(tx).await?;
        let of_bps = regions::codes_by_bps_code(tx).await?;
        let of_bps = of_bps.into_iter().map(|(bps, code)| (bps.replace('.', ""), code)).collect();
        let outlines = outlines(app, tx).await?;
        let mut named: HashMap<String, Vec<Village>> = HashMap::new();
        for village in regions::list_all_villages(tx).await? {
            named.entry(key(&village.name, &VILLAGE_WORDS)).or_default().push(village);
        }
        Ok(Self {
            ids,
            of_bps,
            named,
            outlines,
            far_m: app.config.far_place_m,
            scope: by.map_or_else(Scope::all, Person::scope),
            region: by.and_then(|by| Some((by.region_code.clone()?, by.region_name.clone()))),
        })
    }

    /// The name of a village, where its outline is known.
    pub fn name(&self, village: Uuid) -> Option<&str> {
        self.outlines.village(village).map(|village| village.name.as_str())
    }

    pub fn by_code(&self, code: &str) -> Option<Uuid> {
        self.ids.get(code).copied()
    }

    /// Finds the village of a row and writes its code into it, so that a name is found once and a later file may state the
    /// code instead. The error holds the field at fault and what stood in the file.
    pub fn place(&self, row: &mut ProjectRow) -> std::result::Result<Uuid, (Field, Invalid, String)> {
        for field in [Field::VillageName, Field::District, Field::Regency] {
            row.cells.remove(field.as_str());
        }
        let code = match &row.village_code {
            Some(given) => {
                self.code_of(given).map_err(|invalid| (Field::VillageCode, invalid, given.clone()))?.to_owned()
            }
            None => {
                let name = row.village_name.clone().unwrap_or_default();
                // Where a name is wrong or that of several, people write the code in its place.
                if self.ids.contains_key(name.as_str()) {
                    name
                } else {
                    let found = self.find_by_name(&name, row.district.as_deref(), row.regency.as_deref());
                    found.map_err(|invalid| (Field::VillageName, invalid, name))?.code.clone()
                }
            }
        };
        let unknown = || Invalid::new("unknown_village", Field::VillageCode.as_str()).with("given", code.as_str());
        let village = self.by_code(&code).ok_or_else(|| (Field::VillageCode, unknown(), code.clone()))?;
        if !self.scope.holds(&code) {
            let field = if row.village_code.is_some() { Field::VillageCode } else { Field::VillageName };
            let (region, region_name) = self.region.clone().unzip();
            let invalid = Invalid::new("village_of_other_region", field.as_str())
                .with("given", code.as_str())
                .with("region", region)
                .with("region_name", region_name.flatten());
            return Err((field, invalid, code));
        }
        row.village_code = Some(code.clone());
        row.cells.insert(Field::VillageCode.as_str().to_owned(), code);
        self.settle_place(row, village)?;
        Ok(village)
    }

    /// The code of Kemendagri of a village by either code. One code that is that of two villages, by one office and by the
    /// other, is none.
    fn code_of<'a>(&'a self, given: &'a str) -> std::result::Result<&'a str, Invalid> {
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
    fn settle_place(&self, row: &mut ProjectRow, village: Uuid) -> std::result::Result<(), (Field, Invalid, String)> {
        let Some(footprint) = &row.footprint else { return Ok(()) };
        let Some(doubt) = self.outlines.doubt(village, &footprint.parts, self.far_m) else { return Ok(()) };
        if row.takes_reading
            && let Some(read) = read_otherwise(footprint, &doubt)
        {
            row.replace_footprint(read);
            return Ok(());
        }
        let values = doubt_values(&doubt, self.name(village));
        let given = format!("{}, {}", doubt.given.y, doubt.given.x);
        Err((Field::Geometry, Invalid { values, ..Invalid::new("row_far_from_village", "geometry") }, given))
    }

    fn find_by_name(
        &self,
        name: &str,
        district: Option<&str>,
        regency: Option<&str>,
    ) -> std::result::Result<&Village, Invalid> {
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

/// The villages with their outlines: those that the Atlas holds, once it holds everything committed.
async fn outlines(app: &App, tx: &mut Tx) -> Result<Arc<Places>> {
    if app.atlas.is_loaded() {
        let seq = changes::last_seq(tx).await?;
        if tokio::time::timeout(PATIENCE, app.atlas.reach(seq)).await.is_ok() {
            return Ok(app.atlas.villages());
        }
    }
    Ok(Arc::new(read_places(tx).await?))
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
