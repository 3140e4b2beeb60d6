//! Definitions of coordinate systems in well-known text: the `.prj` of a shapefile, by Esri, GDAL or in WKT 2. Read as far
//! as to find the EPSG code.

use super::codes::{Projection, code_of, fold, geographic, projected};

/// Brackets lie in each other no deeper than this.
const DEPTH: usize = 12;
/// No definition is longer.
const BYTES: usize = 64 << 10;
/// Radians of a degree: the unit of a system in degrees, unless it is in grads.
const DEGREE: f64 = 0.017_453_292_519_943_3;

/// The name of a system and its EPSG code, if it is known; `None` for a text that is no definition.
pub fn read(text: &str) -> Option<(String, Option<u32>)> {
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let mut rest = text.get(..text.len().min(BYTES)).unwrap_or_default();
    let root = Node::read(&mut rest, DEPTH)?;
    let root = match root.name.as_str() {
        // With a height, with a shift: the first system inside is the one of the map.
        "COMPDCS" | "COMPOUNDCRS" | "BOUNDCRS" | "SOURCECRS" => root.find_system(DEPTH)?,
        _ => &root,
    };
    let name = root.texts.first().cloned().unwrap_or_default();
    root.is_system().then(|| (name, root.stated_code().or_else(|| root.described_code())))
}

/// `NAME["text", 1.5, CHILD[…], EAST]`.
struct Node {
    /// Folded.
    name: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<Node>,
}

impl Node {
    /// Reads the node that the text begins with.
    fn read(rest: &mut &str, depth: usize) -> Option<Self> {
        let open = rest.find(['[', '('])?;
        let (name, tail) = rest.split_at(open);
        let mut node = Self { name: fold(name), texts: Vec::new(), numbers: Vec::new(), children: Vec::new() };
        *rest = &tail[1..];
        if depth == 0 || node.name.is_empty() {
            return None;
        }
        loop {
            *rest = rest.trim_start();
            match rest.chars().next()? {
                ',' => *rest = &rest[1..],
                ']' | ')' => {
                    *rest = &rest[1..];
                    return Some(node);
                }
                '"' => {
                    let (text, tail) = rest[1..].split_once('"')?;
                    node.texts.push(text.to_owned());
                    *rest = tail;
                }
                _ => {
                    let end = rest.find([',', '[', '(', ']', ')'])?;
                    if rest[end..].starts_with(['[', '(']) {
                        node.children.push(Self::read(rest, depth - 1)?);
                    } else {
                        node.numbers.extend(rest[..end].trim().parse::<f64>());
                        *rest = &rest[end..];
                    }
                }
            }
        }
    }

    fn is_system(&self) -> bool {
        self.is_geographic() || matches!(self.name.as_str(), "PROJCS" | "PROJCRS" | "PROJECTEDCRS")
    }

    fn is_geographic(&self) -> bool {
        ["GEOGCS", "GEOGCRS", "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS"]
            .contains(&self.name.as_str())
    }

    /// The first horizontal system inside, at whatever depth.
    fn find_system(&self, depth: usize) -> Option<&Self> {
        let deeper = |child: &'_ Self| child.is_system();
        let found = self.children.iter().find(|child| deeper(child));
        found.or_else(|| self.children.iter().find_map(|child| child.find_system(depth.checked_sub(1)?)))
    }

    fn child(&self, names: &[&str]) -> Option<&Self> {
        self.children.iter().find(|child| names.contains(&child.name.as_str()))
    }

    /// The code that an authority gave it: `AUTHORITY["EPSG","32749"]`, `ID["EPSG",32749]`.
    fn stated_code(&self) -> Option<u32> {
        let authority = self.child(&["AUTHORITY", "ID"])?;
        let number = authority.texts.get(1).cloned().or_else(|| authority.numbers.first().map(f64::to_string))?;
        code_of(&format!("{}:{number}", authority.texts.first()?))
    }

    /// The code of the system that its datum, projection and parameters describe.
    fn described_code(&self) -> Option<u32> {
        if self.is_geographic() {
            let (datum, meridian) = self.datum()?;
            let unit = self.unit(&["UNIT", "ANGLEUNIT"]).unwrap_or(DEGREE);
            return geographic(datum, meridian).filter(|_| (unit - DEGREE).abs() < 1e-9);
        }
        let base = self.children.iter().find(|child| child.is_geographic())?;
        let (datum, meridian) = base.datum()?;
        let conversion = self.child(&["CONVERSION"]).unwrap_or(self);
        let method = conversion.child(&["PROJECTION", "METHOD"])?.texts.first()?;
        if self.unit(&["UNIT", "LENGTHUNIT"]).is_some_and(|unit| unit != 1.0) {
            return None;
        }
        let value = |names: &[&str]| {
            let is = |child: &&Self| child.texts.first().is_some_and(|name| names.contains(&fold(name).as_str()));
            conversion.children.iter().filter(|child| child.name == "PARAMETER").find(is)?.numbers.first().copied()
        };
        let projection = Projection {
            method: fold(method),
            middle: value(&["CENTRALMERIDIAN", "LONGITUDEOFNATURALORIGIN"]).unwrap_or(0.0),
            latitude: value(&["LATITUDEOFORIGIN", "LATITUDEOFNATURALORIGIN"]).unwrap_or(0.0),
            scale: value(&["SCALEFACTOR", "SCALEFACTORATNATURALORIGIN"]),
            east: value(&["FALSEEASTING"]).unwrap_or(0.0),
            north: value(&["FALSENORTHING"]).unwrap_or(0.0),
        };
        projected(datum, meridian, &projection)
    }

