//! A boundary file: villages with their codes, names and borders.

mod borders;
mod codes;
mod columns;
mod crosswalk;
mod repeated;

pub use self::borders::Border;
pub use self::codes::ByBpsCode;
pub use self::columns::{VillageColumns, VillageField};
pub use self::crosswalk::{Crosswalk, read_crosswalk};
pub use self::repeated::Merged;

use self::columns::Attributes;
use super::crs::{Crs, Stated};
use super::error::ImportError;
use super::formats::input::{Format, Input, Progress};
use super::formats::kind::Kind;
use super::formats::layers::Layers;
use super::rows::refusals::RefusedCell;
use crate::domain::village::{RegionCode, Village};
use geo::MultiPolygon;
use uuid::Uuid;

/// How a boundary file is to be read.
#[derive(Clone, Debug, Default)]
pub struct VillageReading {
    pub columns: VillageColumns,
    /// The layer of a file with several.
    pub layer: Option<String>,
    /// The coordinate system, whatever the file states.
    pub crs: Option<Crs>,
    /// What codes of BPS mean, for a file that has no others.
    pub by_bps_code: ByBpsCode,
}

/// A village of the file. Its code contains its kind (desa, kelurahan).
#[derive(Clone, Debug, PartialEq)]
pub struct VillageRow {
    pub code: RegionCode,
    pub border: Border,
}

impl VillageRow {
    /// The village under this id, with its outline.
    pub fn into_outline(self, id: Uuid) -> (Village, MultiPolygon<f64>) {
        let Self { code, border } = self;
        let village = Village {
            id,
            kind: code.kind().to_owned(),
            code: code.to_string(),
            name: border.name,
            district: border.district,
            regency: border.regency,
            centre: border.centre,
            schematic: border.schematic,
        };
        (village, border.boundary)
    }
}

/// The contents of a boundary file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VillageFile {
    pub good: Vec<VillageRow>,
    /// By feature number; the `row` of a [`RefusedCell`] is that number.
    pub refused: Vec<RefusedCell>,
    /// How many features were read.
    pub features: u64,
    /// Villages that stand in several features.
    pub merged: Vec<Merged>,
    /// How many features were found by their code of BPS.
    pub by_bps_code: u64,
    /// Which attribute is read as what.
    pub matched: Vec<(VillageField, String)>,
    pub crs: Option<Crs>,
    /// What the file states of its coordinate system.
    pub stated_crs: Option<Stated>,
}

/// Reads a boundary file of any format with features: of several layers the named one, or the one with a column for the
/// code. Each feature is good or refused. All villages are held in memory: about 1 kB for each 60 corners. About 100,000
/// corners a second at the least.
pub fn read_villages(input: &Input, reading: &VillageReading, progress: &Progress) -> Result<VillageFile, ImportError> {
    let layers = Layers::open(input, progress).map_err(|wrong| match wrong {
        ImportError::OtherKind { file, kind, .. } => ImportError::NotBorders { file, kind },
        other => other,
    })?;
    let is_table = |at: usize| matches!(layers.file_of(at).format(), Format::Csv | Format::Workbook);
    if (0..layers.names().len()).all(is_table) {
        return Err(ImportError::NotBorders { file: input.name().to_owned(), kind: input.kind()? });
    }
    let mut attributes = Attributes::new(&reading.columns);
    let at = layers.choose(reading.layer.as_deref(), &|names| attributes.fit(names))?;
    if is_table(at) {
        return Err(ImportError::NotBorders { file: input.name().to_owned(), kind: Kind::Text });
    }
    let mut features = layers.features(at)?;
    features.columns().iter().for_each(|name| _ = attributes.meaning(name));
    let mut file = VillageFile::default();
    let mut read = Vec::new();
    while let Some(feature) = features.next() {
        let feature = feature?;
        // The system that the file states counts from its first feature on; stated behind it, it comes too late.
        let crs = one_crs(input, features.stated(), reading.crs.as_ref(), file.crs.as_ref())?;
        file.features += 1;
        read.extend(borders::read(feature, &mut attributes, &crs, &mut file.refused));
        file.crs = Some(crs);
    }
    one_crs(input, features.stated(), reading.crs.as_ref(), file.crs.as_ref())?;
    file.stated_crs = features.stated().cloned();
    if file.features == 0 {
        return Err(ImportError::NoRows { file: input.name().to_owned() });
    }
    let has_code = read.iter().any(|feature| feature.code.is_some());
    if !has_code && !attributes.names().is_empty() {
        let field = VillageField::Code.to_string();
        let column = reading.columns.code.clone().unwrap_or_else(|| field.clone());
        let (file, columns) = (input.name().to_owned(), attributes.names());
        return Err(ImportError::UnknownColumn { file, field, column, columns });
    }
    let column = |field: VillageField| attributes.column_of(field).unwrap_or(field.as_str()).to_owned();
    codes::place(read, &reading.by_bps_code, column, &mut file);
    repeated::merge(&mut file, &column(VillageField::Code));
    file.matched = attributes.matched();
    file.refused.sort_by_key(|refused| refused.row);
    Ok(file)
}

/// The system of a file, which is the same as before.
fn one_crs(
    input: &Input,
    stated: Option<&Stated>,
    given: Option<&Crs>,
    before: Option<&Crs>,
) -> Result<Crs, ImportError> {
    let found = Crs::of_file(input.name(), stated, given)?;
    if before.is_some_and(|before| *before != found) {
        return Err(ImportError::CrsNotSupported { file: input.name().to_owned(), given: found.to_string() });
    }
    Ok(found)
}
