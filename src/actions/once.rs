//! A request that was sent with a key of its own (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header): the same
//! again gets the same answer, and nothing is done twice. What is refused is not kept: it may be tried again with the same key.

use super::Result;
use crate::digest::sha256_hex;
use crate::domain::{Invalid, Time};
use crate::store::Tx;
use crate::store::answers::{self, KeptAnswer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A request with its key.
#[derive(Clone, Debug)]
pub struct Once {
    key: String,
    sent: String,
}

impl Once {
    /// `key`: as this person sent it; others may use the same. `sent`: the digest of where the request was sent and of its body.
    pub fn new(person: Uuid, key: &str, sent: &str) -> Self {
        Self { key: sha256_hex(format!("{person}\n{key}")), sent: sent.to_owned() }
    }

    /// What was answered before; an error where another request came with this key. First in its transaction: of two that
    /// come at one moment the second waits for the answer of the first.
    pub async fn find_earlier(&self, tx: &mut Tx) -> Result<Option<KeptAnswer>> {
        tx.one_at_a_time(Uuid::from_bytes(Sha256::digest(&self.key).as_chunks().0[0])).await?;
        match answers::find(tx, &self.key).await? {
            Some(earlier) if earlier.sent != self.sent => {
                Err(Invalid::new("idempotency_key_reused", "Idempotency-Key").into())
            }
            earlier => Ok(earlier),
        }
    }

    /// Keeps the answer with what was done.
    pub async fn keep(self, tx: &mut Tx, status: u16, body: String, now: Time) -> Result<()> {
        let answer = KeptAnswer { sent: self.sent, status: status.into(), body };
        Ok(answers::keep(tx, &self.key, &answer, now).await?)
    }
}