    /// The datum's name and the prime meridian, degrees.
    fn datum(&self) -> Option<(&str, f64)> {
        let datum = self.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?.texts.first()?;
        let datum = datum.strip_suffix(" ensemble").unwrap_or(datum);
        let meridian = self.child(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|node| node.numbers.first().copied());
        Some((datum, meridian.unwrap_or(0.0)))
    }

    fn unit(&self, names: &[&str]) -> Option<f64> {
        self.child(names)?.numbers.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<u32> {
        read(text).and_then(|(_, code)| code)
    }

    const SRGI: &str = r#"GEOGCS["GCS_SRGI2013",DATUM["Sistem_Referensi_Geospasial_Indonesia_2013",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    fn transverse(base: &str, east: f64, north: f64, middle: f64, scale: f64) -> String {
        format!(
            r#"PROJCS["x",{base},PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",{east:.1}],
            PARAMETER["False_Northing",{north:.1}],PARAMETER["Central_Meridian",{middle:.1}],
            PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        )
    }

    #[test]
    fn definitions_of_esri_are_known_by_their_parameters() {
        assert_eq!(read(SRGI), Some(("GCS_SRGI2013".to_owned(), Some(9470))));
        let dgn = SRGI.replace("Sistem_Referensi_Geospasial_Indonesia_2013", "D_Datum_Geodesi_Nasional_1995");
        let wgs = SRGI.replace("Sistem_Referensi_Geospasial_Indonesia_2013", "D_WGS_1984");
        for (base, east, north, middle, scale, expected) in [
            (SRGI, 5e5, 1e7, 111.0, 0.9996, Some(9489)),
            (SRGI, 5e5, 0.0, 93.0, 0.9996, Some(9476)),
            (&wgs, 5e5, 1e7, 117.0, 0.9996, Some(32_750)),
            (&dgn, 5e5, 1e7, 111.0, 0.9996, Some(23_879)),
            (&dgn, 2e5, 1.5e6, 109.5, 0.9999, Some(23_835)),
            (&wgs, 2e5, 1.5e6, 112.5, 0.9999, Some(23_836)),
            (&wgs, 5e5, 1e7, 110.0, 0.9996, None),
            (&wgs, 5e5, 1e7, 111.0, 1.0, None),
        ] {
            assert_eq!(code(&transverse(base, east, north, middle, scale)), expected, "{middle} {scale}");
        }
        let web = format!(r#"PROJCS["w",{wgs},PROJECTION["Mercator_Auxiliary_Sphere"],UNIT["Meter",1.0]]"#);
        assert_eq!(code(&web), Some(3857));
        let feet = transverse(&wgs, 5e5, 1e7, 111.0, 0.9996).replace(r#"UNIT["Meter",1.0]"#, r#"UNIT["Foot",0.3048]"#);
        assert_eq!(code(&feet), None);
    }

    #[test]
    fn the_meridian_of_jakarta_is_told_from_greenwich() {
        let batavia = r#"GEOGCS["GCS_Batavia",DATUM["D_Batavia",SPHEROID["Bessel_1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        let jakarta = batavia.replace(r#""Greenwich",0.0"#, r#""Jakarta",106.807719444444"#);
        assert_eq!((code(batavia), code(&jakarta)), (Some(4211), Some(4813)));
        assert_eq!(code(&jakarta.replace("106.8", "2.3")), None);
        let neiez = |base: &str| {
            format!(
                r#"PROJCS["N",{base},PROJECTION["Mercator"],PARAMETER["False_Easting",3900000.0],PARAMETER["False_Northing",900000.0],UNIT["Meter",1.0]]"#
            )
        };
        assert_eq!((code(&neiez(batavia)), code(&neiez(&jakarta))), (Some(3001), Some(5330)));
    }

    #[test]
    fn the_code_of_an_authority_counts_first() {
        let gdal = transverse(SRGI, 5e5, 1e7, 111.0, 0.9996)
            .replace(r#"UNIT["Meter",1.0]]"#, r#"UNIT["metre",1],AUTHORITY["EPSG","9489"]]"#);
        assert_eq!(code(&gdal), Some(9489));
        let wkt2 = r#"GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["World Geodetic System 1984 (G730)"],ELLIPSOID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],CS[ellipsoidal,2],AXIS["latitude (Lat)",north],ANGLEUNIT["degree",0.0174532925199433]]"#;
        assert_eq!(code(wkt2), Some(4326));
        let with_height = format!(r#"COMPD_CS["both",{SRGI},VERT_CS["h",VERT_DATUM["g",2005],UNIT["m",1.0]]]"#);
        assert_eq!(code(&with_height), Some(9470));
    }

    #[test]
    fn what_is_no_definition_is_none_and_an_unknown_one_keeps_its_name() {
        for text in ["", "EPSG:4326", "[", "PROJCS[", "LOCAL_CS[\"x\"]", &"A[".repeat(1_000)] {
            assert_eq!(read(text), None, "{text}");
        }
        let other = SRGI.replace("Sistem_Referensi", "Other").replace("GCS_SRGI2013", "GCS_Other");
        assert_eq!(read(&other), Some(("GCS_Other".to_owned(), None)));
    }
}
