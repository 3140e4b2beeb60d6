//! Coordinate systems by EPSG code: detection in a file, and conversion to WGS 84 lon/lat.
//!
//! Definitions come from `crs-definitions`, the mathematics from `proj4rs`. A projection on WGS 84, DGN95 or another
//! geocentric datum is exact to a millimetre. SRGI2013, the system of Indonesia since 2013, is taken as WGS 84: by its
//! own definition to some centimetres; PROJ, which goes by way of DGN95, moves it by 0.2 to 0.3 m. An older datum (Batavia, Gunung Segara, Makassar, ID74) is shifted by
//! three parameters, accurate to some 5 to 45 m where the datum applies; [`Crs::is_shifted`] reports it, and the
//! program prints it.

mod codes;
mod wkt;

use self::codes::code_of;
use super::error::ImportError;
use geo::{Coord, Geometry, MapCoords};
use proj4rs::Proj;
use std::fmt;
use std::sync::Arc;

/// WGS 84 lon/lat, the target of all conversions.
pub const WGS84: u32 = 4326;
/// Maximum distance from its central meridian at which a transverse Mercator is accepted, degrees: a zone is 1.5 or 3
/// wide on each side, and villages on an edge use either zone.
const FAR_DEGREES: f64 = 12.0;
/// Maximum round-trip error of a coordinate, metres.
const LOSS_M: f64 = 0.01;

/// The coordinate system stated by a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its name in the file.
    pub given: String,
    /// Its EPSG code, if known.
    pub code: Option<u32>,
}

/// A coordinate system that can be converted.
#[derive(Clone)]
pub struct Crs {
    code: u32,
    definition: &'static str,
    /// `None` for WGS 84 lon/lat itself.
    pair: Option<Arc<(Proj, Proj)>>,
}

impl Stated {
    /// By the name of GeoJSON and others: `urn:ogc:def:crs:EPSG::32750`, `EPSG:32750`, `OGC:CRS84`.
    pub fn by_name(name: &str) -> Self {
        Self { given: name.chars().take(200).collect(), code: code_of(name) }
    }

    /// By an organization and its number, as FlatGeobuf and GeoPackage keep it; `None` where the file marks it as
    /// unknown.
    pub fn by_authority(organization: &str, number: i64, text: &str) -> Option<Self> {
        if number <= 0 && text.is_empty() {
            return None;
        }
        let number = if number > 0 { number.to_string() } else { text.to_owned() };
        Some(Self::by_name(&format!("{organization}:{number}")))
    }

    /// By a definition in well-known text; `None` for a text that is none.
    pub fn by_wkt(definition: &str) -> Option<Self> {
        let (given, code) = wkt::read(definition)?;
        Some(Self { given: given.chars().take(200).collect(), code })
    }

    /// This one if it can be converted, else the other one if that can be.
    pub fn or_known(self, other: Option<Self>) -> Self {
        let is_known = |stated: &Self| stated.code.is_some_and(|code| Crs::from_code(code).is_some());
        if is_known(&self) { self } else { other.filter(is_known).unwrap_or(self) }
    }
}

impl Crs {
    pub fn wgs84() -> Self {
        Self { code: WGS84, definition: "", pair: None }
    }

    /// By a code as people write it: `EPSG:32749`, `32749`. The error names what is accepted.
    pub fn parse(given: &str) -> Result<Self, ImportError> {
        let unknown = || ImportError::UnknownCrs { given: given.chars().take(60).collect() };
        Self::from_code(code_of(given).ok_or_else(unknown)?).ok_or_else(unknown)
    }

    /// The system of a file: the one given by the user, whatever the file states, else the stated one, else WGS 84.
    pub fn of_file(file: &str, stated: Option<&Stated>, given: Option<&Self>) -> Result<Self, ImportError> {
        if let Some(given) = given {
            return Ok(given.clone());
        }
        let Some(stated) = stated else { return Ok(Self::wgs84()) };
        let unknown = || ImportError::CrsNotSupported { file: file.to_owned(), given: stated.given.clone() };
        Self::from_code(stated.code.ok_or_else(unknown)?).ok_or_else(unknown)
    }

    /// `None` for an undefined code, and for one whose datum has no known shift: unshifted, its coordinates would be
    /// some hundred metres off.
    pub fn from_code(code: u32) -> Option<Self> {
        if code == WGS84 {
            return Some(Self::wgs84());
        }
        let definition = crs_definitions::from_code(u16::try_from(defined_as(code)).ok()?)?.proj4;
        let places_datum = ["+datum=", "+towgs84=", "+nadgrids=@null", "+ellps=WGS84", "+ellps=GRS80"];
        if !places_datum.iter().any(|part| definition.contains(part)) || definition.contains("+proj=geocent") {
            return None;
        }
        let from = Proj::from_proj_string(definition).ok().filter(Proj::has_inverse)?;
        let to = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok()?;
        Some(Self { code, definition, pair: Some(Arc::new((from, to))) })
    }

