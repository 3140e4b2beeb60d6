//! A footprint simplified for lists and maps: of a walked track of 20,000 corners only as many as are visible.
//! Evidence, distances and the page of the project itself use the whole.

use geo::{Coord, CoordsIter, Euclidean, Geometry, Length, LineString, MultiPolygon, Polygon, Simplify};
use std::collections::HashSet;

/// Corners of a footprint that are drawn as they are; beyond, corners are left out until about as many remain.
pub const DRAWN_CORNERS: usize = 500;
/// Stretches that two lines share which are drawn: lines that cross each other at every corner share thousands.
const DRAWN_LINES: usize = 100;
/// A part keeps as many: fewer are no area.
const LEAST_CORNERS: usize = 4;
/// Corners that are simplified together.
const PIECE: usize = 256;
/// Nothing is drawn further off: what has more corners still is drawn without its holes.
const MOST_OFF_M: f64 = 1_000.0;
/// A degree of latitude, metres; a degree of longitude is shorter, so that nothing moves further than the limit.
const DEGREE_M: f64 = 111_320.0;

/// A part with fewer corners.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    pub geometry: Geometry<f64>,
    /// How far it may lie from the part, metres.
    pub within_m: f64,
}

/// The outline of each part of a footprint, given with its accuracy in metres; `None` where it is drawn as it is. Corners are
/// left out within the accuracy first, then within twice as much, until few enough are left (Douglas and Peucker 1973).
/// O(n log n) for tracks.
pub fn outlines(parts: &[(&Geometry<f64>, f64)]) -> Vec<Option<Outline>> {
    let all: usize = parts.iter().map(|(geometry, _)| geometry.coords_count()).sum();
    if all <= DRAWN_CORNERS {
        return vec![None; parts.len()];
    }
    let share = |geometry: &Geometry<f64>| (DRAWN_CORNERS * geometry.coords_count() / all).max(LEAST_CORNERS);
    parts.iter().map(|(geometry, accuracy_m)| outline(geometry, *accuracy_m, share(geometry))).collect()
}

/// Stretches drawn on one map: the longest, in the order given, with corners left out as of the parts of a footprint.
pub fn drawn_lines(mut lines: Vec<LineString<f64>>) -> Vec<LineString<f64>> {
    if lines.len() > DRAWN_LINES {
        let mut longest: Vec<(usize, f64)> = lines.iter().map(|line| Euclidean.length(line)).enumerate().collect();
        longest.sort_by(|a, b| b.1.total_cmp(&a.1));
        let kept: HashSet<usize> = longest.into_iter().take(DRAWN_LINES).map(|(at, _)| at).collect();
        let mut at = 0..;
        lines.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
    }
    let parts: Vec<Geometry<f64>> = lines.iter().cloned().map(Geometry::LineString).collect();
    let thin = outlines(&parts.iter().map(|part| (part, 0.0)).collect::<Vec<_>>());
    lines
        .into_iter()
        .zip(thin)
        .map(|(line, thin)| match thin {
            Some(Outline { geometry: Geometry::LineString(thin), .. }) => thin,
            _ => line,
        })
        .collect()
}

fn outline(geometry: &Geometry<f64>, accuracy_m: f64, most: usize) -> Option<Outline> {
    if geometry.coords_count() <= most {
        return None;
    }
    let mut within_m = accuracy_m.max(0.5);
    loop {
        // From the whole each time: what was left out before adds nothing to how far it may be off.
        let drawn = thinned(geometry, within_m / DEGREE_M)?;
        if drawn.coords_count() <= most {
            return Some(Outline { geometry: drawn, within_m });
        }
        if within_m > MOST_OFF_M {
            // Holes by the hundred: each keeps its corners, however small.
            return Some(Outline { geometry: without_holes(drawn), within_m });
        }
        within_m *= 2.0;
    }
}

fn without_holes(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Polygon(polygon) => Polygon::new(polygon.into_inner().0, Vec::new()).into(),
        other => other,
    }
}

/// `None` for what has no corners to leave out.
fn thinned(geometry: &Geometry<f64>, within: f64) -> Option<Geometry<f64>> {
    match geometry {
        Geometry::LineString(_) | Geometry::Polygon(_) => Some(simplified(geometry, within)),
        _ => None,
    }
}

/// A geometry without the corners of its lines and rings that lie within so many degrees of what stays (Douglas and Peucker
/// 1973). The ends stay, a ring keeps an inside. O(n).
pub fn simplified(geometry: &Geometry<f64>, within: f64) -> Geometry<f64> {
    match geometry {
        Geometry::LineString(line) => simplified_line(line, within).into(),
        Geometry::Polygon(polygon) => simplified_polygon(polygon, within).into(),
        Geometry::MultiPolygon(many) => {
            MultiPolygon(many.iter().map(|polygon| simplified_polygon(polygon, within)).collect()).into()
        }
        other => other.clone(),
    }
}

/// Piece by piece: the library goes as deep as a line has corners, and a deep enough one ends the process.
fn simplified_line(line: &LineString<f64>, within: f64) -> LineString<f64> {
    let last = line.0.len().saturating_sub(1);
    if last < PIECE {
        return line.simplify(within);
    }
    let mut kept: Vec<Coord<f64>> = Vec::new();
    for start in (0..last).step_by(PIECE) {
        let piece = LineString(line.0[start..=(start + PIECE).min(last)].to_vec()).simplify(within);
        // It begins where the one before ended.
        kept.pop();
        kept.extend(piece.0);
    }
    LineString(kept)
}

