//! The source of bytes, its format, and the reading progress.

use super::archive::{self, Part, READ_ENDINGS};
use super::kind::{HEAD_BYTES, Kind};
use super::own_file::OwnFile;
use crate::import::error::ImportError;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Extensions of files that are not text.
const BINARY: &[&str] = &[
    "xlsx", "xlsm", "xlsb", "xls", "ods", "gpkg", "fgb", "zip", "kmz", "kml", "gpx", "shp", "shx", "dbf", "docx",
    "doc", "pdf",
];
/// Extensions of JSON.
const JSON: &[&str] = &["geojson", "json", "geojsonl", "ndjson", "geojsons", "ndgeojson", "jsonl"];

/// The files that are read of a shapefile, by their extensions.
pub const SHAPEFILE: [&str; 5] = ["shp", "shx", "dbf", "prj", "cpg"];

/// A reader that can go to any byte.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// A file, or bytes from elsewhere, with a name for messages.
#[derive(Clone, Debug)]
pub struct Input {
    name: String,
    /// It has no name that will be the same next time: a pipe, the standard input.
    nameless: bool,
    from: From,
    /// Files that belong to it, by their extensions, where they were copied with it.
    beside: Vec<(String, Input)>,
}

#[derive(Clone, Debug)]
enum From {
    Path(PathBuf),
    StandardInput,
    Bytes(Arc<[u8]>),
    Copy(Arc<OwnFile>),
    /// A part of an archive.
    Part(Arc<Self>, Part),
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// Version 3 of the format of the same name.
    FlatGeobuf,
    /// A SQLite database with layers of features.
    GeoPackage,
    /// A spreadsheet: XLSX, XLSM, XLSB, XLS, ODS, SpreadsheetML, or the tables of a page.
    Workbook,
    /// A FeatureCollection, one Feature, or Features one after the other (newline-delimited); Esri JSON.
    GeoJson,
    /// KML, or KMZ: KML in a ZIP archive.
    Kml,
    Gpx,
    /// Loose or in a ZIP archive; a DBF table alone.
    Shapefile,
    /// A ZIP archive of files in other formats, or in several.
    Archive,
}

impl Format {
    /// Whether its features name the columns, and not the file before them.
    pub fn names_columns_by_feature(self) -> bool {
        matches!(self, Self::GeoJson | Self::Kml | Self::Gpx)
    }
}

