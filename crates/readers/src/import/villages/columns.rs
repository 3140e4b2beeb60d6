//! Which attribute of a boundary file is what: the names of BIG, Kemendagri, BPS and Dukcapil, or the user's choice.

use crate::domain::closed_set;
use crate::import::rows::fields::{Field, fold_heading};
use crate::import::rows::headings::Headings;
use std::collections::HashMap;

closed_set! {
    /// What is read of a village besides its border.
    VillageField {
        Code = "code", Name = "name", District = "district", Regency = "regency", BpsCode = "bps_code",
        Schematic = "schematic", CentreLon = "centre_lon", CentreLat = "centre_lat",
    }
}

impl VillageField {
    /// Attributes that mean this field, folded (see `fold_heading`), the surest first. The field's own name comes before all.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Code => &[
                // BIG: the map of Indonesia (RBI) and the boundaries of 2017 and later.
                "kdepum",
                // Kemendagri and what villages and regencies publish.
                "kodekemendagri",
                "kodedagri",
                "kodedesa",
                "kodekelurahan",
                "kodedesakelurahan",
                "kodekel",
                "kddesakel",
                "kodewilayah",
                "kodewil",
                "villagecode",
                // Dukcapil; cut to ten letters by a shapefile.
                "kodedesake",
                "kodekelura",
                "kode",
            ],
            Self::Name => &[
                "wadmkd",
                "namadesa",
                "namakelurahan",
                "namadesakelurahan",
                "desakelurahan",
                "desakelur",
                "desakelura",
                "namadesake",
                "nmdesa",
                "desa",
                "kelurahan",
                "village",
                "villagename",
                "namobj",
                "adm4en",
                "adm4name",
                "name4",
                "nama",
            ],
            Self::District => &[
                "wadmkc",
                "adm3en",
                "adm3name",
                "name3",
                "kecamatan",
                "namakecamatan",
                "namakecama",
                "nmkec",
                "kec",
                "distrik",
                "districtname",
            ],
            Self::Regency => &[
                "wadmkk",
                "adm2en",
                "adm2name",
                "name2",
                "kabupatenkota",
                "kabkota",
                "kabupaten",
                "namakabupaten",
                "namakabkota",
                "namakabupa",
                "nmkab",
                "kota",
                "regencyname",
            ],
            // BIG's older map has the codes of BPS beside those of Kemendagri.
            // The first two: of the United Nations (OCHA) and of GADM.
            Self::BpsCode => {
                &["adm4pcode", "cc4", "iddesa", "kodebps", "kodedesabps", "kdebps", "bps", "kdbps", "idbps"]
            }
            Self::Schematic | Self::CentreLon | Self::CentreLat => &[],
        }
    }
}

/// Attributes that the user named. They are compared without case and punctuation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VillageColumns {
    pub code: Option<String>,
    pub name: Option<String>,
    pub district: Option<String>,
    pub regency: Option<String>,
    pub bps_code: Option<String>,
    /// Headings of the user's own table, which come before the usual ones.
    pub headings: Headings,
}

impl VillageColumns {
    fn named(&self) -> impl Iterator<Item = (VillageField, &String)> {
        let given = [
            (VillageField::Code, &self.code),
            (VillageField::Name, &self.name),
            (VillageField::District, &self.district),
            (VillageField::Regency, &self.regency),
            (VillageField::BpsCode, &self.bps_code),
        ];
        given.into_iter().filter_map(|(field, column)| Some((field, column.as_ref()?)))
    }
}

/// The attributes of one file, as they are met.
pub struct Attributes {
    by_heading: HashMap<String, (VillageField, usize)>,
    /// By their names in the file, those that mean nothing as well.
    met: Vec<(String, Option<(VillageField, usize)>)>,
    at: HashMap<String, usize>,
}

impl Attributes {
    pub fn new(columns: &VillageColumns) -> Self {
        let mut by_heading: HashMap<String, (VillageField, usize)> = HashMap::new();
        for (field, column) in columns.named() {
            by_heading.insert(fold_heading(column), (field, 0));
        }
        let is_named = |field: VillageField| columns.named().any(|(named, _)| named == field);
        let of_user = |field: Field| {
            Some(match field {
                Field::VillageCode => VillageField::Code,
                Field::VillageName => VillageField::Name,
                Field::District => VillageField::District,
                Field::Regency => VillageField::Regency,
                _ => return None,
            })
        };
        for (field, heading) in columns.headings.iter() {
            if let Some(field) = of_user(field).filter(|field| !is_named(*field)) {
                by_heading.entry(fold_heading(heading)).or_insert((field, 1));
            }
        }
        for field in VillageField::ALL.iter().copied().filter(|field| !is_named(*field)) {
            let own = fold_heading(field.as_str());
            for (rank, heading) in std::iter::once(own.as_str()).chain(field.headings().iter().copied()).enumerate() {
                by_heading.entry(heading.to_owned()).or_insert((field, rank + 2));
            }
        }
        Self { by_heading, met: Vec::new(), at: HashMap::new() }
    }

    /// The field of an attribute, and how sure that is: the lowest number is the surest.
    pub fn meaning(&mut self, name: &str) -> Option<(VillageField, usize)> {
        if let Some(at) = self.at.get(name) {
            return self.met[*at].1;
        }
        let meaning = self.by_heading.get(&fold_heading(name)).copied();
        self.at.insert(name.to_owned(), self.met.len());
        self.met.push((name.to_owned(), meaning));
        meaning
    }

    /// How well attributes fit a list of villages: a code counts most.
    pub fn fit(&self, names: &[String]) -> usize {
        let has =
            |field| names.iter().any(|name| self.by_heading.get(&fold_heading(name)).is_some_and(|f| f.0 == field));
        let worth = |field, worth| if has(field) { worth } else { 0 };
        worth(VillageField::Code, 4) + worth(VillageField::BpsCode, 2) + worth(VillageField::Name, 1)
    }

    /// The attribute that is read for a field: the surest one met so far, as the file calls it.
    pub fn column_of(&self, field: VillageField) -> Option<&str> {
        let of_field = |(_, meaning): &&(String, Option<(VillageField, usize)>)| meaning.is_some_and(|m| m.0 == field);
        let rank = |(_, meaning): &&(String, Option<(VillageField, usize)>)| meaning.map(|meaning| meaning.1);
        self.met.iter().filter(of_field).min_by_key(rank).map(|(name, _)| name.as_str())
    }

    /// Each field that is read, and its attribute.
    pub fn matched(&self) -> Vec<(VillageField, String)> {
        let matched = |field: &VillageField| Some((*field, self.column_of(*field)?.to_owned()));
        VillageField::ALL.iter().filter_map(matched).collect()
    }

    /// The names of all attributes met.
    pub fn names(&self) -> Vec<String> {
        self.met.iter().map(|(name, _)| name.clone()).collect()
    }
}
