//! How a piece is kept: rows compressed, everything encrypted where recipients are set (age, X25519), and under which
//! name. A name follows from the content, keyed where the content is secret.

use super::BackupError;
use age::x25519;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{Read, Write};
use std::path::Path;

/// SHA-256 of a piece's content: rows as they are encoded, a file's bytes.
pub type Hash = [u8; 32];

/// Who may read a backup: public keys of age. Empty for one that is not encrypted.
#[derive(Clone, Default)]
pub struct Recipients(Vec<x25519::Recipient>);

impl Recipients {
    /// `age1…`, between commas or spaces.
    pub fn parse(text: &str) -> Result<Self, BackupError> {
        let keys = text.split([',', ' ', '\n']).filter(|key| !key.is_empty());
        let keys = keys.map(|key| key.parse().map_err(|_| BackupError::NoKey(key.to_owned())));
        keys.collect::<Result<_, _>>().map(Self)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} recipients", self.0.len())
    }
}

/// The secret keys of age by which a backup is read.
#[derive(Default)]
pub struct Identities(Vec<x25519::Identity>);

impl Identities {
    /// Those of a file as `age-keygen` writes it: a key a line, comments behind `#`.
    pub fn read(file: &Path) -> Result<Self, BackupError> {
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|e| BackupError::storage(&shown, &e))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys = lines.map(|line| line.parse().map_err(|_| BackupError::NoKey(shown.clone())));
        let keys: Vec<x25519::Identity> = keys.collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(BackupError::NoKey(shown)) } else { Ok(Self(keys)) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn open(&self, bytes: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let decryptor = age::Decryptor::new(bytes).map_err(|_| Unsealed::Damaged)?;
        let keys = self.0.iter().map(|key| key as &dyn age::Identity);
        let mut reader = decryptor.decrypt(keys).map_err(|e| match e {
            age::DecryptError::NoMatchingKeys => Unsealed::WrongKey,
            _ => Unsealed::Damaged,
        })?;
        let mut content = Vec::with_capacity(bytes.len());
        reader.read_to_end(&mut content).map_err(|_| Unsealed::Damaged)?;
        Ok(content)
    }
}

/// A new pair of keys: the text of a file for the secret one, and the public one.
pub fn make_keys() -> (String, String) {
    use age::secrecy::ExposeSecret;
    let identity = x25519::Identity::generate();
    let public = identity.to_public().to_string();
    (format!("# public key: {public}\n{}\n", identity.to_string().expose_secret()), public)
}

/// Why bytes are not the piece they are named as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsealed {
    Damaged,
    WrongKey,
}

/// How the pieces of a backup are kept.
#[derive(Clone, Debug)]
pub struct Seal {
    recipients: Recipients,
    /// Of encrypted pieces' names.
    key: Hash,
}

impl Seal {
    /// `name_key` is what names are made with where there are recipients. Theirs go into it: a piece that others can read
    /// has another name, so that a backup for new recipients counts on none that they cannot.
    pub fn new(recipients: Recipients, name_key: &str) -> Self {
        let mut names: Vec<String> = recipients.0.iter().map(ToString::to_string).collect();
        names.sort();
        names.dedup();
        let key = keyed(name_key.as_bytes(), &Sha256::digest(names.join(",")).into());
        Self { recipients, key }
    }

    /// The key of names, by which a backup is read.
    pub const fn key(&self) -> &Hash {
        &self.key
    }

    pub fn is_encrypted(&self) -> bool {
        !self.recipients.is_empty()
    }

    /// The name of the piece with this content.
    pub fn name(&self, content: &Hash) -> Hash {
        if self.is_encrypted() { keyed(&self.key, content) } else { *content }
    }

    /// Rows as they are kept: their compressed bytes behind the hash of those, so that every bit counts.
    pub fn rows(&self, rows: &[u8]) -> std::io::Result<Vec<u8>> {
        self.encrypt(pack(rows)?)
    }

    /// Any other content as it is kept.
    pub fn encrypt(&self, content: Vec<u8>) -> std::io::Result<Vec<u8>> {
        if !self.is_encrypted() {
            return Ok(content);
        }
        let recipients = self.recipients.0.iter().map(|key| key as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(std::io::Error::other)?;
        let mut sealed = Vec::with_capacity(content.len() + 1024);
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(&content)?;
        writer.finish()?;
        Ok(sealed)
    }

    /// Whether a file of so many bytes may be one of `content` bytes as they are kept.
    pub fn may_be_of(&self, size: u64, content: u64) -> bool {
        /// What age adds besides 16 bytes each 64 KiB: its header, of a length left to chance.
        const HEADER: std::ops::Range<u64> = 100..65_536;
        if self.is_encrypted() {
            let body = content + 16 * content.div_ceil(65_536).max(1);
            size.checked_sub(body).is_some_and(|header| HEADER.contains(&header))
        } else {
            size == content
        }
    }
}

/// How the pieces of a backup are read.
pub struct Opening<'a> {
    /// `None` for a backup that is not encrypted.
    pub keys: Option<&'a Identities>,
    /// Of encrypted pieces' names.
    pub name_key: Hash,
}

