//! The name of a house owner in a title.

/// Takes "a.n. Sumiati" out of a title: the name ends before a place word, a number or a bracket.
pub fn extract_owner(title: &str) -> (String, Option<String>) {
    // Most titles have nothing that could be such a mark: then nothing else is looked at.
    let is_mark = |w: &[u8]| {
        matches!(w, [b'a' | b'A', b'.' | b'/', b'n' | b'N'] | [b'a' | b'A', b'n' | b'N', b'.'])
            || matches!(w, [b'a' | b'A', b't' | b'T', b'a' | b'A'])
    };
    if !title.as_bytes().windows(3).any(is_mark) {
        return (title.to_owned(), None);
    }
    let lower = title.to_lowercase();
    for mark in ["a.n. ", "a.n ", "an. ", "a/n ", "a/n. ", "atas nama "] {
        // A title that grew or shrank in lower case has other byte positions: then it is left alone.
        let Some(at) = lower.find(mark).filter(|_| lower.len() == title.len()) else { continue };
        if at > 0 && !lower[..at].ends_with([' ', '(', ',']) {
            continue;
        }
        let rest = &title[at + mark.len()..];
        let mut name = Vec::new();
        let mut used = 0;
        for word in rest.split_inclusive(' ') {
            let bare = word.trim().trim_end_matches([',', ')', ';']);
            let ends = matches!(
                bare.to_lowercase().trim_end_matches('.'),
                "rt" | "rw" | "dusun" | "dsn" | "desa" | "di" | "dk" | "kp" | "blok" | "alamat" | "tahap" | ""
            ) || bare.starts_with(|c: char| c.is_ascii_digit() || c == '(')
                || bare.to_lowercase().starts_with("rt.")
                || bare.starts_with(['-', '–', '/']);
            if ends || name.len() == 4 {
                break;
            }
            name.push(bare.to_owned());
            used += word.len();
            if word.trim() != bare {
                break; // a comma or a bracket ends the name
            }
        }
        if name.is_empty() {
            continue;
        }
        let before = title[..at].trim_end_matches([' ', '(', ',']);
        let behind = rest[used..].trim_start_matches([' ', ')', ',']);
        let left = format!("{before} {behind}").split_whitespace().collect::<Vec<_>>().join(" ");
        return (left, Some(name.join(" ")));
    }
    (title.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_taken_out_and_the_rest_stays() {
        assert_eq!(
            extract_owner("Rehab RTLH a.n. Sumiati RT 03"),
            ("Rehab RTLH RT 03".to_owned(), Some("Sumiati".to_owned()))
        );
        assert_eq!(
            extract_owner("Bedah rumah a/n Pak Slamet Riyadi, Dusun Krajan"),
            ("Bedah rumah Dusun Krajan".to_owned(), Some("Pak Slamet Riyadi".to_owned()))
        );
        assert_eq!(extract_owner("Pembangunan jalan an Melati").1, None);
        assert_eq!(extract_owner("Jalan Tulang Bawang"), ("Jalan Tulang Bawang".to_owned(), None));
    }
}
