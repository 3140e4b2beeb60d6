//! How many requests each one may make in a minute (GCRA, by the crate `governor`): a minute's worth at once, and then
//! evenly as time goes by. Kept in the memory of this process, of bounded size.

use governor::clock::{Clock, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// The window of every quota, seconds.
const WINDOW_S: u64 = 60;
/// Keys remembered of one kind, some 100 bytes each. When so many came within a minute, all others count as one.
const REMEMBERED: usize = 50_000;
/// After so many requests those that have their whole quota again are forgotten.
const SWEEP: u32 = 4_096;
/// All who are beyond [`REMEMBERED`].
const OTHERS: Key = Key::Address(IpAddr::V6(Ipv6Addr::UNSPECIFIED));

/// Whom a request counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// An IPv4 address, or the network of 64 bits of an IPv6 address.
    Address(IpAddr),
    Person(Uuid),
}

/// The requests of each in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    pub address: NonZeroU32,
    pub person: NonZeroU32,
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The name of the quota.
    pub name: &'static str,
    pub quota: u32,
    pub window_s: u64,
    pub remaining: u32,
    /// Seconds until the whole quota is there again.
    pub reset_s: u64,
}

/// A quota that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    pub left: Left,
    pub retry_after_s: u64,
}

type Limiter<C> = RateLimiter<Key, HashMapStateStore<Key>, C, StateInformationMiddleware>;

/// The counts of this process.
pub struct Rates<C: Clock = DefaultClock> {
    address: Counted<C>,
    person: Counted<C>,
    clock: C,
}

struct Counted<C: Clock> {
    name: &'static str,
    limiter: Limiter<C>,
    requests: AtomicU32,
}

impl<C: Clock> fmt::Debug for Rates<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rates")
    }
}

impl Rates {
    pub fn new(quotas: Quotas) -> Self {
        Self::with_clock(quotas, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn with_clock(quotas: Quotas, clock: C) -> Self {
        let counted = |name, quota| Counted {
            name,
            limiter: Limiter::new(Quota::per_minute(quota), HashMapStateStore::default(), clock.clone()),
            requests: AtomicU32::new(0),
        };
        Self { address: counted("address", quotas.address), person: counted("person", quotas.person), clock }
    }

    fn of(&self, key: Key) -> &Counted<C> {
        match key {
            Key::Address(_) => &self.address,
            Key::Person(_) => &self.person,
        }
    }

    /// Counts one request. O(1), and O(keys) once in some thousand requests.
    pub fn take(&self, key: Key) -> Result<Left, Spent> {
        let Counted { name, limiter, requests } = self.of(key);
        if requests.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        let key = if limiter.len() < REMEMBERED { key } else { OTHERS };
        match limiter.check_key(&key) {
            Ok(snapshot) => Ok(left(name, &snapshot)),
            Err(until) => {
                let quota = until.quota();
                let wait = until.wait_time_from(self.clock.now());
                let all = quota.replenish_interval() * quota.burst_size().get();
                let left = Left {
                    name,
                    quota: quota.burst_size().get(),
                    window_s: WINDOW_S,
                    remaining: 0,
                    reset_s: whole_seconds(all),
                };
                Err(Spent { left, retry_after_s: whole_seconds(wait).max(1) })
            }
        }
    }
}

fn left(name: &'static str, snapshot: &StateSnapshot) -> Left {
    let quota = snapshot.quota();
    let remaining = snapshot.remaining_burst_capacity();
    let used = quota.burst_size().get().saturating_sub(remaining);
    Left {
        name,
        quota: quota.burst_size().get(),
        window_s: WINDOW_S,
        remaining,
        reset_s: whole_seconds(quota.replenish_interval() * used),
    }
}

/// Rounded up.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn rates(address: u32, person: u32, clock: &FakeRelativeClock) -> Rates<FakeRelativeClock> {
        let quota = |n| NonZeroU32::new(n).unwrap();
        Rates::with_clock(Quotas { address: quota(address), person: quota(person) }, clock.clone())
    }

    #[test]
    fn a_minute_s_worth_at_once_and_then_evenly() {
        let clock = FakeRelativeClock::default();
        let rates = rates(6, 3, &clock);
        let (one, other) = (Key::Person(Uuid::from_u128(1)), Key::Person(Uuid::from_u128(2)));
        let first = rates.take(one).unwrap();
        assert_eq!((first.name, first.quota, first.remaining, first.reset_s), ("person", 3, 2, 20));
        rates.take(one).unwrap();
        assert_eq!(rates.take(one).unwrap().remaining, 0);
        let spent = rates.take(one).unwrap_err();
        assert_eq!((spent.retry_after_s, spent.left.remaining), (20, 0));
        assert!(rates.take(other).is_ok(), "another person is not concerned");
        clock.advance(Duration::from_secs(20));
        assert!(rates.take(one).is_ok());
        assert!(rates.take(one).is_err());
        clock.advance(Duration::from_secs(60));
        assert_eq!(rates.take(one).unwrap().remaining, 2, "after a minute all of it is there");
    }

    #[test]
    fn however_many_addresses_come_few_are_remembered_and_those_beyond_share_one_quota() {
        let clock = FakeRelativeClock::default();
        let rates = rates(5, 1, &clock);
        let address = |n: u32| Key::Address(IpAddr::V4(n.into()));
        let most = u32::try_from(REMEMBERED).unwrap();
        let refused = (0..most + 1_000).filter(|n| rates.take(address(*n)).is_err()).count();
        assert_eq!(refused, 995);
        assert!(rates.address.limiter.len() <= REMEMBERED + 1);
        clock.advance(Duration::from_secs(61));
        for n in 0..SWEEP {
            let _ = rates.take(address(n % 2));
        }
        assert!(rates.address.limiter.len() <= 3, "who has asked for nothing for a minute is forgotten");
        assert!(rates.take(address(most + 7)).is_ok());
    }
}
