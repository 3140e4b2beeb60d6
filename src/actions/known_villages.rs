//! Which village a row of a file means: by its code, or by its name, with the district's where several have that name.

use super::Result;
use crate::domain::Invalid;
use crate::domain::text::fold;
use crate::domain::village::Village;
use crate::import::{Field, ProjectRow};
use crate::store::{Tx, regions};
use std::collections::HashMap;
use uuid::Uuid;

/// Candidates that a refusal names.
const SHOWN: usize = 5;

/// The villages that the database knows.
pub struct KnownVillages {
    /// Earlier codes included.
    ids: HashMap<String, Uuid>,
    /// Today's, by their names as they are compared.
    named: HashMap<String, Vec<Village>>,
}

impl KnownVillages {
    pub async fn load(tx: &mut Tx) -> Result<Self> {
        let ids = regions::ids_by_code(tx).await?;
        let mut named: HashMap<String, Vec<Village>> = HashMap::new();
        for village in regions::list_all_villages(tx).await? {
            named.entry(key(&village.name, &VILLAGE_WORDS)).or_default().push(village);
        }
        Ok(Self { ids, named })
    }

    pub fn by_code(&self, code: &str) -> Option<Uuid> {
        self.ids.get(code).copied()
    }

    /// Finds the village of a row and writes its code into it, so that a name is found once and a later file may state the
    /// code instead. The error holds the field at fault and what stood in the file.
    pub fn place(&self, row: &mut ProjectRow) -> std::result::Result<Uuid, (Field, Invalid, String)> {
        row.cells.remove(Field::VillageName.as_str());
        row.cells.remove(Field::District.as_str());
        if let Some(code) = &row.village_code {
            let field = Field::VillageCode;
            let invalid = || Invalid::new("unknown_village", field.as_str()).with("given", code.as_str());
            let unknown = || (field, invalid(), code.clone());
            return self.by_code(code).ok_or_else(unknown);
        }
        let name = row.village_name.clone().unwrap_or_default();
        let village =
            self.find_by_name(&name, row.district.as_deref()).map_err(|invalid| (Field::VillageName, invalid, name))?;
        row.village_code = Some(village.code.clone());
        row.cells.insert(Field::VillageCode.as_str().to_owned(), village.code.clone());
        Ok(village.id)
    }

    fn find_by_name(&self, name: &str, district: Option<&str>) -> std::result::Result<&Village, Invalid> {
        let all: Vec<&Village> = self.named.get(&key(name, &VILLAGE_WORDS)).into_iter().flatten().collect();
        let wanted = district.map(|district| key(district, &DISTRICT_WORDS));
        let here = |village: &&&Village| {
            wanted.as_ref().is_none_or(|wanted| key(&village.district, &DISTRICT_WORDS) == *wanted)
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

const VILLAGE_WORDS: [&str; 3] = ["desa ", "kelurahan ", "kel "];
const DISTRICT_WORDS: [&str; 2] = ["kecamatan ", "kec "];

/// Names are written together by law and apart by people, with and without what they are.
fn key(name: &str, before: &[&str]) -> String {
    let folded = fold(name);
    let bare = before.iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(&folded);
    bare.replace(' ', "")
}
