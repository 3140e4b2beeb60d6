//! How much a workbook may unpack to before its reader holds parts of it in memory as a whole: an archive expands up to a
//! thousandfold.

use crate::import::formats::archive::{self, Part};
use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// The most bytes of a part that is read as a whole: texts that cells share, styles, names.
const WHOLE_BYTES: u64 = 512 << 20;
/// The most bytes of a sheet, which is read cell by cell.
const SHEET_BYTES: u64 = 4 << 30;
/// Deflate makes no byte of less than its thousandth part.
const MOST_EXPANDED: u64 = 1_032;

/// Refuses a workbook of which a part unpacks to more. O(1) a part, unless it could: then it is unpacked once more.
pub fn refuse_bomb(bytes: &[u8]) -> Result<(), String> {
    refuse_beyond(bytes, WHOLE_BYTES, SHEET_BYTES)
}

fn refuse_beyond(bytes: &[u8], whole: u64, sheet: u64) -> Result<(), String> {
    // What is no archive has its own reader.
    let Ok(parts) = archive::parts(Cursor::new(bytes)) else { return Ok(()) };
    for part in parts.iter().filter(|part| is_read(part)) {
        let is_sheet = part.name.contains("sheets/");
        let most = if is_sheet { sheet } else { whole };
        if part.packed().saturating_mul(MOST_EXPANDED) > most && unpacks_beyond(bytes, part, most)? {
            return Err(format!("{} in it unpacks to over {} MiB", part.name, most >> 20));
        }
    }
    Ok(())
}

/// Pictures and the like are not read.
fn is_read(part: &Part) -> bool {
    matches!(part.ending().as_str(), "xml" | "bin" | "rels")
}

fn unpacks_beyond(bytes: &[u8], part: &Part, most: u64) -> Result<bool, String> {
    // Not of memory of its own: the reader of parts asks for one that it may keep.
    let mut archive = Cursor::new(bytes);
    archive.seek(SeekFrom::Start(part.start)).map_err(|cause| cause.to_string())?;
    let mut unpacked = archive::raw(archive, part).take(most + 1);
    Ok(io::copy(&mut unpacked, &mut io::sink()).map_err(|cause| cause.to_string())? > most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(&vec![b' '; *size]).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn what_would_fill_the_memory_is_refused_before_it_does() {
        let book = archive(&[("xl/sharedStrings.xml", 3_000_000), ("xl/worksheets/sheet1.xml", 5_000_000)]);
        assert_eq!(refuse_beyond(&book, 3_000_000, 5_000_000), Ok(()));
        assert!(refuse_beyond(&book, 2_999_999, 5_000_000).unwrap_err().contains("sharedStrings"));
        assert!(refuse_beyond(&book, 3_000_000, 4_999_999).unwrap_err().contains("sheet1"));
        let picture = archive(&[("xl/media/image1.png", 3_000_000)]);
        assert_eq!(refuse_beyond(&picture, 1_000, 1_000), Ok(()));
        assert_eq!(refuse_beyond(b"\xD0\xCF\x11\xE0", 1, 1), Ok(()));
    }
}
