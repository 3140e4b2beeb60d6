//! Tokens of sessions and devices: whoever holds one is known by it, and only its hash is stored.

use crate::digest::sha256_hex;
use rand::Rng;

/// A new token: 256 random bits, hex.
#[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
pub fn make_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// The stored form of a token.
pub fn token_hash(token: &str) -> String {
    sha256_hex(token)
}
