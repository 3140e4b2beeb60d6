//! Circular arcs of curved geometries (ISO SQL/MM) as short lines: one corner about every 4 degrees, just where GDAL puts it,
//! so that the same arc has the same corners in a file that another program exported.

use geo::{Coord, LineString};
use std::f64::consts::{PI, TAU};

/// The angle between two corners; an odd number of whole steps is fitted into each arc, as GDAL does.
const STEP: f64 = 4.0 * PI / 180.0;
const FEWEST_STEPS: f64 = 7.0;
/// Three points are on one line if the triangle between them is flatter than this, measured against its longest side.
const FLAT: f64 = 1e-8;

/// The corners of a CIRCULARSTRING: each arc is given by its start, a point on it and its end, which begins the next one.
/// At most 91 corners for each arc. `Err` is the reason why these points make no arcs.
pub fn corners(points: &[Coord<f64>]) -> Result<Vec<Coord<f64>>, String> {
    let Some(first) = points.first() else { return Ok(Vec::new()) };
    if points.len() < 3 || points.len().is_multiple_of(2) {
        return Err(format!("{} points make no arcs", points.len()));
    }
    let mut corners = vec![*first];
    for start in (0..points.len() - 2).step_by(2) {
        add_arc(&mut corners, points[start], points[start + 1], points[start + 2]);
    }
    Ok(corners)
}

/// The line of the parts of a COMPOUNDCURVE, each of which begins where the one before ends.
pub fn join(parts: Vec<LineString<f64>>) -> Result<LineString<f64>, String> {
    let mut corners: Vec<Coord<f64>> = Vec::new();
    for part in parts {
        match (corners.last(), part.0.split_first()) {
            (_, None) => {}
            (None, Some(_)) => corners = part.0,
            (Some(end), Some((begin, rest))) if end == begin => corners.extend(rest),
            (Some(_), Some(_)) => return Err("the parts of a curve do not meet".to_owned()),
        }
    }
    Ok(LineString(corners))
}

/// Adds the corners of one arc without its start; of a straight one the point on it too.
fn add_arc(corners: &mut Vec<Coord<f64>>, start: Coord<f64>, on_it: Coord<f64>, end: Coord<f64>) {
    let Some(circle) = Circle::through(start, on_it, end) else {
        corners.extend([on_it, end]);
        return;
    };
    let (begin, turn) = (circle.angle(start), circle.turn(start, on_it) + circle.turn(on_it, end));
    let steps = (turn.abs() / STEP).round().max(FEWEST_STEPS);
    let steps = if steps % 2.0 == 0.0 { steps + 1.0 } else { steps };
    let at = |step: f64| circle.at(begin + turn * step / steps);
    corners.extend((1..).map(f64::from).take_while(|step| *step < steps).map(at));
    corners.push(end);
}

struct Circle {
    centre: Coord<f64>,
    radius: f64,
    is_counter_clockwise: bool,
}

impl Circle {
    /// The circle that an arc lies on; `None` where it is straight. An arc that ends where it starts is a whole circle, the
    /// point on it the opposite one.
    fn through(start: Coord<f64>, on_it: Coord<f64>, end: Coord<f64>) -> Option<Self> {
        let (a, b) = (on_it - start, end - start);
        if start == end {
            let centre = (start + on_it) / 2.0;
            let radius = (a.x / 2.0).hypot(a.y / 2.0);
            return (radius > 0.0).then_some(Self { centre, radius, is_counter_clockwise: true });
        }
        let longest = a.x.abs().max(a.y.abs()).max(b.x.abs()).max(b.y.abs());
        let (a, b) = (a / longest, b / longest);
        let area = a.x * b.y - a.y * b.x;
        if !area.is_finite() || area.abs() < FLAT {
            return None;
        }
        let (a2, b2) = (a.x * a.x + a.y * a.y, b.x * b.x + b.y * b.y);
        let from_start = Coord { x: (b.y * a2 - a.y * b2) / (2.0 * area), y: (a.x * b2 - b.x * a2) / (2.0 * area) };
        let radius = from_start.x.hypot(from_start.y) * longest;
        Some(Self { centre: start + from_start * longest, radius, is_counter_clockwise: area > 0.0 })
    }

