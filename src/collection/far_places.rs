//! Places of records far from the others of their village, where no boundaries are known: a lost sign or digit shows by the
//! neighbours.

use super::{Collection, Record, Refusal};
use crate::domain::Invalid;
use crate::domain::village::Slip;
use crate::import::RefusedCell;
use crate::spatial::country::Country;
use crate::spatial::far::slip_towards;
use crate::spatial::metres::distance_on_globe_m;
use geo::{Coord, CoordsIter, Geometry, Point};
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// Of records that spread widely, such as those of a regency, only those are far that lie so many times further out.
const SPREADS: f64 = 20.0;
/// Records of one village from which on their middle is known.
const MANY: usize = 3;

/// A record that is far: its index, how far, metres, and the slip with the place that was meant.
type Far = (usize, f64, Slip, Coord<f64>);

/// Takes the places of records off that are further than `far_m` from the others of their village and that a slip of the
/// pen explains, and lists them as unknown; then those far from the others of their file. Of two records alone that one is far which lies outside of the country. O(n log n).
pub fn drop_far_places(collection: &mut Collection, country: &Country, far_m: f64) {
    let village_of = |record: &Record| record.facts().village_id;
    let mut far = far_in_groups(&collection.records, &[], village_of, country, far_m);
    // What a village does not tell, its file does.
    far.extend(far_in_groups(&collection.records, &far, |record| Some(record.file), country, far_m));
    far.sort_by_key(|(at, ..)| *at);
    for (at, distance_m, slip, corrected) in far {
        let record = &mut collection.records[at];
        let given = corner(record);
        let invalid = Invalid::new("row_far_from_others", "geometry")
            .with("distance_m", distance_m.round())
            .with("slip", slip.as_str())
            .with("corrected", vec![corrected.x, corrected.y]);
        let given = format!("{}, {}", given.y, given.x);
        let cell = RefusedCell::new(record.row, "geometry", invalid, &given);
        collection.unknown.push(Refusal { file: record.file, cell });
        record.change_facts(|facts| {
            facts.parts = Box::default();
            facts.how = None;
        });
    }
}

/// The records that are far from others of their group, but for those that are known to be far.
fn far_in_groups<K: Hash + Eq>(
    records: &[Record],
    known: &[Far],
    group: impl Fn(&Record) -> Option<K>,
    country: &Country,
    far_m: f64,
) -> Vec<Far> {
    let known: FxHashSet<usize> = known.iter().map(|(at, ..)| *at).collect();
    let mut groups: FxHashMap<K, Vec<usize>> = FxHashMap::default();
    for (at, record) in records.iter().enumerate() {
        if let Some(group) = group(record).filter(|_| !record.facts().parts.is_empty() && !known.contains(&at)) {
            groups.entry(group).or_default().push(at);
        }
    }
    let several = groups.into_values().filter(|members| members.len() > 1);
    several.flat_map(|members| far_of_group(records, &members, country, far_m)).collect()
}

/// The records of one group that are far, with the distance and the reading that brings them back.
fn far_of_group(records: &[Record], members: &[usize], country: &Country, far_m: f64) -> Vec<Far> {
    let middle = match members {
        [a, b] => {
            let (first, second) = (corner(&records[*a]), corner(&records[*b]));
            let is_there = |c: Coord<f64>| country.holds(&Geometry::Point(Point(c)));
            match (is_there(first), is_there(second)) {
                (true, false) => first,
                (false, true) => second,
                _ => return Vec::new(),
            }
        }
        many if many.len() >= MANY => middle(many.iter().map(|at| corner(&records[*at]))),
        _ => return Vec::new(),
    };
    let from_m = |c: Coord<f64>| distance_on_globe_m(&Geometry::Point(Point(c)), &Geometry::Point(Point(middle)));
    let mut distances: Vec<f64> = members.iter().map(|at| from_m(corner(&records[*at]))).collect();
    let of_each = distances.clone();
    distances.sort_unstable_by(f64::total_cmp);
    // Of two, the one that counts as right lies in the middle.
    let spread_m = if members.len() < MANY { 0.0 } else { distances[distances.len() / 2] };
    let limit_m = far_m.max(SPREADS * spread_m);
    let near_m = (far_m / 5.0).max(2.0 * spread_m);
    let far = members.iter().zip(of_each).filter(|(_, distance_m)| *distance_m > limit_m);
    far.filter_map(|(at, distance_m)| {
        let (slip, corrected) = slip_towards(corner(&records[*at]), |c| from_m(c) <= near_m, middle)?;
        Some((*at, distance_m, slip, corrected))
    })
    .collect()
}

