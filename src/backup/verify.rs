//! Reads every piece of every backup of a place again, and says what is not what was stored.

use super::manifest::{self, Contents, Needed, list, read_head};
use super::seal::{Hash, Identities, Opening, Unsealed};
use super::{BackupError, Broken, Means, Step, Target};
use crate::store::copy::{decode, sum_of};
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;

/// Pieces read at once.
const AT_ONCE: usize = 4;

/// What was found.
#[derive(Debug, Default)]
pub struct Verified {
    pub backups: usize,
    /// The moment of the newest, and how many rows and photos it holds.
    pub newest: String,
    pub rows: u64,
    pub photos: u64,
    /// Photos that were lost or damaged before the newest was made.
    pub lost: u64,
    pub pieces: u64,
    pub bytes: u64,
    /// What is missing or damaged.
    pub broken: Vec<Broken>,
}

/// Reads all. `Err` where nothing can be said at all: no backup, no key, no access. Cost: every byte is read once; memory
/// of the list of a backup and of four pieces.
pub async fn verify(target: &Target, keys: &Identities, step: Step<'_>) -> Result<Verified, BackupError> {
    let listed = list(target).await?;
    if listed.is_empty() {
        return Err(BackupError::NoBackup(target.shown().to_owned()));
    }
    let mut found = Verified { backups: listed.len(), ..Verified::default() };
    let mut needed: BTreeMap<String, (Needed, Hash, bool)> = BTreeMap::new();
    for listed in &listed {
        let read = match read_head(target, listed).await {
            Ok(head) => manifest::open(listed, &head, keys).map(|contents| (head, contents)),
            Err(e) => Err(e),
        };
        let (head, contents) = match read {
            Ok(read) => read,
            Err(BackupError::Broken(broken)) => {
                found.broken.push(*broken);
                continue;
            }
            Err(e) => return Err(e),
        };
        found.broken.extend(wrong_sums(listed, &contents));
        let opening = contents.opening(&head, keys);
        for (path, piece) in manifest::needed(&contents, &opening) {
            needed.insert(path, (piece, contents.name_key, head.is_encrypted));
        }
        found.newest = listed.moment().to_owned();
        found.rows = contents.rows();
        found.photos = contents.photos.len() as u64;
        found.lost = contents.lost.len() as u64;
    }
    let all: u64 = needed.values().map(|(piece, ..)| piece.bytes).sum();
    found.pieces = needed.len() as u64;
    let mut reading = stream::iter(needed)
        .map(|(path, (piece, name_key, is_encrypted))| {
            let target = target.clone();
            async move {
                let kept = target.get(&path).await?;
                let opening = Opening { keys: is_encrypted.then_some(keys), name_key };
                let read = kept.as_ref().map(|kept| read_piece(&opening, kept, &piece));
                let broken = match read {
                    None => Some(true),
                    Some(None) => Some(false),
                    Some(Some(_)) => None,
                };
                let broken = broken.map(|is_missing| Broken { piece: path, is_missing, means: piece.means });
                Ok::<_, BackupError>((broken, piece.bytes, kept.map_or(0, |kept| kept.len() as u64)))
            }
        })
        .buffered(AT_ONCE);
    let mut done = 0;
    while let Some(read) = reading.next().await {
        let (broken, content, kept) = read?;
        found.broken.extend(broken);
        found.bytes += kept;
        done += content;
        step(done, all.max(1));
    }
    found.broken.sort();
    Ok(found)
}

/// The content of a piece, if it is this one: its rows as many and in the form of rows.
pub(super) fn read_piece(opening: &Opening<'_>, kept: &[u8], piece: &Needed) -> Option<Vec<u8>> {
    let content: Result<Vec<u8>, Unsealed> = match piece.rows {
        Some(_) => opening.rows(kept, &piece.hash, piece.bytes),
        None => opening.content(kept, &piece.hash),
    };
    let content = content.ok()?;
    match piece.rows {
        Some(rows) => (decode(&content)?.len() as u64 == rows).then_some(content),
        None => Some(content),
    }
}

/// A list whose tables are not the sum of their chunks was written wrongly.
fn wrong_sums(listed: &manifest::Listed, contents: &Contents) -> Vec<Broken> {
    let is_wrong = |table: &&manifest::TablePart| {
        let sum = sum_of(table.chunks.iter().map(|chunk| (chunk.rows, &chunk.sha256)));
        (sum.rows, sum.sha256) != (table.rows, table.sha256)
    };
    let wrong = contents.tables.iter().filter(is_wrong);
    wrong
        .map(|table| Broken { piece: listed.path(), is_missing: false, means: Means::Rows(table.name.clone()) })
        .collect()
}