fn simplified_polygon(polygon: &Polygon<f64>, within: f64) -> Polygon<f64> {
    let ring = |ring: &LineString<f64>| {
        let corners = ring.0.len();
        if corners <= PIECE {
            return Polygon::new(ring.clone(), Vec::new()).simplify(within).into_inner().0;
        }
        let thin = simplified_line(ring, within);
        if thin.0.len() >= LEAST_CORNERS {
            return thin;
        }
        LineString([0, corners / 3, 2 * corners / 3, corners - 1].map(|at| ring.0[at]).to_vec())
    };
    Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Distance;
    use proptest::prelude::*;

    fn line(corners: Vec<Coord<f64>>) -> Geometry<f64> {
        LineString::from(corners).into()
    }

    /// A walk with steps of some metres in changing directions.
    fn walk(steps: &[(f64, f64)]) -> Vec<Coord<f64>> {
        let mut at = Coord { x: 114.3, y: -8.2 };
        let step = |(x, y): &(f64, f64)| {
            at = Coord { x: at.x + x / DEGREE_M, y: at.y + y / DEGREE_M };
            at
        };
        steps.iter().map(step).collect()
    }

    #[test]
    fn what_has_few_corners_is_drawn_as_it_is() {
        let corners = (0..500).map(|n| Coord { x: 114.0 + f64::from(n % 7) * 1e-3, y: -8.0 + f64::from(n) * 1e-5 });
        assert_eq!(outlines(&[(&line(corners.collect()), 5.0)]), [None]);
    }

    #[test]
    fn of_many_parts_all_together_have_few_corners() {
        let steps: Vec<(f64, f64)> =
            (0..5_000).map(|n| (f64::from(n % 13) * 9.0 - 40.0, f64::from(n % 7) * 9.0 - 20.0)).collect();
        let track = line(walk(&steps));
        let parts = [(&track, 5.0); 4];
        let corners = outlines(&parts).into_iter().map(|outline| outline.unwrap().geometry.coords_count());
        assert!(corners.sum::<usize>() <= DRAWN_CORNERS);
    }

    #[test]
    fn of_thousands_of_stretches_the_longest_are_drawn_in_their_order() {
        let stretch = |n: u32| {
            let along = if n % 100 == 7 { 0.01 } else { 0.0001 };
            LineString::from((0..12).map(|k| (114.0 + along * f64::from(k), f64::from(n) * 1e-3)).collect::<Vec<_>>())
        };
        let drawn = drawn_lines((0..3_000).map(stretch).collect());
        assert_eq!(drawn.len(), DRAWN_LINES);
        assert!(drawn.iter().map(CoordsIter::coords_count).sum::<usize>() <= DRAWN_CORNERS);
        let rows: Vec<f64> = drawn.iter().map(|line| line.0[0].y).collect();
        assert!(rows.is_sorted(), "{rows:?}");
        for n in (7..3_000).step_by(100) {
            assert!(rows.contains(&(f64::from(n) * 1e-3)), "the long one of row {n} is missing");
        }
    }

    #[test]
    fn a_large_ring_keeps_its_ends_and_an_inside_however_coarse() {
        let round = |n: u32| {
            let angle = f64::from(n % 3_000) / 3_000.0 * std::f64::consts::TAU;
            Coord { x: 114.0 + 0.01 * angle.cos(), y: -8.0 + 0.01 * angle.sin() }
        };
        let ring = LineString((0..=3_000).map(round).collect());
        let geometry: Geometry<f64> = Polygon::new(ring.clone(), Vec::new()).into();
        for within in [1e-5, 1e-3, 1.0] {
            let Geometry::Polygon(drawn) = simplified(&geometry, within) else { panic!("an area stays an area") };
            let corners = &drawn.exterior().0;
            assert!(corners.len() >= LEAST_CORNERS && corners.first() == corners.last(), "{within}: {corners:?}");
            assert!(corners.len() < 3_000 && corners.iter().all(|corner| ring.0.contains(corner)));
            for corner in &ring.0 {
                assert!(Euclidean.distance(&geo::Point::from(*corner), drawn.exterior()) <= within + 1e-12);
            }
        }
    }

    #[test]
    fn an_area_of_a_thousand_holes_is_drawn_without_them() {
        let square =
            |at: f64, side: f64| LineString::from(vec![(at, at), (at + side, at), (at + side, at + side), (at, at)]);
        let holes = (0..1_000).map(|n| square(1e-6 * f64::from(n), 1e-7)).collect();
        let geometry: Geometry<f64> = Polygon::new(square(0.0, 0.1), holes).into();
        let drawn = outlines(&[(&geometry, 5.0)]).remove(0).unwrap();
        assert!(drawn.geometry.coords_count() <= DRAWN_CORNERS);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]
        #[test]
        fn no_corner_lies_further_from_its_outline_than_is_said(
            steps in prop::collection::vec((-30.0..60.0_f64, -30.0..30.0_f64), 501..1_500)
        ) {
            let track = line(walk(&steps));
            let drawn = outlines(&[(&track, 5.0)]).remove(0).unwrap();
            prop_assert!(drawn.geometry.coords_count() <= DRAWN_CORNERS);
            let Geometry::LineString(line) = &drawn.geometry else { panic!("a line stays a line") };
            for corner in track.coords_iter() {
                let off_m = Euclidean.distance(&geo::Point::from(corner), line) * DEGREE_M;
                prop_assert!(off_m <= drawn.within_m + 1e-6, "{off_m} m of {} m", drawn.within_m);
            }
        }
    }
}
