//! The program as somebody runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A running `tapak serve` that ends with its owner, as `kill -9` ends it.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs `tapak --language en ARGUMENTS` in a folder.
pub fn tapak(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en"]).args(arguments).output().unwrap()
}

/// Runs `tapak ARGUMENTS` in Indonesian and in English, as the locale asks; gives each exit code and all that it writes.
pub fn in_both_languages(folder: &Path, arguments: &[&str]) -> [(Option<i32>, String); 2] {
    ["id_ID.UTF-8", "en_GB.UTF-8"].map(|locale| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
        command.current_dir(folder).env_remove("TAPAK_LANGUAGE").env_remove("LC_MESSAGES");
        let done = command.env("LC_ALL", locale).args(arguments).stdin(Stdio::null()).output().unwrap();
        (done.status.code(), text(&done.stdout) + &text(&done.stderr))
    })
}

/// Runs `tapak --language en ARGUMENTS` with something to read; gives all that it writes.
pub fn tapak_reads(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder).args(["--language", "en"]).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who reads nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let done = child.wait_with_output().unwrap();
    text(&done.stdout) + &text(&done.stderr)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
