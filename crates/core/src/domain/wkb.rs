//! Well-known binary: ISO, the extended one of PostGIS (EWKB), and both as hexadecimal text. Curves become short lines.
//!
//! The crate `wkb` trusts the lengths that the bytes claim and reads the types of curves by their last three bits, a
//! COMPOUNDCURVE as a point: it only writes here.

use super::arcs;
use super::geojson::DEPTH;
use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, coord,
};

/// The flags of extended WKB: a third number, a fourth one, the number of a coordinate system.
const FLAGS: [u32; 3] = [0x8000_0000, 0x4000_0000, 0x2000_0000];
/// Maximum number of corners that the arcs of one geometry become: 11,000 whole circles.
const ARC_CORNERS: usize = 1_000_000;

const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;
const COLLECTION: u32 = 7;
const CIRCULAR_STRING: u32 = 8;
const COMPOUND_CURVE: u32 = 9;
const CURVE_POLYGON: u32 = 10;
const MULTI_CURVE: u32 = 11;
const MULTI_SURFACE: u32 = 12;

/// A geometry, and the EPSG code that extended WKB states beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// `None` for one without a place.
    pub geometry: Option<Geometry<f64>>,
    pub srid: Option<u32>,
}

/// A geometry of ISO or extended WKB; `None` for one without a place. `Err` is the reason why it is not one.
pub fn parse(bytes: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    parse_stated(bytes).map(|stated| stated.geometry)
}

/// As [`parse`], with the system that the bytes state.
pub fn parse_stated(bytes: &[u8]) -> Result<Stated, String> {
    let mut rest = Bytes { rest: bytes, arc_corners: ARC_CORNERS };
    let (srid, geometry) = rest.geometry(None, DEPTH)?;
    Ok(Stated { geometry, srid })
}

/// Whether a text may be WKB in hexadecimal digits: the shortest one has a type and a count.
pub fn is_hex(text: &str) -> bool {
    let digits = text.trim().as_bytes();
    digits.len() >= 18
        && digits.len().is_multiple_of(2)
        && digits[0] == b'0'
        && matches!(digits[1], b'0' | b'1')
        && digits.iter().all(u8::is_ascii_hexdigit)
}

/// WKB as databases write it into text: hexadecimal digits of either case.
pub fn parse_hex(text: &str) -> Result<Stated, String> {
    let bytes = hex::decode(text.trim()).map_err(|_| "it is not in hexadecimal digits".to_owned())?;
    parse_stated(&bytes)
}

/// The bytes not read yet.
struct Bytes<'a> {
    rest: &'a [u8],
    /// Corners that arcs may still become.
    arc_corners: usize,
}

/// The head of a geometry.
#[derive(Clone, Copy)]
struct Head {
    little: bool,
    kind: u32,
    /// Bytes of one position.
    position: usize,
    srid: Option<u32>,
}

impl Bytes<'_> {
    /// One geometry; `whole` is the kind of what it is a part of.
    fn geometry(&mut self, whole: Option<u32>, depth: usize) -> Result<(Option<u32>, Option<Geometry<f64>>), String> {
        let head = self.head()?;
        if whole.is_some_and(|whole| !may_hold(whole, head.kind)) {
            return Err("a part is of another kind than the whole".to_owned());
        }
        let geometry: Geometry<f64> = match head.kind {
            POINT => match self.position(head)? {
                // A point without a position is written as NaN.
                corner if corner.x.is_nan() && corner.y.is_nan() => return Ok((head.srid, None)),
                corner => Point(corner).into(),
            },
            LINE_STRING => LineString(self.corners(head)?).into(),
            CIRCULAR_STRING => LineString(self.arcs(head)?).into(),
            POLYGON => {
                let count = self.number(head.little)?;
                let rings = (0..count).map(|_| self.corners(head).map(LineString));
                polygon(rings.collect::<Result<_, _>>()?).into()
            }
            _ if depth == 0 => return Err("collections lie too deep in each other".to_owned()),
            kind => compose(kind, self.parts(head, depth - 1)?)?,
        };
        Ok((head.srid, Some(geometry)))
    }

    fn head(&mut self) -> Result<Head, String> {
        let little = match self.bytes::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err("its byte order is of no known kind".to_owned()),
        };
        let code = self.number(little)?;
        let [z, m, has_srid] = FLAGS.map(|flag| code & flag != 0);
        let code = code & !FLAGS.iter().sum::<u32>();
        let (kind, dimensions) = (code % 1_000, code / 1_000);
        if !(POINT..=MULTI_SURFACE).contains(&kind) || dimensions > 3 || (dimensions > 0 && (z || m)) {
            return Err(format!("geometries of type {code} are not read"));
        }
        let further = match dimensions {
            0 => usize::from(z) + usize::from(m),
            3 => 2,
            _ => 1,
        };
        let srid = if has_srid { Some(self.number(little)?) } else { None };
        Ok(Head { little, kind, position: 8 * (2 + further), srid })
    }

    /// The parts of a geometry that have a place.
    fn parts(&mut self, head: Head, depth: usize) -> Result<Vec<Geometry<f64>>, String> {
        let mut parts = Vec::new();
        for _ in 0..self.number(head.little)? {
            parts.extend(self.geometry(Some(head.kind), depth)?.1);
        }
        Ok(parts)
    }

    fn arcs(&mut self, head: Head) -> Result<Vec<Coord<f64>>, String> {
        let corners = arcs::corners(&self.corners(head)?)?;
        let too_many = || format!("its arcs have over {ARC_CORNERS} corners");
        self.arc_corners = self.arc_corners.checked_sub(corners.len()).ok_or_else(too_many)?;
        Ok(corners)
    }

    fn corners(&mut self, head: Head) -> Result<Vec<Coord<f64>>, String> {
        let count = usize::try_from(self.number(head.little)?).unwrap_or(usize::MAX);
        // Memory grows with the bytes that are there, not with a claimed count.
        if count.saturating_mul(head.position) > self.rest.len() {
            return Err("it breaks off".to_owned());
        }
        (0..count).map(|_| self.position(head)).collect()
    }

    /// East and north; height and measure are passed over.
    fn position(&mut self, head: Head) -> Result<Coord<f64>, String> {
        let (bytes, rest) = self.rest.split_at_checked(head.position).ok_or("it breaks off")?;
        self.rest = rest;
        let read = if head.little { f64::from_le_bytes } else { f64::from_be_bytes };
        let numbers = bytes.as_chunks::<8>().0;
        Ok(coord! { x: read(numbers[0]), y: read(numbers[1]) })
    }

    fn number(&mut self, little: bool) -> Result<u32, String> {
        let bytes = self.bytes::<4>()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (first, rest) = self.rest.split_first_chunk::<N>().ok_or("it breaks off")?;
        self.rest = rest;
        Ok(*first)
    }
}

