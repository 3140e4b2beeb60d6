//! A file private to this process.

use crate::whole_file;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// The file on the disk; removed with its last owner, and if the process is stopped by Ctrl-C.
#[derive(Debug)]
pub struct OwnFile(NamedTempFile);

impl OwnFile {
    pub fn create() -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix("tapak-").tempfile()?;
        whole_file::discard_when_stopped(file.path());
        Ok(Self(file))
    }

    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        whole_file::is_gone(self.0.path());
    }
}
