//! Whether a place is in the country: inside an outline, since a box would include half of the neighbours.

use crate::domain::geojson;
use geo::{BoundingRect, Contains, Coord, CoordsIter, Geometry, LinesIter, MultiPolygon, Polygon, Rect};
use std::sync::{Arc, LazyLock};

/// See `country/README.md` for its source.
const INDONESIA: &str = include_str!("country/indonesia.geojson");

static SHIPPED: LazyLock<Country> =
    LazyLock::new(|| Country::parse(INDONESIA).expect("the shipped outline parses: a test reads it"));

/// The outline of a country with its coastal waters, WGS 84.
#[derive(Clone, Debug)]
pub struct Country(Arc<MultiPolygon<f64>>);

/// Why an outline file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    #[error("invalid JSON from line {line}")]
    NotJson { line: usize },
    #[error("no list of features")]
    NoFeatures,
    #[error("unreadable geometry")]
    NotAGeometry,
    #[error("no Polygon and no MultiPolygon")]
    NoArea,
}

impl OutlineError {
    /// The key of its sentence in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not_json",
            Self::NoFeatures => "no_features",
            Self::NotAGeometry => "not_a_geometry",
            Self::NoArea => "no_area",
        }
    }
}

impl Country {
    /// Indonesia with 25 km of sea around it.
    pub fn indonesia() -> Self {
        SHIPPED.clone()
    }

    /// The box between west, south, east and north, degrees.
    pub fn of_box([west, south, east, north]: [f64; 4]) -> Self {
        let corners = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
        Self(Arc::new(MultiPolygon(vec![corners.to_polygon()])))
    }

    /// The areas of a GeoJSON geometry, Feature or FeatureCollection. `Err` gives the reason why there are none.
    pub fn parse(text: &str) -> Result<Self, OutlineError> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|wrong| OutlineError::NotJson { line: wrong.line() })?;
        let mut areas = Vec::new();
        collect(value, &mut areas)?;
        if areas.is_empty() {
            return Err(OutlineError::NoArea);
        }
        Ok(Self(Arc::new(MultiPolygon(areas))))
    }

    /// Whether every corner is inside. O(n) in corners of the outline if the geometry is clear of its edges, else O(n
    /// · m).
    pub fn holds(&self, geometry: &Geometry<f64>) -> bool {
        let Some(bounds) = geometry.bounding_rect() else { return true };
        let mut corners = geometry.coords_iter();
        if self.is_crossed(bounds) {
            return corners.all(|corner| self.0.contains(&geo::Point::from(corner)));
        }
        // No edge of the outline is near: all corners are on the same side.
        corners.next().is_none_or(|corner| self.0.contains(&geo::Point::from(corner)))
    }

    fn is_crossed(&self, bounds: Rect<f64>) -> bool {
        let (low, high) = (bounds.min(), bounds.max());
        self.0.lines_iter().any(|edge| {
            let (a, b) = (edge.start, edge.end);
            a.x.min(b.x) <= high.x && a.x.max(b.x) >= low.x && a.y.min(b.y) <= high.y && a.y.max(b.y) >= low.y
        })
    }
}

/// Extracts the areas, whatever GeoJSON they are wrapped in.
fn collect(mut value: serde_json::Value, areas: &mut Vec<Polygon<f64>>) -> Result<(), OutlineError> {
    match value["type"].as_str() {
        Some("FeatureCollection") => match value["features"].take() {
            serde_json::Value::Array(features) => features.into_iter().try_for_each(|feature| collect(feature, areas)),
            _ => Err(OutlineError::NoFeatures),
        },
        Some("Feature") => collect(value["geometry"].take(), areas),
        _ => {
            match geojson::parse(value).map_err(|_| OutlineError::NotAGeometry)? {
                Geometry::Polygon(area) => areas.push(area),
                Geometry::MultiPolygon(many) => areas.extend(many.0),
                _ => {}
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, line_string};

    fn holds(lon: f64, lat: f64) -> bool {
        Country::indonesia().holds(&Point::new(lon, lat).into())
    }

    #[test]
    fn towns_and_islands_of_indonesia_lie_in_it() {
        for (name, lon, lat) in [
            ("Sabang", 95.32, 5.89),
            ("Pulau Berhala", 99.50, 3.77),
            ("Batam", 104.03, 1.13),
            ("Natuna", 108.39, 3.94),
            ("Kepulauan Seribu", 106.55, -5.60),
            ("Masalembu", 114.43, -5.55),
            ("Banyuwangi", 114.37, -8.21),
            ("Entikong", 110.37, 0.97),
            ("Nunukan", 117.65, 4.13),
            ("Miangas", 126.58, 5.556),
            ("Atambua", 124.89, -9.11),
            ("Rote", 123.05, -10.74),
            ("Wetar", 126.40, -7.75),
            ("Jayapura", 140.72, -2.53),
            ("Merauke", 140.39, -8.49),
        ] {
            assert!(holds(lon, lat), "{name}");
        }
    }

    #[test]
    fn towns_of_its_neighbours_lie_outside() {
        for (name, lon, lat) in [
            ("Singapore", 103.82, 1.35),
            ("Johor Bahru", 103.74, 1.48),
            ("Melaka", 102.25, 2.19),
            ("Penang", 100.33, 5.42),
            ("Kuching", 110.34, 1.55),
            ("Tawau", 117.89, 4.25),
            ("Kota Kinabalu", 116.07, 5.98),
            ("Dili", 125.57, -8.56),
            ("Pante Macassar", 124.37, -9.21),
            ("Vanimo", 141.30, -2.68),
            ("Darwin", 130.80, -12.40),
            ("Christmas Island", 105.67, -10.45),
        ] {
            assert!(!holds(lon, lat), "{name}");
        }
    }

    #[test]
    fn a_line_over_the_border_is_not_inside_and_a_box_is_a_country_too() {
        let over = line_string![(x: 124.89, y: -9.11), (x: 125.57, y: -8.56)];
        assert!(!Country::indonesia().holds(&over.into()));
        let around = Country::of_box([94.0, -12.0, 142.0, 7.0]);
        assert!(around.holds(&Point::new(110.34, 1.55).into()) && !around.holds(&Point::new(10.0, 50.0).into()));
    }

    #[test]
    fn an_outline_is_read_in_every_wrapping_and_refused_without_areas() {
        let area = r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}"#;
        let feature = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{area}}}"#);
        let all = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        for text in [area, &feature, &all] {
            assert!(Country::parse(text).unwrap().holds(&Point::new(1.0, 1.0).into()), "{text}");
        }
        for text in ["", "{}", r#"{"type":"Point","coordinates":[1,1]}"#, r#"{"type":"Point","coordinates":[1]}"#] {
            assert!(Country::parse(text).is_err(), "{text}");
        }
    }
}