/// Whether a geometry of one kind may be a part of another one.
fn may_hold(whole: u32, part: u32) -> bool {
    match whole {
        MULTI_POINT => part == POINT,
        MULTI_LINE_STRING => part == LINE_STRING,
        MULTI_POLYGON => part == POLYGON,
        COMPOUND_CURVE => matches!(part, LINE_STRING | CIRCULAR_STRING),
        CURVE_POLYGON | MULTI_CURVE => matches!(part, LINE_STRING | CIRCULAR_STRING | COMPOUND_CURVE),
        MULTI_SURFACE => matches!(part, POLYGON | CURVE_POLYGON),
        _ => true,
    }
}

fn compose(kind: u32, parts: Vec<Geometry<f64>>) -> Result<Geometry<f64>, String> {
    Ok(match kind {
        MULTI_POINT => MultiPoint(of_kind(parts)).into(),
        MULTI_LINE_STRING | MULTI_CURVE => MultiLineString(of_kind(parts)).into(),
        MULTI_POLYGON | MULTI_SURFACE => MultiPolygon(of_kind(parts)).into(),
        COMPOUND_CURVE => arcs::join(of_kind(parts))?.into(),
        CURVE_POLYGON => polygon(of_kind(parts)).into(),
        COLLECTION => Geometry::GeometryCollection(GeometryCollection(parts)),
        other => return Err(format!("geometries of type {other} are not read")),
    })
}

/// The kind of each part was looked at in its head.
fn of_kind<T: TryFrom<Geometry<f64>>>(parts: Vec<Geometry<f64>>) -> Vec<T> {
    parts.into_iter().filter_map(|part| part.try_into().ok()).collect()
}

