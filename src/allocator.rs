//! How the allocator treats what is free again.

/// Starts this program anew, in its place and under its process id, with the allocator giving memory back at once: by itself
/// it keeps what it could give back for a second, and a burst of pictures then holds two thirds more (docs/limits.md). It
/// reads its settings from the environment before any code of ours runs, and safe code has no other way to it. Does nothing
/// where the user has a delay of their own, or where the system cannot replace a program.
#[expect(clippy::disallowed_methods, reason = "a setting of the allocator, none of Tapak's")]
pub fn give_back_at_once() -> std::io::Result<()> {
    if std::env::var_os(PURGE_DELAY).is_some() { Ok(()) } else { replace() }
}

/// Milliseconds.
const PURGE_DELAY: &str = "MIMALLOC_PURGE_DELAY";

#[cfg(unix)]
fn replace() -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    let mut arguments = std::env::args_os();
    let mut anew = std::process::Command::new(std::env::current_exe()?);
    if let Some(name) = arguments.next() {
        anew.arg0(name);
    }
    // Comes back only where it failed.
    Err(anew.args(arguments).env(PURGE_DELAY, "0").exec())
}

#[cfg(not(unix))]
fn replace() -> std::io::Result<()> {
    Ok(())
}
