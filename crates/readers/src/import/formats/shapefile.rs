//! Shapefiles: the shapes of a `.shp` beside the rows of a `.dbf`, loose or in a ZIP archive, which may hold several.
//!
//! The `.shx` says where each shape lies: after an edit the `.shp` may hold old ones between them, or hold them in another
//! order. The crates `shapefile` and `dbase` shift the attributes after a deleted row.

use super::dbf::{Dbf, Row};
use super::feature::RawFeature;
use super::input::{Input, Progress, ReadSeek, SHAPEFILE};
use super::kind::Kind;
use super::shp::shape;
use super::tables::text::ROW_BYTES;
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use crate::import::rows::raw::RawShape;
use serde_json::Map;
use std::collections::BTreeMap;
use std::io::{self, Read, SeekFrom};

/// Bytes before the first record of `.shp` and `.shx`.
const HEAD: u64 = 100;
/// A definition of a coordinate system, or the name of an encoding, is no longer.
const TEXT_BYTES: u64 = 64 << 10;

/// One shapefile: its files, its columns and what it states of its coordinate system.
#[derive(Clone, Debug)]
pub struct Layer {
    pub name: String,
    pub columns: Vec<String>,
    pub stated: Option<Stated>,
    files: BTreeMap<String, Input>,
    cpg: Option<String>,
}

impl Layer {
    /// The shapefiles of an archive, or the one that a loose file belongs to.
    pub fn all(input: &Input) -> Result<Vec<Self>, ImportError> {
        if input.kind()? != Kind::Zip {
            let files = SHAPEFILE.iter().filter_map(|ending| Some(((*ending).to_owned(), input.beside(ending)?)));
            return Ok(vec![Self::open(input.stem(), files.collect())?]);
        }
        let mut layers: BTreeMap<String, (String, BTreeMap<String, Input>)> = BTreeMap::new();
        for part in input.parts()? {
            if SHAPEFILE.contains(&part.ending().as_str()) {
                let layer = layers.entry(part.path()).or_insert_with(|| (part.stem().to_owned(), BTreeMap::new()));
                layer.1.insert(part.ending(), input.part(&part));
            }
        }
        layers.retain(|_, (_, files)| files.contains_key("shp"));
        layers.into_values().map(|(name, files)| Self::open(name, files)).collect()
    }

    fn open(name: String, files: BTreeMap<String, Input>) -> Result<Self, ImportError> {
        let text = |ending: &str| -> Result<Option<String>, ImportError> {
            let Some(file) = files.get(ending) else { return Ok(None) };
            let mut bytes = Vec::new();
            file.open()?.take(TEXT_BYTES).read_to_end(&mut bytes).map_err(|cause| file.unreadable(cause))?;
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        };
        let (cpg, prj) = (text("cpg")?, text("prj")?);
        let columns = match files.get("dbf") {
            Some(dbf) => Dbf::open(dbf, cpg.as_deref())?.columns(),
            None => Vec::new(),
        };
        let stated = prj.as_deref().and_then(Stated::by_wkt);
        Ok(Self { name, columns, stated, files, cpg })
    }
}

/// The features of one shapefile.
pub struct Shapefile {
    pub layer: Layer,
    shapes: Option<Shapes>,
    rows: Option<Dbf>,
    number: u64,
}

impl Shapefile {
    /// A table without shapes is read too; shapes without a table have no attributes, so that no list is made of them.
    pub fn open(input: &Input, layer: Layer, progress: &Progress) -> Result<Self, ImportError> {
        let Some(dbf) = layer.files.get("dbf") else {
            let (file, reason) =
                (input.name().to_owned(), format!("{}.dbf is missing, which holds the attributes", layer.name));
            return Err(ImportError::Unsound { file, kind: Kind::Shapefile, reason });
        };
        let rows = Some(Dbf::open(dbf, layer.cpg.as_deref())?);
        let shapes = match layer.files.get("shp") {
            Some(shp) => Some(Shapes::open(shp, layer.files.get("shx"), progress)?),
            None => None,
        };
        Ok(Self { layer, shapes, rows, number: 0 })
    }

