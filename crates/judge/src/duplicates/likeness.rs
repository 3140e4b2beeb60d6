//! Similarity of two titles.

use super::rarity::{Rarity, weight};
use super::title::TitleReading;
use super::word::{Word, same_word};
use std::sync::Arc;

/// Similarity of two titles from 0 to 1: shared weight over total weight. Words with a typing error count as equal,
/// and "Sumber Agung" equals "Sumberagung". Also whether each has a name that the other lacks ("Jalan Melati", "Jalan
/// Mawar"). O(words of a · words of b); a letter mask skips most comparisons.
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
    // Both directions are computed before either is applied, so that the order of the two does not matter.
    let in_two_b = written_in_two(&a.words, &best_of_a, &b.words);
    let in_two_a = written_in_two(&b.words, &best_of_b, &a.words);
    for (long, parts) in in_two_b {
        best_of_a[long] = 1.0;
        parts.into_iter().for_each(|part| best_of_b[part] = 1.0);
    }
    for (long, parts) in in_two_a {
        best_of_b[long] = 1.0;
        parts.into_iter().for_each(|part| best_of_a[part] = 1.0);
    }
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

/// Unmatched words of one title that the other writes as two: the index of the word and of its parts. O(words · words
/// of the other).
fn written_in_two(words: &[Arc<Word>], best: &[f64], others: &[Arc<Word>]) -> Vec<(usize, [usize; 2])> {
    let others = &others[..others.len().min(MOST_WORDS)];
    let alone = words.iter().zip(best).enumerate().filter(|(_, (word, best))| **best == 0.0 && word.text.len() >= 6);
    let in_two = alone.filter_map(|(at, (word, _))| {
        let first = others.iter().position(|part| part.text.len() >= 3 && word.text.starts_with(&*part.text))?;
        let rest = &word.text[others[first].text.len()..];
        let second = others.iter().position(|part| rest.len() >= 3 && *part.text == *rest)?;
        Some((at, [first, second]))
    });
    in_two.collect()
}

/// Maximum number of words compared; a title of 300 characters has fewer.
const MOST_WORDS: usize = 64;
