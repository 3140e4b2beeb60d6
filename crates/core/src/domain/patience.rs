//! How long somebody waits after wrong passwords. Pure arithmetic: `actions/sign_in.rs` decides who is counted, and
//! where.

use super::Time;
use std::time::Duration;

/// How failures are counted and what follows.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// So many cost nothing: people mistype.
    pub free: i64,
    /// One failure is forgiven in this time.
    pub forgiven_in: Duration,
}

/// Of one account, one device, one account from one address.
pub const ACCOUNT: Patience = Patience { free: 5, forgiven_in: Duration::from_secs(15 * 60) };
/// Of one address, be it of an office with many people.
pub const ADDRESS: Patience = Patience { free: 20, forgiven_in: Duration::from_secs(3 * 60) };

/// The longest wait. The owner of an account waits it out; whoever guesses has 1,440 tries a day from an address, of the
/// billions that a password of ten letters takes.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Failures beyond the free ones that are counted. More would hold the owner up after an attack is over.
const COUNTED: i64 = 10;
/// After this time nothing is left of any count.
pub const FORGOTTEN: Duration = Duration::from_secs(4 * 3_600);

impl Patience {
    /// The part of `failures` that still counts `now`, the last of them at `failed_at`.
    pub fn left(self, failures: i64, failed_at: Time, now: Time) -> i64 {
        let passed = (now - failed_at).num_seconds().max(0);
        let forgiven = passed / i64::try_from(self.forgiven_in.as_secs()).unwrap_or(i64::MAX);
        (failures - forgiven).max(0)
    }

    /// One failure more.
    pub fn one_more(self, left: i64) -> i64 {
        (left + 1).min(self.free + COUNTED)
    }

    /// The wait after so many failures: 2, 4, 8, 16, 32 s, then [`LONGEST_WAIT`].
    pub fn wait(self, failures: i64) -> Duration {
        match failures - self.free {
            ..0 => Duration::ZERO,
            beyond @ 0..5 => Duration::from_secs(2 << beyond),
            _ => LONGEST_WAIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_no_further() {
        let waits: Vec<u64> = (3..=12).map(|failures| ACCOUNT.wait(failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn whatever_was_done_to_an_account_is_forgotten_in_some_hours() {
        let now = crate::clock::Clock::default().now();
        let mut failures = 0;
        for _ in 0..100_000 {
            failures = ACCOUNT.one_more(failures);
        }
        assert_eq!(failures, 15);
        assert_eq!(ACCOUNT.left(failures, now, now + Duration::from_secs(11 * 15 * 60)), 4, "nothing to wait for");
        assert_eq!(ACCOUNT.left(failures, now, now + FORGOTTEN), 0);
        assert_eq!(ADDRESS.left(30, now, now + FORGOTTEN), 0);
        assert_eq!(
            ACCOUNT.left(3, now, now - Duration::from_secs(60)),
            3,
            "a clock that was set back forgives nothing"
        );
    }
}
