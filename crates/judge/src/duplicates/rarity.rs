//! Rarity of words and values in the collection: a word in half of all titles does not distinguish works.

use super::Prepared;
use super::counters::Counters;
use super::frequency::Frequency;
use super::word::Word;

/// Number of titles from which frequencies are meaningful.
const ENOUGH: u32 = 500;
/// Weight of the commonest word.
const LEAST: f64 = 0.1;

/// Number of titles that contain each word, and of records with each value. A copy costs some hundred pointers.
#[derive(Clone, Debug, Default)]
pub struct Rarity {
    titles: u32,
    /// By the id of the word.
    counts: Counters,
    /// Number of records with each sum, firm, contract ….
    pub(super) values: Frequency,
}

impl Rarity {
    /// Counts a record. O(words).
    pub fn add(&mut self, record: &Prepared) {
        self.titles += 1;
        self.values.add(record);
        for word in &record.title.words {
            *self.counts.get_mut(word.id as usize) += 1;
        }
    }

    /// Removes a record from the counts. O(words).
    pub fn remove(&mut self, record: &Prepared) {
        self.titles = self.titles.saturating_sub(1);
        self.values.remove(record);
        for word in &record.title.words {
            let count = self.counts.get_mut(word.id as usize);
            *count = count.saturating_sub(1);
        }
    }

    /// Adds the counts of other records. O(words and values in use).
    pub fn add_all(&mut self, other: &Self) {
        self.titles += other.titles;
        self.values.add_all(&other.values);
        self.counts.add_all(&other.counts);
    }

    /// Weight of a word, 0 to 1: its full weight up to the square root of all titles, then less, by the inverse
    /// document frequency (Spärck Jones 1972) relative to that of a word in one title only. O(1).
    fn weight(&self, word: &Word) -> f64 {
        let own = f64::from(word.weight);
        if self.titles < ENOUGH {
            return own;
        }
        let all = f64::from(self.titles) + 1.0;
        let with = f64::from(self.counts.get(word.id as usize)) + 1.0;
        // Most words are so rare: without their logarithms.
        if with * with < all {
            return own.min(1.0);
        }
        own.min((2.0 * (all / with).ln() / all.ln()).clamp(LEAST, 1.0))
    }
}

/// The weight of a word in this collection; without one, that of the tables.
pub(super) fn weight(word: &Word, rarity: Option<&Rarity>) -> f64 {
    rarity.map_or_else(|| f64::from(word.weight), |rarity| rarity.weight(word))
}
