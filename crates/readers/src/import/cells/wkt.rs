//! Geometries in WKT as programs write them: with heights, with or without the letter that announces them, and with
//! `SRID=…;` in front.

use super::wkt_curves::{self, CURVED};
use geo::Geometry;
use wkt::TryFromWkt;

/// How deep brackets may lie in each other: the parser calls itself for each.
const DEPTH: usize = 8;
const KINDS: [&str; 7] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

/// Whether a text begins as WKT does.
pub fn is_wkt(text: &str) -> bool {
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
    let kind = bare_kind(&word);
    word == "SRID" || KINDS.contains(&kind) || CURVED.contains(&kind)
}

/// The geometry, without heights and measures and with arcs as short lines, and the number of the system that it names. `Err` is the reason why it is
/// none. O(n).
pub fn parse(text: &str) -> Result<(Geometry<f64>, Option<u32>), String> {
    let (srid, text) = match text.trim().split_once(';') {
        Some((srid, rest)) => {
            let number = srid.trim().to_uppercase().strip_prefix("SRID=").and_then(|number| number.trim().parse().ok());
            (Some(number.ok_or_else(|| format!("{srid} names no system"))?), rest)
        }
        None => (None, text),
    };
    if depth(text) > DEPTH {
        return Err("too many brackets in each other".to_owned());
    }
    let flat = in_two_dimensions(text)?;
    let geometry = if CURVED.iter().any(|kind| flat.contains(kind)) {
        wkt_curves::parse(&flat)?
    } else {
        Geometry::try_from_wkt_str(&flat).map_err(|wrong| wrong.to_string())?
    };
    Ok((geometry, srid))
}

/// The text with the first two numbers of each position, whether a letter announces the others or not. Each number is one:
/// of others the `wkt` crate writes lines of its own to the log.
fn in_two_dimensions(text: &str) -> Result<String, String> {
    let mut flat = String::with_capacity(text.len());
    let (mut rest, mut numbers) = (text, 0);
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() || matches!(c, '(' | ')' | ',') {
            if !c.is_whitespace() {
                numbers = 0;
                flat.push(c);
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',')).unwrap_or(rest.len());
        let (token, tail) = rest.split_at(end);
        rest = tail;
        // PostGIS writes NaN for a height that is not known.
        let is_unknown_height = numbers >= 2 && token.eq_ignore_ascii_case("nan");
        if c.is_alphabetic() && !is_unknown_height {
            flat.push_str(word(&token.to_uppercase())?);
        } else {
            numbers += 1;
            let is_number = is_unknown_height || token.parse::<f64>().is_ok_and(f64::is_finite);
            if !is_number || numbers > 4 {
                return Err(format!("{token} is no number of a position"));
            }
            if numbers <= 2 {
                flat.push_str(token);
                flat.push(' ');
            }
        }
    }
    Ok(flat)
}

/// A word as it is read on: a kind, or one that says something of heights alone.
fn word(word: &str) -> Result<&'static str, String> {
    let kind = bare_kind(word);
    match KINDS.into_iter().chain(CURVED).find(|known| *known == kind) {
        Some(known) => Ok(known),
        None if word == "EMPTY" => Ok(" EMPTY"),
        None if matches!(word, "Z" | "M" | "ZM") => Ok(""),
        None => Err(format!("{word} is no kind of geometry")),
    }
}

/// `POINTZ`, `POINTZM`, `POINTM` without the letters for heights and measures. No kind ends in one of them.
fn bare_kind(word: &str) -> &str {
    word.trim_end_matches(['Z', 'M'])
}

fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => now += 1,
            b')' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{CoordsIter, Point, line_string, polygon};

    #[test]
    fn heights_and_measures_are_dropped_whether_a_letter_announces_them_or_not() {
        let point: Geometry<f64> = Point::new(114.25, -8.5).into();
        for text in [
            "POINT(114.25 -8.5)",
            "POINT (114.25 -8.5 120.4)",
            "POINT Z (114.25 -8.5 120.4)",
            "POINTZ(114.25 -8.5 120.4)",
            "point zm (114.25 -8.5 120.4 1)",
            "POINT M(114.25 -8.5 7)",
            "POINT(114.25 -8.5 120 4)",
            "POINT Z (114.25 -8.5 nan)",
        ] {
            assert!(is_wkt(text));
            assert_eq!(parse(text), Ok((point.clone(), None)), "{text}");
        }
        let line: Geometry<f64> = line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.0)].into();
        assert_eq!(parse("SRID=32749;LINESTRING(1 2 9, 3 4)"), Ok((line, Some(32_749))));
        let area: Geometry<f64> = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)].into();
        assert_eq!(parse("POLYGON((0 0 5, 1 0 5, 1 1 5, 0 0 5))"), Ok((area, None)));
        assert!(matches!(
            parse("GEOMETRYCOLLECTION(POINT(1 2 3), LINESTRING EMPTY)"),
            Ok((Geometry::GeometryCollection(_), None))
        ));
    }

    #[test]
    fn an_arc_becomes_short_lines() {
        let corners = |text: &str| {
            assert!(is_wkt(text));
            let (geometry, srid) = parse(text).unwrap();
            (geometry.coords_count(), srid)
        };
        for (text, count, srid) in [
            ("CIRCULARSTRING(0 0, 1 1, 2 0)", 46, None),
            ("SRID=32749;circularstringz (0 0 5, 1 1 5, 2 0 5)", 46, Some(32_749)),
            ("COMPOUNDCURVE Z (CIRCULARSTRING Z (0 0 1, 1 1 1, 2 0 1), (2 0 1, 3 0 1))", 47, None),
            ("CURVEPOLYGON(CIRCULARSTRING(0 0, 1 1, 2 0, 1 -1, 0 0))", 91, None),
            ("CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0, 1 1, 2 0), (2 0, 0 0)))", 47, None),
            ("MULTICURVE((5 5, 6 6), CIRCULARSTRING(0 0, 1 1, 2 0))", 48, None),
            ("MULTISURFACE(CURVEPOLYGON(CIRCULARSTRING(0 0, 1 1, 2 0, 1 -1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", 95, None),
            ("GEOMETRYCOLLECTION(POINT(9 9), CIRCULARSTRING(0 0, 1 1, 2 0))", 47, None),
        ] {
            assert_eq!(corners(text), (count, srid), "{text}");
        }
        // On the circle, and not the chord.
        let Ok((Geometry::LineString(arc), _)) = parse("CIRCULARSTRING(0 0, 1 1, 2 0)") else { panic!() };
        assert!(arc.0.iter().all(|c| ((c.x - 1.0).hypot(c.y) - 1.0).abs() < 1e-12));
    }

    #[test]
    fn half_a_geometry_is_none() {
        for text in [
            "POINT(1)",
            "POINT(1 x)",
            "POINT(1 2 3 4 5)",
            "LINESTRING(1 2,",
            "POINT(inf 2)",
            "JALAN(1 2)",
            "SRID=x;POINT(1 2)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("{}POINT(1 2){}", "GEOMETRYCOLLECTION(".repeat(9), ")".repeat(9))).is_err());
        assert!(!is_wkt("Krajan") && !is_wkt("-8.2, 114.3") && !is_wkt("Pointe"));
    }
}
