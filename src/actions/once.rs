//! A request that was sent with a key of its own (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header): the same
//! again gets the same answer, and nothing is done twice. What is refused is not kept: it may be tried again with the same key.
//!
//! An answer may hold what is stored nowhere else, such as a one-time code: it is kept sealed with the key that was sent, of
//! which the database has the hash alone.

use super::{ActionError, Result};
use crate::digest::sha256_hex;
use crate::domain::{Invalid, Time};
use crate::seal::Seal;
use crate::store::Tx;
use crate::store::answers::{self, KeptAnswer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What else is sealed with such a key is no answer.
const PURPOSE: &str = "tapak kept answer, version 1";

/// A request with its key.
#[derive(Debug)]
pub struct Once {
    key: String,
    sent: String,
    seal: Seal,
}

/// What was answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub status: u16,
    /// JSON.
    pub body: Vec<u8>,
}

impl Once {
    /// `key`: as this person sent it; others may use the same. `sent`: the digest of where the request was sent and of its body.
    pub fn new(person: Uuid, key: &str, sent: &str) -> Self {
        let secret = Sha256::digest(format!("{PURPOSE}\n{person}\n{key}"));
        let seal = Seal::new(&secret.into(), PURPOSE);
        Self { key: sha256_hex(format!("{person}\n{key}")), sent: sent.to_owned(), seal }
    }

    /// What was answered before; an error where another request came with this key. Before anything is done in its
    /// transaction: of two that come at one moment the second waits for the answer of the first.
    pub async fn find_earlier(&self, tx: &mut Tx) -> Result<Option<Earlier>> {
        tx.one_at_a_time(Uuid::from_bytes(Sha256::digest(&self.key).as_chunks().0[0])).await?;
        let Some(kept) = answers::find(tx, &self.key).await? else { return Ok(None) };
        if kept.sent != self.sent {
            return Err(Invalid::new("idempotency_key_reused", "Idempotency-Key").into());
        }
        let broken = || ActionError::Internal("a kept answer is not as it was kept".to_owned());
        let status = u16::try_from(kept.status).map_err(|_| broken())?;
        Ok(Some(Earlier { status, body: self.seal.open(&kept.body).ok_or_else(broken)? }))
    }

    /// Keeps the answer with what was done.
    pub async fn keep(self, tx: &mut Tx, status: u16, body: &[u8], now: Time) -> Result<()> {
        let answer = KeptAnswer { sent: self.sent, status: status.into(), body: self.seal.seal(body) };
        Ok(answers::keep(tx, &self.key, &answer, now).await?)
    }
}
