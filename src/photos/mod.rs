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

pub use error::PhotoError;
pub use exif_facts::ExifFacts;
pub use original::Original;