fn polygon(rings: Vec<LineString<f64>>) -> Polygon<f64> {
    let mut rings = rings.into_iter();
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, line_string, polygon};

    fn written(geometry: &Geometry<f64>) -> Vec<u8> {
        let mut bytes = Vec::new();
        wkb::writer::write_geometry(&mut bytes, geometry, &wkb::writer::WriteOptions::default()).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read_and_what_breaks_off_is_refused() {
        let area = polygon![(x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 2.0, y: 2.0)];
        let line = line_string![(x: 1.0, y: 1.0), (x: 2.0, y: 1.0)];
        let all: Vec<Geometry<f64>> = vec![
            Point::new(1.0, 2.0).into(),
            line.clone().into(),
            area.clone().into(),
            geo::MultiPoint(vec![Point::new(1.0, 2.0), Point::new(2.0, 2.0)]).into(),
            geo::MultiPolygon(vec![area]).into(),
            Geometry::GeometryCollection(geo::GeometryCollection(vec![Point::new(1.0, 2.0).into(), line.into()])),
        ];
        for geometry in all {
            let bytes = written(&geometry);
            assert_eq!(parse(&bytes), Ok(Some(geometry)));
            for cut in 0..bytes.len() {
                assert!(parse(&bytes[..cut]).is_err(), "{cut}");
            }
        }
    }

    /// A geometry of the type `code` by ISO, little-endian: a count, and what follows it.
    fn iso(code: u32, count: u32, rest: &[&[u8]]) -> Vec<u8> {
        [&[1][..], &code.to_le_bytes(), &count.to_le_bytes(), &rest.concat()].concat()
    }

    fn positions(numbers: &[f64]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// A half circle above 1, 0 to -1, 0, with heights where the type has them.
    fn half_circle(code: u32) -> Vec<u8> {
        let corners = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
        let numbers: Vec<f64> = match code {
            8 => corners.concat(),
            _ => corners.iter().flat_map(|[x, y]| [*x, *y, 7.0]).collect(),
        };
        iso(code, 3, &[&positions(&numbers)])
    }

    #[test]
    fn curves_become_short_lines() {
        let line = iso(2, 2, &[&positions(&[-1.0, 0.0, 1.0, 0.0])]);
        let plain = parse(&half_circle(8)).unwrap().unwrap();
        let Geometry::LineString(arc) = &plain else { panic!("{plain:?}") };
        assert_eq!(arc.0.len(), 46);
        assert_eq!(parse(&half_circle(1008)), Ok(Some(plain.clone())));
        let compound = parse(&iso(9, 2, &[&half_circle(8), &line])).unwrap().unwrap();
        let Geometry::LineString(ring) = &compound else { panic!("{compound:?}") };
        assert!(ring.0.len() == 47 && ring.is_closed());
        let ring_of_arcs = iso(10, 1, &[&iso(9, 2, &[&half_circle(8), &line])]);
        let area = Polygon::new(ring.clone(), Vec::new());
        assert_eq!(parse(&ring_of_arcs), Ok(Some(area.clone().into())));
        assert_eq!(parse(&iso(12, 1, &[&ring_of_arcs])), Ok(Some(geo::MultiPolygon(vec![area]).into())));
        let several = geo::MultiLineString(vec![arc.clone(), ring.clone()]);
        let curves = iso(11, 2, &[&half_circle(8), &iso(9, 2, &[&half_circle(8), &line])]);
        assert_eq!(parse(&curves), Ok(Some(several.into())));
        for cut in 0..curves.len() {
            assert!(parse(&curves[..cut]).is_err(), "{cut}");
        }
        // Parts that do not meet, parts of another kind.
        assert!(parse(&iso(9, 2, &[&line, &line])).is_err());
        assert!(parse(&iso(12, 1, &[&line])).is_err());
    }

    #[test]
    fn arcs_do_not_fill_the_memory() {
        let circle = iso(8, 3, &[&positions(&[1.0, 0.0, -1.0, 0.0, 1.0, 0.0])]);
        assert!(parse(&iso(11, 11_000, &[&circle.repeat(11_000)])).unwrap_err().contains("corners"));
    }

    #[test]
    fn databases_write_it_in_hexadecimal_digits_with_the_system_beside_it() {
        let there = "0101000020E610000086AE44A07A965C40FB40F2CEA18020C0";
        for text in [there.to_owned(), there.to_lowercase(), format!(" {there}\n")] {
            assert!(is_hex(&text));
            let read = parse_hex(&text).unwrap();
            assert_eq!((read.srid, read.geometry.unwrap()), (Some(4326), Point::new(114.3512345, -8.2512345).into()));
        }
        // Big-endian, with a height: POINT Z (1 2 3).
        let high = "00000003E93FF000000000000040000000000000004008000000000000";
        assert_eq!(parse_hex(high), Ok(Stated { geometry: Some(Point::new(1.0, 2.0).into()), srid: None }));
        for text in [
            "",
            "01",
            "35100120012025010101",
            "0101000020E610000086AE44A07A965C40FB40F2CEA18020C",
            "02".repeat(20).as_str(),
        ] {
            assert!(!is_hex(text) || parse_hex(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_type_that_is_none_is_refused_and_a_part_is_what_the_whole_says() {
        let with_type = |code: u8| {
            let mut bytes = written(&line_string![(x: 1.0, y: 1.0), (x: 2.0, y: 1.0)].into());
            bytes[1] = code;
            bytes
        };
        for code in [0, 9, 10, 13, 15, 17] {
            assert!(parse(&with_type(code)).is_err(), "{code}");
        }
        // The head of the first of two points is changed into that of a line.
        let mut points = written(&geo::MultiPoint(vec![Point::new(1.0, 2.0), Point::new(2.0, 2.0)]).into());
        points[10] = 2;
        assert!(parse(&points).is_err());
    }

    #[test]
    fn collections_lie_in_each_other_to_a_bounded_depth() {
        let mut bytes = written(&Point::new(1.0, 2.0).into());
        for _ in 0..DEPTH {
            bytes = [&[1, 7, 0, 0, 0, 1, 0, 0, 0][..], &bytes].concat();
            assert!(parse(&bytes).is_ok());
        }
        let deeper = [&[1, 7, 0, 0, 0, 1, 0, 0, 0][..], &bytes].concat();
        assert!(parse(&deeper).is_err());
    }
}
