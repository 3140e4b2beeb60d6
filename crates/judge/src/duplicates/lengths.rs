//! Lengths in a title, in metres: from–to (STA), and length, width, thickness; sizes and counts with their units.

use super::tables::TABLES;

/// `STA 0+150 - 0+300`, `sta 150 s/d 300`, `0 + 150 s/d 0 + 300`: metres from–to.
pub fn station(lower: &str) -> Option<(f32, f32)> {
    let joined = lower.contains('+').then(|| without_blanks_at_plus(lower));
    let lower = joined.as_deref().unwrap_or(lower);
    let named = lower.match_indices("sta").find_map(|(at, sta)| {
        let behind = &lower[at + sta.len()..];
        let has_number = behind.trim_start_matches(['.', ' ', ':']).starts_with(|c: char| c.is_ascii_digit());
        let is_word = !lower[..at].ends_with(char::is_alphabetic) && has_number;
        is_word.then(|| stretch(numbers(behind))).flatten()
    });
    named.or_else(|| lower.contains('+').then(|| stretch(numbers(lower).filter(|word| is_station(word)))).flatten())
}

/// "4 + 500" as "4+500".
fn without_blanks_at_plus(lower: &str) -> String {
    let mut pieces = lower.split('+');
    let mut joined = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let behind = piece.trim_start();
        let is_station = joined.trim_end().ends_with(|c: char| c.is_ascii_digit())
            && behind.starts_with(|c: char| c.is_ascii_digit());
        if is_station {
            joined.truncate(joined.trim_end().len());
        }
        joined.push('+');
        joined.push_str(if is_station { behind } else { piece });
    }
    joined
}

/// Runs of digits with the separators between kilometres and metres.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '+')).filter(|word| word.contains(|c: char| c.is_ascii_digit()))
}

/// Kilometres and three digits of metres: 0+150.
fn is_station(word: &str) -> bool {
    word.split_once('+').is_some_and(|(km, m)| (1..=3).contains(&km.len()) && m.len() == 3)
}

/// From the first of two numbers to the second, in metres.
fn stretch<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<(f32, f32)> {
    let metres = |word: &str| -> Option<f32> {
        match word.split_once('+') {
            Some((km, m)) => Some(km.parse::<f32>().ok()? * 1_000.0 + m.parse::<f32>().ok()?),
            None => word.parse().ok(),
        }
    };
    let (first, second) = (words.next()?, words.next()?);
    let (from, to) = (metres(first)?, metres(second)?);
    // Stations may be written from the far end.
    let is_reversed = to < from && is_station(first) && is_station(second);
    if is_reversed { Some((to, from)) } else { (to > from).then_some((from, to)) }
}

/// Two or three numbers joined by x or ×, each with or without letter and unit, and metres after at least one: "74 x
/// 4 x 0,15 m", "443 m × 3 m", "p=12 l=1.5 m" are measures; "4 x 100" is not.
pub fn measures(lower: &str) -> Option<[f32; 3]> {
    // Most titles have none and need no splitting.
    let has_letter = || [" l ", " t "].iter().any(|letter| lower.contains(letter));
    if !lower.contains(['x', '×', '*', '=', ':', '(', ')']) && !has_letter() {
        return None;
    }
    let mut found: Vec<f32> = Vec::new();
    let (mut joined, mut metres, mut named) = (false, false, false);
    let words = lower.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '(' | ')'));
    for word in words.flat_map(|word| word.split_inclusive(['x', '×', '*'])) {
        let (word, joins) = match word.strip_suffix(['x', '×', '*']) {
            Some(word) => (word, true),
            None => (word, false),
        };
        let bare = word.trim_matches(['.', ';']);
        let digits = bare.trim_start_matches(['p', 'l', 't']).trim_end_matches('m').trim_end_matches(',');
        // "P=80, L=2" needs no unit.
        named |= found.is_empty() && bare.strip_prefix('p').is_some_and(|rest| rest == digits || rest.is_empty());
        match (digits.replace(',', ".").parse::<f32>().ok(), bare) {
            (Some(number), _)
                if number > 0.0 && number < 100_000.0 && (found.is_empty() || joined) && found.len() < 3 =>
            {
                found.push(number);
                metres |= bare.ends_with('m');
                joined = joins;
            }
            // A unit or a letter between numbers is skipped.
            (None, "" | "p" | "l" | "t" | "m" | "meter") => {
                metres |= matches!(bare, "m" | "meter") && !found.is_empty();
                joined |= joins || matches!(bare, "l" | "t");
            }
            _ if found.len() > 1 => break,
            (Some(number), _) if number > 0.0 => {
                found = vec![number];
                joined = joins;
            }
            _ => {
                found.clear();
                (joined, named) = (false, false);
            }
        }
    }
    if found.len() < 2 || !(metres || named) {
        return None;
    }
    found.sort_unstable_by(|x, y| y.total_cmp(x));
    found.resize(3, 0.0);
    found.try_into().ok()
}

