//! GPX: each waypoint, route and track a feature.

use super::feature::RawFeature;
use super::input::{Input, Progress};
use super::kind::Kind;
use super::xml::{Element, Step, Tree, Xml};
use crate::import::error::ImportError;
use crate::import::rows::raw::RawShape;
use geo::{Coord, Geometry, LineString, MultiLineString, Point, coord};
use serde_json::{Map, Value};

/// What of a waypoint, route or track becomes a column.
const COLUMNS: &[&str] = &["name", "desc", "cmt", "type", "time", "sym", "src"];

/// The features of a file.
pub struct Gpx {
    xml: Xml,
    tree: Tree,
    is_open: bool,
}

impl Gpx {
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let xml = Xml::open(input, Kind::Gpx, progress)?;
        Ok(Self { xml, tree: Tree::default(), is_open: false })
    }

    /// The next feature; not to be asked again behind the last or an error.
    pub fn read(&mut self) -> Result<Option<RawFeature>, ImportError> {
        loop {
            match self.xml.step()? {
                Step::End if self.is_open => return Err(self.xml.truncated()),
                Step::End => return Ok(None),
                Step::Close => self.is_open = false,
                Step::Open(name) => match name.as_str() {
                    "gpx" => self.is_open = true,
                    "wpt" | "rte" | "trk" => {
                        self.xml.feature += 1;
                        self.xml.read(&mut self.tree)?;
                        return Ok(Some(feature(self.xml.feature, &name, self.tree.root())));
                    }
                    _ => self.xml.pass_over()?,
                },
            }
        }
    }
}

fn feature(number: u64, kind: &str, element: Element<'_>) -> RawFeature {
    let mut properties: Map<String, Value> = Map::new();
    for name in COLUMNS {
        if let Some(text) = element.text_of(name) {
            properties.insert((*name).to_owned(), text.into());
        }
    }
    // A track has no time of its own: that of its first point.
    let first = || element.child("trkseg")?.child("trkpt")?.text_of("time");
    if let Some(time) = first().filter(|_| kind == "trk") {
        properties.entry("time").or_insert_with(|| time.into());
    }
    let read = match kind {
        "wpt" => corner(element).map(|corner| Some(Point(corner).into())),
        "rte" => corners(element, "rtept").map(line),
        _ => track(element),
    };
    let shape = match read {
        Ok(Some(geometry)) => RawShape::Given(geometry),
        Ok(None) => RawShape::None,
        Err(reason) => RawShape::Unreadable(reason),
    };
    RawFeature { number, properties, shape, fault: None }
}

/// The segments of a track that have a place.
fn track(track: Element<'_>) -> Result<Option<Geometry<f64>>, String> {
    let mut lines = Vec::new();
    for segment in track.children().filter(|child| child.name() == "trkseg") {
        lines.push(corners(segment, "trkpt")?);
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() < 2 {
        return Ok(lines.pop().and_then(line));
    }
    // A segment of one fix has no length.
    lines.retain(|line| line.len() > 1);
    Ok(if lines.len() < 2 {
        lines.pop().and_then(line)
    } else {
        Some(MultiLineString(lines.into_iter().map(LineString).collect()).into())
    })
}

/// A line; of one corner a point.
fn line(corners: Vec<Coord<f64>>) -> Option<Geometry<f64>> {
    match corners.as_slice() {
        [] => None,
        [only] => Some(Point(*only).into()),
        _ => Some(LineString(corners).into()),
    }
}

fn corners(element: Element<'_>, name: &str) -> Result<Vec<Coord<f64>>, String> {
    element.children().filter(|child| child.name() == name).map(corner).collect()
}

fn corner(point: Element<'_>) -> Result<Coord<f64>, String> {
    let number = |name: &str| point.text_of(name)?.parse::<f64>().ok().filter(|number| number.is_finite());
    match (number("@lon"), number("@lat")) {
        (Some(x), Some(y)) => Ok(coord! { x: x, y: y }),
        _ => Err("a point has no longitude and latitude".to_owned()),
    }
}
