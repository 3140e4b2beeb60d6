//! The program as somebody runs it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `tapak --language en ARGUMENTS` in a folder.
pub fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en"]).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
