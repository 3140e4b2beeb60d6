//! The language tables for reading titles: files, not code. All languages apply at once.

use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

#[derive(Deserialize)]
struct File {
    spelling: HashMap<String, String>,
    stop: Words,
    work: Vec<Kind>,
    object: Vec<Kind>,
    common: Words,
    surface: Surface,
    sides: Sides,
    /// Word before the number of a place or piece → its canonical form.
    #[serde(default)]
    places: HashMap<String, String>,
    #[serde(default)]
    phase: Words,
    /// In a row of nouns the last is the object: "market road drainage".
    #[serde(default)]
    head_is_last: bool,
    /// "Puroks", "lotes".
    #[serde(default)]
    plural_in_s: bool,
    #[serde(default)]
    neutral: Words,
    #[serde(default)]
    service: Words,
    #[serde(default)]
    again: Words,
    #[serde(default)]
    road_use: RoadUse,
}

#[derive(Default, Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
    /// Its more general kind: a school is a building.
    #[serde(default)]
    is: Option<String>,
    /// All its words are synonyms: talud, turap, TPT.
    #[serde(default)]
    synonyms: bool,
    words: Vec<String>,
}

#[derive(Default, Deserialize)]
struct RoadUse {
    settlement: Vec<String>,
    farm: Vec<String>,
}

#[derive(Deserialize)]
struct Surface {
    base: Vec<String>,
    top: Vec<String>,
}

/// By the names of [`PAIRS`]: the words of a language for either side.
type Sides = HashMap<String, Vec<[String; 2]>>;

/// The first [`SIDES`] pairs are sides of one thing, the others directions.
const PAIRS: [&str; 5] = ["right_left", "upstream_downstream", "upper_lower", "north_south", "east_west"];

/// How many of [`PAIRS`] are sides.
pub const SIDES: u8 = 2;

/// One file a language. For a word in two of them the first applies.
const FILES: [&str; 4] = [
    include_str!("../../../../titles/id.toml"),
    include_str!("../../../../titles/en.toml"),
    include_str!("../../../../titles/es.toml"),
    include_str!("../../../../titles/pt.toml"),
];

/// All tables together.
pub struct Tables {
    pub spelling: HashMap<String, String>,
    pub stop: HashSet<String>,
    pub common: HashSet<String>,
    /// Words before an object that are not objects themselves: "badan jalan", "box culvert".
    pub neutral: HashSet<String>,
    /// Words for yearly services that are not works.
    pub service: HashSet<String>,
    /// Words for what is tendered or built once more.
    pub again: HashSet<String>,
    /// Words for a road of houses, and for one of fields.
    pub settlement: HashSet<String>,
    pub farm: HashSet<String>,
    /// Kinds of objects whose words are all synonyms.
    pub synonyms: HashSet<String>,
    /// Words for objects in languages where the last noun is the object.
    pub last: HashSet<String>,
    /// Words for objects, places and phases in languages that form the plural with an s.
    with_plural: HashSet<String>,
    /// Word → (rank, kind), by the order of the file: of several verbs the lowest rank counts, of several objects it
    /// comes first.
    pub works: HashMap<String, (usize, String)>,
    pub objects: HashMap<String, (usize, String)>,
    pub base: HashSet<String>,
    pub top: HashSet<String>,
    /// Word → the index of its pair, and which of the two.
    pub sides: HashMap<String, (u8, bool)>,
    /// Word before the number of a place or piece (RT, gang, paket) → its canonical form.
    pub places: HashMap<String, String>,
    /// Words before the number of a phase.
    pub phase: HashSet<String>,
    /// Kind of object → its more general kind.
    pub wider: HashMap<String, String>,
    /// Every kind of object, general ones too; the index is its bit.
    kinds: Vec<String>,
    /// Words for work and object, by first letter, long enough to be recognised despite a typing error.
    telling: HashMap<char, Vec<String>>,
}

/// Length from which a word is recognised with one typing error; shorter words have too many neighbours.
const LONG: usize = 6;

/// Length from which a word is recognised with one letter changed.
const LONG_ENOUGH_TO_CHANGE: usize = 8;

