//! One record of a `.shp` file as a geometry. Heights and measures are passed over.

use crate::domain::areas;
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point, coord};

/// The geometry of a record, from its type on; `None` for one without a place. Every count is compared with the bytes that
/// are there.
pub fn shape(bytes: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    let mut rest = Bytes(bytes);
    Ok(match rest.whole()? {
        0 => None,
        1 | 11 | 21 => {
            let corner = rest.corner()?;
            // What is below is "no data" by the format's description.
            let is_none = |number: f64| number.is_nan() || number < -1e38;
            (!is_none(corner.x) && !is_none(corner.y)).then(|| Point(corner).into())
        }
        3 | 13 | 23 => {
            let mut lines = rest.lines()?;
            match lines.len() {
                0 => None,
                1 => lines.pop().map(Geometry::LineString),
                _ => Some(MultiLineString(lines).into()),
            }
        }
        5 | 15 | 25 => {
            let area = areas::of_rings(rest.lines()?);
            (!area.0.is_empty()).then(|| area.into())
        }
        8 | 18 | 28 => {
            rest.bytes::<BOX>()?;
            let count = rest.count()?;
            let points: Vec<Point<f64>> = rest.corners(count)?.into_iter().map(Point).collect();
            (!points.is_empty()).then(|| MultiPoint(points).into())
        }
        31 => return Err("surfaces in space (MultiPatch) are not read: export the layer in two dimensions".to_owned()),
        other => return Err(format!("shapes of type {other} are not known")),
    })
}

/// Bytes of the box around a shape.
const BOX: usize = 32;

/// The bytes not read yet.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    /// The parts of a line or the rings of an area: a list of the corners at which they begin, then all corners.
    fn lines(&mut self) -> Result<Vec<LineString<f64>>, String> {
        self.bytes::<BOX>()?;
        let (parts, corners) = (self.count()?, self.count()?);
        if parts.saturating_mul(4) > self.0.len() {
            return Err("it breaks off".to_owned());
        }
        let mut ends = (0..parts).map(|_| self.count()).collect::<Result<Vec<_>, _>>()?;
        let corners = self.corners(corners)?;
        ends.push(corners.len());
        let line = |range: &[usize]| corners.get(range[0]..range[1]).map(|line| LineString(line.to_vec()));
        let lines = ends.windows(2).map(line).collect::<Option<Vec<_>>>();
        lines.map(without_empty).ok_or_else(|| "a part of it lies outside".to_owned())
    }

    fn corners(&mut self, count: usize) -> Result<Vec<Coord<f64>>, String> {
        if count.saturating_mul(16) > self.0.len() {
            return Err("it breaks off".to_owned());
        }
        (0..count).map(|_| self.corner()).collect()
    }

    fn corner(&mut self) -> Result<Coord<f64>, String> {
        let (x, y) = (self.bytes::<8>()?, self.bytes::<8>()?);
        Ok(coord! { x: f64::from_le_bytes(x), y: f64::from_le_bytes(y) })
    }

    fn count(&mut self) -> Result<usize, String> {
        usize::try_from(self.whole()?).map_err(|_| "it has a negative count".to_owned())
    }

    fn whole(&mut self) -> Result<i32, String> {
        Ok(i32::from_le_bytes(self.bytes::<4>()?))
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or("it breaks off")?;
        self.0 = rest;
        Ok(*first)
    }
}

fn without_empty(mut lines: Vec<LineString<f64>>) -> Vec<LineString<f64>> {
    lines.retain(|line| !line.0.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: i32, counts: &[i32], numbers: &[f64]) -> Vec<u8> {
        let bounds = if matches!(kind % 10, 1 | 0) { 0 } else { BOX };
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(vec![0; bounds]);
        bytes.extend(counts.iter().flat_map(|count| count.to_le_bytes()));
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    #[test]
    fn every_type_is_read_without_its_heights() {
        use wkt::ToWkt;
        for (bytes, text) in [
            (record(1, &[], &[1.0, 2.0]), "POINT(1 2)"),
            (record(11, &[], &[1.0, 2.0, 7.0, 8.0]), "POINT(1 2)"),
            (record(8, &[2], &[1.0, 2.0, 3.0, 4.0]), "MULTIPOINT((1 2),(3 4))"),
            (record(3, &[1, 2, 0], &[1.0, 2.0, 3.0, 4.0]), "LINESTRING(1 2,3 4)"),
            (
                record(13, &[2, 4, 0, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 0.0, 9.0, 9.0, 9.0]),
                "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
            ),
            (record(5, &[1, 4, 0], &[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]), "MULTIPOLYGON(((0 0,0 1,1 0,0 0)))"),
        ] {
            let Ok(Some(geometry)) = shape(&bytes) else { panic!("{text}") };
            assert_eq!(geometry.wkt_string(), text);
            let whole = 4 + match bytes[0] % 10 {
                1 => 16,
                8 => BOX + 4,
                _ => BOX + 8,
            };
            for cut in 0..whole {
                assert!(shape(&bytes[..cut]).is_err(), "{text} {cut}");
            }
        }
        assert_eq!(shape(&record(0, &[], &[])), Ok(None));
        assert_eq!(shape(&record(1, &[], &[f64::NAN, 2.0])), Ok(None));
    }

    #[test]
    fn counts_that_are_not_there_are_not_believed() {
        for counts in [[-1, 2, 0], [1, i32::MAX, 0], [i32::MAX, 2, 0], [1, 2, 7], [1, 2, -7]] {
            assert!(shape(&record(3, &counts, &[1.0, 2.0, 3.0, 4.0])).is_err(), "{counts:?}");
        }
        assert!(shape(&record(31, &[1, 2, 0], &[])).unwrap_err().contains("MultiPatch"));
    }
}