/// The median of longitudes and of latitudes.
fn middle(corners: impl Iterator<Item = Coord<f64>>) -> Coord<f64> {
    let (mut lons, mut lats): (Vec<f64>, Vec<f64>) = corners.map(|c| (c.x, c.y)).unzip();
    let median = |numbers: &mut Vec<f64>| {
        numbers.sort_unstable_by(f64::total_cmp);
        numbers[(numbers.len() - 1) / 2]
    };
    Coord { x: median(&mut lons), y: median(&mut lats) }
}

/// The first corner of a record that has a place.
fn corner(record: &Record) -> Coord<f64> {
    record.facts().parts.iter().find_map(|part| part.geometry.coords_iter().next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::read_collection;
    use crate::import::{Input, Needs, ReadOptions};

    /// The slips told of a table of rows "village;lat;lon", by row; and the rows that keep their place.
    fn told(rows: &str) -> (Vec<(u64, String)>, Vec<u64>) {
        let rows: String = rows.split_whitespace().map(|row| format!("Jalan;{row}\n")).collect();
        let input = Input::bytes("a.csv", format!("judul;kode_desa;lat;lon\n{rows}").as_bytes());
        let options = ReadOptions { needs: Needs::Comparison, ..ReadOptions::default() };
        let mut collection = read_collection(&[input], &options, |_, _| {}).unwrap();
        drop_far_places(&mut collection, &Country::indonesia(), 10_000.0);
        assert!(collection.refused.is_empty());
        let slip = |refusal: &Refusal| {
            assert_eq!(refusal.cell.invalid.code, "row_far_from_others");
            (refusal.cell.row, refusal.cell.invalid.values["slip"].as_str().unwrap().to_owned())
        };
        let placed = collection.records.iter().filter(|record| !record.facts().parts.is_empty());
        (collection.unknown.iter().map(slip).collect(), placed.map(|record| record.row).collect())
    }

    #[test]
    fn a_lost_sign_shows_by_the_other_work_of_the_village() {
        let (slips, placed) = told("35.10.01.2001;8.5512;114.0123 35.10.01.2001;-8.5512;114.0123");
        assert_eq!((slips, placed), (vec![(2, "sign_lost".to_owned())], vec![3]));
    }

    #[test]
    fn a_wrong_digit_shows_by_the_middle_of_the_village_and_a_lost_sign_by_the_file() {
        let near = "35.10.01.2001;-8.551;114.012 35.10.01.2001;-8.552;114.013 35.10.01.2001;-8.553;114.014";
        let (slips, placed) = told(&format!("{near} 35.10.01.2001;-8.551;115.012 35.10.01.2009;8.551;114.012"));
        assert_eq!(slips, [(5, "digit".to_owned()), (6, "sign_lost".to_owned())]);
        assert_eq!(placed, [2, 3, 4]);
    }

    #[test]
    fn what_lies_apart_for_no_slip_of_the_pen_and_what_spreads_widely_keeps_its_place() {
        let apart = "1;-8.551;114.012 1;-8.552;114.013 1;-8.553;114.014 1;-7.13;112.74";
        assert_eq!(told(apart).0, []);
        let wide = "1;-8.551;114.012 1;-8.252;114.313 1;-8.053;113.914 1;-8.651;114.112 1;-8.151;114.212";
        assert_eq!(told(wide).0, []);
        // Two villages that nothing else is known of.
        assert_eq!(told("1;-8.551;114.012 1;-7.13;112.74").0, []);
        assert_eq!(told("1;-8.551;114.012"), (vec![], vec![2]));
    }
}
