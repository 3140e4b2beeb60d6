//! The encoding of the text in a DBF table: by its `.cpg` file, else by its language byte, else as it seems.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The upper halves of the code pages of DOS, which `encoding_rs` does not have.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

/// How bytes become text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TextOf {
    Known(&'static Encoding),
    /// By the characters of its bytes from 128 on.
    Dos(&'static str),
    /// UTF-8 where it can be, else Windows-1252.
    Unknown,
}

impl TextOf {
    /// By what a `.cpg` file says (`UTF-8`, `1252`, `ANSI 1252`, `ISO 88591`), or by the language byte of the table.
    pub fn find(cpg: Option<&str>, language: u8) -> Self {
        let by_page = |page: u32| match page {
            437 => Some(Self::Dos(CP437)),
            850 => Some(Self::Dos(CP850)),
            65_001 => Some(Self::Known(UTF_8)),
            // Latin-1, whose control characters nobody writes.
            88_591 | 28_591 => Some(Self::Known(WINDOWS_1252)),
            page => {
                let name = format!("windows-{page}");
                Encoding::for_label(name.as_bytes()).map(Self::Known)
            }
        };
        let stated = cpg.map(str::trim).filter(|cpg| !cpg.is_empty()).and_then(|cpg| {
            let number: String = cpg.chars().filter(char::is_ascii_digit).collect();
            let by_label = Encoding::for_label(cpg.as_bytes()).map(Self::Known);
            by_label.or_else(|| by_page(number.parse().ok()?))
        });
        stated
            .or_else(|| match language {
                0x01 => by_page(437),
                0x02 => by_page(850),
                0x03 | 0x57 | 0x58 | 0x59 => by_page(1252),
                0xC8 => by_page(1250),
                0xC9 => by_page(1251),
                0x7B => Some(Self::Known(encoding_rs::SHIFT_JIS)),
                0x4D | 0x7A => Some(Self::Known(encoding_rs::GBK)),
                _ => None,
            })
            .unwrap_or(Self::Unknown)
    }

    /// A value without the blanks that fill its field. The last character may be cut by the end of the field.
    pub fn decode(self, bytes: &[u8]) -> String {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let bytes = bytes[..end].trim_ascii();
        match self {
            Self::Dos(upper) => bytes
                .iter()
                .map(|byte| if byte.is_ascii() { char::from(*byte) } else { character(upper, *byte) })
                .collect(),
            Self::Known(encoding) if encoding != UTF_8 => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            // What calls itself UTF-8 and is not is what old programs write.
            Self::Known(_) | Self::Unknown => match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(wrong) if wrong.error_len().is_none() => {
                    String::from_utf8_lossy(&bytes[..wrong.valid_up_to()]).into_owned()
                }
                Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
            },
        }
    }
}

fn character(upper: &str, byte: u8) -> char {
    upper.chars().nth(usize::from(byte - 128)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_cpg_file_else_of_the_language_byte() {
        for (cpg, language, bytes, text) in [
            (Some("UTF-8"), 0x57, "Dusun Jambé".as_bytes(), "Dusun Jambé"),
            (Some("65001\r\n"), 0, "é".as_bytes(), "é"),
            (Some("1252"), 0, b"\xE9", "é"),
            (Some("ANSI 1252"), 0, b"\xE9", "é"),
            (Some("ISO 88591"), 0, b"\xE9", "é"),
            (Some("ISO-8859-1"), 0, b"\xE9", "é"),
            (Some("CP850"), 0, b"\x82\xD0", "éð"),
            (None, 0x01, b"\x82\xE0", "éα"),
            (None, 0x02, b"\x82\xE0", "éÓ"),
            (None, 0x57, b"\xE9", "é"),
            (None, 0x03, b"\xE9", "é"),
            (None, 0, "é".as_bytes(), "é"),
            (None, 0, b"\xE9 ya", "é ya"),
            (Some("UTF-8"), 0, b"\xE9 ya", "é ya"),
        ] {
            assert_eq!(TextOf::find(cpg, language).decode(bytes), text, "{cpg:?} {language}");
        }
        assert_eq!(CP437.chars().count() + CP850.chars().count(), 256);
    }

    #[test]
    fn a_value_ends_before_the_blanks_and_before_a_character_that_is_cut() {
        assert_eq!(TextOf::Unknown.decode(b"  Krajan   "), "Krajan");
        assert_eq!(TextOf::Unknown.decode(b"Krajan\0\0x"), "Krajan");
        assert_eq!(TextOf::Unknown.decode(b"Jamb\xC3"), "Jamb");
    }
}
