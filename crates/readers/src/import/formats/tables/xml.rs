//! What the readers of XML here share: text in whatever encoding, attributes and entities.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart};
use std::borrow::Cow;

/// The longest name of an entity.
const ENTITY_CHARS: usize = 32;
/// Bytes inspected for the encoding that a text states.
const HEAD_BYTES: usize = 2_048;

/// The text of XML or HTML: by its byte-order mark, else UTF-8 if it is valid, else as it states, else Windows-1252.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    stated(bytes).unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0
}

/// `encoding="ISO-8859-1"` of XML, `charset=windows-1252` of HTML.
fn stated(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]).to_lowercase();
    let label = ["encoding=", "charset="].iter().find_map(|name| head.split_once(name))?.1;
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end]).filter(|encoding| *encoding != UTF_8)
}

/// An attribute by its name with prefix.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).filter_map(Result::ok).find(|found| found.key.as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).unwrap_or(found.value).into_owned())
}

/// The characters of an entity; an unknown one stays as it is written.
pub fn entity(reference: &BytesRef<'_>) -> String {
    let name = reference.xml10_content();
    entity_named(&name).unwrap_or_else(|| format!("&{name};"))
}

/// `#233`, `#xE9`, `eacute`. A blank that breaks no line is a blank.
fn entity_named(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return if name == "nbsp" { Some(" ".to_owned()) } else { resolve_html5_entity(name).map(str::to_owned) };
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).map(String::from)
}

/// Adds a text with its entities as characters; an ampersand that begins none stays.
pub fn push_unescaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let end = behind.bytes().take(ENTITY_CHARS).position(|byte| byte == b';');
        match end.and_then(|end| entity_named(&behind[..end]).map(|found| (found, end))) {
            Some((found, end)) => {
                out.push_str(&found);
                rest = &behind[end + 1..];
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_as_it_is_and_not_only_as_it_says() {
        for (bytes, text) in [
            (&b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>M\xFCnster</a>"[..], "Münster"),
            ("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>Münster</a>".as_bytes(), "Münster"),
            (b"<meta charset=iso-8859-1><a>M\xFCnster", "Münster"),
            (b"<a>M\xFCnster", "Münster"),
            (b"\xFF\xFE<\0a\0>\0\xFC\0", "<a>ü"),
        ] {
            assert!(decoded(bytes).contains(text), "{text}: {}", decoded(bytes));
        }
    }

    #[test]
    fn entities_are_characters() {
        let names = ["#233", "#xE9", "eacute", "nbsp", "amp"].map(|name| entity_named(name).unwrap());
        assert_eq!(names, ["é", "é", "é", " ", "&"]);
        assert_eq!(["#x110000", "", "#", "tidakada"].map(entity_named), [const { None }; 4]);
    }
}
