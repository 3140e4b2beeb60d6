//! The code of a village in a cell: of Kemendagri, or of BPS, with what spreadsheets do to both.

use super::fields::is_of_bps;
use super::raw::RawCell;
use crate::domain::Invalid;
use crate::domain::village::{BPS_DIGITS, RegionCode, is_bps_like};

/// A code of Kemendagri in its dotted form, or one of BPS in ten digits, which the villages of a database know.
pub fn village_code(cell: &RawCell) -> Result<String, Invalid> {
    let text = code_within(plain_code(cell)?);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_ten_digits = digits.len() == BPS_DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    // BPS writes no dots; who adds them writes 35.10.010.001.
    let is_dotted_bps = text.split('.').map(str::len).eq([2, 2, 3, 3]);
    if is_ten_digits && (is_of_bps(&cell.column) || is_dotted_bps || is_bps_like(&digits)) {
        return Ok(digits);
    }
    let is_code = is_ten_digits && text.chars().all(is_of_code);
    RegionCode::parse_village(&cell.column, if is_code { &digits } else { text }).map(|code| code.as_str().to_owned())
}

/// Digits and what people part them with.
fn is_of_code(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '/' | '_' | ' ')
}

/// The code in a cell that names the village too: `35.10.14.2014 - Tambong`, `TAMBONG (35.10.14.2014)`; else all of it.
fn code_within(text: &str) -> &str {
    if !text.contains(char::is_alphabetic) {
        return text;
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ':' | ';' | ',');
    let is_code = |word: &&str| {
        word.bytes().filter(u8::is_ascii_digit).count() == BPS_DIGITS
            && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let mut codes = text.split(is_end).filter(is_code);
    codes.next().filter(|_| codes.next().is_none()).unwrap_or(text)
}

/// The ten digits of a code, of Kemendagri or BPS, however they are parted and whatever stands around them; of the United
/// Nations' codes those of BPS (`ID3510010001`). `None` for anything else.
pub fn ten_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = code_within(bare(text.strip_prefix("ID").unwrap_or(text)));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == BPS_DIGITS && text.chars().all(is_of_code)).then_some(digits)
}

/// A code without the marks that spreadsheets and people put around it.
fn without_marks(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"', '`', '’']).trim_start_matches('=').trim_end_matches(['.', ','])
}

/// As [`without_marks`], without the fraction of a number too.
fn bare(text: &str) -> &str {
    let text = without_marks(text);
    let whole = text.trim_end_matches('0').strip_suffix(['.', ',']);
    whole.filter(|whole| whole.len() == BPS_DIGITS && whole.bytes().all(|b| b.is_ascii_digit())).unwrap_or(text)
}

/// A code without what Excel puts around it: an apostrophe, the `.0` of a number. One that it has cut to `3,51E+09` is none.
pub fn plain_code(cell: &RawCell) -> Result<&str, Invalid> {
    let text = without_marks(&cell.text);
    if is_cut(text) {
        return Err(Invalid::new("code_cut_by_spreadsheet", cell.column.as_ref()));
    }
    let whole = text.trim_end_matches('0').strip_suffix(['.', ',']);
    let is_whole = |whole: &&str| cell.is_number || whole.len() == BPS_DIGITS;
    Ok(whole.filter(|whole| whole.bytes().all(|b| b.is_ascii_digit())).filter(is_whole).unwrap_or(text))
}

/// `3,51014E+09`: the digits behind are lost.
pub fn is_cut(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (first, more) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let power = exponent.strip_prefix('+').unwrap_or(if mantissa.len() > 1 { exponent } else { "" });
    first.len() == 1 && is_digits(first) && is_digits(more) && is_digits(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::cells::writing::Writing;

    fn cell(column: &str, text: &str) -> RawCell {
        RawCell {
            field: None,
            rank: 0,
            column: column.into(),
            text: text.to_owned(),
            is_number: false,
            writing: Writing::default(),
        }
    }

    fn read(column: &str, text: &str) -> Result<String, &'static str> {
        village_code(&cell(column, text)).map_err(|invalid| invalid.code)
    }

    #[test]
    fn codes_of_both_offices_are_told_apart() {
        for text in [
            "35.10.01.2001",
            "3510012001",
            "'3510012001",
            "3510012001.0",
            "3510012001,0",
            "3510012001.00",
            "35-10-01-2001",
            "35 10 01 2001",
            "35.10.012001",
            "3.510.012.001",
            "35.10012001",
            "35.10.01.2001.",
            "\"3510012001\"",
            "=35.10.01.2001",
            "35.10.01.2001 - Sarongan",
            "SARONGAN (35.10.01.2001)",
        ] {
            assert_eq!(read("kode desa", text), Ok("35.10.01.2001".to_owned()), "{text}");
        }
        for text in ["3510010001", "35.10.010.001", "35.10.01.0001", "3510010001.0"] {
            assert_eq!(read("kode desa", text), Ok("3510010001".to_owned()), "{text}");
        }
        // Its district does not end with 0: only the heading tells.
        assert_eq!(read("iddesa", "3510011001"), Ok("3510011001".to_owned()));
        assert_eq!(read("Kode BPS", "35.10.11.1001"), Ok("3510111001".to_owned()));
        assert_eq!(read("kode desa", "3510011001"), Ok("35.10.01.1001".to_owned()));
        for text in ["351001", "Tambong", "35.10.1.2001", "35.10.01.2001 s/d 35.10.01.2005"] {
            assert_eq!(read("kode desa", text), Err("not_a_village_code"), "{text}");
        }
    }

    #[test]
    fn a_code_that_a_spreadsheet_has_cut_is_told_as_lost() {
        for text in ["3,51014E+09", "3.51E+09", "3E+9", "3,51014e+09", "3,51E9"] {
            assert_eq!(read("kode desa", text), Err("code_cut_by_spreadsheet"), "{text}");
        }
        for text in ["K-1", "1E5", "E+5", "12E+05", "2026"] {
            assert_eq!(plain_code(&cell("id", text)), Ok(text));
        }
    }
}