/// Measures or volumes farther apart than this share are of two works.
pub const OTHER_DIMENSIONS: f64 = 0.7;

/// The share of the smaller in the greater of that measure in which two differ most; measures that only one of them
/// has are left out.
pub fn least_ratio(x: [f32; 3], y: [f32; 3]) -> f64 {
    let both = x.into_iter().zip(y).filter(|(x, y)| *x > 0.0 && *y > 0.0);
    both.map(|(x, y)| f64::from(x.min(y)) / f64::from(x.max(y))).fold(1.0, f64::min)
}

/// A number with its unit in a title: the index in [`SIZES`], and the number in the first unit of its row.
pub type Size = (u8, f32);

/// Units by what they measure or count: each with how many of the row's first it is. The first [`MEASURED`] rows are
/// measured, the others counted.
const SIZES: [&[(&str, f32)]; 12] = [
    &[
        ("m", 1.0),
        ("m1", 1.0),
        ("meter", 1.0),
        ("mtr", 1.0),
        ("metre", 1.0),
        ("metres", 1.0),
        ("meters", 1.0),
        ("metros", 1.0),
        ("km", 1_000.0),
    ],
    &[("m2", 1.0), ("m²", 1.0), ("ha", 10_000.0)],
    &[("m3", 1.0), ("m³", 1.0)],
    &[("l", 1.0), ("liter", 1.0), ("ltr", 1.0), ("litre", 1.0), ("liters", 1.0), ("litres", 1.0), ("litros", 1.0)],
    &[("titik", 1.0), ("ttk", 1.0), ("points", 1.0), ("puntos", 1.0), ("pontos", 1.0)],
    &[("unit", 1.0), ("units", 1.0), ("buah", 1.0), ("bh", 1.0), ("pcs", 1.0), ("unidades", 1.0)],
    &[("rumah", 1.0), ("kk", 1.0), ("houses", 1.0), ("viviendas", 1.0), ("casas", 1.0)],
    &[
        ("lokal", 1.0),
        ("ruang", 1.0),
        ("kelas", 1.0),
        ("rooms", 1.0),
        ("room", 1.0),
        ("classroom", 1.0),
        ("classrooms", 1.0),
        ("aulas", 1.0),
        ("salas", 1.0),
    ],
    &[("lantai", 1.0), ("storey", 1.0), ("storeys", 1.0), ("story", 1.0), ("floors", 1.0), ("pisos", 1.0)],
    &[("pintu", 1.0), ("doors", 1.0)],
    &[
        ("tiang", 1.0),
        ("batang", 1.0),
        ("btg", 1.0),
        ("posts", 1.0),
        ("postes", 1.0),
        ("lampu", 1.0),
        ("lamps", 1.0),
        ("lights", 1.0),
        ("luminarias", 1.0),
    ],
    &[("watt", 1.0), ("w", 1.0), ("kva", 1_000.0)],
];
const MEASURED: u8 = 4;
/// "74 L 4" is a length and a width: a tank holds more.
const LEAST_LITRES: f32 = 100.0;
/// Measured sizes no farther apart than this share are the same.
const SAME_SIZE: f32 = 0.95;

