//! Marks in the event stream: how far somebody has read. The number of an entry of the change log would tell how much is
//! changed by others in between, so it is sealed (ChaCha20-Poly1305, each time with another nonce).

use crate::store::event_seal::{SECRET_BYTES, find_or_keep};
use crate::store::{Result, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;

/// What else is sealed with this key is no mark.
const PURPOSE: &[u8] = b"tapak event stream, version 1";

/// Seals and opens marks.
pub struct Marks(LessSafeKey);

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marks")
    }
}

impl Marks {
    /// With the key of this database, which is made where there is none.
    pub async fn of(store: &Store) -> Result<Self> {
        let secret = find_or_keep(store, random()).await?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &secret).expect("the table holds keys of 32 bytes alone");
        Ok(Self(LessSafeKey::new(key)))
    }

    /// The mark of this entry: 48 letters, each time others.
    pub fn seal(&self, seq: i64) -> String {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = seq.to_be_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(PURPOSE), &mut sealed)
            .expect("eight bytes are not too long to be sealed");
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// The entry of a mark; `None` for what is none of ours.
    pub fn open(&self, mark: &str) -> Option<i64> {
        let bytes = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let seq = self.0.open_in_place(nonce, Aad::from(PURPOSE), &mut sealed).ok()?;
        Some(i64::from_be_bytes((&*seq).try_into().ok()?))
    }
}

#[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

const _: () = assert!(SECRET_BYTES == 32);

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(byte: u8) -> Marks {
        Marks(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &[byte; SECRET_BYTES]).unwrap()))
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
