//! A folder with backups, as a fault of the disk or a person may change it.

use std::path::{Path, PathBuf};

/// The files of all backups in a place, by path; what is there besides (the lock) left out.
pub fn pieces(place: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for part in ["backups", "rows", "files"] {
        gather(&place.join(part), &mut found);
    }
    found.sort();
    found
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { gather(&path, found) } else { found.push(path) }
    }
}

/// The lists of backups, oldest first.
pub fn lists(place: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    gather(&place.join("backups"), &mut found);
    found.sort();
    found
}

/// Turns one bit of a file round.
pub fn flip(file: &Path, bit: u64) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[usize::try_from(bit / 8).unwrap()] ^= 1 << (bit % 8);
    std::fs::write(file, bytes).unwrap();
}

/// The path of a file within its place, as the program names it.
pub fn name(place: &Path, file: &Path) -> String {
    file.strip_prefix(place).unwrap().display().to_string()
}
