//! Photos: what a file is and says of itself (`read`), where its bytes are kept (`keep`), its small pictures (`derive`).
//! Knows no SQL and no HTTP.

mod chunks;
pub mod decoding;
pub mod derive;
mod error;
mod exif_facts;
pub mod incoming;
mod jpeg;
pub mod keep;
mod original;
mod png;
pub mod read;
pub mod sweep;
mod webp;
pub mod zone;

pub use error::PhotoError;
pub use exif_facts::ExifFacts;
pub use original::Original;

use sha2::{Digest, Sha256};

/// SHA-256 as 64 hex digits: the name of a stored file.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
