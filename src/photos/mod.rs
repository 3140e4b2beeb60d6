//! Photos: format and metadata of a file (`read`), storage of its bytes (`keep`), its derivatives (`derive`). Knows
//! no SQL and no HTTP.

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
mod uploads;
mod webp;

pub use error::PhotoError;
pub use exif_facts::ExifFacts;
pub use original::Original;
