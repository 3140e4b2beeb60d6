use super::*;
use geo::{Distance, Geodesic, line_string, point, polygon};
use proptest::prelude::*;

fn line(coords: &[(f64, f64)]) -> Vec<Coord<f64>> {
    coords.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
}

fn shared(a: &[Coord<f64>], b: &[Coord<f64>]) -> Shared {
    shared_line(a, b, (15.0, 30.0), MOST_LOOKS_ALONG, &Budget::unlimited())
}

proptest! {
    #[test]
    fn distances_agree_with_geodesics_within_two_kilometres(lon in -180.0..180.0_f64, lat in -11.0..7.0_f64, dx in -0.01..0.01_f64, dy in -0.01..0.01_f64) {
        let (a, b) = (point! { x: lon, y: lat }, point! { x: lon + dx, y: lat + dy });
        let truth = Geodesic.distance(a, b);
        prop_assert!((distance_m(&a.into(), &b.into()) - truth).abs() <= 0.0002 * truth + 0.01);
    }

    /// Including a place on the other side of the country, outside of any projection around the village.
    #[test]
    fn the_distances_of_many_are_those_of_each(places in prop::collection::vec((-0.1..0.1_f64, -0.1..0.1_f64), 0..5), far in -20.0..-1.0_f64) {
        let village: Geometry<f64> = polygon![(x: 114.30, y: -8.22), (x: 114.32, y: -8.22), (x: 114.32, y: -8.20), (x: 114.30, y: -8.20)].into();
        let mut places: Vec<Geometry<f64>> = places.iter().map(|(x, y)| point! { x: 114.31 + x, y: -8.21 + y }.into()).collect();
        places.push(point! { x: 114.31 + far, y: -2.0 }.into());
        let all: Vec<f64> = distances_m(&places, &village).collect();
        prop_assert_eq!(all.len(), places.len());
        for (place, many) in places.iter().zip(all) {
            let each = distance_on_globe_m(place, &village);
            prop_assert!((many - each).abs() <= 1e-4 * each + 0.001, "{many} and {each}");
        }
    }

    #[test]
    fn shared_stretches_do_not_depend_on_the_direction(points in prop::collection::vec((0.0..300.0_f64, 0.0..300.0_f64), 2..8), others in prop::collection::vec((0.0..300.0_f64, 0.0..300.0_f64), 2..8)) {
        let (a, b) = (line(&points), line(&others));
        let back: Vec<_> = b.iter().rev().copied().collect();
        let (one, two) = (shared(&a, &b), shared(&a, &back));
        prop_assert!(one.shared_m.is_finite() && (one.shared_m - two.shared_m).abs() < 1e-6);
        prop_assert!(one.shared_m <= one.length_m + 1e-6);
    }

    #[test]
    fn a_box_around_holds_every_place_within_the_radius(lon in -180.0..180.0_f64, lat in -89.0..89.0_f64, bearing in 0.0..360.0_f64, radius in 1.0..2_000.0_f64) {
        use geo::Destination;
        let here = point! { x: lon, y: lat };
        let there = Geodesic.destination(here, bearing, radius * 0.999);
        let [w, s, e, n] = bounds_around([lon, lat, lon, lat], radius);
        prop_assert!(s <= there.y() && there.y() <= n && (w <= there.x() && there.x() <= e));
    }
}

#[test]
fn a_road_redrawn_shares_all_and_a_crossing_shares_nothing() {
    let road = line(&[(0.0, 0.0), (100.0, 0.0), (200.0, 10.0)]);
    let redrawn = line(&[(200.0, 12.0), (150.0, 3.0), (0.0, 2.0)]);
    assert!(shared(&road, &redrawn).share() > 0.95);
    let crossing = line(&[(100.0, -100.0), (100.0, 100.0)]);
    assert!(shared(&road, &crossing).shared_m < 1.0);
    let next = line(&[(200.0, 10.0), (300.0, 20.0)]);
    assert!(shared(&road, &next).shared_m < 16.0);
}

#[test]
fn a_point_in_an_area_is_at_no_distance() {
    let area = polygon![(x: 114.0, y: -8.0), (x: 114.01, y: -8.0), (x: 114.01, y: -7.99), (x: 114.0, y: -7.99)];
    assert_eq!(point_to_polygon_m(point! { x: 114.005, y: -7.995 }, &area), 0.0);
    assert!((point_to_polygon_m(point! { x: 114.005, y: -8.001 }, &area) - 110.6).abs() < 0.5);
    let road = line_string![(x: 114.0, y: -8.0), (x: 114.001, y: -8.0)];
    assert!((length_m(&road) - 110.25).abs() < 0.3);
}
