//! SHA-256 as text.

use sha2::{Digest, Sha256};

/// 64 hexadecimal digits in small letters: the name of a stored file, the key of what is looked up again by its content.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}
