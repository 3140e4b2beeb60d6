//! Seeded chance: the same numbers on every machine and with every version of the libraries.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 to 1, from the upper 53 bits.
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + (self.share() * (high - low + 1) as f64) as usize
    }

    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + self.share() * (high - low)
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.between(1, n) == 1
    }

    pub fn likely(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// About normal around 0: the sum of three even shares.
    pub fn around(&mut self, off: f64) -> f64 {
        (self.share() + self.share() + self.share() - 1.5) * off * 1.2
    }

    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.between(0, all.len() - 1)]
    }

    /// One of these other than `not`.
    pub fn other<'a, T: PartialEq>(&mut self, all: &'a [T], not: &T) -> &'a T {
        loop {
            let one = self.of(all);
            if one != not || all.len() == 1 {
                return one;
            }
        }
    }
}
