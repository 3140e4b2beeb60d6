//! The time zone of a province: WIB, WITA or WIT. Indonesia has no daylight saving time.

use crate::domain::Time;
use crate::domain::person::Person;
use chrono::{FixedOffset, NaiveDateTime, TimeZone};

/// Every province by the first two digits of its region codes, with its offset from UTC in hours.
///
/// Zones: Keppres 41/1987 on the three zones; provinces split since keep the zone of their parent. Codes: Kemendagri
/// (Kepmendagri 300.2.2-2138/2025); BPS numbers Papua otherwise (91 to 97), which makes no difference here.
const PROVINCES: &[(&str, i32, &str)] = &[
    ("11", 7, "Aceh"),
    ("12", 7, "Sumatera Utara"),
    ("13", 7, "Sumatera Barat"),
    ("14", 7, "Riau"),
    ("15", 7, "Jambi"),
    ("16", 7, "Sumatera Selatan"),
    ("17", 7, "Bengkulu"),
    ("18", 7, "Lampung"),
    ("19", 7, "Kepulauan Bangka Belitung"),
    ("21", 7, "Kepulauan Riau"),
    ("31", 7, "DKI Jakarta"),
    ("32", 7, "Jawa Barat"),
    ("33", 7, "Jawa Tengah"),
    ("34", 7, "DI Yogyakarta"),
    ("35", 7, "Jawa Timur"),
    ("36", 7, "Banten"),
    ("51", 8, "Bali"),
    ("52", 8, "Nusa Tenggara Barat"),
    ("53", 8, "Nusa Tenggara Timur"),
    ("61", 7, "Kalimantan Barat"),
    ("62", 7, "Kalimantan Tengah"),
    ("63", 8, "Kalimantan Selatan"),
    ("64", 8, "Kalimantan Timur"),
    ("65", 8, "Kalimantan Utara"),
    ("71", 8, "Sulawesi Utara"),
    ("72", 8, "Sulawesi Tengah"),
    ("73", 8, "Sulawesi Selatan"),
    ("74", 8, "Sulawesi Tenggara"),
    ("75", 8, "Gorontalo"),
    ("76", 8, "Sulawesi Barat"),
    ("81", 9, "Maluku"),
    ("82", 9, "Maluku Utara"),
    ("91", 9, "Papua"),
    ("92", 9, "Papua Barat"),
    ("93", 9, "Papua Selatan"),
    ("94", 9, "Papua Tengah"),
    ("95", 9, "Papua Pegunungan"),
    ("96", 9, "Papua Barat Daya"),
    ("97", 9, "Papua Pegunungan (BPS)"),
];

/// The zone of the region with this code; WIB, the zone of most people, if the province is unknown.
pub fn zone_of(region_code: &str) -> FixedOffset {
    let province = PROVINCES.iter().find(|(code, ..)| region_code.starts_with(code));
    let hours = province.map_or(7, |(_, hours, _)| *hours);
    FixedOffset::east_opt(hours * 3_600).expect("less than a day")
}

/// The zone in which somebody lives: that of their first post.
pub fn zone_of_person(person: &Person) -> FixedOffset {
    zone_of(person.rights.first().and_then(|right| right.region_code.as_deref()).unwrap_or_default())
}

/// Where the zones of Indonesia meet, degrees east: between Java and Bali, and between Sulawesi and Maluku.
const ZONES_EAST: [f64; 2] = [114.45, 126.0];

/// The zone at a longitude where no region is known: of the three of Indonesia within it, else by the sun. Kalimantan, whose
/// zones meet along the borders of provinces, may be an hour off.
pub fn zone_at(longitude: f64) -> FixedOffset {
    let hours = match longitude {
        95.0..141.1 => 7 + ZONES_EAST.iter().map(|east| i32::from(longitude >= *east)).sum::<i32>(),
        #[expect(clippy::cast_possible_truncation, reason = "a longitude gives at most 12 hours")]
        _ => (longitude / 15.0).round().clamp(-12.0, 12.0) as i32,
    };
    FixedOffset::east_opt(hours * 3_600).expect("less than a day")
}

/// The moment of an EXIF time: in its own offset, or else in the zone of the village. `None` only past the end of the
/// calendar (a far-off year, which `read` rejects).
pub fn exif_moment(local: NaiveDateTime, offset: Option<FixedOffset>, zone: FixedOffset) -> Option<Time> {
    offset.unwrap_or(zone).from_local_datetime(&local).single().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_without_a_region_has_the_zone_of_its_longitude() {
        let hours = |longitude: f64| zone_at(longitude).local_minus_utc() / 3_600;
        assert_eq!([106.8, 114.35, 115.2, 119.4, 125.3, 140.7].map(hours), [7, 7, 8, 8, 8, 9]);
        assert_eq!([-79.5, 0.0, 180.0, -180.0, 1e9].map(hours), [-5, 0, 12, -12, 12]);
    }

    #[test]
    fn a_time_without_offset_is_read_in_the_zone_of_the_village() {
        let local = "2026-11-23T07:05:00".parse().unwrap();
        let at = |code: &str| exif_moment(local, None, zone_of(code)).unwrap().to_rfc3339();
        assert_eq!(at("35.10.01.2001"), "2026-11-23T00:05:00+00:00");
        assert_eq!(at("51.03.01.2001"), "2026-11-22T23:05:00+00:00");
        assert_eq!(at("94.01.01.2001"), "2026-11-22T22:05:00+00:00");
    }

    #[test]
    fn a_time_with_an_offset_is_read_in_that_one() {
        let local = "2026-11-23T07:05:00".parse().unwrap();
        let at = exif_moment(local, FixedOffset::east_opt(9 * 3_600), zone_of("35.10")).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-22T22:05:00+00:00");
    }

    #[test]
    fn kalimantan_has_two_zones_and_unknown_regions_are_in_wib() {
        let hours = |code: &str| zone_of(code).local_minus_utc() / 3_600;
        assert_eq!((hours("62.71"), hours("63.71"), hours("65.01")), (7, 8, 8));
        assert_eq!((hours("9"), hours(""), hours("00"), hours("ÄÖ")), (7, 7, 7, 7));
    }
}
