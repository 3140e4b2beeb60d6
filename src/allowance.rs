//! Limits how often, and how many at once, one person may make expensive requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;
use uuid::Uuid;

/// People remembered before those without recent requests are forgotten.
const REMEMBERED: usize = 1_000;

/// The same limits for each person.
#[derive(Clone, Debug)]
pub struct Allowance {
    at_once: usize,
    /// A minute's worth may be requested in one burst.
    per_minute: Option<u32>,
    uses: Arc<Mutex<HashMap<Uuid, Use>>>,
}

#[derive(Clone, Copy, Debug)]
struct Use {
    running: usize,
    /// Requests left, as of `at`.
    left: f64,
    at: Instant,
}

/// Retry after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOften {
    pub retry_after_s: u64,
}

impl Allowance {
    pub fn at_once(at_once: usize) -> Self {
        Self { at_once, per_minute: None, uses: Arc::default() }
    }

    pub fn per_minute(at_once: usize, per_minute: u32) -> Self {
        Self { at_once, per_minute: Some(per_minute), uses: Arc::default() }
    }

    /// A turn for this person; it lasts until it is dropped.
    pub fn enter(&self, person: Uuid, now: Instant) -> Result<Turn, TooOften> {
        let mut uses = self.lock();
        if uses.len() >= REMEMBERED {
            uses.retain(|_, one| one.running > 0 || now.saturating_duration_since(one.at).as_secs() < 60);
        }
        let most = f64::from(self.per_minute.unwrap_or(u32::MAX));
        let one = uses.entry(person).or_insert(Use { running: 0, left: most, at: now });
        one.left = (one.left + now.saturating_duration_since(one.at).as_secs_f64() * most / 60.0).min(most);
        one.at = one.at.max(now);
        if one.running >= self.at_once {
            return Err(TooOften { retry_after_s: 1 });
        }
        if one.left < 1.0 {
            let seconds = (1.0 - one.left) * 60.0 / most;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 60")]
            return Err(TooOften { retry_after_s: seconds.ceil().clamp(1.0, 60.0) as u64 });
        }
        one.left -= 1.0;
        one.running += 1;
        Ok(Turn { uses: Arc::clone(&self.uses), person })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One running request of a person.
#[derive(Debug)]
pub struct Turn {
    uses: Arc<Mutex<HashMap<Uuid, Use>>>,
    person: Uuid,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = uses.get_mut(&self.person) {
            one.running -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_minute_s_worth_in_one_go_and_then_one_after_another() {
        let allowance = Allowance::per_minute(100, 6);
        let (person, start) = (Uuid::from_u128(1), Instant::now());
        let turns: Vec<_> = (0..6).map(|_| allowance.enter(person, start).unwrap()).collect();
        assert_eq!(allowance.enter(person, start).unwrap_err().retry_after_s, 10);
        drop(turns);
        assert_eq!(allowance.enter(person, start).unwrap_err().retry_after_s, 10, "what ran was asked all the same");
        assert_eq!(allowance.enter(person, start + Duration::from_secs(4)).unwrap_err().retry_after_s, 6);
        assert!(allowance.enter(person, start + Duration::from_secs(11)).is_ok());
        assert!(allowance.enter(person, start + Duration::from_secs(11)).is_err());
        assert!(allowance.enter(Uuid::from_u128(2), start).is_ok(), "another person is not concerned");
    }

    #[test]
    fn a_running_request_counts_until_it_ends() {
        let allowance = Allowance::at_once(2);
        let (person, now) = (Uuid::from_u128(1), Instant::now());
        let (first, _second) = (allowance.enter(person, now).unwrap(), allowance.enter(person, now).unwrap());
        assert_eq!(allowance.enter(person, now).unwrap_err(), TooOften { retry_after_s: 1 });
        drop(first);
        assert!(allowance.enter(person, now).is_ok());
    }
}
