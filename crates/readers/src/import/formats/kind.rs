//! The kind of a file by its first bytes, whatever its name.

use super::assignment::assignment;
use crate::domain::closed_set;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes inspected. The parts of a zip archive that identify it come first in what programs write.
pub const HEAD_BYTES: usize = 64 << 10;

closed_set! {
    /// The kind of a file.
    Kind {
        /// A table, as far as its bytes show.
        Text = "text",
        /// Also as the value of a variable of JavaScript.
        Json = "json",
        /// Borders in pieces that several areas share.
        TopoJson = "topojson",
        Html = "html",
        Xml = "xml",
        Kml = "kml",
        Gpx = "gpx",
        /// XLSX, XLSM, XLSB, ODS, SpreadsheetML; and any old binary office file, since its parts may be anywhere in it.
        Workbook = "workbook",
        /// A text or a presentation: DOCX, PPTX, ODT, ODP, RTF.
        Document = "document",
        /// An archive whose beginning does not show its contents.
        Zip = "zip",
        /// GZIP, 7z, RAR, XZ.
        Archive = "archive",
        Pdf = "pdf",
        Picture = "picture",
        FlatGeobuf = "flatgeobuf",
        /// SQLite, as a GeoPackage is.
        Database = "database",
        Shapefile = "shapefile",
        /// A table of dBASE, as the attributes of a shapefile.
        Dbase = "dbase",
        /// A picture of a telephone that few programs read.
        Heic = "heic",
        /// AutoCAD.
        Drawing = "drawing",
        /// Microsoft Access; a geodatabase of ArcGIS too.
        Access = "access",
        /// A project of QGIS: styles and the places of its layers.
        QgisProject = "qgis_project",
        Unknown = "unknown",
    }
}

/// Signatures of binary files, as long as possible, since some begin with letters.
const MARKS: &[(&[u8], Kind)] = &[
    (b"\xD0\xCF\x11\xE0", Kind::Workbook),
    (b"SQLite format 3\0", Kind::Database),
    (b"\x00\x00\x27\x0A", Kind::Shapefile),
    (b"\x1F\x8B", Kind::Archive),
    (b"7z\xBC\xAF\x27\x1C", Kind::Archive),
    (b"Rar!\x1A\x07", Kind::Archive),
    (b"\xFD7zXZ\0", Kind::Archive),
    (b"%PDF", Kind::Pdf),
    (b"{\\rtf", Kind::Document),
    (b"\xFF\xD8\xFF", Kind::Picture),
    (b"\x89PNG", Kind::Picture),
    (b"GIF8", Kind::Picture),
    (b"II*\0", Kind::Picture),
    (b"MM\0*", Kind::Picture),
    (b"AC10", Kind::Drawing),
    (b"\0\x01\0\0Standard Jet DB", Kind::Access),
    (b"\0\x01\0\0Standard ACE DB", Kind::Access),
];

impl Kind {
    /// The kind by the first 64 KiB of a file, or fewer; `None` if they are blank.
    pub fn from_head(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"PK\x03\x04") {
            return Some(of_zip(head));
        }
        // The version follows the letters: a heading may begin with the same letters.
        if head.starts_with(b"fgb") && head.get(3).is_some_and(u8::is_ascii_control) {
            return Some(Self::FlatGeobuf);
        }
        if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
            return Some(*kind);
        }
        if head.get(4..8) == Some(b"ftyp") && HEIC.iter().any(|brand| head.get(8..12) == Some(*brand)) {
            return Some(Self::Heic);
        }
        if is_dbase(head) {
            return Some(Self::Dbase);
        }
        if let Some(encoding) = utf16(head) {
            let (text, _, _) = encoding.decode(head);
            let text = text.trim_start();
            return (!text.is_empty()).then(|| of_text(text.as_bytes()));
        }
        if head.contains(&0) {
            return Some(Self::Unknown);
        }
        // A record separator precedes each feature of a GeoJSON text sequence.
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let begin = text.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0x1E)?;
        Some(of_text(&text[begin..]))
    }
}

/// Marks of HEIF files that hold a picture in HEVC.
const HEIC: [&[u8; 4]; 5] = [b"heic", b"heix", b"hevc", b"mif1", b"msf1"];

/// UTF-16 by its mark, or by the zero beside the first bracket of XML.
pub fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// A version of dBASE or FoxPro, a day, and a header of 32 bytes and 32 for each column.
fn is_dbase(head: &[u8]) -> bool {
    let Some(head) = head.first_chunk::<32>() else { return false };
    let bytes = u16::from_le_bytes([head[8], head[9]]);
    matches!(head[0], 0x03 | 0x30..=0x32 | 0x83 | 0x8B | 0xF5)
        && (1..=12).contains(&head[2])
        && (1..=31).contains(&head[3])
        && bytes >= 65
        && matches!(bytes % 32, 1 | 0 | 2 | 8)
}

/// By the names and the first words of the parts of an archive.
fn of_zip(head: &[u8]) -> Kind {
    let mut kind = Kind::Zip;
    for at in (0..head.len()).filter(|at| head[*at..].starts_with(b"PK\x03\x04")) {
        let part = &head[at..];
        let name = part.get(30..).unwrap_or_default();
        if name.starts_with(b"xl/") || name.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
            return Kind::Workbook;
        }
        if ["word/", "ppt/", "mimetypeapplication/vnd.oasis"].iter().any(|other| name.starts_with(other.as_bytes())) {
            return Kind::Document;
        }
        // Truncated before its first sheet: reported as a broken workbook, not as an archive.
        if name.starts_with(b"[Content_Types].xml") {
            kind = Kind::Workbook;
        }
    }
    kind
}

