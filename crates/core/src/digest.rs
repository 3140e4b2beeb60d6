//! SHA-256 as text.

use sha2::{Digest, Sha256};

/// 64 lower-case hexadecimal digits: the name of a stored file, the key of values looked up by content.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}
