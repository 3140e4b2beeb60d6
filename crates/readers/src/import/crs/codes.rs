//! Names of coordinate systems as EPSG codes: codes of several authorities, and what the systems of Indonesia are called.

use super::WGS84;

/// Codes of web Mercator in Google Maps, OpenLayers and ArcGIS, which mean EPSG:3857.
const WEB_MERCATOR: u32 = 3857;
const WEB_MERCATOR_TOO: [u32; 3] = [900_913, 102_100, 102_113];
/// Esri keeps the codes of EPSG below its own ones.
const ESRI_OWN: u32 = 37_000;
/// The meridian of Jakarta, degrees.
const JAKARTA: f64 = 106.807_719_444_444;

/// What the systems of one datum are called, and their codes. Zones of UTM follow each other: a code is the sum.
struct Datum {
    /// In capital letters and digits only, without `GCS_` and `D_` of Esri.
    names: &'static [&'static str],
    geographic: u32,
    /// First and last zone, and what is added to the zone.
    north: Option<(u32, u32, u32)>,
    south: Option<(u32, u32, u32)>,
    /// The Mercator projection of the former Netherlands East Indies.
    neiez: Option<u32>,
}

const DATUMS: &[Datum] = &[
    Datum {
        names: &["WGS84", "WGS1984", "WORLDGEODETICSYSTEM1984"],
        geographic: WGS84,
        north: Some((1, 60, 32_600)),
        south: Some((1, 60, 32_700)),
        neiez: None,
    },
    Datum {
        names: &["SRGI2013", "SISTEMREFERENSIGEOSPASIALINDONESIA2013"],
        geographic: 9470,
        north: Some((46, 52, 9430)),
        south: Some((47, 54, 9440)),
        neiez: None,
    },
    Datum {
        names: &["DGN95", "DGN1995", "DATUMGEODESINASIONAL1995"],
        geographic: 4755,
        north: Some((46, 52, 23_820)),
        south: Some((47, 54, 23_830)),
        neiez: None,
    },
    Datum {
        names: &["ID74", "INDONESIAN1974", "INDONESIANDATUM1974"],
        geographic: 4238,
        north: Some((46, 52, 23_800)),
        south: Some((47, 54, 23_840)),
        neiez: None,
    },
    Datum {
        names: &["BATAVIA", "GENUK"],
        geographic: 4211,
        north: None,
        south: Some((48, 50, 21_100)),
        neiez: Some(3001),
    },
    Datum { names: &["BATAVIAJAKARTA"], geographic: 4813, north: None, south: None, neiez: Some(5330) },
    Datum {
        names: &["GUNUNGSEGARA", "SEGARA"],
        geographic: 4613,
        north: None,
        south: Some((50, 50, 2883)),
        neiez: Some(3000),
    },
    Datum {
        names: &["GUNUNGSEGARAJAKARTA", "SEGARAJAKARTA"],
        geographic: 4820,
        north: None,
        south: None,
        neiez: Some(5329),
    },
    Datum { names: &["MAKASSAR"], geographic: 4257, north: None, south: None, neiez: Some(3002) },
    Datum { names: &["MAKASSARJAKARTA"], geographic: 4804, north: None, south: None, neiez: Some(5331) },
];

/// The code in a name: `EPSG:32749`, `urn:ogc:def:crs:EPSG::32749`, `http://www.opengis.net/def/crs/EPSG/0/32749`,
/// `ESRI:102100`, `WGS 84 / UTM zone 49S`. CRS84 is WGS 84 with the longitude first, as everything here.
pub fn code_of(name: &str) -> Option<u32> {
    let name = name.trim().to_uppercase();
    if name.contains("CRS84") || name.ends_with("CRS:84") {
        return Some(WGS84);
    }
    let words: Vec<&str> = name.split([':', '/', '#', '.']).collect();
    let number = words.last().and_then(|number| number.trim().parse::<u32>().ok());
    let Some(number) = number.filter(|_| words.len() == 1 || words.iter().any(|word| matches!(*word, "EPSG" | "ESRI")))
    else {
        return named(&name);
    };
    if WEB_MERCATOR_TOO.contains(&number) {
        return Some(WEB_MERCATOR);
    }
    (number < ESRI_OWN || !words.contains(&"ESRI")).then_some(number)
}

/// A system by its name: `SRGI2013`, `GCS_WGS_1984`, `WGS_1984_UTM_Zone_49S`, `DGN95 / Indonesia TM-3 zone 49.1`.
fn named(name: &str) -> Option<u32> {
    let folded = fold(name);
    if folded.contains("WEBMERCATOR") || folded.contains("PSEUDOMERCATOR") {
        return Some(WEB_MERCATOR);
    }
    if let Some((datum, zone)) = folded.split_once("INDONESIATM3ZONE") {
        let (zone, half) = zone.split_at_checked(2)?;
        let half: u32 = half.parse().ok().filter(|half| (1..=2).contains(half))?;
        datum_named(datum)?;
        // Zone 46.2 is the first, each zone of UTM is two of these.
        return Some(23_830 + (2 * zone.parse::<u32>().ok()? + half).checked_sub(94)?).filter(|code| *code <= 23_845);
    }
    if let Some((datum, zone)) = folded.split_once("UTMZONE") {
        let datum = datum_named(datum)?;
        let (number, side) = zone.split_at_checked(zone.len().checked_sub(1)?)?;
        return utm(datum, number.parse().ok()?, side == "S").filter(|_| matches!(side, "N" | "S"));
    }
    datum_named(&folded).map(|datum| datum.geographic)
}