    /// The next feature; not to be asked again behind the last or an error.
    pub fn read(&mut self) -> Result<Option<RawFeature>, ImportError> {
        loop {
            let shape = match &mut self.shapes {
                Some(shapes) => shapes.next_shape(self.number + 1)?,
                None => None,
            };
            let row: Option<Row> = match &mut self.rows {
                Some(rows) => rows.next_row()?,
                None => None,
            };
            // The longer of the two goes on alone: a shape without a row, a row without a shape.
            if shape.is_none() && row.is_none() {
                return Ok(None);
            }
            self.number += 1;
            let properties = match row {
                Some(Some(properties)) => properties,
                Some(None) => continue,
                None => Map::new(),
            };
            let shape = shape.unwrap_or(RawShape::None);
            return Ok(Some(RawFeature { number: self.number, properties, shape, fault: None }));
        }
    }
}

/// The shapes of a `.shp` in the order of its `.shx`.
struct Shapes {
    file: String,
    reader: Box<dyn ReadSeek>,
    index: Option<Box<dyn Read + Send>>,
    progress: Progress,
    /// Where the reader stands, and where the file ends by its header.
    at: u64,
    end: u64,
    record: Vec<u8>,
}

impl Shapes {
    fn open(shp: &Input, shx: Option<&Input>, progress: &Progress) -> Result<Self, ImportError> {
        // A part of an archive is a stream: it is unpacked, into memory or a file of our own.
        let own = if shp.is_part() { shp.clone().into_own_copy(|_| {})?.input } else { shp.clone() };
        let mut reader = own.open_seekable()?;
        let mut head = [0; HEAD as usize];
        reader.read_exact(&mut head).map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => {
                let (file, reason) = (shp.name().to_owned(), "its header breaks off".to_owned());
                ImportError::Unsound { file, kind: Kind::Shapefile, reason }
            }
            _ => shp.unreadable(cause),
        })?;
        // In words of 16 bits.
        let end = 2 * u64::from(u32::from_be_bytes([head[24], head[25], head[26], head[27]]));
        let index = match shx {
            Some(shx) => {
                let mut index = shx.open()?;
                let passed = io::copy(&mut (&mut index).take(HEAD), &mut io::sink());
                passed.map_err(|cause| shx.unreadable(cause))?;
                Some(index)
            }
            None => None,
        };
        let (file, progress) = (shp.name().to_owned(), progress.clone());
        Ok(Self { file, reader, index, progress, at: HEAD, end, record: Vec::new() })
    }

    /// The next shape; `None` at the end.
    fn next_shape(&mut self, number: u64) -> Result<Option<RawShape>, ImportError> {
        let Some(offset) = self.next_offset()? else { return Ok(None) };
        if offset != self.at {
            self.reader.seek(SeekFrom::Start(offset)).map_err(|cause| self.unreadable(cause))?;
            self.at = offset;
        }
        let mut head = [0; 8];
        self.fill(&mut head, number)?;
        let bytes = 2 * u64::from(u32::from_be_bytes([head[4], head[5], head[6], head[7]]));
        if bytes > ROW_BYTES {
            return Err(ImportError::RowTooLarge { file: self.file.clone(), row: number, most_bytes: ROW_BYTES });
        }
        let mut record = std::mem::take(&mut self.record);
        record.resize(usize::try_from(bytes).unwrap_or_default(), 0);
        self.fill(&mut record, number)?;
        self.progress.add(8 + bytes);
        let read = match shape(&record) {
            Ok(Some(geometry)) => RawShape::Given(geometry),
            Ok(None) => RawShape::None,
            Err(reason) => RawShape::Unreadable(reason),
        };
        self.record = record;
        Ok(Some(read))
    }

    /// Where the next shape begins: by the index; without one behind the last shape.
    fn next_offset(&mut self) -> Result<Option<u64>, ImportError> {
        let Some(index) = &mut self.index else { return Ok((self.at < self.end).then_some(self.at)) };
        let mut entry = [0; 8];
        match index.read_exact(&mut entry) {
            Ok(()) => Ok(Some(2 * u64::from(u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]])))),
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(cause) => Err(self.unreadable(cause)),
        }
    }

    fn fill(&mut self, bytes: &mut [u8], number: u64) -> Result<(), ImportError> {
        self.reader.read_exact(bytes).map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => {
                let (file, bytes) = (self.file.clone(), self.at);
                ImportError::Truncated { file, feature: number, line: None, bytes }
            }
            _ => ImportError::Unreadable { file: self.file.clone(), cause },
        })?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn unreadable(&self, cause: io::Error) -> ImportError {
        ImportError::Unreadable { file: self.file.clone(), cause }
    }
}
