//! Marks in the event stream: how far somebody has read. The number of an entry of the change log would tell how much is
//! changed by others in between, so it is sealed.

use crate::seal::{KEY_BYTES, Seal, random};
use crate::store::event_seal::{SECRET_BYTES, find_or_keep};
use crate::store::{Result, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// What else is sealed with this key is no mark.
const PURPOSE: &str = "tapak event stream, version 1";

/// Seals and opens marks.
#[derive(Debug)]
pub struct Marks(Seal);

impl Marks {
    /// With the key of this database, which is made where there is none.
    pub async fn of(store: &Store) -> Result<Self> {
        let secret = find_or_keep(store, random()).await?;
        let key = secret.try_into().map_err(|_| StoreError::Corrupt("event_seal.secret", Uuid::nil()))?;
        Ok(Self(Seal::new(&key, PURPOSE)))
    }

    /// The mark of this entry: 48 letters, each time others.
    pub fn seal(&self, seq: i64) -> String {
        URL_SAFE_NO_PAD.encode(self.0.seal(&seq.to_be_bytes()))
    }

    /// The entry of a mark; `None` for what is none of ours.
    pub fn open(&self, mark: &str) -> Option<i64> {
        let seq = self.0.open(&URL_SAFE_NO_PAD.decode(mark).ok()?)?;
        Some(i64::from_be_bytes(seq.try_into().ok()?))
    }
}

const _: () = assert!(SECRET_BYTES == KEY_BYTES);

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(byte: u8) -> Marks {
        Marks(Seal::new(&[byte; KEY_BYTES], PURPOSE))
    }

    #[test]
    fn a_mark_is_opened_by_who_sealed_it_and_says_nothing_to_others() {
        let ours = marks(1);
        let (one, again) = (ours.seal(42), ours.seal(42));
        assert_eq!((ours.open(&one), ours.open(&again)), (Some(42), Some(42)));
        assert_ne!(one, again);
        assert_eq!(marks(2).open(&one), None);
        let mut bent = one.clone().into_bytes();
        bent[20] ^= 1;
        for other in ["", "42", "AAAA", std::str::from_utf8(&bent).unwrap()] {
            assert_eq!(ours.open(other), None, "{other}");
        }
    }
}