impl Opening<'_> {
    pub fn name(&self, content: &Hash) -> Hash {
        if self.keys.is_some() { keyed(&self.name_key, content) } else { *content }
    }

    /// The content of a piece of any other kind than rows, if it is this one.
    pub fn content(&self, kept: &[u8], hash: &Hash) -> Result<Vec<u8>, Unsealed> {
        let content = match self.keys {
            Some(keys) => keys.open(kept)?,
            None => kept.to_vec(),
        };
        if Hash::from(Sha256::digest(&content)) == *hash { Ok(content) } else { Err(Unsealed::Damaged) }
    }

    /// The rows of a piece, if they are these. `size` bounds what is unpacked.
    pub fn rows(&self, kept: &[u8], hash: &Hash, size: u64) -> Result<Vec<u8>, Unsealed> {
        let opened = self.keys.map(|keys| keys.open(kept)).transpose()?;
        let rows = unpack(opened.as_deref().unwrap_or(kept), size)?;
        if Hash::from(Sha256::digest(&rows)) == *hash { Ok(rows) } else { Err(Unsealed::Damaged) }
    }
}

/// Opens what has no name of its own: the list of a backup.
pub fn open_sealed(keys: Option<&Identities>, kept: &[u8], size: u64) -> Result<Vec<u8>, Unsealed> {
    let opened = keys.map(|keys| keys.open(kept)).transpose()?;
    unpack(opened.as_deref().unwrap_or(kept), size)
}

fn keyed(key: &[u8], content: &Hash) -> Hash {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is one");
    mac.update(content);
    mac.finalize().into_bytes().into()
}

fn pack(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(vec![0; 32], Compression::default());
    encoder.write_all(content)?;
    let mut packed = encoder.finish()?;
    let hash = Sha256::digest(&packed[32..]);
    packed[..32].copy_from_slice(&hash);
    Ok(packed)
}

fn unpack(packed: &[u8], size: u64) -> Result<Vec<u8>, Unsealed> {
    let (hash, body) = packed.split_at_checked(32).ok_or(Unsealed::Damaged)?;
    if Sha256::digest(body).as_slice() != hash {
        return Err(Unsealed::Damaged);
    }
    let mut content = Vec::new();
    let mut bounded = DeflateDecoder::new(body).take(size + 1);
    bounded.read_to_end(&mut content).map_err(|_| Unsealed::Damaged)?;
    if content.len() as u64 == size { Ok(content) } else { Err(Unsealed::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(content: &[u8]) -> Hash {
        Sha256::digest(content).into()
    }

    fn pair() -> (Recipients, Identities) {
        let identity = x25519::Identity::generate();
        (Recipients(vec![identity.to_public()]), Identities(vec![identity]))
    }

    #[test]
    fn every_bit_of_a_piece_counts_whether_it_is_encrypted_or_not() {
        let content = b"rows of a table, the rows of a table".repeat(3);
        let (recipients, keys) = pair();
        for (recipients, keys) in [(Recipients::default(), None), (recipients, Some(&keys))] {
            let seal = Seal::new(recipients, "key");
            let opening = Opening { keys, name_key: *seal.key() };
            let (size, hash) = (content.len() as u64, hash(&content));
            assert_eq!(opening.name(&hash), seal.name(&hash));
            let rows = seal.rows(&content).unwrap();
            assert_eq!(opening.rows(&rows, &hash, size).unwrap(), content);
            let file = seal.encrypt(content.clone()).unwrap();
            assert_eq!(opening.content(&file, &hash).unwrap(), content);
            assert!(seal.may_be_of(file.len() as u64, size) && !seal.may_be_of(size - 1, size));
            for bit in 0..rows.len() * 8 {
                let mut flipped = rows.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert!(opening.rows(&flipped, &hash, size).is_err(), "bit {bit} of {}", rows.len() * 8);
            }
        }
    }

    #[test]
    fn the_name_of_an_encrypted_piece_says_nothing_to_who_knows_its_content() {
        let (recipients, _) = pair();
        let seal = Seal::new(recipients.clone(), "key");
        let content = hash(b"a photo that somebody has");
        assert_ne!(seal.name(&content), content);
        assert_eq!(seal.name(&content), Seal::new(recipients.clone(), "key").name(&content), "it is sent again");
        assert_ne!(seal.name(&content), Seal::new(recipients, "another").name(&content));
    }

    #[test]
    fn a_piece_for_others_is_another_piece() {
        let ((first, _), (second, _)) = (pair(), pair());
        let content = hash(b"a photo");
        let name = |recipients: &[&Recipients]| {
            let all = recipients.iter().flat_map(|one| one.0.clone()).collect();
            Seal::new(Recipients(all), "key").name(&content)
        };
        assert_ne!(name(&[&first]), name(&[&second]));
        assert_ne!(name(&[&first]), name(&[&first, &second]));
        assert_eq!(name(&[&first, &second]), name(&[&second, &first]));
    }

    #[test]
    fn another_key_is_told_from_damage() {
        let ((recipients, _), (_, other)) = (pair(), pair());
        let opening = Opening { keys: Some(&other), name_key: [7; 32] };
        let kept = Seal::new(recipients, "key").encrypt(b"content".to_vec()).unwrap();
        assert_eq!(opening.content(&kept, &hash(b"content")), Err(Unsealed::WrongKey));
    }
}
