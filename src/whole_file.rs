//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Files that are being written by this process.
static PARTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what is being written: the process is about to be stopped from outside.
pub fn discard_all() {
    for part in PARTS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // It may have been moved to its place in this moment, or never made.
        let _ = std::fs::remove_file(part);
    }
}

/// Written beside its place under another name, and moved there when it is whole. Dropped before, it leaves nothing.
#[derive(Debug)]
pub struct WholeFile {
    part: PathBuf,
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Fails at once where the folder may not be written to, before any work is done for it.
    pub fn create(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".part");
        let part = path.with_file_name(hidden);
        PARTS.lock().unwrap_or_else(PoisonError::into_inner).push(part.clone());
        let file = Some(BufWriter::new(File::create(&part)?));
        Ok(Self { part, path: path.to_owned(), file })
    }

    /// Writes the last of it and moves the file to its place.
    pub fn finish(mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)?;
        let Some(file) = self.file.take() else { return Ok(()) };
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&self.part, &self.path)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After `finish` there is none.
        let _ = std::fs::remove_file(&self.part);
        PARTS.lock().unwrap_or_else(PoisonError::into_inner).retain(|part| *part != self.part);
    }
}
