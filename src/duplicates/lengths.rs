//! Lengths in a title, in metres: from–to (STA), and length, width, thickness.

/// `STA 0+150 - 0+300`, `sta 150 s/d 300`, `0+150 s/d 0+300`: metres from–to.
pub fn station(lower: &str) -> Option<(f32, f32)> {
    let named = lower.match_indices("sta").find_map(|(at, sta)| {
        let behind = &lower[at + sta.len()..];
        let has_number = behind.trim_start_matches(['.', ' ', ':']).starts_with(|c: char| c.is_ascii_digit());
        let is_word = !lower[..at].ends_with(char::is_alphabetic) && has_number;
        is_word.then(|| stretch(numbers(behind))).flatten()
    });
    named.or_else(|| lower.contains('+').then(|| stretch(numbers(lower).filter(|word| is_station(word)))).flatten())
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
    let mut metres = || -> Option<f32> {
        let word = words.next()?;
        match word.split_once('+') {
            Some((km, m)) => Some(km.parse::<f32>().ok()? * 1_000.0 + m.parse::<f32>().ok()?),
            None => word.parse().ok(),
        }
    };
    let (from, to) = (metres()?, metres()?);
    (to > from).then_some((from, to))
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
    let (mut joined, mut metres) = (false, false);
    let words = lower.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '(' | ')'));
    for word in words.flat_map(|word| word.split_inclusive(['x', '×', '*'])) {
        let (word, joins) = match word.strip_suffix(['x', '×', '*']) {
            Some(word) => (word, true),
            None => (word, false),
        };
        let bare = word.trim_matches(['.', ';']);
        let digits = bare.trim_start_matches(['p', 'l', 't']).trim_end_matches('m').trim_end_matches(',');
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
                joined = false;
            }
        }
    }
    if found.len() < 2 || !metres {
        return None;
    }
    found.sort_unstable_by(|x, y| y.total_cmp(x));
    found.resize(3, 0.0);
    found.try_into().ok()
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
        assert_eq!(station("concreting of sta. maria road purok 1-2"), None);
    }

    #[test]
    fn measures_are_read_in_their_writings() {
        assert_eq!(measures("rabat beton p 74 x l 4 x t 0,15 m"), Some([74.0, 4.0, 0.15]));
        assert_eq!(measures("pengaspalan jalan 443 m × 3 m"), Some([443.0, 3.0, 0.0]));
        assert_eq!(measures("paving (120x2,5m) gang 3"), Some([120.0, 2.5, 0.0]));
        assert_eq!(measures("talud p 74 t 2 m"), Some([74.0, 2.0, 0.0]));
        assert_eq!(measures("paving p=12 l=1.5 m"), Some([12.0, 1.5, 0.0]));
        for none in ["pju 4 x 100", "gang 3 rt 4", "drainase l=1,5 m", "jalan 2 x", ""] {
            assert_eq!(measures(none), None, "{none}");
        }
    }
}
