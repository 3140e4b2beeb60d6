//! The list of a backup: what it holds and by which pieces. Written last, under a name that ends in the hash of its own
//! bytes; without it a backup is none.

use super::seal::{Hash, Identities, Opening, Seal, Unsealed, open_sealed};
use super::target::{FILES, LISTS, ROWS};
use super::{BackupError, Broken, Means, Target};
use crate::domain::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The first line of a list, before the number of its form and the version of the program: every form begins so.
const MAGIC: &str = "TAPAK BACKUP ";
const FORM: &str = "1";

/// What anybody may know of a backup: no more than a look at the place shows. Prune and the next backup need no key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    pub at: String,
    /// Version of the program that made it; it stands in the first line.
    #[serde(skip)]
    pub program: String,
    pub is_encrypted: bool,
    /// Every piece with its size as it is kept.
    pub pieces: Vec<Piece>,
    /// Bytes of the list before it was packed.
    size: u64,
    /// [`Contents`], packed and encrypted.
    sealed: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Piece {
    pub is_rows: bool,
    pub name: Hash,
    pub size: u64,
}

impl Piece {
    /// Where it is kept.
    pub fn path(&self) -> String {
        piece_path(self.is_rows, &self.name)
    }
}

/// Where a piece is kept: 256 folders of each kind.
pub fn piece_path(is_rows: bool, name: &Hash) -> String {
    let name = hex::encode(name);
    format!("{}/{}/{name}", if is_rows { ROWS } else { FILES }, &name[..2])
}

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contents {
    /// Number of the last migration.
    pub migration: i64,
    pub engine: String,
    /// Number of the last entry of the change log.
    pub last_change: i64,
    pub name_key: Hash,
    pub tables: Vec<TablePart>,
    pub photos: Vec<FilePart>,
    pub uploads: Vec<UploadPart>,
    /// Photos that were lost or damaged before this backup.
    pub lost: Vec<Hash>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TablePart {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: u64,
    /// Of all rows: see `store/copy/read.rs`.
    pub sha256: Hash,
    pub chunks: Vec<ChunkPart>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChunkPart {
    pub rows: u64,
    pub bytes: u64,
    pub sha256: Hash,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FilePart {
    pub sha256: Hash,
    pub bytes: u64,
}

/// A file to be imported, with its upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UploadPart {
    pub id: [u8; 16],
    pub file: FilePart,
}

impl Contents {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Bytes before they are packed and encrypted.
    pub fn bytes(&self) -> u64 {
        let chunks = self.tables.iter().flat_map(|table| &table.chunks).map(|chunk| chunk.bytes);
        let uploads = self.uploads.iter().map(|upload| upload.file.bytes);
        chunks.chain(self.photos.iter().map(|photo| photo.bytes)).chain(uploads).sum()
    }

    pub fn opening<'a>(&self, head: &Head, keys: &'a Identities) -> Opening<'a> {
        Opening { keys: head.is_encrypted.then_some(keys), name_key: self.name_key }
    }
}

/// A backup that is listed in a place: `20261130T020000.000Z-` and the hash of its list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub name: String,
    sha256: String,
}

impl Listed {
    fn parse(path: &str) -> Option<Self> {
        let name = path.strip_prefix(LISTS)?.strip_prefix('/')?;
        let (at, sha256) = name.split_once('-')?;
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_moment = at.len() == 20 && at.ends_with('Z');
        (is_hash && is_moment).then(|| Self { name: name.to_owned(), sha256: sha256.to_owned() })
    }

    pub fn path(&self) -> String {
        format!("{LISTS}/{}", self.name)
    }

