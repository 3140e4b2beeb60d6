//! The page is part of the binary: a page built anew makes a binary built anew. And what a snapshot of the Atlas holds follows
//! from the sources, so that the program knows them by a digest.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What decides how records are read and packed: code, tables of words, what the database holds, crates and compiler.
const SOURCES: [&str; 6] = ["src", "crates", "titles", "weights", "migrations", "Cargo.lock"];

fn main() {
    // An empty folder lets the server be built and tested before the page is.
    let built = Path::new("web/build");
    if !built.exists()
        && let Err(e) = std::fs::create_dir_all(built)
    {
        println!("cargo::warning=web/build cannot be made: {e}");
    }
    println!("cargo::rerun-if-changed=web/build");
    match digest_of_sources() {
        Ok(digest) => println!("cargo::rustc-env=SOURCES_DIGEST={digest:016x}"),
        Err(e) => println!("cargo::error=the sources cannot be read: {e}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its target by the environment alone")]
fn digest_of_sources() -> std::io::Result<u64> {
    let mut digest = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        let mut files = Vec::new();
        list(Path::new(source), &mut files)?;
        files.sort_unstable();
        for file in files {
            digest.write(file.as_os_str().as_encoded_bytes());
            digest.write(&std::fs::read(&file)?);
        }
    }
    for variable in ["TARGET", "PROFILE"] {
        digest.write(std::env::var(variable).unwrap_or_default().as_bytes());
    }
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    digest.write(&Command::new(compiler).arg("-vV").output()?.stdout);
    Ok(digest.finish())
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        list(&entry?.path(), files)?;
    }
    Ok(())
}
