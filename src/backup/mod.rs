//! Backups: database and photos as one consistent set in a folder or in S3-compatible storage, sent piece by piece under
//! names that follow from the content; verified, restored and pruned. One form for both engines, so that a set of SQLite
//! can be restored into PostgreSQL, and `tapak move` copies rows the same way. See `docs/decisions/018-backups.md`.

mod error;
mod known;
mod lock;
mod make;
mod manifest;
mod moving;
mod prune;
mod restore;
mod seal;
mod send;
mod target;
mod verify;

pub use error::{BackupError, Broken, Cause, Means, sentence};
pub use make::{Made, Source, make};
pub use manifest::Listed;
pub use moving::{Database, Moved, move_database};
pub use prune::{Pruned, prune};
pub use restore::{Place, Restored, restore};
pub use seal::{Identities, Recipients, make_keys};
pub use target::{S3, Target};
pub use verify::{Verified, verify};

/// Hears how far the work is: bytes done, of so many.
pub type Step<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);
