//! The program as somebody runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

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

/// A server that has said where to look for it, and ends with the test.
pub struct Server {
    program: Child,
    pub address: SocketAddr,
    /// What it says in the terminal.
    pub greeting: String,
}

impl Server {
    /// Runs `tapak --language en serve ARGUMENTS` in a folder.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::wait_for(Command::new(env!("CARGO_BIN_EXE_tapak")), folder, arguments)
    }

    /// The same where the system lets it open so many files.
    pub fn start_with_files(files: u32, folder: &Path, arguments: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -n \"$0\" && exec \"$@\"", &files.to_string(), env!("CARGO_BIN_EXE_tapak")]);
        Self::wait_for(shell, folder, arguments)
    }

    fn wait_for(mut command: Command, folder: &Path, arguments: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        command.current_dir(folder).args(["--language", "en", "serve", "--listen", &address.to_string()]);
        let mut program = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(program.stdout.take().unwrap());
        let mut server = Self { program, address, greeting: String::new() };
        while !server.greeting.contains("://") {
            assert_ne!(said.read_line(&mut server.greeting).unwrap(), 0, "it does not come up");
        }
        server
    }

    /// Ends it; gives what it has logged.
    pub fn end(mut self) -> String {
        self.program.kill().unwrap();
        let mut logged = String::new();
        self.program.stderr.take().unwrap().read_to_string(&mut logged).unwrap();
        logged
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
