//! Metres on the ground: a flat projection of some kilometres around a place, with distances, lengths, areas and
//! shared stretches measured on it. Input is WGS 84 lon/lat in degrees; output is metres or m².
//!
//! Within 5 km of the origin and up to 60° of latitude the error is below 0.15 % of a distance; at the latitudes of
//! Indonesia below 0.02 %. Tested against geodesics, including the date line and the poles.

mod boxes;
mod shape;
mod shared;

pub use boxes::Budget;
pub use shape::{Near, Shape, area_m2};
pub use shared::{Interval, MOST_LOOKS as MOST_LOOKS_ALONG, Shared, cut, shared_line};

use geo::{BoundingRect, Coord, CoordsIter, Distance, Geometry, Haversine, LineString, MapCoords, Point, Polygon};

/// WGS 84: equatorial radius in metres and first eccentricity squared (NIMA TR8350.2, table 3.1).
const EQUATOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_14;
/// From this latitude to the pole, meridians converge within a few kilometres: the projection is polar.
const POLAR_DEG: f64 = 85.0;
/// Metres of the shortest degree of latitude.
const SHORTEST_DEGREE_M: f64 = 110_574.0;

/// Beyond this a flat projection is wrong by more than one part in a thousand, metres.
const FLAT_M: f64 = 50_000.0;

/// Maximum cost of one distance: some tens of milliseconds.
const MOST_LOOKS: u64 = 10_000_000;

/// A flat projection around a place: x metres to the east, y metres to the north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    origin: Coord<f64>,
    /// Metres per degree of longitude and of latitude at the origin; (0, 0) for a polar projection.
    east_m: f64,
    north_m: f64,
    polar: bool,
}

impl Projection {
    /// Around a place in degrees. Non-finite values count as (0, 0). O(1).
    pub fn around(lon: f64, lat: f64) -> Self {
        let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
        let (lon, lat) = (finite(lon), finite(lat).clamp(-90.0, 90.0));
        let polar = lat.abs() > POLAR_DEG;
        let sin = lat.to_radians().sin();
        let w = 1.0 - ECCENTRICITY_2 * sin * sin;
        let meridian_m = EQUATOR_M * (1.0 - ECCENTRICITY_2) / (w * w.sqrt());
        let across_m = EQUATOR_M / w.sqrt();
        Self {
            origin: Coord { x: lon, y: lat },
            east_m: (across_m * lat.to_radians().cos()).to_radians(),
            north_m: meridian_m.to_radians(),
            polar,
        }
    }

    /// Around the middle of boxes (west, south, east, north), whatever their order. O(n).
    pub fn between(boxes: impl IntoIterator<Item = [f64; 4]>) -> Self {
        let [w, s, e, n] =
            boxes.into_iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |all, one| {
                [all[0].min(one[0]), all[1].min(one[1]), all[2].max(one[2]), all[3].max(one[3])]
            });
        let middle = f64::midpoint(w, e);
        // Boxes on both sides of the date line: their middle is on the other side of the earth.
        let lon = if e - w > 180.0 { turn(middle + 180.0) } else { middle };
        Self::around(lon, f64::midpoint(s, n))
    }

    /// Degrees to metres.
    pub fn metres(&self, c: Coord<f64>) -> Coord<f64> {
        if self.polar {
            let r = (90.0 - c.y * self.origin.y.signum()) * self.north_m;
            let (sin, cos) = c.x.to_radians().sin_cos();
            return Coord { x: r * sin, y: r * cos };
        }
        Coord { x: turn(c.x - self.origin.x) * self.east_m, y: (c.y - self.origin.y) * self.north_m }
    }

    /// Metres to degrees.
    pub fn degrees(&self, c: Coord<f64>) -> Coord<f64> {
        if self.polar {
            let r = c.x.hypot(c.y);
            let y = (90.0 - r / self.north_m) * self.origin.y.signum();
            return Coord { x: c.x.atan2(c.y).to_degrees(), y };
        }
        Coord { x: turn(self.origin.x + c.x / self.east_m), y: self.origin.y + c.y / self.north_m }
    }

    /// A geometry in metres. O(n) in corners, allocates a copy.
    #[must_use]
    pub fn project(&self, geometry: &Geometry<f64>) -> Geometry<f64> {
        geometry.map_coords(|c| self.metres(c))
    }

    /// A line back in degrees. O(n).
    #[must_use]
    pub fn unproject(&self, line: &LineString<f64>) -> LineString<f64> {
        line.map_coords(|c| self.degrees(c))
    }
}

/// A difference of longitudes normalised to −180 to 180.
fn turn(degrees: f64) -> f64 {
    if (-180.0..=180.0).contains(&degrees) { degrees } else { (degrees + 180.0).rem_euclid(360.0) - 180.0 }
}

/// West, south, east, north in degrees; `None` for an empty geometry or one that is not finite. O(n).
pub fn bounds(geometry: &Geometry<f64>) -> Option<[f64; 4]> {
    let rect = geometry.bounding_rect()?;
    let (min, max) = (rect.min(), rect.max());
    let bounds = [min.x, min.y, max.x, max.y];
    let sound =
        bounds.iter().all(|x| x.is_finite()) && geometry.coords_iter().all(|c| c.x.is_finite() && c.y.is_finite());
    sound.then_some(bounds)
}

