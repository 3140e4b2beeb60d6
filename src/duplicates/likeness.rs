//! How alike two titles are.

use super::rarity::Rarity;
use super::title::TitleReading;
use super::word::{Word, same_word};
use std::sync::Arc;

/// How alike two titles are, 0 to 1: shared weight over all weight, words with a typing error counted as the same, and
/// "Sumber Agung" as "Sumberagung"; and whether each has a name that the other has not ("Jalan Melati", "Jalan Mawar").
/// O(words of a · words of b), most of them passed over by their letters.
pub fn likeness(a: &TitleReading, b: &TitleReading, rarity: Option<&Rarity>) -> (f64, bool) {
    let (all_a, all_b) = (a.telling(rarity), b.telling(rarity));
    if all_a == 0.0 || all_b == 0.0 {
        return (0.0, false);
    }
    let (mut best_of_a, mut best_of_b) = ([0.0_f64; MOST_WORDS], [0.0_f64; MOST_WORDS]);
    for (word, best) in a.words.iter().zip(&mut best_of_a) {
        for (other, best_of_b) in b.words.iter().zip(&mut best_of_b) {
            let alike = same_word(word, other);
            *best = best.max(alike);
            *best_of_b = best_of_b.max(alike);
        }
    }
    written_together(&a.words, &mut best_of_a, &b.words, &mut best_of_b);
    written_together(&b.words, &mut best_of_b, &a.words, &mut best_of_a);
    let shared = |words: &[Arc<Word>], best: &[f64]| -> f64 {
        words.iter().zip(best).map(|(word, best)| best * weight(word, rarity)).sum()
    };
    let both = shared(&a.words, &best_of_a) + shared(&b.words, &best_of_b);
    let alike = (both / (all_a + all_b)).clamp(0.0, 1.0);
    let has_name = |words: &[Arc<Word>], best: &[f64]| {
        words.iter().zip(best).any(|(word, best)| *best == 0.0 && word.may_be_a_name())
    };
    (alike, has_name(&a.words, &best_of_a) && has_name(&b.words, &best_of_b))
}

/// Finds words that the other title writes in two.
fn written_together(long: &[Arc<Word>], best_of_long: &mut [f64], short: &[Arc<Word>], best_of_short: &mut [f64]) {
    for (word, best) in long.iter().zip(best_of_long).filter(|(word, best)| **best == 0.0 && word.text.len() >= 6) {
        let first = short.iter().position(|part| part.text.len() >= 3 && word.text.starts_with(&*part.text));
        let Some(first) = first else { continue };
        let rest = &word.text[short[first].text.len()..];
        if let Some(second) = short.iter().position(|part| rest.len() >= 3 && *part.text == *rest) {
            *best = 1.0;
            for part in [first, second].into_iter().filter(|part| *part < MOST_WORDS) {
                best_of_short[part] = 1.0;
            }
        }
    }
}

/// What a word weighs in this collection; without one by the tables alone.
pub fn weight(word: &Word, rarity: Option<&Rarity>) -> f64 {
    rarity.map_or_else(|| f64::from(word.weight), |rarity| rarity.weight(word))
}

/// Words of a title that are compared: a title of 300 characters has fewer.
const MOST_WORDS: usize = 64;