fn utm(datum: &Datum, zone: u32, is_south: bool) -> Option<u32> {
    let (first, last, add) = if is_south { datum.south? } else { datum.north? };
    (first..=last).contains(&zone).then_some(add + zone)
}

fn datum_named(name: &str) -> Option<&'static Datum> {
    let folded = fold(name);
    let bare = folded.strip_prefix("GCS").unwrap_or(&folded);
    DATUMS.iter().find(|datum| datum.names.contains(&bare))
}

/// Capital letters and digits.
pub fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A projection by its parameters, as definitions in WKT have them: metres and degrees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// Folded.
    pub method: String,
    pub middle: f64,
    pub latitude: f64,
    pub scale: Option<f64>,
    pub east: f64,
    pub north: f64,
}

/// The code of a geographic system by the name of its datum and its prime meridian.
pub fn geographic(datum: &str, prime_meridian: f64) -> Option<u32> {
    find_datum(datum, prime_meridian).map(|datum| datum.geographic)
}

/// The code of a projection on a datum.
pub fn projected(datum: &str, prime_meridian: f64, projection: &Projection) -> Option<u32> {
    let datum = find_datum(datum, prime_meridian)?;
    let Projection { method, middle, latitude, scale, east, north } = projection;
    let is = |value: f64, wanted: f64| (value - wanted).abs() < 1e-6;
    if method == "MERCATORAUXILIARYSPHERE" || method == "POPULARVISUALISATIONPSEUDOMERCATOR" {
        return Some(WEB_MERCATOR).filter(|_| datum.geographic == WGS84);
    }
    if method.starts_with("MERCATOR") {
        return datum.neiez.filter(|_| is(*east, 3_900_000.0) && is(*north, 900_000.0));
    }
    if method != "TRANSVERSEMERCATOR" || !is(*latitude, 0.0) {
        return None;
    }
    let scale = scale.unwrap_or(1.0);
    let (zone, rest) = ((middle + 183.0) / 6.0, (middle + 183.0).rem_euclid(6.0));
    if is(scale, 0.9996) && is(*east, 500_000.0) && is(rest, 0.0) && (is(*north, 0.0) || is(*north, 10_000_000.0)) {
        return utm(datum, zone.round() as u32, *north > 0.0);
    }
    let (zone, rest) = ((middle - 94.5) / 3.0, (middle - 94.5).rem_euclid(3.0));
    let is_tm3 = is(scale, 0.9999) && is(*east, 200_000.0) && is(*north, 1_500_000.0) && is(rest, 0.0);
    // Defined on DGN95, which WGS 84 and SRGI2013 are to some decimetres.
    let on_dgn95 = [WGS84, 9470, 4755].contains(&datum.geographic);
    if is_tm3 && on_dgn95 && (0.0..=15.0).contains(&zone.round()) {
        return Some(23_830 + zone.round() as u32);
    }
    let tm_109_se = is(scale, 0.9996) && is(*middle, 109.0) && is(*east, 500_000.0) && is(*north, 10_000_000.0);
    (tm_109_se && datum.geographic == 4211).then_some(2308)
}

fn find_datum(name: &str, prime_meridian: f64) -> Option<&'static Datum> {
    let folded = fold(name);
    let bare = ["D", ""].iter().find_map(|before| {
        let bare = folded.strip_prefix(before)?;
        let bare = bare.strip_suffix("JAKARTA").unwrap_or(bare);
        DATUMS.iter().any(|datum| datum.names.contains(&bare)).then_some(bare)
    })?;
    if prime_meridian == 0.0 {
        return datum_named(bare);
    }
    let on_jakarta = (prime_meridian - JAKARTA).abs() < 1e-6;
    datum_named(&format!("{bare}JAKARTA")).filter(|_| on_jakarta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_programs_write_it() {
        for name in [
            "32749",
            "EPSG:32749",
            "urn:ogc:def:crs:EPSG:6.9:32749",
            "http://www.opengis.net/def/crs/EPSG/0/32749",
            "http://www.opengis.net/gml/srs/epsg.xml#32749",
            "ESRI:32749",
            "WGS 84 / UTM zone 49S",
            "WGS_1984_UTM_Zone_49S",
        ] {
            assert_eq!(code_of(name), Some(32_749), "{name}");
        }
        for name in ["ESRI:102100", "EPSG:900913", "EPSG:102113", "3857", "WGS_1984_Web_Mercator_Auxiliary_Sphere"] {
            assert_eq!(code_of(name), Some(3857), "{name}");
        }
        for (name, code) in [
            ("SRGI2013", 9470),
            ("GCS_SRGI_2013", 9470),
            ("SRGI2013 / UTM zone 49S", 9489),
            ("DGN_1995_UTM_Zone_50S", 23_880),
            ("DGN95 / Indonesia TM-3 zone 49.1", 23_835),
            ("DGN_1995_Indonesia_TM-3_Zone_54.1", 23_845),
            ("OGC:CRS84", 4326),
            ("GCS_Batavia_Jakarta", 4813),
            ("WGS 84", 4326),
        ] {
            assert_eq!(code_of(name), Some(code), "{name}");
        }
        for name in ["", "UTM 49S", "ESRI:104000", "local:1", "SRGI2013 / UTM zone 60S", "WGS 84 / UTM zone 49"] {
            assert_eq!(code_of(name), None, "{name}");
        }
    }
}