/// The minimum distance of two geometries (lon/lat) in metres: 0 if they meet or one contains the other, infinite if
/// one is empty or not finite. Some µs for two short lines, O(n log m) in corners for tracks and outlines. For two
/// tangles the budget runs out: the result is then an upper bound.
pub fn distance_m(a: &Geometry<f64>, b: &Geometry<f64>) -> f64 {
    let (Some(box_a), Some(box_b)) = (bounds(a), bounds(b)) else { return f64::INFINITY };
    let flat = Projection::between([box_a, box_b]);
    Shape::new(&flat, a).distance_m(&Shape::new(&flat, b), &Budget::new(MOST_LOOKS))
}

/// The distance of each geometry to one, as by [`distance_on_globe_m`]. Those within 10 km are measured on one
/// projection: O(m + n log m) in its corners m and the sum of theirs.
pub fn distances_m<'a>(
    many: impl IntoIterator<Item = &'a Geometry<f64>>,
    one: &'a Geometry<f64>,
) -> impl Iterator<Item = f64> {
    const NEAR_M: f64 = 10_000.0;
    let picture = bounds(one).map(|bounds| {
        let flat = Projection::between([bounds]);
        (bounds, flat, Shape::new(&flat, one))
    });
    many.into_iter().map(move |geometry| match (&picture, bounds(geometry)) {
        (Some((around, flat, shape)), Some(bounds)) if box_gap_m(&bounds, around) <= NEAR_M => {
            Shape::new(flat, geometry).distance_m(shape, &Budget::new(MOST_LOOKS))
        }
        _ => distance_on_globe_m(geometry, one),
    })
}

/// The same for places that may be on different continents: beyond 50 km from corner to corner on the globe. O(n).
pub fn distance_on_globe_m(a: &Geometry<f64>, b: &Geometry<f64>) -> f64 {
    let flat = distance_m(a, b);
    let Some(from) = a.coords_iter().next().filter(|_| flat > FLAT_M) else { return flat };
    let globe_m = |a: Coord<f64>, b: Coord<f64>| Haversine.distance(Point(a), Point(b));
    let nearest = |from: Coord<f64>, of: &Geometry<f64>| {
        of.coords_iter().min_by(|c, d| globe_m(from, *c).total_cmp(&globe_m(from, *d))).unwrap_or(from)
    };
    // From so far the nearest corner of one hardly depends on the corner of the other.
    let on_a = nearest(nearest(from, b), a);
    globe_m(on_a, nearest(on_a, b))
}

/// Metres from a point (lon/lat) to a polygon: 0 inside. O(n).
pub fn point_to_polygon_m(point: Point<f64>, polygon: &Polygon<f64>) -> f64 {
    distance_m(&Geometry::Point(point), &Geometry::Polygon(polygon.clone()))
}

/// The length of a line (lon/lat) in metres. O(n).
pub fn length_m(line: &LineString<f64>) -> f64 {
    let Some(bounds) = bounds(&Geometry::LineString(line.clone())) else { return 0.0 };
    let flat = Projection::between([bounds]);
    line.0.windows(2).map(|pair| length(flat.metres(pair[1]) - flat.metres(pair[0]))).sum()
}

pub(crate) fn length(c: Coord<f64>) -> f64 {
    c.x.hypot(c.y)
}

/// A box in degrees (west, south, east, north) that contains every place within `radius_m` of a box, never too small.
/// Across the date line and near a pole it spans all longitudes; both are rare and only add candidates. O(1).
pub fn bounds_around(bounds: [f64; 4], radius_m: f64) -> [f64; 4] {
    let radius_m = if radius_m.is_nan() { f64::INFINITY } else { radius_m.max(0.0) };
    let [w, s, e, n] = bounds;
    let tall = radius_m / SHORTEST_DEGREE_M * 1.001;
    let (south, north) = (s - tall, n + tall);
    let furthest = south.abs().max(north.abs());
    // Half a degree from the pole, parallels are too short to bound anything.
    if furthest > 89.5 {
        return [-180.0, south.max(-90.0), 180.0, north.min(90.0)];
    }
    let wide = tall / furthest.to_radians().cos();
    let (west, east) = (w - wide, e + wide);
    if west < -180.0 || east > 180.0 {
        return [-180.0, south, 180.0, north];
    }
    [west, south, east, north]
}

/// A lower bound of the distance of two boxes in degrees (west, south, east, north), metres: no degree is shorter
/// than the assumed one. O(1).
pub fn box_gap_m(x: &[f64; 4], y: &[f64; 4]) -> f64 {
    let south_most = x[1].abs().max(x[3].abs()).max(y[1].abs()).max(y[3].abs());
    let (tall, wide) = (SHORTEST_DEGREE_M, SHORTEST_DEGREE_M * cos_at_most(south_most));
    let across = (y[0] - x[2]).max(x[0] - y[2]).max(0.0);
    // Across the date line the shorter way is the other one.
    let east_m = across.min(360.0 - across).max(0.0) * wide;
    let north_m = (y[1] - x[3]).max(x[1] - y[3]).max(0.0) * tall;
    east_m.hypot(north_m)
}

/// A lower bound of the cosine of an angle in degrees: 1 − x²/2 is below it everywhere.
fn cos_at_most(degrees: f64) -> f64 {
    let x = degrees.min(89.9).to_radians();
    (1.0 - x * x / 2.0).max(0.0)
}

#[cfg(test)]
mod tests;
