//! How much more than usual it says that two records agree on a rare value, and how much less on a common one: log2 of
//! the usual share of other records that have such a value over the share that have this one (Winkler 1989).

use super::Prepared;
use super::frequency::{Value, telling_digits, volume};
use super::lengths::{OTHER_DIMENSIONS, contradict, least_ratio};
use super::rarity::Rarity;
use crate::domain::facts::Facts;

/// The share of others with a value for which the weights of the file apply, and the bits that rarity may add or take.
struct Usual {
    share: f64,
    least: f64,
    most: f64,
}

impl Usual {
    fn more_bits(&self, share: f64) -> f64 {
        (self.share / share).log2().clamp(self.least, self.most)
    }
}

const TITLE: Usual = Usual { share: 0.02, least: -2.5, most: 1.5 };
const AMOUNT: Usual = Usual { share: 0.015, least: -1.5, most: 3.5 };
const VOLUME: Usual = Usual { share: 0.01, least: -0.3, most: 1.5 };
const CONTRACT: Usual = Usual { share: 0.000_5, least: -4.5, most: 1.0 };
const PHOTO: Usual = Usual { share: 0.000_5, least: -7.0, most: 0.0 };
const EXECUTOR: Usual = Usual { share: 0.05, least: 0.0, most: 1.5 };

/// Share of records with a sum or a volume, by how many of its digits say something: people round.
const BY_DIGITS: [f64; 6] = [0.1, 0.04, 0.015, 0.004, 0.001, 0.000_3];
/// Titles no less alike than this are the same word for word.
const WORD_FOR_WORD: f64 = 0.995;
/// Bits that a title loses for being only nearly the same, at the lowest likeness of that level.
const NEARLY_LOSES: f64 = 0.4;

fn expected_by_digits(number: f64) -> f64 {
    BY_DIGITS[usize::try_from(telling_digits(number)).map_or(0, |digits| digits.min(BY_DIGITS.len() - 1))]
}

/// The share of other records with a value, and no less than its writing lets expect: a round sum or a title of one
/// word is no rarity for being the only one yet.
fn share(rarity: Option<&Rarity>, value: Value<'_>, expected: f64) -> f64 {
    rarity.map_or(expected, |rarity| rarity.values.share(value, expected).max(expected))
}

/// Titles that are the same: word for word by how many have that title, or less so the less alike they are. Other
/// sizes or packages take away what the words add. O(words).
pub fn title(a: &Prepared, b: &Prepared, alike: f64, least_alike: f64, rarity: Option<&Rarity>) -> f64 {
    let measures = a.title.measures.zip(b.title.measures);
    let differs = contradict(&a.title.sizes, &b.title.sizes)
        || measures.is_some_and(|(x, y)| least_ratio(x, y) < OTHER_DIMENSIONS)
        || a.title.is_one_package(&b.title) == Some(false);
    if alike < WORD_FOR_WORD || differs {
        return -NEARLY_LOSES * (1.0 - alike) / (1.0 - least_alike);
    }
    // A title of few telling words is common in any collection.
    let expected = 0.05 * (-2.0 * a.title.telling(None).min(b.title.telling(None))).exp2();
    // One of a short series ("Melati 1" to "Melati 6") is rare, though its words are not.
    let numbered = a.title.numbered_key().filter(|key| b.title.numbered_key() == Some(*key));
    let of = |record: &Prepared| numbered.map_or_else(|| Value::Title(record.title_key()), Value::NumberedTitle);
    TITLE.more_bits([a, b].map(|record| share(rarity, of(record), expected)).into_iter().fold(0.0, f64::max))
}

/// Whether the titles agree word for word.
pub fn is_word_for_word(alike: f64) -> bool {
    alike >= WORD_FOR_WORD
}

/// Sums that are the same to the rupiah; sums nearly the same weigh as the file says.
#[expect(clippy::cast_precision_loss, reason = "its digits are counted")]
pub fn amount(a: &Facts, b: &Facts, rarity: Option<&Rarity>) -> f64 {
    match (a.budget_rupiah, b.budget_rupiah) {
        (Some(x), Some(y)) if x == y => AMOUNT.more_bits(share(rarity, Value::Amount(x), expected_by_digits(x as f64))),
        _ => 0.0,
    }
}

/// Whether the sum, the village and the year are the same, and the sum is one that few others have: bought once.
pub fn is_one_purchase(a: &Facts, b: &Facts, rarity: Option<&Rarity>) -> bool {
    a.budget_rupiah.is_some()
        && a.budget_rupiah == b.budget_rupiah
        && a.village_id == b.village_id
        && a.years_apart(b) == Some(0)
        && amount(a, b, rarity) >= TELLING
}

/// Whether they have a contract in common that pays for few works.
pub fn is_one_contract(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> bool {
    let shares = a.names.contracts.iter().any(|number| b.names.contracts.contains(number));
    shares && contract(a, b, rarity) >= 0.0
}

/// Bits that a sum adds from which it tells one purchase from another.
const TELLING: f64 = 1.5;

/// Measures of the titles, or else volumes, that are the same to the last digit, and more than the one unit that most
/// works are.
pub fn dimensions(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> f64 {
    if let (Some(x), Some(y)) = (a.title.measures, b.title.measures) {
        let value = Value::Measures(x.map(f32::to_bits));
        let expected = x.into_iter().map(|metres| expected_by_digits(metres.into())).fold(1.0, f64::min);
        return if x == y { VOLUME.more_bits(share(rarity, value, expected)) } else { 0.0 };
    }
    let (a, b) = (&*a.facts, &*b.facts);
    match (a.volume, b.volume) {
        (Some(x), Some(y)) if x.to_bits() == y.to_bits() && x > 1.0 => {
            volume(a).map_or(0.0, |value| VOLUME.more_bits(share(rarity, value, expected_by_digits(x))))
        }
        _ => 0.0,
    }
}

/// The rarest contract number in common.
pub fn contract(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> f64 {
    let shared = a.names.contracts.iter().filter(|number| b.names.contracts.contains(number));
    let shares = shared.map(|number| share(rarity, Value::Contract(number), CONTRACT.share));
    shares.reduce(f64::min).map_or(0.0, |share| CONTRACT.more_bits(share))
}

/// The rarest photo in common: a picture that forty works have is a form, or a logo.
pub fn photo(a: &Facts, b: &Facts, rarity: Option<&Rarity>) -> f64 {
    let shared = a.photo_marks.iter().filter(|mark| b.photo_marks.contains(mark));
    let shares = shared.map(|mark| share(rarity, Value::Photo(mark), PHOTO.share));
    shares.reduce(f64::min).map_or(0.0, |share| PHOTO.more_bits(share))
}

/// A firm in common, by how often it is named in the collection and in the villages of the two.
pub fn executor(a: &Prepared, b: &Prepared, rarity: Option<&Rarity>) -> f64 {
    let (Some(name), Some(rarity)) = (&a.names.executor, rarity) else { return 0.0 };
    let villages = [a.facts.village_id, b.facts.village_id];
    EXECUTOR.more_bits(rarity.values.share_of_executor(name, villages, EXECUTOR.share))
}
