//! Well-known binary, checked before the `wkb` crate reads it: that crate trusts the lengths and types in the bytes and
//! reads curves as lines.

use super::geojson::DEPTH;
use geo::Geometry;
use geo_traits::to_geo::ToGeoGeometry;

/// The flags of extended WKB: a third number, a fourth one, the number of a coordinate system.
const FLAGS: [u32; 3] = [0x8000_0000, 0x4000_0000, 0x2000_0000];

/// A geometry of ISO or extended WKB; `None` for one without a place. `Err` is the reason why it is not one.
pub fn parse(bytes: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    let mut rest = Bytes(bytes);
    rest.geometry(None, DEPTH)?;
    let read = wkb::reader::read_wkb(bytes).map_err(|wrong| wrong.to_string())?;
    Ok(read.try_to_geometry())
}

/// The bytes not read yet.
struct Bytes<'a>(&'a [u8]);

/// The head of a geometry.
#[derive(Clone, Copy, PartialEq)]
struct Head {
    little: bool,
    /// Bytes of one position.
    position: usize,
}

impl Bytes<'_> {
    /// Passes over one geometry. `of`: the head and the kind of what it is a part of.
    fn geometry(&mut self, of: Option<(Head, u32)>, depth: usize) -> Result<(), String> {
        let little = match self.bytes::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err("its byte order is of no known kind".to_owned()),
        };
        let code = self.number(little)?;
        let [z, m, has_system] = FLAGS.map(|flag| code & flag != 0);
        let code = code & !FLAGS.iter().sum::<u32>();
        let (kind, dimensions) = (code % 1_000, code / 1_000);
        if !(1..=7).contains(&kind) || dimensions > 3 || (dimensions > 0 && (z || m)) {
            return Err(format!("geometries of type {code} are not read"));
        }
        let further = match dimensions {
            0 => usize::from(z) + usize::from(m),
            3 => 2,
            _ => 1,
        };
        let head = Head { little, position: 8 * (2 + further) };
        if let Some((whole, kind_of_whole)) = of {
            if whole != head || has_system {
                return Err("a part is written in another way than the whole".to_owned());
            }
            if (4..=6).contains(&kind_of_whole) && kind != kind_of_whole - 3 {
                return Err("a part is of another kind than the whole".to_owned());
            }
        }
        if has_system {
            self.bytes::<4>()?;
        }
        match kind {
            1 => self.skip(head.position),
            2 => self.corners(head),
            3 => (0..self.number(little)?).try_for_each(|_| self.corners(head)),
            _ if depth == 0 => Err("collections lie too deep in each other".to_owned()),
            _ => (0..self.number(little)?).try_for_each(|_| self.geometry(Some((head, kind)), depth - 1)),
        }
    }

    fn corners(&mut self, head: Head) -> Result<(), String> {
        let count = usize::try_from(self.number(head.little)?).unwrap_or(usize::MAX);
        self.skip(count.saturating_mul(head.position))
    }

    fn number(&mut self, little: bool) -> Result<u32, String> {
        let bytes = self.bytes::<4>()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or("it breaks off")?;
        self.0 = rest;
        Ok(*first)
    }

    fn skip(&mut self, count: usize) -> Result<(), String> {
        self.0 = self.0.get(count..).ok_or("it breaks off")?;
        Ok(())
    }
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

    #[test]
    fn a_curve_is_no_line_and_a_part_is_what_the_whole_says() {
        let with_type = |code: u8| {
            let mut bytes = written(&line_string![(x: 1.0, y: 1.0), (x: 2.0, y: 1.0)].into());
            bytes[1] = code;
            bytes
        };
        for code in [0, 8, 9, 10, 17] {
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
