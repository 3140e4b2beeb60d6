//! The language tables by which titles are read: files, not code. Words of all languages are known at once.

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
}

#[derive(Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
    /// The wider kind that it is one of: a school is a building.
    #[serde(default)]
    is: Option<String>,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Surface {
    base: Vec<String>,
    top: Vec<String>,
}

#[derive(Deserialize)]
struct Sides {
    pairs: Vec<[String; 2]>,
}

/// All tables together.
pub struct Tables {
    pub spelling: HashMap<String, String>,
    pub stop: HashSet<String>,
    pub common: HashSet<String>,
    /// Word → (rank, kind): the lowest rank in a title wins.
    pub works: HashMap<String, (usize, String)>,
    pub objects: HashMap<String, (usize, String)>,
    pub base: HashSet<String>,
    pub top: HashSet<String>,
    pub sides: Vec<[String; 2]>,
    /// Kind of object → the wider kind that it is one of.
    pub wider: HashMap<String, String>,
    /// Every kind of object, wider ones too: its place is its bit.
    kinds: Vec<String>,
}

impl Tables {
    /// One bit for a kind of object. Kinds beyond 32 share the last bit with each other, which only makes two of them
    /// look alike at a glance.
    pub fn bit(&self, object: &str) -> u32 {
        self.kinds.iter().position(|kind| kind == object).map_or(0, |at| 1 << at.min(31))
    }
}

pub static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut all = Tables {
        spelling: HashMap::new(),
        stop: HashSet::new(),
        common: HashSet::new(),
        works: HashMap::new(),
        objects: HashMap::new(),
        base: HashSet::new(),
        top: HashSet::new(),
        sides: Vec::new(),
        wider: HashMap::new(),
        kinds: Vec::new(),
    };
    for text in [include_str!("../../titles/id.toml"), include_str!("../../titles/en.toml")] {
        let file: File = toml::from_str(text).expect("the tables of this program parse: every test reads them");
        all.spelling.extend(file.spelling);
        all.stop.extend(file.stop.words);
        all.common.extend(file.common.words);
        rank(&mut all.works, file.work);
        let wider = file.object.iter().filter_map(|kind| Some((kind.kind.clone(), kind.is.clone()?)));
        all.wider.extend(wider);
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
        all.sides.extend(file.sides.pairs);
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