/// Number of bytes read, for a progress bar; cheap to clone and to read from another thread.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts more bytes.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Input {
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        // `/dev/stdin` and `/dev/fd/63` may lead to a file, whose name they hide. Files in shared memory have names.
        let nameless = (path.starts_with("/dev") && !path.starts_with("/dev/shm"))
            || path.starts_with("/proc")
            || path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
        Self { name: path.display().to_string(), nameless, from: From::Path(path), beside: Vec::new() }
    }

    /// A file that is kept under another name than it was given.
    pub fn kept(name: &str, path: impl Into<PathBuf>) -> Self {
        Self { name: name.to_owned(), nameless: false, from: From::Path(path.into()), beside: Vec::new() }
    }

    /// Can be opened only once: make an own copy of it first.
    pub fn standard_input() -> Self {
        Self { name: "-".to_owned(), nameless: true, from: From::StandardInput, beside: Vec::new() }
    }

    /// `name` is the file name given by an upload.
    pub fn bytes(name: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.to_owned(), nameless: false, from: From::Bytes(bytes.into()), beside: Vec::new() }
    }

    /// A part of this archive.
    pub fn part(&self, part: &Part) -> Self {
        let from = From::Part(Arc::new(self.from.clone()), part.clone());
        Self { name: format!("{}/{}", self.name, part.name), nameless: false, from, beside: Vec::new() }
    }

    /// The parts of this archive.
    pub fn parts(&self) -> Result<Vec<Part>, ImportError> {
        let unsound = |reason| ImportError::Unsound { file: self.name.clone(), kind: Kind::Zip, reason };
        archive::parts(self.open_seekable()?).map_err(unsound)
    }

    pub fn is_part(&self) -> bool {
        matches!(self.from, From::Part(..))
    }

    /// The same file with another extension, as the files of a shapefile lie beside each other.
    pub fn beside(&self, ending: &str) -> Option<Self> {
        if self.ending().as_deref() == Some(ending) {
            return Some(self.clone());
        }
        if let Some((_, beside)) = self.beside.iter().find(|(name, _)| name == ending) {
            return Some(beside.clone());
        }
        let From::Path(path) = &self.from else { return None };
        let [lower, upper] = [ending.to_owned(), ending.to_uppercase()].map(|ending| path.with_extension(ending));
        [lower, upper].into_iter().find(|path| path.is_file()).map(Self::path)
    }

    pub(super) fn with_beside(self, beside: Vec<(String, Self)>) -> Self {
        Self { beside, ..self }
    }

    /// The name without folders and extension.
    pub fn stem(&self) -> String {
        let stem = Path::new(&self.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        stem.unwrap_or_else(|| self.name.clone())
    }

    pub(super) fn copied_to_memory(&self, bytes: Vec<u8>) -> Self {
        Self { from: From::Bytes(bytes.into()), ..self.clone() }
    }

    pub(super) fn copied_to_disk(&self, file: Arc<OwnFile>) -> Self {
        Self { from: From::Copy(file), ..self.clone() }
    }

    /// The name for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size in bytes, if it is known.
    pub fn size(&self) -> Option<u64> {
        match &self.from {
            From::Path(path) => path.metadata().ok().filter(|found| found.is_file()).map(|found| found.len()),
            From::Copy(file) => file.path().metadata().ok().map(|found| found.len()),
            From::StandardInput => None,
            From::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            From::Part(_, part) => Some(part.size),
        }
    }

    /// The path, for readers that need a file.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.from {
            From::Path(path) => Some(path),
            From::Copy(file) => Some(file.path()),
            From::StandardInput | From::Bytes(_) | From::Part(..) => None,
        }
    }

    /// The bytes, if this is not a file.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.from {
            From::Path(_) | From::Copy(_) | From::StandardInput | From::Part(..) => None,
            From::Bytes(bytes) => Some(bytes),
        }
    }

    /// The default source of a file: `file:` and its name without folder and extension. `None` without a name of its
    /// own: otherwise two pipes would update each other's projects.
    pub fn source(&self) -> Option<String> {
        if self.nameless {
            return None;
        }
        Some(format!("file:{}", self.stem()))
    }

    /// Whether it can be read only once.
    pub fn is_passing(&self) -> bool {
        self.nameless && matches!(self.from, From::Path(_) | From::StandardInput)
    }

    /// A new reader from the first byte.
    pub fn open(&self) -> Result<Box<dyn Read + Send>, ImportError> {
        self.from.open().map_err(|cause| self.unreadable(cause))
    }

    /// As [`Input::open`], with a reader that can go to any byte. A part of an archive and the standard input are streams.
    pub fn open_seekable(&self) -> Result<Box<dyn ReadSeek>, ImportError> {
        self.from.open_seekable().map_err(|cause| self.unreadable(cause))
    }

    /// As [`Input::open`], counting the bytes read.
    pub fn open_counted(&self, progress: &Progress) -> Result<Box<dyn Read + Send>, ImportError> {
        Ok(Box::new(Counted { inner: self.open()?, progress: progress.clone() }))
    }

    /// The kind of the file, by its first bytes that are not blank.
    pub fn kind(&self) -> Result<Kind, ImportError> {
        let mut reader = self.open()?;
        let mut head = Vec::new();
        // Programs may write any number of blank lines before a page.
        loop {
            head.clear();
            (&mut reader).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|cause| self.unreadable(cause))?;
            if head.is_empty() {
                return Err(ImportError::Empty { file: self.name.clone() });
            }
            if let Some(kind) = Kind::from_head(&head) {
                return Ok(kind);
            }
        }
    }

    /// The format of the file. Its first bytes decide, whatever its name; but text does not count as a table if its
    /// name has another extension.
    pub fn format(&self) -> Result<Format, ImportError> {
        let kind = self.kind()?;
        let ending = self.ending();
        let is_called = |endings: &[&str]| ending.as_deref().is_some_and(|ending| endings.contains(&ending));
        match kind {
            // A page may hold tables: its reader decides.
            Kind::Workbook | Kind::Html => Ok(Format::Workbook),
            Kind::Zip => Ok(self.format_of_archive()),
            Kind::Kml => Ok(Format::Kml),
            Kind::Gpx => Ok(Format::Gpx),
            Kind::Shapefile | Kind::Dbase => Ok(Format::Shapefile),
            Kind::FlatGeobuf => Ok(Format::FlatGeobuf),
            Kind::Database => Ok(Format::GeoPackage),
            Kind::Json if !is_called(BINARY) => Ok(Format::GeoJson),
            Kind::Text if !is_called(BINARY) && !is_called(JSON) => Ok(Format::Csv),
            _ => Err(self.other_kind(kind)),
        }
    }

    /// By the names of its parts. An archive of others may still be a workbook, also a broken one: its reader decides.
    fn format_of_archive(&self) -> Format {
        let parts = self.parts().unwrap_or_default();
        let has = |ending: &str| parts.iter().any(|part| part.ending() == ending);
        // A workbook may hold others: those of its charts and objects.
        let is_workbook = parts.iter().any(|part| part.name.starts_with("xl/") || part.name == "content.xml");
        if !is_workbook && parts.iter().any(|part| READ_ENDINGS.contains(&part.ending().as_str())) {
            Format::Archive
        } else if has("shp") {
            Format::Shapefile
        } else if has("kml") {
            Format::Kml
        } else {
            Format::Workbook
        }
    }

    /// The error that the file is not of the expected kind.
    pub fn other_kind(&self, kind: Kind) -> ImportError {
        ImportError::OtherKind { file: self.name.clone(), kind, ending: self.ending() }
    }

    pub fn unreadable(&self, cause: io::Error) -> ImportError {
        ImportError::Unreadable { file: self.name.clone(), cause }
    }

    /// The extension of the name in lower case, if it has one.
    fn ending(&self) -> Option<String> {
        Path::new(&self.name).extension().map(|ending| ending.to_string_lossy().to_lowercase())
    }
}

