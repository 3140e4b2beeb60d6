use super::*;
use proptest::prelude::*;

/// A random walk, a tangle or a few corners.
fn line() -> impl Strategy<Value = Vec<Coord<f64>>> {
    (1_usize..400, 0.5..60.0_f64, any::<u64>()).prop_map(|(corners, step_m, seed)| {
        let mut state = seed | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24) - 0.5
        };
        let mut at = Coord { x: 400.0 * random(), y: 400.0 * random() };
        (0..corners)
            .map(|_| {
                at = at + Coord { x: 2.0 * step_m * random(), y: 2.0 * step_m * random() };
                at
            })
            .collect()
    })
}

fn segments(corners: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    (0..corners.len().saturating_sub(1).max(1)).map(|at| ends(corners, at))
}

proptest! {
    #[test]
    fn the_distance_of_two_lines_is_that_of_all_their_segments(a in line(), b in line()) {
        let plain = segments(&a).flat_map(|one| segments(&b).map(move |two| gap_of_segments(one, two).distance_2)).fold(f64::INFINITY, f64::min);
        let (boxes_a, boxes_b) = (Boxes::new(&a), Boxes::new(&b));
        let found = Boxes::gap((&a, &boxes_a), (&b, &boxes_b), None, &Budget::unlimited()).unwrap();
        prop_assert!((found.distance_2.sqrt() - plain.sqrt()).abs() < 1e-6, "{found:?} {plain}");
        // It is realised by a point of each line.
        let [here, there] = found.ends;
        prop_assert!((length(there - here) - plain.sqrt()).abs() < 1e-6, "{found:?} {plain}");
        prop_assert!(boxes_a.nearest(&a, here, 1e-6, &Budget::unlimited()).is_some(), "{found:?}");
        prop_assert!(boxes_b.nearest(&b, there, 1e-6, &Budget::unlimited()).is_some(), "{found:?}");
    }

    #[test]
    fn the_nearest_place_is_the_first_of_the_nearest(a in line(), x in -300.0..300.0_f64, y in -300.0..300.0_f64, within in 1.0..300.0_f64) {
        let p = Coord { x, y };
        let mut plain: Option<Foot> = None;
        for (segment, (from, to)) in segments(&a).enumerate() {
            let (place, t) = foot(p, from, to);
            let d = place - p;
            let distance_2 = d.x * d.x + d.y * d.y;
            if plain.is_none_or(|best| distance_2 < best.distance_2) {
                plain = Some(Foot { segment, t, place, distance_2 });
            }
        }
        let boxes = Boxes::new(&a);
        prop_assert_eq!(boxes.nearest(&a, p, f64::INFINITY, &Budget::unlimited()), plain);
        let near = plain.filter(|best| best.distance_2 <= within * within);
        prop_assert_eq!(boxes.nearest(&a, p, within, &Budget::unlimited()), near);
    }

    #[test]
    fn a_place_is_inside_a_ring_exactly_if_a_plain_count_agrees(a in line(), x in -300.0..300.0_f64, y in -300.0..300.0_f64) {
        let mut ring = a;
        ring.push(ring[0]);
        let c = Coord { x, y };
        let plain = segments(&ring).fold(false, |inside, (a, b)| {
            inside != ((a.y > c.y) != (b.y > c.y) && c.x < (b.x - a.x) * (c.y - a.y) / (b.y - a.y) + a.x)
        });
        prop_assert_eq!(Boxes::new(&ring).is_inside(&ring, c, &Budget::unlimited()), plain);
    }

    #[test]
    fn a_thinned_line_stays_where_it_was(a in line(), within in 0.1..50.0_f64) {
        let thin = thinned(&a, within);
        let boxes = (Boxes::new(&a), Boxes::new(&thin));
        for c in &a {
            prop_assert!(boxes.1.nearest(&thin, *c, within * 1.000_001, &Budget::unlimited()).is_some());
        }
        for c in &thin {
            prop_assert!(boxes.0.nearest(&a, *c, 1e-6, &Budget::unlimited()).is_some());
        }
        prop_assert_eq!((thin.first(), thin.last()), (a.first(), a.last()));
    }
}

#[test]
fn a_track_of_20_000_corners_is_looked_through_by_its_neighbourhood() {
    let track: Vec<Coord<f64>> =
        (0..20_000_i32).map(|n| Coord { x: f64::from(n), y: 5.0 * f64::from(n % 2) }).collect();
    let (boxes, budget) = (Boxes::new(&track), Budget::new(1_000));
    let foot = boxes.nearest(&track, Coord { x: 10_001.0, y: 9.0 }, 15.0, &budget);
    assert!(
        foot.is_some_and(|foot| (foot.segment == 10_000 || foot.segment == 10_001) && !budget.is_spent()),
        "{foot:?}"
    );
    let beside: Vec<Coord<f64>> = track.iter().map(|c| Coord { x: c.x, y: c.y + 30.0 }).collect();
    let budget = Budget::new(3_000_000);
    let apart = Boxes::gap((&track, &boxes), (&beside, &Boxes::new(&beside)), None, &budget).unwrap();
    assert!(!budget.is_spent() && (apart.distance_2.sqrt() - 25.0).abs() < 5.1, "{apart:?}");
}

#[test]
fn a_tangle_ends_with_its_budget() {
    let budget = Budget::new(1_000);
    let tangle: Vec<Coord<f64>> =
        (0..20_000_i32).map(|n| Coord { x: f64::from(n * 7_919 % 1_000), y: f64::from(n * 104_729 % 997) }).collect();
    Boxes::new(&tangle).nearest(&tangle, Coord { x: 500.0, y: 500.5 }, 15.0, &budget);
    assert!(budget.is_spent());
}
