//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".part");
        let part = path.with_file_name(hidden);
        let file = Some(BufWriter::new(File::create(&part)?));
        Ok(Self { part, path: path.to_owned(), file })
    }

    pub fn finish(mut self, text: &[u8]) -> io::Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.write_all(text)?;
        file.flush()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&self.part, &self.path)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After `finish` there is none.
        let _ = std::fs::remove_file(&self.part);
    }
}