impl From {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::StandardInput => Box::new(io::stdin()),
            Self::Part(archive, part) => {
                let mut archive = archive.open_seekable()?;
                archive.seek(SeekFrom::Start(part.start))?;
                archive::unpack(Box::new(archive), part)
            }
            Self::Path(_) | Self::Copy(_) | Self::Bytes(_) => Box::new(self.open_seekable()?),
        })
    }

    fn open_seekable(&self) -> io::Result<Box<dyn ReadSeek>> {
        let file = |path: &Path| File::open(path).map(|file| Box::new(BufReader::with_capacity(1 << 16, file)));
        match self {
            Self::Path(path) => Ok(file(path)?),
            Self::Copy(copy) => Ok(file(copy.path())?),
            Self::Bytes(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Self::StandardInput | Self::Part(..) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

struct Counted {
    inner: Box<dyn Read + Send>,
    progress: Progress,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.progress.add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_shared_memory_has_a_name_and_a_descriptor_has_none() {
        assert_eq!(Input::path("/dev/shm/kegiatan.csv").source().as_deref(), Some("file:kegiatan"));
        for path in ["/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"] {
            assert_eq!(Input::path(path).source(), None, "{path}");
        }
    }

    #[test]
    fn the_content_determines_the_format_of_a_file() {
        let format = |name: &str, bytes: &[u8]| Input::bytes(name, bytes).format();
        assert_eq!(format("a.csv", b"\xEF\xBB\xBF {\"type\":1}").unwrap(), Format::GeoJson);
        assert_eq!(format("a.txt", b"id;judul").unwrap(), Format::Csv);
        assert_eq!(format("a.csv", b"\xFF\xFEi\0d\0").unwrap(), Format::Csv);
        assert_eq!(format("a.csv", b" \r\n").unwrap_err().code(), "file_empty");
        assert_eq!(format("a.csv", b"PK\x03\x04").unwrap(), Format::Workbook);
        assert_eq!(format("a.csv", b"fgb\x03fgb\0").unwrap(), Format::FlatGeobuf);
        assert_eq!(format("a.xlsx", b"\xD0\xCF\x11\xE0").unwrap(), Format::Workbook);
        assert_eq!(format("a.csv", b"SQLite format 3\0").unwrap(), Format::GeoPackage);
        assert_eq!(format("a.xml", b"<?xml version=\"1.0\"?><kml>").unwrap(), Format::Kml);
        assert_eq!(format("a.csv", b"<gpx>").unwrap(), Format::Gpx);
        assert_eq!(format("a.bin", b"\0\0\x27\x0A").unwrap(), Format::Shapefile);
        assert_eq!(Input::path("/nowhere/at/all.csv").format().unwrap_err().code(), "file_unreadable");
    }

    #[test]
    fn text_is_not_taken_for_a_table_if_its_name_has_another_extension() {
        let format = |name: &str, bytes: &[u8]| match Input::bytes(name, bytes).format() {
            Err(ImportError::OtherKind { kind, ending, .. }) => (kind, ending.unwrap_or_default()),
            other => panic!("{name}: {other:?}"),
        };
        for ending in ["xlsx", "xls", "ods", "gpkg", "fgb", "zip", "geojson"] {
            assert_eq!(format(&format!("a.{ending}"), b"id;judul\n1;Talud\n"), (Kind::Text, ending.to_owned()));
        }
        assert_eq!(format("A.XLSX", b"{\"type\":1}"), (Kind::Json, "xlsx".to_owned()));
        for name in ["a.xls", "a.csv", "a"] {
            assert_eq!(format(name, b"%PDF-1").0, Kind::Pdf);
        }
    }

    #[test]
    fn the_source_is_the_name_of_the_file() {
        assert_eq!(Input::path("/tmp/DPMD 2025.csv").source().as_deref(), Some("file:DPMD 2025"));
    }
}
