//! Files in the photo folder that no photo refers to: unfinished ones of dead processes, and unknown ones.

use super::incoming;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file not written to for so long belongs to nobody still at work.
pub const LEFT_AFTER: Duration = Duration::from_secs(3_600);
/// The folder for originals without a row.
pub const LOST_AND_FOUND: &str = "lost+found";

/// A file of the photo folder.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    pub name: String,
    pub bytes: u64,
    pub modified: SystemTime,
}

/// Calls `each` for every file below `originals` or `derived`, or in `incoming`. A missing folder counts as empty,
/// and a file removed meanwhile is skipped.
pub fn walk(folder: &Path, part: &str, each: &mut impl FnMut(Found)) -> io::Result<()> {
    let entries = match fs::read_dir(folder.join(part)) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let metadata = match entry.metadata() {
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            other => other?,
        };
        let name = entry.file_name().to_string_lossy().into_owned();
        if metadata.is_dir() {
            walk(folder, &format!("{part}/{name}"), each)?;
        } else if metadata.is_file() {
            each(Found { path: entry.path(), name, bytes: metadata.len(), modified: metadata.modified()? });
        }
    }
    Ok(())
}

/// Whether this name belongs only to files being written: `….part`, or the `…#1` of the object store.
pub fn is_unfinished(name: &str) -> bool {
    let of_store = |(_, number): (&str, &str)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    name.ends_with(".part") || name.rsplit_once('#').is_some_and(of_store)
}

/// Whether an unfinished file is abandoned: it is old, and no living process holds its lock.
pub fn is_left(found: &Found, now: SystemTime) -> bool {
    let is_old = now.duration_since(found.modified).is_ok_and(|age| age >= LEFT_AFTER);
    is_old && is_unfinished(&found.name) && !is_locked(&found.path)
}

/// Removes abandoned files from the photo folder; returns their number. O(files).
pub fn sweep(folder: &Path, now: SystemTime) -> io::Result<usize> {
    let mut left = Vec::new();
    for part in [incoming::FOLDER, "originals", "derived"] {
        walk(folder, part, &mut |found| {
            if is_left(&found, now) {
                left.push(found.path);
            }
        })?;
    }
    left.iter().try_for_each(|path| remove(path))?;
    Ok(left.len())
}

/// Removes half-written mails from the outbox folder; returns their number.
pub fn sweep_outbox(outbox: &Path, now: SystemTime) -> io::Result<usize> {
    let mut left = Vec::new();
    walk(outbox, "", &mut |found| {
        if is_left(&found, now) {
            left.push(found.path);
        }
    })?;
    left.iter().try_for_each(|path| remove(path))?;
    Ok(left.len())
}

/// Another process may have been faster.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A process that receives a photo locks its file for as long as it lives. If the file system has no locks, only the
/// age of the file decides.
fn is_locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_dead_processes_are_removed_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = folder.path().join("derived/ab/cd");
        fs::create_dir_all(&shelf).unwrap();
        fs::create_dir_all(folder.path().join(incoming::FOLDER)).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let make = |path: PathBuf| {
            let file = File::create(path).unwrap();
            file.set_modified(written).unwrap();
            file
        };
        let hash = "ab".repeat(32);
        make(shelf.join(format!("{hash}-thumb.jpg")));
        make(shelf.join(format!("{hash}-thumb.jpg#1")));
        make(folder.path().join("incoming/dead.part"));
        let live = make(folder.path().join("incoming/live.part"));
        live.try_lock().unwrap();
        assert_eq!(sweep(folder.path(), written + LEFT_AFTER / 2).unwrap(), 0, "all of it may still be written");
        assert_eq!(sweep(folder.path(), written + 2 * LEFT_AFTER).unwrap(), 2);
        assert!(folder.path().join("incoming/live.part").exists(), "a living process holds its lock");
        assert!(shelf.join(format!("{hash}-thumb.jpg")).exists());
        drop(live);
        assert_eq!(sweep(folder.path(), written + 2 * LEFT_AFTER).unwrap(), 1);
    }
}
