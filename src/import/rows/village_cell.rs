//! The code of a village in a cell: of Kemendagri, or of BPS, with what spreadsheets do to both.

use super::fields::is_of_bps;
use super::raw::RawCell;
use crate::domain::Invalid;
use crate::domain::village::{BPS_DIGITS, RegionCode, is_bps_like};

/// A code of Kemendagri in its dotted form, or one of BPS in ten digits, which the villages of a database know.
pub fn village_code(cell: &RawCell) -> Result<String, Invalid> {
    let text = plain_code(cell)?;
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    let is_ten_digits = digits.len() == BPS_DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    // BPS writes no dots; who adds them writes 35.10.010.001.
    let is_dotted_bps = text.split('.').map(str::len).eq([2, 2, 3, 3]);
    if is_ten_digits && (is_of_bps(&cell.column) || is_dotted_bps || is_bps_like(&digits)) {
        return Ok(digits);
    }
    RegionCode::parse_village(&cell.column, text).map(|code| code.as_str().to_owned())
}

/// A code without what Excel puts around it: an apostrophe, the `.0` of a number. One that it has cut to `3,51E+09` is none.
pub fn plain_code(cell: &RawCell) -> Result<&str, Invalid> {
    let text = cell.text.trim().trim_start_matches('\'');
    if is_cut(text) {
        return Err(Invalid::new("code_cut_by_spreadsheet", cell.column.as_ref()));
    }
    let whole = text.strip_suffix(".0").or(text.strip_suffix(",0"));
    let is_whole = |whole: &&str| cell.is_number || whole.len() == BPS_DIGITS;
    Ok(whole.filter(|whole| whole.bytes().all(|b| b.is_ascii_digit())).filter(is_whole).unwrap_or(text))
}

/// `3,51014E+09`: the digits behind are lost.
fn is_cut(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (first, more) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    first.len() == 1 && is_digits(first) && is_digits(more) && exponent.strip_prefix('+').is_some_and(is_digits)
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
        for text in ["35.10.01.2001", "3510012001", "'3510012001", "3510012001.0", "3510012001,0"] {
            assert_eq!(read("kode desa", text), Ok("35.10.01.2001".to_owned()), "{text}");
        }
        for text in ["3510010001", "35.10.010.001", "35.10.01.0001", "3510010001.0"] {
            assert_eq!(read("kode desa", text), Ok("3510010001".to_owned()), "{text}");
        }
        // Its district does not end with 0: only the heading tells.
        assert_eq!(read("iddesa", "3510011001"), Ok("3510011001".to_owned()));
        assert_eq!(read("Kode BPS", "35.10.11.1001"), Ok("3510111001".to_owned()));
        assert_eq!(read("kode desa", "3510011001"), Ok("35.10.01.1001".to_owned()));
        for text in ["351001", "Tambong", "35.10.1.2001"] {
            assert_eq!(read("kode desa", text), Err("not_a_village_code"), "{text}");
        }
    }

    #[test]
    fn a_code_that_a_spreadsheet_has_cut_is_told_as_lost() {
        for text in ["3,51014E+09", "3.51E+09", "3E+9", "3,51014e+09"] {
            assert_eq!(read("kode desa", text), Err("code_cut_by_spreadsheet"), "{text}");
        }
        for text in ["K-1", "1E5", "E+5", "12E+05", "2026"] {
            assert_eq!(plain_code(&cell("id", text)), Ok(text));
        }
    }
}
