//! How the allocator returns free memory to the system.

/// Restarts this program in place, under the same process id, with the allocator returning memory at once: by default
/// it keeps free memory for a second, and a burst of pictures then holds two thirds more (docs/limits.md). The
/// allocator reads its settings from the environment before any of our code runs, and safe code has no other access
/// to them. Does nothing if the user has set a delay, or if the system cannot replace a program.
pub fn give_back_at_once() -> std::io::Result<()> {
    restart_with_delay("0")
}

/// As [`give_back_at_once`], with the allocator keeping what is free until the program ends: what a scan gives back it needs
/// again a moment later, and the system clears every page of it anew (an eighth of the time of a scan).
pub fn keep_until_the_end() -> std::io::Result<()> {
    restart_with_delay(NEVER)
}

/// Milliseconds.
pub const PURGE_DELAY: &str = "MIMALLOC_PURGE_DELAY";
pub const NEVER: &str = "-1";

#[expect(clippy::disallowed_methods, reason = "a setting of the allocator, not of Tapak")]
fn restart_with_delay(delay: &str) -> std::io::Result<()> {
    if std::env::var_os(PURGE_DELAY).is_some() { Ok(()) } else { replace(delay) }
}

#[cfg(unix)]
fn replace(delay: &str) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    let mut arguments = std::env::args_os();
    let mut anew = std::process::Command::new(std::env::current_exe()?);
    if let Some(name) = arguments.next() {
        anew.arg0(name);
    }
    // Returns only if it failed.
    Err(anew.args(arguments).env(PURGE_DELAY, delay).exec())
}

#[cfg(not(unix))]
fn replace(_: &str) -> std::io::Result<()> {
    Ok(())
}