fn of_text(text: &[u8]) -> Kind {
    let begin = String::from_utf8_lossy(&text[..text.len().min(1_000)]).to_lowercase();
    let is_spreadsheet = begin.contains("urn:schemas-microsoft-com:office:spreadsheet") && !begin.contains("<html");
    match begin.as_bytes().first() {
        Some(b'{' | b'[') => Kind::Json,
        Some(b'<') if is_spreadsheet => Kind::Workbook,
        // The name may have a prefix. Both may hold pieces of web pages.
        Some(b'<') if begin.contains("<kml") || begin.contains(":kml ") => Kind::Kml,
        Some(b'<') if begin.contains("<gpx") || begin.contains(":gpx ") => Kind::Gpx,
        Some(b'<') if ["<html", "<!doctype html", "<table", "<body", "<meta"].iter().any(|tag| begin.contains(tag)) => {
            Kind::Html
        }
        Some(b'<') if begin.contains("<qgis") || begin.contains("<!doctype qgis") => Kind::QgisProject,
        Some(b'<') => Kind::Xml,
        Some(_) if assignment(&begin).is_some() => Kind::Json,
        // A page and its pictures in one file, which report servers call a workbook.
        _ if begin.starts_with("mime-version:") => Kind::Html,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of empty parts with these names.
    fn zip(parts: &[&str]) -> Vec<u8> {
        let part = |name: &&str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        parts.iter().flat_map(part).collect()
    }

    #[test]
    fn the_first_bytes_determine_the_kind_of_a_file() {
        for (bytes, kind) in [
            (&b"id;judul\n1;Talud"[..], Kind::Text),
            (b"fgb;judul\n", Kind::Text),
            (b"BM;ID3;GIF\n", Kind::Text),
            (b"\xFF\xFEi\0d\0", Kind::Text),
            (b"\xEF\xBB\xBF {\"type\":1}", Kind::Json),
            (b"\x1E{}", Kind::Json),
            (b"var json_jalan_1 = {\"type\"", Kind::Json),
            (b"rumus = [1]; judul", Kind::Json),
            (b"a;b=c\n1;{", Kind::Text),
            (b"// Jalan\nmuat({\"type\"", Kind::Json),
            (b"export default [", Kind::Json),
            (b"Panjang (m) = [1]; judul", Kind::Text),
            (b"// catatan; judul", Kind::Text),
            (b"\r\n \n<!DOCTYPE html><title>Rekap</title>", Kind::Html),
            (b"<table border=1><tr><td>Desa", Kind::Html),
            (b"<?xml version=\"1.0\"?><html xmlns=\"x\">", Kind::Html),
            (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", Kind::Html),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Kind::Workbook,
            ),
            (b"<?xml version=\"1.0\"?><kml>", Kind::Kml),
            (b"<?xml version=\"1.0\"?>\n<!-- Google --><ns0:kml xmlns:ns0=\"x\">", Kind::Kml),
            (b"<kml><description><![CDATA[<html><table>", Kind::Kml),
            (b"<gpx><metadata>", Kind::Gpx),
            (b"<\0k\0m\0l\0>\0", Kind::Kml),
            (b"\xFE\xFF\0<\0g\0p\0x\0>", Kind::Gpx),
            (b"<?xml version=\"1.0\"?><Workbook>", Kind::Xml),
            (b"<!DOCTYPE qgis PUBLIC 'x'><qgis>", Kind::QgisProject),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Kind::Heic),
            (b"AC1032\0\0", Kind::Drawing),
            (b"\x03\x7D\x0B\x1D\x02\0\0\0\x41\0\x0B\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Kind::Dbase),
            (b"{\\rtf1", Kind::Document),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", Kind::Workbook),
            (b"fgb\x03fgb\0", Kind::FlatGeobuf),
            (b"SQLite format 3\0", Kind::Database),
            (b"%PDF-1.7", Kind::Pdf),
            (b"\xFF\xD8\xFF\xE0", Kind::Picture),
            (b"\x1F\x8B\x08", Kind::Archive),
            (b"a\0b", Kind::Unknown),
        ] {
            assert_eq!(Kind::from_head(bytes), Some(kind), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!((Kind::from_head(b""), Kind::from_head(b" \r\n")), (None, None));
    }

    #[test]
    fn an_archive_is_what_its_parts_are_in_whatever_order() {
        let calc = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
        for (parts, kind) in [
            (&["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "xl/workbook.xml"][..], Kind::Workbook),
            (&["xl/workbook.xml"], Kind::Workbook),
            (&["[Content_Types].xml"], Kind::Workbook),
            (&[calc], Kind::Workbook),
            (&["[Content_Types].xml", "docProps/core.xml", "word/document.xml"], Kind::Document),
            (&["ppt/presentation.xml"], Kind::Document),
            (&["mimetypeapplication/vnd.oasis.opendocument.text"], Kind::Document),
            (&["batas.shp", "batas.dbf"], Kind::Zip),
            (&["doc.kml", "files/x.png"], Kind::Zip),
        ] {
            assert_eq!(Kind::from_head(&zip(parts)), Some(kind), "{parts:?}");
        }
    }
}
