//! One placemark of KML as a feature: its name, description, data and geometry.

use super::feature::RawFeature;
use super::html_pairs::{self, as_text};
use super::xml::Element;
use crate::import::rows::raw::RawShape;
use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, coord,
};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// How deep geometries may lie in each other.
const DEPTH: usize = 8;

/// The fields that a schema of the file declares as numbers: theirs have a decimal point.
#[derive(Default)]
pub struct Numbers(HashSet<String>);

impl Numbers {
    /// Takes up one `Schema`.
    pub fn add(&mut self, schema: Element<'_>) {
        const NUMBERS: &[&str] = &["int", "uint", "short", "ushort", "float", "double"];
        let is_number = |field: &Element<'_>| field.text_of("@type").is_some_and(|kind| NUMBERS.contains(&kind));
        let fields = schema.children().filter(|child| child.name() == "SimpleField").filter(is_number);
        self.0.extend(fields.filter_map(|field| field.text_of("@name").map(str::to_owned)));
    }

    fn value(&self, name: &str, text: &str) -> Value {
        let number = if self.0.contains(name) { serde_json::from_str::<serde_json::Number>(text).ok() } else { None };
        number.map_or_else(|| text.into(), Value::Number)
    }
}

/// The feature of a placemark.
pub fn feature(number: u64, placemark: Element<'_>, folder: Option<&str>, numbers: &Numbers) -> RawFeature {
    let mut properties = Map::new();
    for child in placemark.children() {
        match child.name() {
            "name" => _ = properties.insert("name".to_owned(), child.text().into()),
            "description" => describe(child.text(), &mut properties),
            "ExtendedData" => add_data(child, numbers, &mut properties),
            "TimeStamp" | "TimeSpan" => {
                for time in child.children() {
                    properties.insert(format!("time_{}", time.name()), time.text().into());
                }
            }
            _ => {}
        }
    }
    if let Some(folder) = folder {
        properties.entry("folder").or_insert_with(|| folder.into());
    }
    let shape = match shape(placemark) {
        Ok(Some(geometry)) => RawShape::Given(geometry),
        Ok(None) => RawShape::None,
        Err(reason) => RawShape::Unreadable(reason),
    };
    RawFeature { number, properties, shape, fault: None }
}

/// A description is text, or the attributes as a table of a web page, as ArcGIS writes them.
fn describe(text: &str, properties: &mut Map<String, Value>) {
    let pairs = html_pairs::read(text);
    if pairs.is_empty() && !text.is_empty() {
        properties.insert("description".to_owned(), as_text(text).into());
    }
    for (name, value) in pairs {
        properties.entry(name).or_insert_with(|| value.into());
    }
}

/// `Data` with a name and a value, `SchemaData` of `SimpleData`, or elements of another namespace. They win over what the
/// description says.
fn add_data(data: Element<'_>, numbers: &Numbers, properties: &mut Map<String, Value>) {
    for child in data.children() {
        let named = child.text_of("@name");
        match (child.name(), named) {
            ("Data", Some(name)) => {
                let value = child.text_of("value").unwrap_or_default();
                properties.insert(name.to_owned(), numbers.value(name, value));
            }
            ("SchemaData", _) => {
                for field in child.children().filter(|field| field.name() == "SimpleData") {
                    if let Some(name) = field.text_of("@name") {
                        properties.insert(name.to_owned(), numbers.value(name, field.text()));
                    }
                }
            }
            (name, _) if !name.starts_with('@') => {
                properties.insert(name.to_owned(), child.text().into());
            }
            _ => {}
        }
    }
}

/// The geometry of a placemark; `None` where it has none.
fn shape(placemark: Element<'_>) -> Result<Option<Geometry<f64>>, String> {
    let mut parts = Vec::new();
    for child in placemark.children() {
        parts.extend(geometry(child, DEPTH)?);
    }
    Ok(if parts.len() > 1 { Some(together(parts)) } else { parts.pop() })
}

