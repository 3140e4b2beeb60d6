//! What a title says in metres: from where to where (STA), and how long, wide and thick.

/// `STA 0+150 - 0+300`, `sta 150 s/d 300`: metres from–to.
pub fn station(lower: &str) -> Option<(f32, f32)> {
    let at = lower.find("sta")?;
    let bounded = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphabetic();
    let rest = &lower[at + 3..];
    if !bounded || rest.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut metres = Vec::new();
    for word in rest.split(|c: char| !(c.is_ascii_digit() || c == '+')).filter(|word| !word.is_empty()).take(2) {
        let value = match word.split_once('+') {
            Some((km, m)) => km.parse::<f32>().ok()? * 1_000.0 + m.parse::<f32>().ok()?,
            None => word.parse().ok()?,
        };
        metres.push(value);
    }
    match metres.as_slice() {
        [from, to] if to > from => Some((*from, *to)),
        _ => None,
    }
}

/// Two or three numbers with an x or a × between them, each with or without its letter and unit, and metres behind one of
/// them: "74 x 4 x 0,15 m", "443 m × 3 m", "p=12 l=1.5 m" are measures; "4 x 100" is not.
pub fn measures(lower: &str) -> Option<[f32; 3]> {
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
            // A unit or a letter between the numbers joins nothing and parts nothing.
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
    }

    #[test]
    fn measures_are_read_in_their_writings() {
        assert_eq!(measures("rabat beton p 74 x l 4 x t 0,15 m"), Some([74.0, 4.0, 0.15]));
        assert_eq!(measures("pengaspalan jalan 443 m × 3 m"), Some([443.0, 3.0, 0.0]));
        assert_eq!(measures("paving (120x2,5m) gang 3"), Some([120.0, 2.5, 0.0]));
        assert_eq!(measures("paving p=12 l=1.5 m"), Some([12.0, 1.5, 0.0]));
        for none in ["pju 4 x 100", "gang 3 rt 4", "drainase l=1,5 m", "jalan 2 x", ""] {
            assert_eq!(measures(none), None, "{none}");
        }
    }
}
