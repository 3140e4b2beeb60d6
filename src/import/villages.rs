//! A boundary file: villages with their codes, names and borders.

use super::crs::Crs;
use super::error::ImportError;
use super::formats::feature::RawFeature;
use super::formats::input::{Format, Input, Progress};
use super::formats::layers::Layers;
use super::rows::fields::fold_heading;
use super::rows::raw::RawShape;
use super::rows::refusals::RefusedCell;
use crate::domain::Invalid;
use crate::domain::footprint::position;
use crate::domain::rings::{Fault, find_fault};
use crate::domain::text::{NAME_CHARS, line, required};
use crate::domain::village::RegionCode;
use geo::{Coord, CoordsIter, Geometry, InteriorPoint, MultiPolygon};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

/// The names of the attributes in the file. They are compared without case and punctuation.
#[derive(Clone, Debug, PartialEq)]
pub struct VillageColumns {
    pub code: String,
    pub name: String,
    pub district_code: String,
    pub district: String,
    pub regency_code: String,
    pub regency: String,
    pub bps_code: String,
    pub schematic: String,
    pub centre_lon: String,
    pub centre_lat: String,
}

impl Default for VillageColumns {
    fn default() -> Self {
        Self {
            code: "code".to_owned(),
            name: "name".to_owned(),
            district_code: "district_code".to_owned(),
            district: "district".to_owned(),
            regency_code: "regency_code".to_owned(),
            regency: "regency".to_owned(),
            bps_code: "bps_code".to_owned(),
            schematic: "schematic".to_owned(),
            centre_lon: "centre_lon".to_owned(),
            centre_lat: "centre_lat".to_owned(),
        }
    }
}

/// A village of the file. Its code contains its kind (desa, kelurahan).
#[derive(Clone, Debug, PartialEq)]
pub struct VillageRow {
    /// Its number in the file, from 1.
    pub feature: u64,
    pub code: RegionCode,
    pub name: String,
    /// The district's code in the file; `code.parent()` where the file has none.
    pub district_code: Option<RegionCode>,
    pub district: String,
    pub regency_code: Option<RegionCode>,
    pub regency: String,
    pub bps_code: Option<String>,
    pub boundary: MultiPolygon<f64>,
    /// The outline is a drawing, not a border.
    pub schematic: bool,
    /// lon, lat: the file's own, else a point inside.
    pub centre: [f64; 2],
}

/// The contents of a boundary file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VillageFile {
    pub good: Vec<VillageRow>,
    /// By feature number; the `row` of a [`RefusedCell`] is that number.
    pub refused: Vec<RefusedCell>,
    /// How many features were read.
    pub features: u64,
}

/// Reads a boundary file of any format with features: of several layers the named one, or the one with a column for the
/// code. Each feature is good or refused, a code that occurs twice in all its features. All villages are held in memory:
/// about 1 kB for each 60 corners. About 100,000 corners a second at the least.
pub fn read_villages(
    input: &Input,
    columns: &VillageColumns,
    layer: Option<&str>,
    progress: &Progress,
) -> Result<VillageFile, ImportError> {
    let layers = Layers::open(input, progress)?;
    if matches!(layers.format(), Format::Csv | Format::Workbook) {
        return Err(ImportError::NotBorders { file: input.name().to_owned(), kind: input.kind()? });
    }
    let named = |heading: &str, column: &str| usize::from(fold_heading(heading) == fold_heading(column));
    let fit = |headings: &[String]| {
        headings.iter().map(|name| 2 * named(name, &columns.code) + named(name, &columns.name)).sum::<usize>()
    };
    let mut features = layers.features(layers.choose(layer, &fit)?)?;
    let mut file = VillageFile::default();
    let mut names: BTreeSet<String> = features.columns().into_iter().collect();
    let mut has_code = false;
    let mut crs = None;
    while let Some(feature) = features.next() {
        let feature = feature?;
        // The system that the file states counts from its first feature on; stated behind it, it comes too late.
        let found = Crs::of_file(input.name(), features.stated(), None)?;
        let crs = crs.get_or_insert_with(|| found.clone());
        if *crs != found {
            let given = found.to_string();
            return Err(ImportError::CrsNotSupported { file: input.name().to_owned(), given });
        }
        file.features += 1;
        match read_village(feature, columns, crs, &mut names, &mut has_code) {
            Ok(row) => file.good.push(row),
            Err(refused) => file.refused.extend(refused),
        }
    }
    let last = Crs::of_file(input.name(), features.stated(), None)?;
    if crs.is_some_and(|crs| crs != last) {
        return Err(ImportError::CrsNotSupported { file: input.name().to_owned(), given: last.to_string() });
    }
    if file.features == 0 {
        return Err(ImportError::NoRows { file: input.name().to_owned() });
    }
    if !has_code && !names.is_empty() {
        let (file, field, column) = (input.name().to_owned(), "code".to_owned(), columns.code.clone());
        return Err(ImportError::UnknownColumn { file, field, column, columns: names.into_iter().collect() });
    }
    refuse_repeated(&mut file, &columns.code);
    file.refused.sort_by_key(|refused| refused.row);
    Ok(file)
}