/// The unit of a size as it is written in a sentence.
pub fn unit_of(size: Size) -> &'static str {
    SIZES[usize::from(size.0)][0].0
}

/// Sizes and counts: "80 M", "5 titik", "tangki 2000 L"; not the number of a place ("RT 3 unit") and, where the title
/// gives [`measures`], no lengths besides. O(length).
pub fn sizes(lower: &str, has_measures: bool) -> Vec<Size> {
    let mut found = Vec::new();
    let mut before = "";
    let mut words = lower.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '/' | ';')).peekable();
    while let Some(word) = words.next() {
        let digits_end = word.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(word.len());
        let (digits, glued) = word.split_at(digits_end);
        if digits.starts_with(|c: char| c.is_ascii_digit()) && !is_place(before) {
            let unit = if glued.is_empty() { words.peek().copied().unwrap_or_default() } else { glued };
            // "2-classroom building"
            let unit = unit.trim_matches(|c: char| !c.is_alphanumeric());
            let row = (0..).zip(SIZES).find_map(|(row, units)| {
                let (_, factor) = units.iter().find(|(known, _)| *known == unit)?;
                Some((row, *factor))
            });
            if let (Some((row, factor)), Some(number)) = (row, plain(digits))
                && number > 0.0
                && !(has_measures && (row == 0 || unit == "l"))
                && (unit != "l" || number >= LEAST_LITRES)
            {
                found.push((row, number * factor));
            }
        }
        before = word;
    }
    found.sort_unstable_by(|x, y| x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)));
    found
}

/// Whether a number after this word is that of a place: "RT 3", "Gg. 5".
fn is_place(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ':']);
    let meant = TABLES.spelling.get(bare).map_or(bare, String::as_str);
    TABLES.places.contains_key(meant) || meant == "nomor"
}

/// "2.000" and "2000" are two thousand, "2,5" and "2.5" two and a half.
fn plain(digits: &str) -> Option<f32> {
    let digits = digits.trim_end_matches(['.', ',']);
    match digits.rsplit_once(['.', ',']) {
        Some((whole, rest)) if rest.len() == 3 => format!("{}{rest}", whole.replace(['.', ','], "")).parse().ok(),
        Some((whole, rest)) => format!("{}.{rest}", whole.replace(['.', ','], "")).parse().ok(),
        None => digits.parse().ok(),
    }
}

/// The sizes of each that the other contradicts: other numbers under one unit. `None` if no unit is in both.
pub fn contradicting<'a>(a: &'a [Size], b: &'a [Size]) -> Option<(Vec<Size>, Vec<Size>)> {
    let same = |x: &Size, y: &Size| {
        x.0 == y.0 && if x.0 < MEASURED { x.1.min(y.1) >= SAME_SIZE * x.1.max(y.1) } else { x.1 == y.1 }
    };
    let has_unit = |of: &[Size], size: &Size| of.iter().any(|other| other.0 == size.0);
    if !a.iter().any(|size| has_unit(b, size)) {
        return None;
    }
    let alone = |of: &[Size], others: &[Size]| -> Vec<Size> {
        of.iter().filter(|x| has_unit(others, x) && !others.iter().any(|y| same(x, y))).copied().collect()
    };
    // A size that only one of them tells contradicts nothing.
    let (mut only_a, mut only_b) = (alone(a, b), alone(b, a));
    let (of_a, of_b) = (only_a.clone(), only_b.clone());
    only_a.retain(|size| has_unit(&of_b, size));
    only_b.retain(|size| has_unit(&of_a, size));
    Some((only_a, only_b))
}

