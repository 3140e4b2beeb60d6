//! The parts of a ZIP archive: read as a stream, with size and checksum compared at the end.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::io::{self, Read, Seek};
use zip::{CompressionMethod, ZipArchive};

/// Extensions of the tables and maps that are read from an archive beside shapefiles and KML.
pub const READ_ENDINGS: [&str; 15] = [
    "csv", "xlsx", "xlsm", "xlsb", "xls", "ods", "gpkg", "fgb", "geojson", "json", "geojsonl", "ndjson", "jsonl",
    "gpx", "mht",
];
/// The most parts that are looked at: a shapefile has some ten.
const PARTS: usize = 10_000;
/// The most bytes that a part may unpack to; files of a shapefile end at 2 GiB.
pub const PART_BYTES: u64 = 4 << 30;

/// Where a part lies in its archive, and what its directory says of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// With its folders, `/` between them.
    pub name: String,
    /// The first byte in the archive.
    pub start: u64,
    packed: u64,
    /// Bytes when it is unpacked.
    pub size: u64,
    crc32: u32,
    is_deflated: bool,
}

impl Part {
    /// The name without folders and extension.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit_once('/').map_or(self.name.as_str(), |(_, name)| name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The name with folders, without extension, in lower case: what the files of one shapefile share.
    pub fn path(&self) -> String {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(path, _)| path).to_lowercase()
    }

    /// Bytes in the archive.
    pub fn packed(&self) -> u64 {
        self.packed
    }

    /// The extension in lower case.
    pub fn ending(&self) -> String {
        self.name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
    }
}

/// The files of an archive, without what macOS adds. O(files).
/// `Err` is the reason why it cannot be read.
pub fn parts(file: impl Read + Seek) -> Result<Vec<Part>, String> {
    let unsound = |wrong: zip::result::ZipError| wrong.to_string();
    let mut archive = ZipArchive::new(file).map_err(unsound)?;
    let mut parts = Vec::new();
    for at in 0..archive.len().min(PARTS) {
        let file = archive.by_index_raw(at).map_err(unsound)?;
        let name = file.name().map_err(unsound)?.replace('\\', "/");
        let is_shadow =
            name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|name| name.starts_with("._"));
        let is_deflated = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::DEFLATE => true,
            _ => continue,
        };
        if file.is_dir() || is_shadow {
            continue;
        }
        if file.encrypted() {
            return Err("it has a password".to_owned());
        }
        let Some(start) = file.data_start() else { continue };
        let (packed, size, crc32) = (file.compressed_size(), file.size(), file.crc32());
        parts.push(Part { name, start, packed, size, crc32, is_deflated });
    }
    Ok(parts)
}

/// What a part unpacks to, whatever the directory says of it; `archive` stands at its first byte.
pub fn raw<'a>(archive: impl Read + Send + 'a, part: &Part) -> Box<dyn Read + Send + 'a> {
    let packed = archive.take(part.packed);
    if part.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) }
}

/// A reader of a part; `archive` stands at its first byte.
pub fn unpack(archive: Box<dyn Read + Send>, part: &Part) -> Box<dyn Read + Send> {
    let unpacked = raw(archive, part);
    let (size, crc32) = (part.size.min(PART_BYTES), part.crc32);
    Box::new(Checked { inner: unpacked, crc: Crc::new(), read: 0, size, crc32 })
}

/// Compares what was read with what the directory says.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: Crc,
    read: u64,
    size: u64,
    crc32: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        self.crc.update(&buffer[..count]);
        let is_end = count == 0 && !buffer.is_empty();
        if self.read > self.size || (is_end && (self.read < self.size || self.crc.sum() != self.crc32)) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged"));
        }
        Ok(count)
    }
}
