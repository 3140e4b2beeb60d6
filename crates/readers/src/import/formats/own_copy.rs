//! A file is read once: checking it, storing it and writing its refused rows use the same bytes.
//!
//! Between two openings a file may be changed or replaced, and a pipe can be read only once. Small files are held in
//! memory, larger ones in a private file that is removed with its last reader. A loose shapefile is copied with the files
//! that belong to it.

use super::geopackage::refuse_unfinished;
use super::input::{Format, Input, SHAPEFILE};
use super::own_file::OwnFile;
use crate::import::error::ImportError;
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::Arc;

/// Larger files are copied to the disk: several of this size at once still fit into the memory of a small server.
const MOST_IN_MEMORY: usize = 64 << 20;
/// An endless pipe would fill the disk. The largest files seen have a hundredth of this.
pub const MOST_BYTES: u64 = 16 << 30;

/// Bytes that no longer change.
#[derive(Clone, Debug)]
pub struct OwnCopy {
    pub input: Input,
    /// SHA-256 of exactly these bytes, hex; of a shapefile of all its files.
    pub sha256: String,
}

impl Input {
    /// Reads it to its end, once. `step` receives the number of bytes read.
    pub fn into_own_copy(self, step: impl FnMut(u64)) -> Result<OwnCopy, ImportError> {
        // What passes by can be looked at only once.
        let beside: Vec<(String, Self)> = if !self.is_passing() && matches!(self.format(), Ok(Format::Shapefile)) {
            let others = SHAPEFILE.iter().filter_map(|ending| Some(((*ending).to_owned(), self.beside(ending)?)));
            others.filter(|(_, other)| other.name() != self.name()).collect()
        } else {
            Vec::new()
        };
        let mut copy = copy_within(self, MOST_IN_MEMORY, MOST_BYTES, step)?;
        let mut copied = Vec::with_capacity(beside.len());
        for (ending, other) in beside {
            let other = copy_within(other, MOST_IN_MEMORY, MOST_BYTES, |_| {})?;
            copy.sha256 = hex::encode(Sha256::digest(format!("{}{}", copy.sha256, other.sha256)));
            copied.push((ending, other.input));
        }
        copy.input = copy.input.with_beside(copied);
        Ok(copy)
    }
}

fn copy_within(
    given: Input,
    in_memory: usize,
    most_bytes: u64,
    mut step: impl FnMut(u64),
) -> Result<OwnCopy, ImportError> {
    let mut reader = given.open()?;
    let not_kept = |cause| ImportError::NotCopied { file: given.name().to_owned(), cause };
    let (mut memory, mut disk): (Vec<u8>, Option<OwnFile>) = (Vec::new(), None);
    let (mut hasher, mut read) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(count) => count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(given.unreadable(e)),
        };
        if count == 0 {
            break;
        }
        read += count as u64;
        if read > most_bytes {
            return Err(ImportError::TooLarge { file: given.name().to_owned(), most_bytes });
        }
        let bytes = &buffer[..count];
        hasher.update(bytes);
        if disk.is_none() && memory.len() + count > in_memory {
            let mut file = OwnFile::create().map_err(not_kept)?;
            file.write_all(&memory).map_err(not_kept)?;
            memory = Vec::new();
            disk = Some(file);
        }
        match &mut disk {
            Some(file) => file.write_all(bytes).map_err(not_kept)?,
            None => memory.extend_from_slice(bytes),
        }
        step(read);
    }
    let sha256 = hex::encode(hasher.finalize());
    let input = match disk {
        Some(file) => given.copied_to_disk(Arc::new(file)),
        None => given.copied_to_memory(memory),
    };
    // Data that another program has not written yet is beside the file, so a copy of the file would lack it.
    if let Some(path) = given.as_path()
        && matches!(input.format(), Ok(Format::GeoPackage))
    {
        refuse_unfinished(&given, path)?;
    }
    Ok(OwnCopy { input, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(input: &Input) -> Vec<u8> {
        let mut bytes = Vec::new();
        input.open().unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_copy_keeps_its_bytes_and_its_name_whatever_becomes_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kegiatan.csv");
        for in_memory in [0, 1 << 20] {
            std::fs::write(&path, b"id;judul\n1;Talud\n").unwrap();
            let copy = copy_within(Input::path(&path), in_memory, 100, |_| {}).unwrap();
            std::fs::write(&path, b"id;judul\n1;Lain\n").unwrap();
            assert_eq!(text(&copy.input), b"id;judul\n1;Talud\n");
            assert_eq!(copy.sha256, crate::digest::sha256_hex(b"id;judul\n1;Talud\n"));
            assert_eq!((copy.input.name(), copy.input.size()), (&*path.display().to_string(), Some(17)));
            assert_eq!(copy.input.source().as_deref(), Some("file:kegiatan"));
        }
    }

    #[test]
    fn a_copy_on_the_disk_goes_with_its_last_reader() {
        let copy = copy_within(Input::bytes("a.csv", *b"0123456789"), 4, 100, |_| {}).unwrap();
        let path = copy.input.as_path().unwrap().to_owned();
        let again = copy.input.clone();
        drop(copy);
        assert!(path.exists());
        drop(again);
        assert!(!path.exists());
    }

    #[test]
    fn an_endless_input_is_refused_at_the_limit() {
        let refused = copy_within(Input::bytes("a.csv", *b"0123456789"), 4, 9, |_| {}).unwrap_err();
        assert_eq!(refused.code(), "file_too_large");
    }
}