/// The attributes of one feature and what is wrong with them.
struct Attributes<'a> {
    feature: u64,
    properties: Map<String, Value>,
    refused: Vec<RefusedCell>,
    columns: &'a VillageColumns,
}

fn read_village(
    feature: RawFeature,
    columns: &VillageColumns,
    crs: &Crs,
    names: &mut BTreeSet<String>,
    has_code: &mut bool,
) -> Result<VillageRow, Vec<RefusedCell>> {
    let RawFeature { number, properties, shape, fault } = feature;
    if let Some((reason, given)) = fault {
        let invalid = Invalid::new("feature_not_readable", "").with("reason", reason);
        return Err(vec![RefusedCell::new(number, "", invalid, &given)]);
    }
    for name in properties.keys() {
        if names.len() < 100 && !names.contains(name) {
            names.insert(name.clone());
        }
    }
    let mut attributes = Attributes { feature: number, properties, refused: Vec::new(), columns };
    *has_code |= attributes.value(&columns.code).is_some();
    let row = attributes.village(in_degrees(shape, crs));
    match row {
        Some(row) if attributes.refused.is_empty() => Ok(row),
        _ => Err(attributes.refused),
    }
}

/// The shape in WGS 84; one outside of the system's domain is unreadable.
fn in_degrees(shape: RawShape, crs: &Crs) -> RawShape {
    match shape {
        RawShape::Given(geometry) => match crs.to_wgs84(&geometry) {
            Ok(geometry) => RawShape::Given(geometry),
            Err(corner) => RawShape::Unreadable(format!("{}, {} lies outside of {crs}", corner.x, corner.y)),
        },
        other => other,
    }
}

