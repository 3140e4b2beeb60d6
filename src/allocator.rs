//! How the allocator returns free memory to the system.

/// Restarts this program in place, under the same process id, with the allocator returning memory at once: by default
/// it keeps free memory for a second, and a burst of pictures then holds two thirds more (docs/limits.md). The
/// allocator reads its settings from the environment before any of our code runs, and safe code has no other access
/// to them. Does nothing if the user has set a delay, or if the system cannot replace a program.
#[expect(clippy::disallowed_methods, reason = "a setting of the allocator, not of Tapak")]
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
    // Returns only if it failed.
    Err(anew.args(arguments).env(PURGE_DELAY, "0").exec())
}

#[cfg(not(unix))]
fn replace() -> std::io::Result<()> {
    Ok(())
}
