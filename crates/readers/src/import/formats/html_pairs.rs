//! Attributes in a table of a web page, as ArcGIS writes them into the description of a placemark: rows of two cells, name
//! and value.

use super::tables::xml::push_unescaped;

/// Rows of more than this are no attributes.
const MOST: usize = 1_000;

/// The names and values of the rows that have just two cells. Tables may lie in each other: the innermost rows count.
pub fn read(html: &str) -> Vec<(String, String)> {
    let (mut pairs, mut cells) = (Vec::new(), Vec::new());
    let mut cell: Option<String> = None;
    let mut rest = html;
    while let Some((before, tag, after)) = next_tag(rest) {
        if let Some(cell) = &mut cell {
            cell.push_str(before);
        }
        rest = after;
        let (is_end, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        match (name.as_str(), is_end) {
            ("tr", false) => (cells, cell) = (Vec::new(), None),
            ("td" | "th", false) => cell = Some(String::new()),
            ("td" | "th", true) => cells.extend(cell.take().map(|cell| as_text(&cell))),
            ("tr", true) => {
                if let [name, value] = cells.as_slice()
                    && !name.is_empty()
                    && pairs.len() < MOST
                {
                    let value = if value == "<Null>" { String::new() } else { value.clone() };
                    pairs.push((name.clone(), value));
                }
                cells.clear();
            }
            ("br", _) => cell.iter_mut().for_each(|cell| cell.push(' ')),
            _ => {}
        }
    }
    pairs
}

/// The text of a piece of a web page in one line: without tags, its references resolved.
pub fn as_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, _, after)) = next_tag(rest) {
        text.push_str(before);
        text.push(' ');
        rest = after;
    }
    text.push_str(rest);
    let mut resolved = String::with_capacity(text.len());
    push_unescaped(&mut resolved, &text);
    resolved.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands before the next tag, the tag without its brackets, and what follows. A `<` before anything but a letter or
/// a slash is none.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let is_tag = |at: &usize| html[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    let open = html.match_indices('<').map(|(at, _)| at).find(is_tag)?;
    let close = open + html[open..].find('>')?;
    Some((&html[..open], &html[open + 1..close], &html[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attributes_of_arcgis_are_read_from_its_tables() {
        let html = r##"<html xmlns:fo="x"><head><META http-equiv="Content-Type" content="text/html"></head><body>
            <table border="0"><tr style="text-align:center"><td>Jalan Krajan</td></tr><tr><td>
            <table><tr><td>KODE_DESA</td><td>35.10.01.2001</td></tr>
            <tr bgcolor="#D4E4F3"><td>NAMA</td><td>Rabat &amp; talud&nbsp;RT 3</td></tr>
            <tr><td>PAGU</td><td>&lt;Null&gt;</td></tr><tr><td>a</td><td>b</td><td>c</td></tr>
            </table></td></tr></table></body></html>"##;
        let expected = [("KODE_DESA", "35.10.01.2001"), ("NAMA", "Rabat & talud RT 3"), ("PAGU", "")];
        assert_eq!(read(html), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_description_without_a_table_is_text() {
        assert_eq!(read("Panjang < 100 m, <b>lebar</b> 3 m"), []);
        assert_eq!(as_text("Panjang < 100 m,<br/><b>lebar</b>\n 3 &amp; 4 m"), "Panjang < 100 m, lebar 3 & 4 m");
        assert_eq!(as_text("<td"), "<td");
    }
}
