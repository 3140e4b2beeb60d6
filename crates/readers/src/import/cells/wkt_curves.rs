//! WKT with arcs, which the crate `wkt` does not know: written as WKB, whose reader makes short lines of arcs.

use crate::domain::wkb;
use geo::Geometry;

/// Kinds whose corners lie on arcs, or that may hold such.
pub const CURVED: [&str; 5] = ["CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE"];

/// The codes of ISO WKB.
const CODES: [(&str, u32); 12] = [
    ("POINT", 1),
    ("LINESTRING", 2),
    ("POLYGON", 3),
    ("MULTIPOINT", 4),
    ("MULTILINESTRING", 5),
    ("MULTIPOLYGON", 6),
    ("GEOMETRYCOLLECTION", 7),
    ("CIRCULARSTRING", 8),
    ("COMPOUNDCURVE", 9),
    ("CURVEPOLYGON", 10),
    ("MULTICURVE", 11),
    ("MULTISURFACE", 12),
];

/// The geometry of a text of two dimensions whose brackets are not deep. `Err` is the reason why it is none. O(n) and the
/// corners of its arcs.
pub fn parse(text: &str) -> Result<Geometry<f64>, String> {
    let mut text = Text { rest: text.trim(), bytes: Vec::with_capacity(text.len()) };
    text.named()?;
    if !text.rest.is_empty() {
        return Err("something follows the geometry".to_owned());
    }
    wkb::parse(&text.bytes)?.ok_or_else(|| "it is without a place".to_owned())
}

/// The text that is not read yet, and the bytes of what was.
struct Text<'a> {
    rest: &'a str,
    bytes: Vec<u8>,
}

impl Text<'_> {
    /// A geometry behind its word.
    fn named(&mut self) -> Result<(), String> {
        let word = self.word();
        let kind = CODES.into_iter().find(|(name, _)| *name == word);
        let (kind, _) = kind.ok_or_else(|| format!("{word} is no kind of geometry"))?;
        self.geometry(kind)
    }

    /// A geometry whose kind is known, from its bracket on.
    fn geometry(&mut self, kind: &str) -> Result<(), String> {
        let code = CODES.into_iter().find(|(name, _)| *name == kind).map_or(0, |(_, code)| code);
        self.bytes.push(1);
        self.bytes.extend(code.to_le_bytes());
        match kind {
            "POINT" => self.point(),
            "LINESTRING" | "CIRCULARSTRING" => self.list(Self::position),
            "POLYGON" => self.list(|text| text.list(Self::position)),
            "MULTIPOINT" => self.list(Self::point_of_several),
            "MULTILINESTRING" => self.list(|text| text.geometry("LINESTRING")),
            "MULTIPOLYGON" => self.list(|text| text.geometry("POLYGON")),
            "MULTISURFACE" => self.list(|text| text.named_or("POLYGON")),
            "COMPOUNDCURVE" | "CURVEPOLYGON" | "MULTICURVE" => self.list(|text| text.named_or("LINESTRING")),
            _ => self.list(Self::named),
        }
    }

    /// A part that needs no word where it is of the usual kind.
    fn named_or(&mut self, usual: &str) -> Result<(), String> {
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) && !self.rest.starts_with("EMPTY") {
            self.named()
        } else {
            self.geometry(usual)
        }
    }

    fn point(&mut self) -> Result<(), String> {
        if self.take("EMPTY") {
            // As WKB writes a point without a place.
            [f64::NAN; 2].iter().for_each(|number| self.bytes.extend(number.to_le_bytes()));
            return Ok(());
        }
        self.expect("(")?;
        self.position()?;
        self.expect(")")
    }

    /// Of several points each may have brackets or none.
    fn point_of_several(&mut self) -> Result<(), String> {
        if self.rest.starts_with(['(', 'E']) {
            return self.geometry("POINT");
        }
        self.bytes.extend([1, 1, 0, 0, 0]);
        self.position()
    }

    /// Parts in brackets, their number before them.
    fn list(&mut self, mut part: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        let (at, mut count) = (self.bytes.len(), 0_u32);
        self.bytes.extend(count.to_le_bytes());
        if !self.take("EMPTY") {
            self.expect("(")?;
            loop {
                part(self)?;
                count += 1;
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        self.bytes[at..at + 4].copy_from_slice(&count.to_le_bytes());
        Ok(())
    }

    fn position(&mut self) -> Result<(), String> {
        for _ in 0..2 {
            let end =
                self.rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',')).unwrap_or(self.rest.len());
            let (number, rest) = self.rest.split_at(end);
            let read: f64 = number.parse().map_err(|_| format!("{number} is no number of a position"))?;
            self.bytes.extend(read.to_le_bytes());
            self.rest = rest.trim_start();
        }
        Ok(())
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word.to_owned()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(wanted) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.take(wanted) { Ok(()) } else { Err(format!("{wanted} is missing")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Point;

    #[test]
    fn every_kind_without_an_arc_is_what_the_crate_reads() {
        use wkt::TryFromWkt;
        for text in [
            "POINT(1 2)",
            "LINESTRING(1 2,3 4)",
            "POLYGON((0 0,4 0,4 4,0 0),(1 0.5,2 0.5,2 1,1 0.5))",
            "MULTIPOINT(1 2,3 4)",
            "MULTIPOINT((1 2),(3 4))",
            "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
            "MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((5 5,6 5,6 6,5 5)))",
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
            "MULTILINESTRING EMPTY",
        ] {
            assert_eq!(parse(text), Ok(Geometry::try_from_wkt_str(text).unwrap()), "{text}");
        }
        assert!(parse("GEOMETRYCOLLECTION(POINT EMPTY,POINT(1 2))").is_ok());
        assert!(parse("POINT EMPTY").is_err());
        assert_eq!(parse("MULTISURFACE(((0 0,4 0,4 4,0 0)))"), parse("MULTIPOLYGON(((0 0,4 0,4 4,0 0)))"));
        assert_eq!(parse("POINT(1 2)"), Ok(Point::new(1.0, 2.0).into()));
    }

    #[test]
    fn half_a_curve_is_none() {
        for text in [
            "CIRCULARSTRING(0 0,1 1)",
            "CIRCULARSTRING(0 0,1 1,2 0",
            "CIRCULARSTRING 0 0,1 1,2 0",
            "COMPOUNDCURVE((0 0,1 1),(5 5,6 6))",
            "COMPOUNDCURVE(POINT(0 0))",
            "CURVEPOLYGON(POLYGON((0 0,1 0,1 1,0 0)))",
            "CIRCULARSTRING(0 0,1 1,2 0))",
            "CIRCULARSTRING(0,1,2)",
            "JALAN(0 0)",
            "",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