    pub fn code(&self) -> u32 {
        self.code
    }

    /// Whether a file states this one.
    pub fn is_stated_by(&self, stated: &Stated) -> bool {
        stated.code == Some(self.code)
    }

    pub fn is_wgs84(&self) -> bool {
        self.pair.is_none()
    }

    /// Whether its coordinates are metres east and north, not degrees.
    pub fn is_plane(&self) -> bool {
        self.pair.as_ref().is_some_and(|pair| !pair.0.is_latlong())
    }

    /// Whether it has another datum than WGS 84, which makes places less accurate by metres to tens of metres.
    pub fn is_shifted(&self) -> bool {
        let shift = self.definition.split_whitespace().find_map(|part| part.strip_prefix("+towgs84="));
        shift.is_some_and(|shift| shift.split(',').any(|part| part.parse() != Ok(0.0)))
            || (self.definition.contains("+datum=") && !self.definition.contains("+datum=WGS84"))
    }

    /// A geometry in WGS 84 lon/lat degrees. `Err` holds the first corner outside of the system's domain. NaN
    /// coordinates pass through; the caller rejects them. O(corners).
    pub fn to_wgs84(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, Coord<f64>> {
        match self.pair.as_deref() {
            None => Ok(geometry.clone()),
            Some((from, to)) => geometry.try_map_coords(|corner| self.corner(from, to, corner).ok_or(corner)),
        }
    }

    fn corner(&self, from: &Proj, to: &Proj, given: Coord<f64>) -> Option<Coord<f64>> {
        if !given.x.is_finite() || !given.y.is_finite() {
            return Some(given);
        }
        let is_plane = self.is_plane();
        // Degrees in a file of metres: nobody builds within 200 m of a false origin.
        if is_plane && given.x.abs() <= 180.0 && given.y.abs() <= 90.0 {
            return None;
        }
        let mut place =
            if is_plane { (given.x, given.y, 0.0) } else { (given.x.to_radians(), given.y.to_radians(), 0.0) };
        proj4rs::transform::transform(from, to, &mut place).ok()?;
        let found = Coord { x: place.0.to_degrees(), y: place.1.to_degrees() };
        if !found.x.is_finite() || !found.y.is_finite() || found.y.abs() > 90.0 {
            return None;
        }
        if is_plane {
            let transverse = self.definition.contains("+proj=utm") || self.definition.contains("+proj=tmerc");
            let away = (found.x - from.longitude_of_origin().to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
            if transverse && away.abs() > FAR_DEGREES {
                return None;
            }
            let mut back = place;
            proj4rs::transform::transform(to, from, &mut back).ok()?;
            let lost = (back.0 - given.x).hypot(back.1 - given.y);
            if !lost.is_finite() || lost > LOSS_M {
                return None;
            }
        }
        Some(found)
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.code)
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Crs {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// The code under which `crs-definitions`, which has none of SRGI2013, holds the same definition: that of DGN95, or of the
/// plane part of a system with heights.
const fn defined_as(code: u32) -> u32 {
    match code {
        9469 | 9470 | 9529 | 20_043 => 4755,
        9476..=9482 => code - 9476 + 23_866,
        9487..=9494 => code - 9487 + 23_877,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Point;

    /// UTM by Redfearn's series on WGS 84, degrees to metres: an independent method for comparison.
    fn utm_south(lon: f64, lat: f64, middle: f64) -> (f64, f64) {
        let (a, f, k0) = (6_378_137.0_f64, 1.0 / 298.257_223_563, 0.9996);
        let e2 = f * (2.0 - f);
        let ep2 = e2 / (1.0 - e2);
        let (phi, l) = (lat.to_radians(), (lon - middle).to_radians());
        let (sin, cos, tan) = (phi.sin(), phi.cos(), phi.tan());
        let n = a / (1.0 - e2 * sin * sin).sqrt();
        let (t, c, big_a) = (tan * tan, ep2 * cos * cos, cos * l);
        let (e4, e6) = (e2 * e2, e2 * e2 * e2);
        let m = a
            * ((1.0 - e2 / 4.0 - 3.0 * e4 / 64.0 - 5.0 * e6 / 256.0) * phi
                - (3.0 * e2 / 8.0 + 3.0 * e4 / 32.0 + 45.0 * e6 / 1024.0) * (2.0 * phi).sin()
                + (15.0 * e4 / 256.0 + 45.0 * e6 / 1024.0) * (4.0 * phi).sin()
                - (35.0 * e6 / 3072.0) * (6.0 * phi).sin());
        let x = k0
            * n
            * (big_a
                + (1.0 - t + c) * big_a.powi(3) / 6.0
                + (5.0 - 18.0 * t + t * t + 72.0 * c - 58.0 * ep2) * big_a.powi(5) / 120.0);
        let y = k0
            * (m + n
                * tan
                * (big_a.powi(2) / 2.0
                    + (5.0 - t + 9.0 * c + 4.0 * c * c) * big_a.powi(4) / 24.0
                    + (61.0 - 58.0 * t + t * t + 600.0 * c - 330.0 * ep2) * big_a.powi(6) / 720.0));
        (x + 500_000.0, y + 10_000_000.0)
    }

    fn place(code: u32, x: f64, y: f64) -> Result<Point<f64>, Coord<f64>> {
        let found = Crs::from_code(code).unwrap().to_wgs84(&Point::new(x, y).into())?;
        Ok(found.try_into().unwrap())
    }

    /// Distance of two nearby places, metres.
    fn apart_m(place: Point<f64>, lon: f64, lat: f64) -> f64 {
        let east = (place.x() - lon).to_radians() * lat.to_radians().cos();
        6_378_137.0 * east.hypot((place.y() - lat).to_radians())
    }

    #[test]
    fn utm_is_right_to_a_centimetre() {
        for (lon, lat) in [(114.3735, -8.2133), (113.8, -8.6), (114.6, -7.95), (111.0, -8.0), (114.0, -8.35)] {
            for (code, middle) in [(32_749, 111.0), (23_879, 111.0), (32_750, 117.0), (23_880, 117.0)] {
                let (x, y) = utm_south(lon, lat, middle);
                let found = place(code, x, y).unwrap();
                assert!(apart_m(found, lon, lat) < 0.01, "EPSG:{code}: {found:?} for {lon} {lat}");
            }
        }
    }

    #[test]
    fn the_zones_of_indonesian_land_registry_are_known() {
        // The central meridian of each zone, at its false origin: 94.5° and every 3° on.
        for (at, code) in (23_830..=23_845).enumerate() {
            let middle = 94.5 + 3.0 * f64::from(u8::try_from(at).unwrap());
            let found = place(code, 200_000.0, 1_500_000.0).unwrap();
            assert!(apart_m(found, middle, 0.0) < 0.001, "EPSG:{code}: {found:?}");
        }
    }

    #[test]
    fn web_mercator_and_geographic_systems_are_known() {
        // The closed formula of the sphere.
        let (lon, lat) = (114.3735_f64, -8.2133_f64);
        let x = 6_378_137.0 * lon.to_radians();
        let y = 6_378_137.0 * (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
        assert!(apart_m(place(3857, x, y).unwrap(), lon, lat) < 0.001);
        assert!(apart_m(place(4755, lon, lat).unwrap(), lon, lat) < 0.001);
    }

    #[test]
    fn srgi2013_and_its_zones_are_wgs84() {
        let (lon, lat) = (114.3735_f64, -8.2133_f64);
        for code in [9469, 9470, 9529] {
            assert!(apart_m(place(code, lon, lat).unwrap(), lon, lat) < 0.001, "EPSG:{code}");
        }
        let (x, y) = utm_south(lon, lat, 117.0);
        assert!(apart_m(place(9490, x, y).unwrap(), lon, lat) < 0.01);
        // The central meridian of each zone, at the equator.
        for (codes, first, false_north) in [(9476..=9482, 46, 0.0), (9487..=9494, 47, 1e7)] {
            for (zone, code) in (first..).zip(codes) {
                let middle = f64::from(zone) * 6.0 - 183.0;
                let found = place(code, 500_000.0, false_north).unwrap();
                assert!(apart_m(found, middle, 0.0) < 0.001, "EPSG:{code}: {found:?}");
            }
        }
    }

    /// What PROJ 9.5.1 makes of coordinates in a system: code, x, y, lon, lat, and how far we may be from it, metres.
    const BY_PROJ: [(u32, f64, f64, f64, f64, f64); 20] = [
        (3857, 12_723_817.798, -915_952.012, 114.3, -8.2, 0.01),
        (32_749, 555_165.322, 9_170_945.850, 111.5, -7.5, 0.01),
        (32_650, 522_250.964, 121_583.946, 117.2, 1.1, 0.01),
        (23_835, 211_046.054, 714_959.731, 109.6, -7.1, 0.01),
        (23_879, 555_165.322, 9_170_945.850, 111.5, -7.5, 0.01),
        // PROJ goes by way of DGN95.
        (9470, 114.3, -8.2, 114.299_997_93, -8.200_000_29, 0.4),
        (9489, 555_165.322, 9_170_945.850, 111.499_997_94, -7.500_000_08, 0.4),
        (9490, 522_006.456, 9_049_364.492, 117.199_997_95, -8.600_000_50, 0.4),
        (9479, 410_993.416, 121_595.130, 110.199_998_45, 1.100_000_16, 0.4),
        (9494, 333_513.872, 9_535_605.830, 139.499_998_92, -4.200_002_26, 0.4),
        // Three parameters for the whole island, where PROJ has others for parts of it.
        (4211, 106.8, -6.2, 106.801_511_81, -6.199_805_57, 5.0),
        (4813, -0.007_719_44, -6.2, 106.801_482_55, -6.199_835_09, 0.01),
        (5330, 3_544_887.493, 215_206.160, 106.801_482_55, -6.199_835_09, 0.01),
        (3001, 3_544_887.493, 215_206.160, 106.801_511_81, -6.199_805_57, 5.0),
        (21_148, 699_140.264, 9_314_414.773, 106.801_511_81, -6.199_805_57, 5.0),
        (4238, 102.3, -3.8, 102.300_236_95, -3.799_982_05, 5.0),
        (23_888, 200_101.861, 9_579_509.661, 102.300_236_95, -3.799_982_05, 5.0),
        (4613, 116.9, -0.5, 116.900_455_97, -0.499_536_55, 5.0),
        (2933, 488_876.213, 9_867_376.261, 116.900_456_05, -1.199_463_48, 5.0),
        (4257, 119.5, -5.1, 119.502_305_68, -5.098_196_92, 0.01),
    ];

    #[test]
    fn each_system_is_as_near_to_proj_as_it_says() {
        for (code, x, y, lon, lat, most_m) in BY_PROJ {
            let far = apart_m(place(code, x, y).unwrap(), lon, lat);
            assert!(far < most_m, "EPSG:{code}: {far} m");
        }
    }

    #[test]
    fn batavia_counts_from_the_meridian_of_jakarta_where_it_says_so() {
        let found = place(4813, 0.5, -6.5).unwrap();
        let same = place(4211, 0.5 + 106.807_719_444_444, -6.5).unwrap();
        assert!(apart_m(found, same.x(), same.y()) < 0.01, "{found:?} {same:?}");
        let neiez = place(5330, 3_900_000.0, 900_000.0).unwrap();
        let same = place(4211, 110.0, 0.0).unwrap();
        assert!(apart_m(neiez, same.x(), same.y()) < 0.01, "{neiez:?} {same:?}");
        assert!(Crs::from_code(4813).unwrap().is_shifted());
    }

    #[test]
    fn an_old_datum_is_shifted_and_says_so() {
        for (code, least_m, most_m) in [(4211, 30.0, 900.0), (4613, 30.0, 900.0)] {
            let moved = apart_m(place(code, 114.3735, -8.2133).unwrap(), 114.3735, -8.2133);
            assert!((least_m..most_m).contains(&moved), "EPSG:{code}: {moved} m");
            assert!(Crs::from_code(code).unwrap().is_shifted());
        }
        for code in [32_749, 23_835, 3857, 4755] {
            assert!(!Crs::from_code(code).unwrap().is_shifted(), "EPSG:{code}");
        }
    }

    #[test]
    fn places_outside_of_the_domain_are_told() {
        for (x, y) in [(114.3735, -8.2133), (9_092_000.0, 207_345.0), (1e12, 1e12), (0.0, 0.0), (-5e6, 9e6)] {
            assert!(place(32_749, x, y).is_err(), "{x} {y}: {:?}", place(32_749, x, y));
        }
        assert!(place(3857, 1e9, 1e9).is_err());
        assert!(place(32_749, f64::NAN, 1.0).unwrap().x().is_nan());
    }

    #[test]
    fn codes_are_read_as_people_write_them_and_unknown_ones_are_refused() {
        for name in
            ["32749", "EPSG:32749", "epsg:32749", "urn:ogc:def:crs:EPSG::32749", "urn:ogc:def:crs:EPSG:6.9:32749"]
        {
            assert_eq!(Crs::parse(name).unwrap().code(), 32_749, "{name}");
        }
        assert!(Crs::parse("OGC:CRS84").unwrap().is_wgs84());
        for name in ["EPSG:99999", "EPSG:1", "UTM 49S", "", "-1", "ESRI:104000", "EPSG:4978"] {
            assert_eq!(Crs::parse(name).unwrap_err().code(), "crs_unknown", "{name}");
        }
        assert_eq!(Stated::by_authority("NONE", -1, ""), None);
        assert_eq!(Stated::by_authority("epsg", 32_750, "").unwrap().code, Some(32_750));
    }
}
