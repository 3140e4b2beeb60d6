//! FlatGeobuf feature by feature, in the memory of one feature.
//!
//! Of the crate `flatgeobuf` only the verified access to header and feature is used. Its own reader accepts any size
//! that a file claims, and takes a file truncated between two features for complete; here each size is bounded and
//! each end checked.

use super::feature::RawFeature;
use super::fgb_feature::{Schema, feature, first_line};
use super::input::{Input, Progress};
use super::tables::text::ROW_BYTES;
use crate::import::crs::Stated;
use crate::import::error::ImportError;
use flatgeobuf::{GeometryType, size_prefixed_root_as_header};
use std::io::{self, Read};

const MAGIC: &[u8; 3] = b"fgb";
/// Maximum size of the header: some thousand columns with their descriptions.
const HEADER_BYTES: u64 = 10 << 20;
/// Bytes of one node of the index: a box and an offset.
const NODE_BYTES: u64 = 40;

/// The features of a file. Ends after an error.
pub struct FlatGeobuf {
    file: String,
    reader: Box<dyn Read + Send>,
    schema: Schema,
    /// The coordinate system of the header.
    pub stated: Option<Stated>,
    /// Number of features in the header; 0 if unknown.
    declared_features: u64,
    /// Number of the current feature, from 1.
    number: u64,
    bytes: u64,
}

impl FlatGeobuf {
    pub fn open(input: &Input, progress: &Progress) -> Result<Self, ImportError> {
        let mut file = Self {
            file: input.name().to_owned(),
            reader: input.open_counted(progress)?,
            schema: Schema { columns: Vec::new(), kind: GeometryType::Unknown },
            stated: None,
            declared_features: 0,
            number: 0,
            bytes: 0,
        };
        let magic = file.exactly(8)?;
        // Byte 3 is the version of the format (3), byte 7 a patch level that readers may ignore.
        if !magic.starts_with(MAGIC) || magic[3] > flatgeobuf::VERSION || magic[4..7] != MAGIC[..] {
            return Err(file.wrong("its version is not known".to_owned()));
        }
        let size = file.size()?;
        if !(8..=HEADER_BYTES).contains(&size) {
            return Err(file.wrong(format!("its header claims {size} bytes")));
        }
        let buffer = file.sized(size)?;
        let header = size_prefixed_root_as_header(&buffer).map_err(|e| file.wrong(first_line(&e.to_string())))?;
        file.schema = Schema {
            columns: header
                .columns()
                .iter()
                .flatten()
                .map(|column| (column.name().to_owned(), column.type_()))
                .collect(),
            kind: header.geometry_type(),
        };
        file.stated = header.crs().and_then(|crs| {
            let text = crs.code_string().unwrap_or_default();
            let by_definition = crs.wkt().and_then(Stated::by_wkt);
            match Stated::by_authority(crs.org().unwrap_or("EPSG"), i64::from(crs.code()), text) {
                Some(stated) => Some(stated.or_known(by_definition)),
                None => by_definition,
            }
        });
        file.declared_features = header.features_count();
        let skipped = file.index_bytes(header.index_node_size());
        file.pass_over(skipped)?;
        Ok(file)
    }

    /// The columns of the header.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.schema.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Size of the index before the features: a packed R-tree, its levels one after the other.
    fn index_bytes(&self, node_size: u16) -> u64 {
        if node_size == 0 || self.declared_features == 0 {
            return 0;
        }
        let node_size = u64::from(node_size.max(2));
        let (mut level, mut nodes) = (self.declared_features, self.declared_features);
        while level > 1 {
            level = level.div_ceil(node_size);
            nodes = nodes.saturating_add(level);
        }
        // A single feature still has a root above it.
        let nodes = if self.declared_features == 1 { 2 } else { nodes };
        nodes.saturating_mul(NODE_BYTES)
    }

    fn pass_over(&mut self, count: u64) -> Result<(), ImportError> {
        let skipped = io::copy(&mut (&mut self.reader).take(count), &mut io::sink()).map_err(|e| self.unreadable(e))?;
        self.bytes += skipped;
        if skipped < count { Err(self.truncated()) } else { Ok(()) }
    }

    /// The next feature; an error inside one concerns that feature only, an error between two ends the file.
    pub fn read(&mut self) -> Result<Option<RawFeature>, ImportError> {
        let mut size = [0; 4];
        let read = self.fill(&mut size)?;
        if read == 0 && (self.declared_features == 0 || self.number >= self.declared_features) {
            return Ok(None);
        }
        self.number += 1;
        if read < size.len() {
            return Err(self.truncated());
        }
        let size = u64::from(u32::from_le_bytes(size));
        if size > ROW_BYTES {
            let (file, row) = (self.file.clone(), self.number);
            return Err(ImportError::RowTooLarge { file, row, most_bytes: ROW_BYTES });
        }
        let buffer = self.sized(size)?;
        Ok(Some(feature(self.number, &buffer, &self.schema)))
    }

    fn size(&mut self) -> Result<u64, ImportError> {
        let bytes = self.exactly(4)?;
        Ok(bytes.iter().rev().fold(0, |size, byte| size << 8 | u64::from(*byte)))
    }

    /// A flatbuffer of this size, with its size in front again.
    fn sized(&mut self, size: u64) -> Result<Vec<u8>, ImportError> {
        let mut buffer = u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        buffer.extend(self.exactly(size)?);
        Ok(buffer)
    }

    /// Exactly so many bytes. Memory grows only with the bytes that exist, not with a claimed size.
    fn exactly(&mut self, count: u64) -> Result<Vec<u8>, ImportError> {
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(count).read_to_end(&mut bytes);
        read.map_err(|e| self.unreadable(e))?;
        self.bytes += bytes.len() as u64;
        if (bytes.len() as u64) < count { Err(self.truncated()) } else { Ok(bytes) }
    }

    /// As many bytes as are available.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, ImportError> {
        let mut rest = Vec::new();
        (&mut self.reader).take(buffer.len() as u64).read_to_end(&mut rest).map_err(|e| self.unreadable(e))?;
        buffer[..rest.len()].copy_from_slice(&rest);
        self.bytes += rest.len() as u64;
        Ok(rest.len())
    }

    fn truncated(&self) -> ImportError {
        ImportError::Truncated { file: self.file.clone(), feature: self.number, line: None, bytes: self.bytes }
    }

    fn unreadable(&self, cause: io::Error) -> ImportError {
        ImportError::Unreadable { file: self.file.clone(), cause }
    }

    fn wrong(&self, reason: String) -> ImportError {
        ImportError::NotFlatGeobuf { file: self.file.clone(), reason }
    }
}
