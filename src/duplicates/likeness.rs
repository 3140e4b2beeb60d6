//! How alike two titles are.

use super::rarity::Rarity;
use super::title::TitleReading;
use super::word::{Word, same_word};

/// How alike two titles are, 0 to 1: shared weight over all weight, words with a typing error counted as the same.
/// O(words of a · words of b), most of them passed over by their letters.
pub fn likeness(a: &TitleReading, b: &TitleReading, rarity: Option<&Rarity>) -> f64 {
    let (all_a, all_b) = (a.telling(rarity), b.telling(rarity));
    if all_a == 0.0 || all_b == 0.0 {
        return 0.0;
    }
    let mut best_of_b = [0.0_f64; MOST_WORDS];
    let mut shared = 0.0;
    for word in a.words.iter().take(MOST_WORDS) {
        let mut best = 0.0_f64;
        for (other, best_of_b) in b.words.iter().zip(&mut best_of_b) {
            let alike = same_word(word, other);
            best = best.max(alike);
            *best_of_b = best_of_b.max(alike);
        }
        shared += best * weight(word, rarity);
    }
    let back: f64 = b.words.iter().zip(best_of_b).map(|(word, best)| best * weight(word, rarity)).sum();
    ((shared + back) / (all_a + all_b)).clamp(0.0, 1.0)
}

/// What a word weighs in this collection; without one by the tables alone.
pub fn weight(word: &Word, rarity: Option<&Rarity>) -> f64 {
    rarity.map_or_else(|| f64::from(word.weight), |rarity| rarity.weight(word))
}

/// Words of a title that are compared: a title of 300 characters has fewer.
const MOST_WORDS: usize = 64;