/// Whether two words of one length differ only in the order of their letters.
fn has_the_letters_of(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

impl Tables {
    /// The table word that differs from this one by one typing error: a letter left out, added, changed, or two
    /// exchanged ("selokkan", "perawtaan"), the first letter being right. `None` for a word that the tables know, for
    /// a short one, and if it is ambiguous. O(words with this first letter).
    pub fn with_one_slip(&self, word: &str) -> Option<&str> {
        if word.len() < LONG - 1 || self.is_known(word) || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        // A short word with one letter changed is mostly another word: "talun" is not "talud".
        let near = |known: &&String| {
            let is_changed = known.chars().count() == word.chars().count() && !has_the_letters_of(known, word);
            known.len().abs_diff(word.len()) <= 1
                && strsim::osa_distance(known, word) == 1
                && (!is_changed || word.chars().count() >= LONG_ENOUGH_TO_CHANGE)
        };
        let mut found = self.telling.get(&word.chars().next()?)?.iter().filter(near);
        let one = found.next()?;
        // Two equally near words may be two spellings of one.
        found.all(|other| self.spelled(other) == self.spelled(one)).then_some(one)
    }

    /// The singular of this plural, in a language that forms it with an s.
    pub fn singular<'a>(&self, word: &'a str) -> Option<&'a str> {
        let one = word.strip_suffix('s')?;
        (!self.is_known(word) && self.with_plural.contains(one)).then_some(one)
    }

    fn spelled<'a>(&'a self, word: &'a str) -> &'a str {
        self.spelling.get(word).map_or(word, String::as_str)
    }

    fn is_known(&self, word: &str) -> bool {
        self.objects.contains_key(word)
            || self.works.contains_key(word)
            || self.spelling.contains_key(word)
            || self.stop.contains(word)
            || self.common.contains(word)
    }

    /// The bit of a kind of object. Kinds beyond 32 share the last bit, which can only make two of them look alike to
    /// the prefilter.
    pub fn bit(&self, object: &str) -> u32 {
        self.kinds.iter().position(|kind| kind == object).map_or(0, |at| 1 << at.min(31))
    }
}

/// The number of a kind of object or work, for packing; [`named`] reverses it.
pub fn number_of(kind: &str) -> u8 {
    KINDS
        .iter()
        .position(|known| *known == kind)
        .and_then(|at| u8::try_from(at).ok())
        .expect("kinds come from the tables")
}

/// The kind with this [`number_of`].
pub fn named(number: u8) -> &'static str {
    KINDS[usize::from(number)]
}

/// Every kind of object and of work.
static KINDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut kinds: Vec<&str> =
        TABLES.objects.values().chain(TABLES.works.values()).map(|(_, kind)| kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
});

pub static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut all = Tables {
        spelling: HashMap::new(),
        stop: HashSet::new(),
        common: HashSet::new(),
        neutral: HashSet::new(),
        service: HashSet::new(),
        again: HashSet::new(),
        settlement: HashSet::new(),
        farm: HashSet::new(),
        synonyms: HashSet::new(),
        last: HashSet::new(),
        with_plural: HashSet::new(),
        works: HashMap::new(),
        objects: HashMap::new(),
        base: HashSet::new(),
        top: HashSet::new(),
        sides: HashMap::new(),
        places: HashMap::new(),
        phase: HashSet::new(),
        wider: HashMap::new(),
        kinds: Vec::new(),
        telling: HashMap::new(),
    };
    for text in FILES {
        let file: File = toml::from_str(text).expect("the tables of this program parse: every test reads them");
        for (word, spelled) in file.spelling {
            all.spelling.entry(word).or_insert(spelled);
        }
        if file.plural_in_s {
            all.with_plural.extend(file.object.iter().flat_map(|kind| kind.words.iter().cloned()));
            all.with_plural.extend(file.places.keys().chain(&file.phase.words).cloned());
        }
        all.stop.extend(file.stop.words);
        all.common.extend(file.common.words);
        all.neutral.extend(file.neutral.words);
        all.service.extend(file.service.words);
        all.again.extend(file.again.words);
        all.settlement.extend(file.road_use.settlement);
        all.farm.extend(file.road_use.farm);
        all.phase.extend(file.phase.words);
        for (word, place) in file.places {
            all.places.entry(word).or_insert(place);
        }
        if file.head_is_last {
            all.last.extend(file.object.iter().flat_map(|kind| kind.words.iter().cloned()));
        }
        rank(&mut all.works, file.work);
        let wider = file.object.iter().filter_map(|kind| Some((kind.kind.clone(), kind.is.clone()?)));
        all.wider.extend(wider);
        all.synonyms.extend(file.object.iter().filter(|kind| kind.synonyms).map(|kind| kind.kind.clone()));
        for kind in &file.object {
            for name in std::iter::once(&kind.kind).chain(&kind.is) {
                if !all.kinds.contains(name) {
                    all.kinds.push(name.clone());
                }
            }
        }
        rank(&mut all.objects, file.object);
        all.base.extend(file.surface.base);
        all.top.extend(file.surface.top);
        for (at, name) in (0..).zip(PAIRS) {
            for [one, other] in file.sides.get(name).into_iter().flatten() {
                all.sides.entry(one.clone()).or_insert((at, false));
                all.sides.entry(other.clone()).or_insert((at, true));
            }
        }
    }
    let mut telling: Vec<String> =
        all.objects.keys().chain(all.works.keys()).chain(all.spelling.keys()).cloned().collect();
    telling.retain(|word| word.chars().count() >= LONG && word.chars().all(char::is_alphabetic));
    telling.sort_unstable();
    telling.dedup();
    for word in telling {
        if let Some(first) = word.chars().next() {
            all.telling.entry(first).or_default().push(word);
        }
    }
    all
});

fn rank(into: &mut HashMap<String, (usize, String)>, kinds: Vec<Kind>) {
    for (rank, kind) in kinds.into_iter().enumerate() {
        for word in kind.words {
            into.entry(word).or_insert_with(|| (rank, kind.kind.clone()));
        }
    }
}
