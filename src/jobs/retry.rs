//! When a job is retried, and when it fails for good.

use std::time::Duration;

/// How long a worker may hold a job before another takes it.
pub const LEASE: Duration = Duration::from_secs(300);

/// Number of crashes of the process holding a job before the job fails: it may be the cause.
pub const DEATHS: u32 = 3;

/// Number of tries before a job fails.
pub const TRIES: u32 = 10;

/// The pause after try number `attempt`: 2 s, 8 s, 32 s, 2 min, 8 min, 34 min, then hourly.
pub fn pause(attempt: u32) -> Duration {
    Duration::from_secs((2_u64 << (2 * attempt.clamp(1, 7) - 2)).min(3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_no_further() {
        let pauses: Vec<u64> = (1..=9).map(|attempt| pause(attempt).as_secs()).collect();
        assert_eq!(pauses, [2, 8, 32, 128, 512, 2_048, 3_600, 3_600, 3_600]);
    }
}