/// Whether both have a size under one unit that the other contradicts.
pub fn contradict(a: &[Size], b: &[Size]) -> bool {
    contradicting(a, b).is_some_and(|(only_a, only_b)| !only_a.is_empty() && !only_b.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stations_are_metres() {
        assert_eq!(station("jalan sta 0+150 - 0+300"), Some((150.0, 300.0)));
        assert_eq!(station("jalan stasiun 1 2"), None);
        assert_eq!(station("jalan stasiun sta. 0+150 s/d 0+300"), Some((150.0, 300.0)));
        assert_eq!(station("jalan melati 0+150 - 1+300 rt 3"), Some((150.0, 1300.0)));
        assert_eq!(station("rabat 100+100 m"), None);
        assert_eq!(station("talud sungai, sta. 4 + 500 - sta. 4 + 900"), Some((4_500.0, 4_900.0)));
        assert_eq!(station("drainase sta 1+ 200 s.d. 1 +350"), Some((1_200.0, 1_350.0)));
        assert_eq!(station("jalan sta 0+300 - 0+150"), Some((150.0, 300.0)));
        assert_eq!(station("rabat + drainase 2 + 3 lokasi"), None);
        assert_eq!(station("concreting of sta. maria road purok 1-2"), None);
    }

    #[test]
    fn measures_are_read_in_their_writings() {
        assert_eq!(measures("rabat beton p 74 x l 4 x t 0,15 m"), Some([74.0, 4.0, 0.15]));
        assert_eq!(measures("pengaspalan jalan 443 m × 3 m"), Some([443.0, 3.0, 0.0]));
        assert_eq!(measures("paving (120x2,5m) gang 3"), Some([120.0, 2.5, 0.0]));
        assert_eq!(measures("talud p 74 t 2 m"), Some([74.0, 2.0, 0.0]));
        assert_eq!(measures("paving p=12 l=1.5 m"), Some([12.0, 1.5, 0.0]));
        assert_eq!(measures("rabat gg. mawar (p=80, l=2)"), Some([80.0, 2.0, 0.0]));
        assert_eq!(measures("rabat p 80 x l 2 rt 3"), Some([80.0, 2.0, 0.0]));
        for none in ["pju 4 x 100", "gang 3 rt 4", "drainase l=1,5 m", "jalan 2 x", ""] {
            assert_eq!(measures(none), None, "{none}");
        }
    }

    #[test]
    fn sizes_are_numbers_with_their_unit_and_places_are_none() {
        let read = |title: &str| {
            let sizes = sizes(title, false);
            sizes.iter().map(|size| format!("{} {}", size.1, unit_of(*size))).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(read("sumur dangkal 80 m + menara besi 4 m + tangki air 2.000 l"), "4 m, 80 m, 2000 l");
        assert_eq!(read("pju 5 titik dusun krajan"), "5 titik");
        assert_eq!(read("jalan 2,5 km (3 unit)"), "2500 m, 3 unit");
        assert_eq!(read("sumur 60m desa sukamaju"), "60 m");
        assert_eq!(read("construction of 2-classroom building"), "2 lokal");
        for none in ["paving rt 3 unit pju", "rabat gg. 5 m", "jalan tahun 2025", "bantuan 5 sapi"] {
            assert_eq!(read(none), "", "{none}");
        }
        assert!(sizes("rabat p 74 x l 4 x t 0,15 m", true).is_empty());
    }

    #[test]
    fn sizes_contradict_under_one_unit_alone() {
        let of = |a: &str, b: &str| contradicting(&sizes(a, false), &sizes(b, false)).map(|(x, _)| x.len());
        assert_eq!(of("sumur 80 m + menara 4 m", "sumur 70 m + menara 4 m"), Some(1));
        assert_eq!(of("sumur 80 m + menara 4 m", "sumur 80 m"), Some(0));
        assert_eq!(of("pju 5 titik", "pju 6 titik"), Some(1));
        assert_eq!(of("rabat 150 m", "rabat 148 m"), Some(0));
        assert_eq!(of("pju 5 titik", "pju 100 m"), None);
    }
}