/// The geometry that an element is; `None` for one that is no geometry, or empty.
fn geometry(element: Element<'_>, depth: usize) -> Result<Option<Geometry<f64>>, String> {
    Ok(match element.name() {
        "Point" => corners_of(element)?.first().map(|corner| Point(*corner).into()),
        "LineString" | "LinearRing" => line(corners_of(element)?),
        "Polygon" => polygon(element)?.map(Geometry::Polygon),
        "Track" => line(track(element)?),
        "Model" => element.child("Location").map(place).transpose()?.map(|corner| Point(corner).into()),
        "MultiGeometry" | "MultiTrack" if depth == 0 => {
            return Err("geometries lie too deep in each other".to_owned());
        }
        "MultiGeometry" | "MultiTrack" => {
            let mut parts = Vec::new();
            for child in element.children() {
                parts.extend(geometry(child, depth - 1)?);
            }
            (!parts.is_empty()).then(|| together(parts))
        }
        _ => None,
    })
}

/// Several geometries as one: of one kind as that kind's collection.
fn together(parts: Vec<Geometry<f64>>) -> Geometry<f64> {
    fn all<T: TryFrom<Geometry<f64>>>(parts: &[Geometry<f64>]) -> Option<Vec<T>> {
        parts.iter().map(|part| part.clone().try_into().ok()).collect()
    }
    if let Some(points) = all::<Point<f64>>(&parts) {
        return MultiPoint(points).into();
    }
    if let Some(lines) = all::<LineString<f64>>(&parts) {
        return MultiLineString(lines).into();
    }
    if let Some(areas) = all::<Polygon<f64>>(&parts) {
        return MultiPolygon(areas).into();
    }
    Geometry::GeometryCollection(GeometryCollection(parts))
}

fn polygon(element: Element<'_>) -> Result<Option<Polygon<f64>>, String> {
    let (mut outer, mut inner) = (None, Vec::new());
    for boundary in element.children() {
        let is_outer = boundary.name() == "outerBoundaryIs";
        if !is_outer && boundary.name() != "innerBoundaryIs" {
            continue;
        }
        // Some programs put several rings into one boundary.
        for ring in boundary.children().filter(|ring| ring.name() == "LinearRing") {
            let ring = LineString(corners_of(ring)?);
            if is_outer && outer.is_none() { outer = Some(ring) } else { inner.push(ring) }
        }
    }
    Ok(outer.filter(|ring| !ring.0.is_empty()).map(|outer| Polygon::new(outer, inner)))
}

/// A line; of one corner a point.
fn line(corners: Vec<Coord<f64>>) -> Option<Geometry<f64>> {
    match corners.as_slice() {
        [] => None,
        [only] => Some(Point(*only).into()),
        _ => Some(LineString(corners).into()),
    }
}

/// `gx:coord`: longitude, latitude and height with blanks between them.
fn track(element: Element<'_>) -> Result<Vec<Coord<f64>>, String> {
    let coords = element.children().filter(|child| child.name() == "coord" && !child.text().is_empty());
    coords.map(|coord| numbers(coord.text().split_whitespace(), coord.text())).collect()
}

fn place(location: Element<'_>) -> Result<Coord<f64>, String> {
    let value = |name| location.text_of(name).unwrap_or_default();
    numbers([value("longitude"), value("latitude")].into_iter(), "Location")
}

fn corners_of(element: Element<'_>) -> Result<Vec<Coord<f64>>, String> {
    element.child("coordinates").map_or(Ok(Vec::new()), |coordinates| corners(coordinates.text()))
}

/// `lon,lat[,height]` with blanks between them. People who write them by hand put blanks behind the commas too.
fn corners(text: &str) -> Result<Vec<Coord<f64>>, String> {
    let mut corners = Vec::new();
    let mut tuple = String::new();
    for word in text.split_whitespace() {
        let goes_on = tuple.ends_with(',') || word.starts_with(',');
        if !goes_on && !tuple.is_empty() {
            corners.push(numbers(tuple.split(','), &tuple)?);
            tuple.clear();
        }
        tuple.push_str(word);
    }
    if !tuple.is_empty() {
        corners.push(numbers(tuple.split(','), &tuple)?);
    }
    Ok(corners)
}

fn numbers<'a>(mut words: impl Iterator<Item = &'a str>, given: &str) -> Result<Coord<f64>, String> {
    let mut number = || words.next().and_then(|word| word.parse::<f64>().ok()).filter(|number| number.is_finite());
    match (number(), number()) {
        (Some(x), Some(y)) => Ok(coord! { x: x, y: y }),
        _ => Err(format!("{:?} is no place", given.chars().take(60).collect::<String>())),
    }
}
