//! Guessing passwords is slowed, and nobody is locked out by what others do.
//!
//! Failures are counted in lanes, in the database: of an account, of an address, of both together. Who comes from elsewhere than
//! a guesser has a wait of their own, which nobody else can lengthen; who signed in on this device before has a lane of their own
//! altogether. Accounts that do not exist are counted like those that do.

use super::{ActionError, Result};
use crate::digest::sha256_hex;
use crate::domain::Time;
use crate::domain::patience::{ACCOUNT, ADDRESS, LONGEST_WAIT, Patience};
use crate::store::Tx;
use crate::store::sign_ins::{self, Failures};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// Whose failures count.
#[derive(Clone, Debug)]
pub(super) enum Lanes {
    /// Of somebody whom we know: their device, or their session.
    Known(String),
    Stranger {
        account: String,
        address: String,
        both: String,
        /// The account signed in from this address before: what is done to it elsewhere does not count here.
        from_known_address: bool,
    },
}

impl Lanes {
    /// Of whoever sends this name from this address.
    pub fn stranger(login: &str, address: IpAddr, from_known_address: bool) -> Self {
        Self::Stranger {
            account: lane(&["account", login]),
            address: lane(&["address", &address.to_string()]),
            both: lane(&["both", login, &address.to_string()]),
            from_known_address,
        }
    }

    /// Of this account on a device on which it signed in before.
    pub fn device(login: &str, device: &str) -> Self {
        Self::Known(lane(&["device", login, device]))
    }

    /// Of one-time codes from this address, and of mails that it asks for.
    pub fn code(address: IpAddr) -> Self {
        Self::Known(lane(&["code", &address.to_string()]))
    }

    /// Of somebody signed in who has to give the old password.
    pub fn session(user: Uuid) -> Self {
        Self::Known(lane(&["session", &user.to_string()]))
    }

    /// How long must be waited before a password is looked at.
    pub async fn wait(&self, tx: &mut Tx, now: Time) -> Result<Wait> {
        let lanes = match self {
            Self::Known(lane) => vec![lane],
            Self::Stranger { address, both, .. } => vec![address, both],
        };
        let mut longest = Duration::ZERO;
        let mut seen = false;
        for lane in lanes {
            if let Some(row) = sign_ins::find(tx, lane).await? {
                longest = longest.max(remaining(&row, now));
                seen = matches!(self, Self::Stranger { both, .. } if both == lane);
            }
        }
        if longest > Duration::ZERO {
            return Ok(Wait::Until(longest));
        }
        if let Self::Stranger { account, from_known_address: false, .. } = self
            && !seen
            && let Some(row) = sign_ins::find(tx, account).await?
        {
            let wait = ACCOUNT.wait(ACCOUNT.left(row.failures, row.failed_at, now));
            if wait > Duration::ZERO {
                return Ok(Wait::Begins(wait));
            }
        }
        Ok(Wait::None)
    }

    /// Refuses whoever has to wait.
    pub async fn refuse_waiting(&self, tx: &mut Tx, now: Time) -> Result<()> {
        match self.wait(tx, now).await? {
            Wait::None => Ok(()),
            Wait::Until(wait) | Wait::Begins(wait) => Err(come_again(wait)),
        }
    }

    /// Notes that somebody has been asked to wait for the first time here: their wait ends, whatever others do meanwhile.
    pub async fn begin(&self, tx: &mut Tx, wait: Duration, now: Time) -> Result<()> {
        if let Self::Stranger { both, .. } = self {
            let begun = Failures { failures: 0, failed_at: now, wait_until: now + wait };
            sign_ins::keep(tx, both, begun).await?;
            sign_ins::sweep(tx, now).await?;
        }
        Ok(())
    }

    /// Counts a wrong password; gives the failures in a row and the wait that follows.
    pub async fn fail(&self, tx: &mut Tx, now: Time) -> Result<(i64, Duration)> {
        let outcome = match self {
            Self::Known(lane) => {
                tx.one_at_a_time(lock_of(lane)).await?;
                let failures = count(tx, ACCOUNT, lane, now).await?;
                let wait = ACCOUNT.wait(failures);
                sign_ins::keep(tx, lane, Failures { failures, failed_at: now, wait_until: now + wait }).await?;
                (failures, wait)
            }
            Self::Stranger { account, address, both, from_known_address } => {
                // In this order everywhere: nobody waits for somebody who waits for them.
                tx.one_at_a_time(lock_of(account)).await?;
                tx.one_at_a_time(lock_of(address)).await?;
                let of_account = count(tx, ACCOUNT, account, now).await?;
                sign_ins::keep(tx, account, Failures { failures: of_account, failed_at: now, wait_until: now }).await?;
                let of_both = count(tx, ACCOUNT, both, now).await?;
                let counted = if *from_known_address { of_both } else { of_both.max(of_account) };
                let wait = ACCOUNT.wait(counted);
                sign_ins::keep(tx, both, Failures { failures: of_both, failed_at: now, wait_until: now + wait })
                    .await?;
                let of_address = count(tx, ADDRESS, address, now).await?;
                let wait_here = ADDRESS.wait(of_address);
                let kept = Failures { failures: of_address, failed_at: now, wait_until: now + wait_here };
                sign_ins::keep(tx, address, kept).await?;
                (counted, wait.max(wait_here))
            }
        };
        sign_ins::sweep(tx, now).await?;
        Ok(outcome)
    }

    /// The right password: what was mistyped here before is forgiven. The counts of the account and of the address stay: a
    /// guesser who has an account too would end them with it.
    pub async fn succeed(&self, tx: &mut Tx) -> Result<()> {
        let (Self::Known(lane) | Self::Stranger { both: lane, .. }) = self;
        Ok(sign_ins::forgive(tx, lane).await?)
    }
}

/// What stands before a password is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    None,
    Until(Duration),
    /// Others failed with this account elsewhere: a wait of one's own begins.
    Begins(Duration),
}

/// The refusal, with the time after which to try again.
pub(super) fn come_again(wait: Duration) -> ActionError {
    ActionError::SignInWait { retry_after_s: (wait.as_millis().div_ceil(1_000) as u64).max(1) }
}

/// What of its wait is left. None that is longer than any we give: then the clock was set back.
fn remaining(row: &Failures, now: Time) -> Duration {
    (row.wait_until - now).to_std().ok().filter(|left| *left <= LONGEST_WAIT).unwrap_or_default()
}

/// The failures of a lane with the one of now.
async fn count(tx: &mut Tx, patience: Patience, lane: &str, now: Time) -> Result<i64> {
    let row = sign_ins::find(tx, lane).await?;
    Ok(patience.one_more(row.map_or(0, |row| patience.left(row.failures, row.failed_at, now))))
}

/// A lane's key: the hash of what it is about, each part ended, so that two never run into each other.
fn lane(parts: &[&str]) -> String {
    sha256_hex(parts.iter().map(|part| format!("{}:{part}\n", part.len())).collect::<String>())
}

/// Under which failures of a lane are counted one after another.
fn lock_of(lane: &str) -> Uuid {
    Uuid::from_bytes(Sha256::digest(lane).as_chunks().0[0])
}
