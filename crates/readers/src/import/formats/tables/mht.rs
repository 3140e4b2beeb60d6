//! A page with everything that belongs to it in one file (MHT, RFC 2557), as Excel saves a "web archive" and report servers
//! send a table: a message of several parts, of which those in HTML are pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quoted_printable::{ParseMode, decode};

/// How deep parts may lie in each other: Excel writes one in the other.
const DEPTH: usize = 4;
/// Parts looked at: each sheet of a workbook is one, as are its pictures.
const PARTS: usize = 1_000;
const MARK: &[u8] = b"mime-version:";

/// A page of an archive.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// The name of its file without folders and extension.
    pub name: String,
    pub html: Vec<u8>,
}

/// Whether bytes are such an archive.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().get(..MARK.len()).is_some_and(|head| head.eq_ignore_ascii_case(MARK))
}

/// The pages of an archive, in its order. `Err` is the reason why it is none. O(n).
pub fn pages(bytes: &[u8]) -> Result<Vec<Page>, String> {
    let (mut pages, mut parts) = (Vec::new(), 0);
    read_part(bytes.trim_ascii_start(), DEPTH, &mut parts, &mut pages)?;
    Ok(pages)
}

fn read_part(part: &[u8], depth: usize, parts: &mut usize, pages: &mut Vec<Page>) -> Result<(), String> {
    *parts += 1;
    if *parts > PARTS {
        return Err(format!("it has over {PARTS} parts"));
    }
    let (head, body) = Head::read(part);
    let kind = head.value("content-type").unwrap_or_default();
    if let Some(boundary) = parameter(&kind, "boundary").filter(|_| kind.to_ascii_lowercase().starts_with("multipart/"))
    {
        if depth == 0 {
            return Err("its parts lie too deep in each other".to_owned());
        }
        return between(body, &boundary).into_iter().try_for_each(|part| read_part(part, depth - 1, parts, pages));
    }
    if !kind.to_ascii_lowercase().starts_with("text/html") {
        return Ok(());
    }
    let html = match head.value("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => decode(body, ParseMode::Robust).map_err(|wrong| wrong.to_string())?,
        "base64" => {
            let digits: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            STANDARD.decode(digits).map_err(|wrong| wrong.to_string())?
        }
        _ => body.to_vec(),
    };
    let location = head.value("content-location").unwrap_or_default();
    let file = location.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    pages.push(Page { name, html });
    Ok(())
}

/// The lines before the first empty one.
struct Head(String);

impl Head {
    /// The head of a part and what is behind it.
    fn read(part: &[u8]) -> (Self, &[u8]) {
        let end = (0..part.len()).find_map(|at| {
            let rest = &part[at..];
            [&b"\r\n\r\n"[..], b"\n\n"].into_iter().find(|end| rest.starts_with(end)).map(|end| (at, at + end.len()))
        });
        let (end, body) = end.unwrap_or((part.len(), part.len()));
        (Self(String::from_utf8_lossy(&part[..end]).into_owned()), &part[body..])
    }

    /// The value of a field with the lines that continue it.
    fn value(&self, field: &str) -> Option<String> {
        let mut lines = self.0.lines();
        let first = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(field).then(|| value.trim().to_owned())
        })?;
        let more = lines.take_while(|line| line.starts_with([' ', '\t']));
        Some(more.fold(first, |value, line| format!("{value} {}", line.trim())))
    }
}

/// `boundary="x"` of a value.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|one| {
        let (key, text) = one.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| text.trim().trim_matches('"').to_owned())
    })
}

/// The parts between lines of a boundary. Of an archive that breaks off the last part is what there is.
fn between<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}").into_bytes();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut line = 0;
    while line < body.len() {
        let end = body[line..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |at| line + at + 1);
        if body[line..end].starts_with(&mark) {
            starts.push((line, end));
        }
        line = end;
    }
    let ends = starts.iter().skip(1).map(|(line, _)| *line).chain([body.len()]);
    let is_last = |line: usize| body[line + mark.len()..].starts_with(b"--");
    starts.iter().zip(ends).filter(|((line, _), _)| !is_last(*line)).map(|((_, from), to)| &body[*from..to]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXCEL: &str = "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n\
        \tboundary=\"----=_Next.01\"\r\n\r\nThis document is a Single File Web Page.\r\n\r\n------=_Next.01\r\n\
        Content-Location: file:///C:/8A/rekap.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Type: text/html; charset=\"us-ascii\"\r\n\r\n<frameset></frameset>\r\n------=_Next.01\r\n\
        Content-Location: file:///C:/8A/rekap_files/sheet001.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Type: text/html; charset=\"us-ascii\"\r\n\r\n<table><tr><td x=3D1>Jalan=\r\n Desa</table>\r\n\
        ------=_Next.01\r\nContent-Location: sheet002.htm\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Type: text/html\r\n\r\nPHRhYmxl\r\nPg==\r\n------=_Next.01\r\nContent-Type: image/png\r\n\r\nx\r\n\
        ------=_Next.01--\r\n";

    #[test]
    fn the_pages_of_an_archive_are_decoded() {
        assert!(is_archive(EXCEL.as_bytes()) && !is_archive(b"<html>"));
        let read = pages(EXCEL.as_bytes()).unwrap();
        let pages: Vec<(&str, &str)> =
            read.iter().map(|page| (page.name.as_str(), std::str::from_utf8(&page.html).unwrap().trim_end())).collect();
        let expected = [
            ("rekap", "<frameset></frameset>"),
            ("sheet001", "<table><tr><td x=1>Jalan Desa</table>"),
            ("sheet002", "<table>"),
        ];
        assert_eq!(pages, expected);
    }

    #[test]
    fn one_page_needs_no_parts_and_parts_are_bounded() {
        let page = "mime-version: 1.0\nContent-Type: text/html\n\n<table>";
        assert_eq!(pages(page.as_bytes()).unwrap(), [Page { name: String::new(), html: b"<table>".to_vec() }]);
        assert_eq!(pages(b"MIME-Version: 1.0\n\n<table>"), Ok(Vec::new()));
        let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
        assert!(pages(format!("{head}{}", "--b\n\n".repeat(PARTS + 1)).as_bytes()).is_err());
        let deep = (0..6).fold("x".to_owned(), |inner, at| {
            format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n{inner}\n--b{at}--\n")
        });
        assert!(pages(format!("MIME-Version: 1.0\n{deep}").as_bytes()).unwrap_err().contains("deep"));
        // It breaks off within a page.
        let cut = EXCEL.split_once("Jalan").unwrap().0;
        assert_eq!(pages(cut.as_bytes()).unwrap().len(), 2);
    }
}
