//! Text as people type it, bounded and cleaned once: no control or direction marks, single spaces, not endless.

use super::Invalid;

/// The longest title, in characters. Consultancies name every canal of theirs: real ones have over 350.
pub const TITLE_CHARS: usize = 1_000;
/// The longest name of a firm, a hamlet, a programme.
pub const NAME_CHARS: usize = 200;
/// The longest note or reason.
pub const NOTE_CHARS: usize = 2_000;
/// Lines of a text of several: what stands behind them goes on in the last one.
const MOST_LINES: usize = 100;
/// Of a line of a file that is shown because it cannot be read.
const LINE_CHARS: usize = 100;

/// One line of text: trimmed, inner white space single, control characters refused, invisible direction
/// marks (which can make a title read as another) refused. Empty is `Ok(None)`.
pub fn line(field: &str, given: &str, most: usize) -> Result<Option<String>, Invalid> {
    if let Some(mark) = given.chars().find(|c| is_direction_mark(*c)) {
        return Err(Invalid::new("direction_mark", field).with("mark", format!("U+{:04X}", u32::from(mark))));
    }
    if let Some(c) = given.chars().find(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Invalid::new("control_character", field).with("mark", format!("U+{:04X}", u32::from(c))));
    }
    let mut line = String::with_capacity(given.len());
    for word in given.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let chars = line.chars().count();
    if chars > most {
        return Err(Invalid::new("too_long", field).with("given", chars).with("most", most));
    }
    Ok((!line.is_empty()).then_some(line))
}

/// As [`line()`], but not empty.
pub fn required(field: &str, given: &str, most: usize) -> Result<String, Invalid> {
    line(field, given, most)?.ok_or_else(|| Invalid::new("missing", field))
}

/// Text of several lines, each as [`line()`]. Paragraphs stay apart by one empty line. Empty is `Ok(None)`.
pub fn lines(field: &str, given: &str, most: usize) -> Result<Option<String>, Invalid> {
    let mut kept: Vec<String> = Vec::new();
    for part in given.trim().splitn(MOST_LINES, '\n') {
        let line = line(field, part, most)?.unwrap_or_default();
        if !(line.is_empty() && kept.last().is_none_or(String::is_empty)) {
            kept.push(line);
        }
    }
    let text = kept.join("\n");
    let chars = text.chars().count();
    if chars > most {
        return Err(Invalid::new("too_long", field).with("given", chars).with("most", most));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// As [`lines()`], but not empty.
pub fn required_lines(field: &str, given: &str, most: usize) -> Result<String, Invalid> {
    lines(field, given, most)?.ok_or_else(|| Invalid::new("missing", field))
}

/// Bidirectional controls and zero-width characters: they never belong to a name, and they disguise it.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{061C}')
}

/// The key by which names are compared and sorted, the same on both engines: lower case, letters and digits, single spaces.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    // Most texts are ASCII, for which no tables of letters are needed.
    if text.is_ascii() {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                key.push(char::from(byte.to_ascii_lowercase()));
            } else if !key.is_empty() && !key.ends_with(' ') {
                key.push(' ');
            }
        }
        key.truncate(key.trim_end().len());
        return key;
    }
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// Whether a text has a letter or a digit: "-" and "…" stand for nothing known.
pub fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The line that holds this byte, counted from 1, and what stands in it: for a reader who looks it up.
pub fn line_at(text: &str, byte: usize) -> (usize, String) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    (before.matches('\n').count() + 1, line.chars().take(LINE_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_right_to_left_marks_is_refused_with_the_mark() {
        let refused = line("title", "Jalan \u{202E}nalaJ", TITLE_CHARS).unwrap_err();
        assert_eq!((refused.code, refused.values["mark"].as_str()), ("direction_mark", Some("U+202E")));
    }

    #[test]
    fn ten_thousand_characters_are_refused_with_both_numbers() {
        let refused = required("title", &"a".repeat(10_000), TITLE_CHARS).unwrap_err();
        assert_eq!((refused.code, refused.values["given"].as_u64()), ("too_long", Some(10_000)));
    }

    #[test]
    fn white_space_is_one_space_and_empty_is_nothing() {
        assert_eq!(line("title", "  Rabat \t\n beton ", 20).unwrap().as_deref(), Some("Rabat beton"));
        assert_eq!(line("title", " \u{a0} ", 20).unwrap(), None);
    }

    #[test]
    fn lines_and_paragraphs_stay_and_a_column_of_letters_ends() {
        let given = "  Ruas A:  120 m \r\n\r\n\n\tRuas B: 80 m\n \n";
        assert_eq!(required_lines("text", given, 100).unwrap(), "Ruas A: 120 m\n\nRuas B: 80 m");
        let column = required_lines("text", &"a\n".repeat(900), 2_000).unwrap();
        assert_eq!((column.lines().count(), column.matches('a').count()), (100, 900));
        assert_eq!(required_lines("text", " \n\n ", 100).unwrap_err().code, "missing");
        assert_eq!(required_lines("text", &"a\n".repeat(60), 100).unwrap_err().code, "too_long");
        assert_eq!(required_lines("text", "a\n\u{202E}b", 100).unwrap_err().code, "direction_mark");
    }

    #[test]
    fn folding_keeps_letters_and_digits_of_any_script() {
        assert_eq!(fold("  Jl. Melati RT.03/RW 02 — Å "), "jl melati rt 03 rw 02 å");
    }
}
