//! Bytes sealed with a key (ChaCha20-Poly1305), each time with another nonce: who has no key learns their length alone, and
//! whoever changes one of them is found out.

use rand::Rng;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// A key, and what it is for: what was sealed for one purpose is not opened for another.
pub struct Seal {
    key: LessSafeKey,
    purpose: &'static str,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seal({})", self.purpose)
    }
}

impl Seal {
    pub fn new(key: &[u8; KEY_BYTES], purpose: &'static str) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).expect("its keys have 32 bytes");
        Self { key: LessSafeKey::new(key), purpose }
    }

    /// 28 bytes longer than what is sealed.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(self.purpose), &mut sealed)
            .expect("what is sealed here is far from 256 GiB");
        [&nonce[..], &sealed].concat()
    }

    /// `None` for what was not sealed so.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut opened = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.key.open_in_place(nonce, Aad::from(self.purpose), &mut opened).ok()?;
        Some(plain.to_vec())
    }
}

/// A key or a nonce.
#[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_with_its_key_for_its_purpose_and_unchanged() {
        let seal = Seal::new(&[1; KEY_BYTES], "one");
        let (first, second) = (seal.seal(b"secret"), seal.seal(b"secret"));
        assert_ne!(first, second);
        assert_eq!(seal.open(&first).unwrap(), b"secret");
        assert_eq!(Seal::new(&[2; KEY_BYTES], "one").open(&first), None);
        assert_eq!(Seal::new(&[1; KEY_BYTES], "other").open(&first), None);
        for at in 0..first.len() {
            let mut bent = first.clone();
            bent[at] ^= 1;
            assert_eq!(seal.open(&bent), None, "{at}");
            assert_eq!(seal.open(&first[..at]), None, "{at}");
        }
    }
}