impl Attributes<'_> {
    fn village(&mut self, shape: RawShape) -> Option<VillageRow> {
        let columns = self.columns;
        let code = self.needed(&columns.code, RegionCode::parse_village);
        let name = self.needed(&columns.name, |column, text| required(column, text, NAME_CHARS));
        let region = |column: &str, text: &str| RegionCode::parse(column, text).map(Some);
        let (district_code, regency_code) =
            (self.optional(&columns.district_code, region), self.optional(&columns.regency_code, region));
        let words = |column: &str, text: &str| line(column, text, NAME_CHARS);
        let (district, regency) = (self.optional(&columns.district, words), self.optional(&columns.regency, words));
        let bps_code = self.optional(&columns.bps_code, words);
        let schematic = self.optional(&columns.schematic, yes_or_no).unwrap_or(false);
        let boundary = self.boundary(shape);
        let centre = self.centre(boundary.as_ref());
        Some(VillageRow {
            feature: self.feature,
            code: code?,
            name: name?,
            district_code,
            district: district.unwrap_or_default(),
            regency_code,
            regency: regency.unwrap_or_default(),
            bps_code,
            boundary: boundary?,
            schematic,
            centre: centre?,
        })
    }

    /// The text of an attribute, `None` where it is absent, null or empty.
    fn value(&self, column: &str) -> Option<String> {
        let folded = || fold_heading(column);
        let value = self.properties.get(column).or_else(|| {
            let folded = folded();
            self.properties.iter().find(|(name, _)| fold_heading(name) == folded).map(|(_, value)| value)
        })?;
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }

    fn optional<T>(&mut self, column: &str, parse: impl Fn(&str, &str) -> Result<Option<T>, Invalid>) -> Option<T> {
        let text = self.value(column)?;
        parse(column, &text).unwrap_or_else(|invalid| {
            self.refused.push(RefusedCell::new(self.feature, column, invalid, &text));
            None
        })
    }

    fn needed<T>(&mut self, column: &str, parse: impl Fn(&str, &str) -> Result<T, Invalid>) -> Option<T> {
        if self.value(column).is_none() {
            self.refused.push(RefusedCell::new(self.feature, column, Invalid::new("missing", column), ""));
            return None;
        }
        self.optional(column, |column, text| parse(column, text).map(Some))
    }

    fn boundary(&mut self, shape: RawShape) -> Option<MultiPolygon<f64>> {
        boundary(shape)
            .map_err(|invalid| self.refused.push(RefusedCell::new(self.feature, "geometry", invalid, "")))
            .ok()
    }

    fn centre(&mut self, boundary: Option<&MultiPolygon<f64>>) -> Option<[f64; 2]> {
        let number = |column: &str, text: &str| {
            text.parse::<f64>().map(Some).map_err(|_| Invalid::new("not_a_coordinate", column).with("given", text))
        };
        let columns = self.columns;
        let (lon, lat) = (self.optional(&columns.centre_lon, number), self.optional(&columns.centre_lat, number));
        if let (Some(lon), Some(lat)) = (lon, lat) {
            if let Err(invalid) = position(&columns.centre_lon, lon, lat) {
                self.refused.push(RefusedCell::new(
                    self.feature,
                    &columns.centre_lon,
                    invalid,
                    &format!("{lon}, {lat}"),
                ));
            }
            return Some([lon, lat]);
        }
        boundary?.interior_point().map(|inside| [inside.x(), inside.y()])
    }
}

/// A border from a feature's shape, or why it is none.
fn boundary(shape: RawShape) -> Result<MultiPolygon<f64>, Invalid> {
    let geometry = match shape {
        RawShape::Given(geometry) => geometry,
        RawShape::None => return Err(Invalid::new("empty_geometry", "geometry")),
        RawShape::Unreadable(reason) => {
            return Err(Invalid::new("geometry_not_readable", "geometry").with("reason", reason));
        }
    };
    let area = match geometry {
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        Geometry::MultiPolygon(polygons) => polygons,
        _ => return Err(Invalid::new("not_a_polygon", "geometry")),
    };
    for corner in area.coords_iter() {
        position("geometry", corner.x, corner.y)?;
    }
    let at = |invalid: Invalid, place: Coord<f64>| invalid.with("at", vec![place.x, place.y]);
    match find_fault(&area) {
        None => Ok(area),
        Some(Fault::Empty) => Err(Invalid::new("empty_geometry", "geometry")),
        Some(Fault::Crossing(place)) => {
            Err(at(Invalid::new("polygon_not_simple", "geometry").with("reason", "it crosses itself"), place))
        }
        Some(Fault::HoleOutside(place)) => {
            Err(at(Invalid::new("polygon_not_simple", "geometry").with("reason", "a hole lies outside"), place))
        }
    }
}

/// Takes all features of a code that occurs more than once from the good ones; each message names all of them.
fn refuse_repeated(file: &mut VillageFile, column: &str) {
    let mut features: HashMap<RegionCode, Vec<u64>> = HashMap::new();
    for row in &file.good {
        features.entry(row.code.clone()).or_default().push(row.feature);
    }
    features.retain(|_, features| features.len() > 1);
    if features.is_empty() {
        return;
    }
    file.good.retain(|row| !features.contains_key(&row.code));
    for (code, numbers) in &features {
        for feature in numbers {
            let invalid = Invalid::new("duplicate_code", column).with("features", numbers.clone());
            file.refused.push(RefusedCell::new(*feature, column, invalid, code.as_str()));
        }
    }
}

fn yes_or_no(column: &str, text: &str) -> Result<Option<bool>, Invalid> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "ya" | "yes" => Ok(Some(true)),
        "false" | "0" | "tidak" | "no" => Ok(Some(false)),
        _ => Err(Invalid::new("not_yes_or_no", column).with("given", text)),
    }
}
