//! A file written atomically: it appears complete or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Files that this process is writing.
static PARTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Registers a file to be removed by [`discard_all`].
pub fn discard_when_stopped(path: &Path) {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
}

/// Deregisters a file that is in place or removed.
pub fn is_gone(path: &Path) {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner).retain(|part| part != path);
}

/// Removes unfinished files: the process is about to be stopped from outside.
pub fn discard_all() {
    for part in PARTS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // It may just have been moved to its place, or never created.
        let _ = std::fs::remove_file(part);
    }
}

/// Written under a temporary name beside its place, and moved there when complete. Dropped before, it leaves nothing.
/// Special files (a pipe, /dev/stdout) are written directly, and a link replaces its target.
#[derive(Debug)]
pub struct WholeFile {
    /// `None` if there is no place to move to.
    part: Option<PathBuf>,
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Fails at once if the folder is not writable, before any work is done for it.
    pub fn create(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if path.exists() && !path.is_file() {
            let file = Some(BufWriter::new(File::options().write(true).open(path)?));
            return Ok(Self { part: None, path: path.clone(), file });
        }
        let name = path.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".part");
        let part = path.with_file_name(hidden);
        discard_when_stopped(&part);
        let file = Some(BufWriter::new(File::create(&part)?));
        Ok(Self { part: Some(part), path: path.clone(), file })
    }

    /// Writes the last part and moves the file to its place.
    pub fn finish(mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)?;
        let Some(file) = self.file.take() else { return Ok(()) };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let Some(part) = &self.part else { return Ok(()) };
        file.sync_all()?;
        std::fs::rename(part, &self.path)
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
        let Some(own) = &self.part else { return };
        // After `finish` there is none.
        let _ = std::fs::remove_file(own);
        is_gone(own);
    }
}