    fn angle(&self, point: Coord<f64>) -> f64 {
        (point.y - self.centre.y).atan2(point.x - self.centre.x)
    }

    fn at(&self, angle: f64) -> Coord<f64> {
        Coord { x: self.centre.x + self.radius * angle.cos(), y: self.centre.y + self.radius * angle.sin() }
    }

    /// The angle from one point to another in the direction of the arc.
    fn turn(&self, from: Coord<f64>, to: Coord<f64>) -> f64 {
        let turn = (self.angle(to) - self.angle(from)).rem_euclid(TAU);
        if self.is_counter_clockwise { turn } else { turn - TAU }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::coord;

    #[test]
    fn an_arc_has_a_corner_every_four_degrees_on_its_circle() {
        for (start, on_it, end) in [
            (coord! { x: 1.0, y: 0.0 }, coord! { x: 0.0, y: 1.0 }, coord! { x: -1.0, y: 0.0 }),
            (coord! { x: -1.0, y: 0.0 }, coord! { x: 0.0, y: 1.0 }, coord! { x: 1.0, y: 0.0 }),
        ] {
            let arc = corners(&[start, on_it, end]).unwrap();
            assert_eq!((arc.len(), arc[0], arc[45]), (46, start, end));
            let step = (arc[1].y.atan2(arc[1].x) - start.y.atan2(start.x)).rem_euclid(TAU).to_degrees();
            assert!((step - 4.0).abs() < 1e-9 || (step - 356.0).abs() < 1e-9, "{step}");
            assert!(arc.iter().all(|corner| (corner.x.hypot(corner.y) - 1.0).abs() < 1e-12 && corner.y > -1e-12));
        }
    }

    #[test]
    fn a_whole_circle_and_the_longer_way_round_are_arcs() {
        let (right, left) = (coord! { x: 1.0, y: 0.0 }, coord! { x: -1.0, y: 0.0 });
        let circle = corners(&[right, left, right]).unwrap();
        assert_eq!(circle.len(), 92);
        assert!(circle[10].y > 0.0, "counter-clockwise");
        // From the right to the bottom by way of the left: three quarters.
        let most = corners(&[right, left, coord! { x: 0.0, y: -1.0 }]).unwrap();
        assert!(most.iter().any(|corner| corner.y > 0.99), "{most:?}");
    }

    #[test]
    fn an_arc_has_as_many_corners_as_gdal_gives_it() {
        // Degrees and steps, by GDAL 3.12.4.
        for (degrees, steps) in
            [(1.0, 7), (13.0, 7), (84.0, 21), (85.9, 21), (88.0, 23), (92.0, 23), (96.0, 25), (356.0, 89)]
        {
            let at = |degrees: f64| coord! { x: degrees.to_radians().cos(), y: degrees.to_radians().sin() };
            let arc = corners(&[at(0.0), at(degrees / 2.0), at(degrees)]).unwrap();
            assert_eq!(arc.len(), steps + 1, "{degrees}");
        }
    }

    #[test]
    fn a_straight_arc_is_a_line_and_too_few_points_are_none() {
        let points = [coord! { x: 114.0, y: -8.0 }, coord! { x: 114.1, y: -8.1 }, coord! { x: 114.2, y: -8.2 }];
        assert_eq!(corners(&points), Ok(points.to_vec()));
        assert_eq!(corners(&[points[0], points[0], points[0]]), Ok(vec![points[0]; 3]));
        assert_eq!(corners(&[]), Ok(Vec::new()));
        assert!(corners(&points[..2]).is_err());
        assert!(corners(&[points[0], points[1], points[2], points[0]]).is_err());
        assert!(corners(&[coord! { x: f64::NAN, y: 0.0 }, points[1], points[2]]).unwrap().len() < 100);
    }
}