    /// As it is shown: the moment at which it was made.
    pub fn moment(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

/// The backups of a place, oldest first.
pub async fn list(target: &Target) -> Result<Vec<Listed>, BackupError> {
    let mut found: Vec<Listed> = target.list(LISTS).await?.keys().filter_map(|path| Listed::parse(path)).collect();
    found.sort();
    Ok(found)
}

/// Names a backup. From here on it is one.
pub async fn write(
    target: &Target,
    seal: &Seal,
    at: Time,
    program: &str,
    contents: &Contents,
    pieces: Vec<Piece>,
) -> Result<(Listed, u64), BackupError> {
    let plain = postcard::to_allocvec(contents).map_err(|e| target.failed(&e))?;
    let sealed = seal.rows(&plain).map_err(|e| target.failed(&e))?;
    let head = Head {
        at: crate::store::to_text(at),
        program: program.to_owned(),
        is_encrypted: seal.is_encrypted(),
        pieces,
        size: plain.len() as u64,
        sealed,
    };
    let mut bytes = format!("{MAGIC}{FORM} {program}\n").into_bytes();
    bytes.extend(postcard::to_allocvec(&head).map_err(|e| target.failed(&e))?);
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let listed = Listed { name: format!("{}-{sha256}", at.format("%Y%m%dT%H%M%S%.3fZ")), sha256 };
    let size = bytes.len() as u64;
    target.put_and_compare(&listed.path(), bytes).await?;
    Ok((listed, size))
}

/// Reads what anybody may know of a backup.
pub async fn read_head(target: &Target, listed: &Listed) -> Result<Head, BackupError> {
    let broken = |is_missing| Broken { piece: listed.path(), is_missing, means: Means::Backup };
    let bytes = target.get(&listed.path()).await?.ok_or_else(|| broken(true))?;
    if hex::encode(Sha256::digest(&bytes)) != listed.sha256 {
        return Err(broken(false).into());
    }
    let (form, program, body) = first_line(&bytes).ok_or_else(|| broken(false))?;
    if form != FORM {
        return Err(BackupError::Later(Some(program.to_owned())));
    }
    let head: Head = postcard::from_bytes(body).map_err(|_| broken(false))?;
    Ok(Head { program: program.to_owned(), ..head })
}

/// Form and program of the first line, and what comes behind it.
fn first_line(bytes: &[u8]) -> Option<(&str, &str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, body) = bytes.split_at(end);
    let (form, program) = std::str::from_utf8(line).ok()?.strip_prefix(MAGIC)?.split_once(' ')?;
    Some((form, program, &body[1..]))
}

/// Reads what a backup holds.
pub fn open(listed: &Listed, head: &Head, keys: &Identities) -> Result<Contents, BackupError> {
    let keys = head.is_encrypted.then_some(keys);
    let opened = open_sealed(keys, &head.sealed, head.size).map_err(|e| match (e, keys) {
        (Unsealed::WrongKey, Some(keys)) if keys.is_empty() => BackupError::NeedsKey,
        (Unsealed::WrongKey, _) => BackupError::WrongKey,
        (Unsealed::Damaged, _) => Broken { piece: listed.path(), is_missing: false, means: Means::Backup }.into(),
    })?;
    let contents: Contents = postcard::from_bytes(&opened)
        .map_err(|_| BackupError::from(Broken { piece: listed.path(), is_missing: false, means: Means::Backup }))?;
    if contents.migration > crate::store::copy::latest() {
        return Err(BackupError::Later(Some(head.program.clone())));
    }
    Ok(contents)
}

/// Every piece that these contents need, by its path, with what cannot be restored without it.
pub fn needed(contents: &Contents, opening: &Opening<'_>) -> BTreeMap<String, Needed> {
    let mut all = BTreeMap::new();
    for table in &contents.tables {
        for chunk in &table.chunks {
            let means = Means::Rows(table.name.clone());
            let needed = Needed { hash: chunk.sha256, bytes: chunk.bytes, rows: Some(chunk.rows), means };
            all.insert(piece_path(true, &opening.name(&chunk.sha256)), needed);
        }
    }
    let mut file = |file: &FilePart, means: Means| {
        let needed = Needed { hash: file.sha256, bytes: file.bytes, rows: None, means };
        all.insert(piece_path(false, &opening.name(&file.sha256)), needed);
    };
    for upload in &contents.uploads {
        file(&upload.file, Means::Upload(hex::encode(upload.file.sha256)));
    }
    for photo in &contents.photos {
        file(photo, Means::Photo(hex::encode(photo.sha256)));
    }
    all
}

/// A piece of a backup.
#[derive(Clone, Debug)]
pub struct Needed {
    pub hash: Hash,
    pub bytes: u64,
    /// `None` for a file.
    pub rows: Option<u64>,
    pub means: Means,
}
