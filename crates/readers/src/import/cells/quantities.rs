//! Quantities with their units, and metres along a road: `120 m2`, `P 74 x L 4 x T 0,15 m`, `STA 1+020`.

use super::numbers::of_column;
use super::writing::Decimal;
use crate::domain::Invalid;

/// A quantity, with its unit if the cell contains both: `120 m2`, `P 74 x L 4 x T 0,15 m` (taken as the length), `443
/// m × 3 m`, `1/2 km`. Two quantities (`100 m + 50 m`) are none.
pub fn quantity(field: &str, text: &str, decimal: Decimal) -> Result<(f64, Option<String>), Invalid> {
    let wrong = || Invalid::new("not_a_quantity", field).with("given", text);
    let folded = text.trim().to_lowercase().replace(['×', '*'], "x");
    let about = ["±", "+/-", "~", "≈", "kurang lebih", "kl."].iter().find_map(|about| folded.strip_prefix(about));
    let parts = factors(about.unwrap_or(&folded).trim());
    let first = parts[0].trim();
    let named = ["panjang", "p", "l"].iter().find_map(|name| first.strip_prefix(name));
    let first = named.unwrap_or(first).trim_start_matches([' ', '=', ':', '.']);
    let end = first
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '−' | ' ')))
        .unwrap_or(first.len());
    let (digits, unit) = first.split_at(end);
    // `1,2E+05`, as spreadsheets abbreviate a number: the power of ten is not a unit.
    let is_power =
        unit.strip_prefix('e').is_some_and(|rest| rest.trim_start_matches(['+', '-']).parse::<u32>().is_ok());
    let (digits, unit) = if is_power { (first, "") } else { (digits, unit) };
    let (divisor, unit) = divisor(digits, unit).ok_or_else(wrong)?;
    let value = of_column(field, digits, decimal)?.ok_or_else(wrong)? / divisor;
    if !(0.0..=1e12).contains(&value) {
        return Err(wrong());
    }
    let unit = unit_alone(unit, named.is_some()).filter(|unit| unit.chars().count() <= 30).ok_or_else(wrong)?;
    let unit = match unit.as_str() {
        "" if parts.len() > 1 => Some("m".to_owned()),
        "" => None,
        unit => Some(unit.replace('²', "2").replace('³', "3")),
    };
    Ok((value, unit))
}

/// `150 x 3 x 0,15 m`, `150x3`: what is multiplied, at least one.
fn factors(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_between = |at: usize| {
        let (before, behind) = (bytes[..at].trim_ascii_end().last(), bytes[at + 1..].trim_ascii_start().first());
        let is_apart = bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' ');
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        is_apart || (is_digit(before) && is_digit(behind))
    };
    let mut parts = Vec::new();
    let mut from = 0;
    for at in text.match_indices('x').map(|(at, _)| at).filter(|at| *at > 0 && is_between(*at)) {
        parts.push(&text[from..at]);
        from = at + 1;
    }
    parts.push(&text[from..]);
    parts
}

/// What a number is divided by, and what stands behind: `1/2 km` is half a kilometre, `1 unit/desa` one unit.
fn divisor<'a>(digits: &str, behind: &'a str) -> Option<(f64, &'a str)> {
    let Some(rest) = behind.strip_prefix('/').filter(|rest| rest.trim().starts_with(|c: char| c.is_ascii_digit()))
    else {
        return Some((1.0, behind));
    };
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (above, below) = (digits.trim().parse::<u32>().ok()?, rest[..end].parse::<u32>().ok()?);
    (above < below && below <= 10).then_some((f64::from(below), &rest[end..]))
}

/// The unit behind a number without what explains it: `(satu) unit`, `titik @ 5 m`, `m, lebar 3 m`. `None` where another
/// number stands there, which makes it two quantities. `is_length`: other dimensions may follow their letters (`L=3`).
fn unit_alone(text: &str, is_length: bool) -> Option<String> {
    let mut unit = text.trim();
    if let Some((words, rest)) = unit.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        unit = if rest.trim().is_empty() { words } else { rest.trim_start() };
    }
    unit = unit.split('@').next().unwrap_or(unit);
    let ends = [",", ";", " l=", " l ", " t=", " t ", " lebar", " tinggi"];
    let is_dimension = is_length && ["l", "t", "lebar", "tinggi"].iter().any(|name| unit.starts_with(name));
    unit = if is_dimension {
        "m"
    } else {
        ends.iter().filter_map(|end| unit.find(end)).min().map_or(unit, |at| &unit[..at])
    };
    let unit = unit.trim().trim_end_matches('.');
    let bare = unit.trim_end_matches(['1', '2', '3', '²', '³', '¹']);
    let has_number = bare.contains(|c: char| c.is_ascii_digit()) || (bare.is_empty() && !unit.is_empty());
    (!has_number && !unit.contains(['+', '=', '&'])).then(|| unit.to_owned())
}

/// Metres along a road: `150`, `150,5`, `0+150`, `STA 1+020`.
pub fn station(field: &str, text: &str, decimal: Decimal) -> Result<f64, Invalid> {
    let wrong = || Invalid::new("not_a_station", field).with("given", text);
    let bare = text.trim().to_lowercase();
    let bare = bare.strip_prefix("sta").unwrap_or(&bare).trim_start_matches(['.', ':', ' ']);
    let bare = bare.strip_suffix('m').unwrap_or(bare).trim();
    let metres = match bare.split_once('+') {
        Some((km, m)) => {
            of_column(field, km, decimal)?.ok_or_else(wrong)? * 1_000.0
                + of_column(field, m, decimal)?.ok_or_else(wrong)?
        }
        None => of_column(field, bare, decimal)?.ok_or_else(wrong)?,
    };
    Some(metres).filter(|metres| (0.0..=1_000_000.0).contains(metres)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_come_with_their_units() {
        let read = |text: &str| {
            quantity("volume", text, Decimal::Unknown).map(|(value, unit)| (value, unit.unwrap_or_default()))
        };
        assert_eq!(read("120 m2"), Ok((120.0, "m2".into())));
        assert_eq!(read("P 74 x L 4 x T 0,15 m"), Ok((74.0, "m".into())));
        assert_eq!(read("443 m × 3 m"), Ok((443.0, "m".into())));
        assert_eq!(read("1 unit"), Ok((1.0, "unit".into())));
        assert_eq!(read("12,5"), Ok((12.5, String::new())));
        assert_eq!((read("1,2E+03"), read("3e2")), (Ok((1_200.0, String::new())), Ok((300.0, String::new()))));
        assert_eq!(read("1e999").unwrap_err().code, "not_a_quantity");
        assert_eq!(read("secukupnya").unwrap_err().code, "not_a_quantity");
    }

    #[test]
    fn stations_are_metres() {
        assert_eq!(station("sta_awal", "STA 1+020", Decimal::Unknown), Ok(1_020.0));
        assert_eq!(station("sta_awal", "0+150,5", Decimal::Unknown), Ok(150.5));
        assert!(station("sta_awal", "-3", Decimal::Unknown).is_err());
    }
}
