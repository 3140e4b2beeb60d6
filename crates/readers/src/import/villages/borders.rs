//! One feature of a boundary file: its border, and what its attributes say, but for the code.

use super::columns::{Attributes, VillageField};
use crate::domain::Invalid;
use crate::domain::footprint::position;
use crate::domain::rings::{Fault, find_fault};
use crate::domain::text::{NAME_CHARS, line, required};
use crate::domain::village::BPS_DIGITS;
use crate::import::crs::Crs;
use crate::import::formats::feature::RawFeature;
use crate::import::rows::raw::RawShape;
use crate::import::rows::refusals::RefusedCell;
use crate::import::rows::village_cell::ten_digits;
use geo::{Coord, CoordsIter, Geometry, InteriorPoint, MultiPolygon};
use serde_json::Value;

/// A feature whose code is not understood yet.
pub struct Feature {
    pub number: u64,
    /// The field that the code stands in, and the code.
    pub code: Option<(VillageField, String)>,
    /// `None` where something else is wrong with it.
    pub border: Option<Border>,
}

/// A village but for its code.
#[derive(Clone, Debug, PartialEq)]
pub struct Border {
    /// Its number in the file, from 1; of several features the first.
    pub feature: u64,
    pub name: String,
    pub district: String,
    pub regency: String,
    pub bps_code: Option<String>,
    pub boundary: MultiPolygon<f64>,
    /// The outline is a drawing, not a border.
    pub schematic: bool,
    /// lon, lat: the file's own, else a point inside.
    pub centre: [f64; 2],
}

/// Reads one feature; what is wrong with it is added to `refused`. `None` for a feature that cannot be read at all.
pub fn read(
    feature: RawFeature,
    attributes: &mut Attributes,
    crs: &Crs,
    refused: &mut Vec<RefusedCell>,
) -> Option<Feature> {
    let RawFeature { number, properties, shape, fault } = feature;
    if let Some((reason, given)) = fault {
        let invalid = Invalid::new("feature_not_readable", "").with("reason", reason);
        refused.push(RefusedCell::new(number, "", invalid, &given));
        return None;
    }
    let mut values = Values { number, found: Vec::new(), refused, attributes };
    for (name, value) in properties {
        let meaning = values.attributes.meaning(&name);
        if let (Some((field, rank)), Some(text)) = (meaning, text(&value)) {
            values.found.push(Found { field, rank, column: name, text });
        }
    }
    values.found.sort_by_key(|found| found.rank);
    let before = values.refused.len();
    let code = [VillageField::Code, VillageField::BpsCode]
        .into_iter()
        .find_map(|field| values.find(field).map(|found| (field, found.text.clone())));
    let border = values.border(in_degrees(shape, crs));
    let is_good = values.refused.len() == before;
    Some(Feature { number, code, border: border.filter(|_| is_good) })
}

/// The text of an attribute, `None` where it is null or empty. Codes that a program keeps as numbers have no fraction:
/// 6101172008.0.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let whole = text.strip_suffix(".0").filter(|whole| whole.bytes().all(|digit| digit.is_ascii_digit()));
    let text = whole.map(str::to_owned).unwrap_or(text);
    (!text.is_empty()).then_some(text)
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

/// One value that means something.
#[derive(Clone)]
struct Found {
    field: VillageField,
    rank: usize,
    column: String,
    text: String,
}

/// The values of one feature, the surest first, and what is wrong with them.
struct Values<'a> {
    number: u64,
    found: Vec<Found>,
    refused: &'a mut Vec<RefusedCell>,
    attributes: &'a mut Attributes,
}

impl Values<'_> {
    fn border(&mut self, shape: RawShape) -> Option<Border> {
        let name = self.name();
        let words = |column: &str, text: &str| line(column, text, NAME_CHARS);
        let (district, regency) =
            (self.optional(VillageField::District, words), self.optional(VillageField::Regency, words));
        // An attribute of the same name may hold ids of another kind.
        let bps_code =
            self.find(VillageField::BpsCode).map(|found| ten_digits(&found.text).unwrap_or(found.text.clone()));
        let bps_code = bps_code.filter(|code| code.len() == BPS_DIGITS && code.bytes().all(|c| c.is_ascii_digit()));
        let schematic = self.optional(VillageField::Schematic, yes_or_no).unwrap_or(false);
        let boundary = boundary(shape)
            .map_err(|invalid| self.refused.push(RefusedCell::new(self.number, "geometry", invalid, "")))
            .ok();
        let centre = self.centre(boundary.as_ref());
        Some(Border {
            feature: self.number,
            name: name?,
            district: district.unwrap_or_default(),
            regency: regency.unwrap_or_default(),
            bps_code,
            boundary: boundary?,
            schematic,
            centre: centre?,
        })
    }

    fn find(&self, field: VillageField) -> Option<&Found> {
        self.found.iter().find(|found| found.field == field)
    }

    fn optional<T>(
        &mut self,
        field: VillageField,
        parse: impl Fn(&str, &str) -> Result<Option<T>, Invalid>,
    ) -> Option<T> {
        let Found { column, text, .. } = self.find(field)?.clone();
        parse(&column, &text).unwrap_or_else(|invalid| {
            self.refused.push(RefusedCell::new(self.number, &column, invalid, &text));
            None
        })
    }

    fn name(&mut self) -> Option<String> {
        if self.find(VillageField::Name).is_none() {
            let column = self.attributes.column_of(VillageField::Name).unwrap_or(VillageField::Name.as_str());
            self.refused.push(RefusedCell::new(self.number, column, Invalid::new("missing", column), ""));
            return None;
        }
        self.optional(VillageField::Name, |column, text| required(column, text, NAME_CHARS).map(Some))
    }

    fn centre(&mut self, boundary: Option<&MultiPolygon<f64>>) -> Option<[f64; 2]> {
        let number = |column: &str, text: &str| {
            text.parse::<f64>().map(Some).map_err(|_| Invalid::new("not_a_coordinate", column).with("given", text))
        };
        let (lon, lat) =
            (self.optional(VillageField::CentreLon, number), self.optional(VillageField::CentreLat, number));
        let (Some(lon), Some(lat)) = (lon, lat) else {
            return boundary?.interior_point().map(|inside| [inside.x(), inside.y()]);
        };
        let column = VillageField::CentreLon.as_str();
        if let Err(invalid) = position(column, lon, lat) {
            self.refused.push(RefusedCell::new(self.number, column, invalid, &format!("{lon}, {lat}")));
        }
        Some([lon, lat])
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

fn yes_or_no(column: &str, text: &str) -> Result<Option<bool>, Invalid> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "ya" | "yes" => Ok(Some(true)),
        "false" | "0" | "tidak" | "no" => Ok(Some(false)),
        _ => Err(Invalid::new("not_yes_or_no", column).with("given", text)),
    }
}
