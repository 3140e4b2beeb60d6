//! One moment of the Atlas: the projects with an R-tree over their places, and lists by point, mark and title.
//!
//! Projects occupy numbered slots; everything else refers to them by slot. A slot holds the packed record and beside
//! it its prefilter, so that most of a neighbourhood is rejected without unpacking.

mod copied;
mod keys;
mod lists;
mod loading;
mod order;
mod spots;
mod tree;

pub use copied::next_packed;
pub use loading::Loading;

use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::duplicates::{Lexicon, Packed, Prefilter, Prepared, Rarity};
use crate::spatial::places::Places;
use hashbrown::HashTable;
use keys::{Ground, GroundKey, Key, ListKeys, PointKey, marks, point_key, title_key, village_key, witnesses};
use lists::Lists;
use rustc_hash::FxBuildHasher;
use spots::{SpotKey, lone_spot, part_spots, point_spot};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::{Arc, PoisonError, RwLock};
use tree::Tree;
use uuid::Uuid;

/// Maximum number of works with one title, village and year up to which they are proposed regardless of position.
/// Boiler-plate titles have hundreds, and then the title is no evidence.
const SAME_TITLE: usize = 30;
/// Maximum number of works that share a mark (photo, contract) up to which they are proposed for it.
const SAME_MARK: usize = 100;
/// Maximum number of works in a village and year up to which one without a place is compared with all of them.
const SAME_VILLAGE: usize = 400;

/// The stack size of a line or area, as a multiple of that of a point: a road is drawn once and copied for each work
/// on it, and still locates them; the outline of a village is copied for all its works.
const CROWD: usize = 6;

/// Smallest number of works on one point that weakens the position of a pair: one of the pair and two others.
const MIN_CROWD_ON_POINT: usize = 3;
/// Number of works on one place that are screened again when another one is added.
const MAX_OTHERS_ON_SAME_SPOT: usize = 50;

/// The index of a project in the picture.
pub type Slot = u32;

/// A project in its slot.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub prefilter: Prefilter,
    ground: Option<Ground>,
    /// No other work is on its ground: spares looking for them in the lists.
    alone: bool,
    pub(super) packed: Packed,
}

/// One moment of the Atlas.
#[derive(Default)]
pub struct Picture {
    /// The last entry of the change log it contains.
    pub seq: i64,
    slots: Vec<Option<Entry>>,
    free: Vec<Slot>,
    /// The values that packed records refer to. Only grows, so that records can be unpacked after the read lock is
    /// released.
    pub(super) lexicon: Arc<RwLock<Lexicon>>,
    by_id: HashTable<Slot>,
    tree: Tree,
    /// Works that are a single point, by point and accuracy. The tree holds one that is alone on its place by its slot, so
    /// that it is found without a look-up here.
    points: Lists<PointKey>,
    /// Works by their exact place.
    stacks: Lists<GroundKey>,
    /// The most works that were ever on one line or area.
    widest_shape: usize,
    /// Works by a photo mark, a contract number, a budget line.
    marks: Lists<Key>,
    /// Works by village, year and folded title.
    titles: Lists<Key>,
    /// Works by village and year.
    by_village: Lists<Key>,
    /// Rarity of words in these titles.
    pub rarity: Arc<Rarity>,
    pub villages: Arc<Places>,
}

/// A project to find candidates for, with what the picture knows about its place.
pub struct Query<'a> {
    pub subject: Cow<'a, Prepared>,
    pub prefilter: Prefilter,
    ground: Option<Ground>,
    /// Other works on exactly its place.
    others: usize,
    own: Option<Slot>,
    /// Works with a photo or a contract in common, wherever they are.
    pub(super) witnessed: Vec<Slot>,
}

/// Works on one coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    pub lon: f64,
    pub lat: f64,
    pub projects: Vec<Uuid>,
}

impl Entry {
    fn new(record: &Prepared, ground: Option<Ground>, packed: Packed) -> Self {
        Self { id: record.facts.id, prefilter: record.prefilter(), ground, alone: true, packed }
    }
}

impl Picture {
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The project with this id. Some 2 µs.
    pub fn find_project(&self, id: Uuid) -> Option<Prepared> {
        self.slot(id).and_then(|slot| self.entry(slot)).map(|entry| self.record(entry))
    }

    pub fn slot(&self, id: Uuid) -> Option<Slot> {
        self.by_id.find(hash(id), |slot| self.entry(*slot).is_some_and(|entry| entry.id == id)).copied()
    }

    pub fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Unpacks an entry. Some 2 µs.
    pub fn record(&self, entry: &Entry) -> Prepared {
        entry.packed.unpack(entry.id, &self.lexicon.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The facts of the projects in these slots; `None` past the last slot.
    pub fn facts_between(&self, first: usize, end: usize) -> Option<Vec<Arc<Facts>>> {
        let slots = self.slots.get(first..end.min(self.slots.len())).filter(|slots| !slots.is_empty())?;
        Some(slots.iter().flatten().map(|entry| self.record(entry).facts).collect())
    }

    /// The ids of all projects, sorted.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        self.slots.iter().flatten().map(|entry| entry.id).collect()
    }

    /// O(log n).
    pub fn insert(&mut self, record: &Prepared) {
        let packed = record.pack(&mut self.lexicon.write().unwrap_or_else(PoisonError::into_inner));
        let slot = self.take_in(record, packed);
        match self.entry(slot).and_then(|entry| entry.ground) {
            Some(Ground::Point(key)) => self.enter_point(slot, key),
            _ => part_spots(&record.facts, slot).for_each(|spot| self.tree.insert(spot)),
        }
    }

    /// Puts a work that is a single point into the tree: alone on its place, or as one of several.
    fn enter_point(&mut self, slot: Slot, key: PointKey) {
        match *self.stacks.under(&GroundKey::Point(key.place)) {
            [] => {}
            [only] => self.tree.insert(lone_spot(key, only)),
            [one, other] => {
                let first_key = self.leave_alone(if one == slot { other } else { one });
                if first_key != Some(key) {
                    self.tree.insert(point_spot(key));
                }
            }
            _ if self.points.under(&key).len() == 1 => self.tree.insert(point_spot(key)),
            _ => {}
        }
    }

    /// A work that stood alone on its point becomes one of several.
    fn leave_alone(&mut self, slot: Slot) -> Option<PointKey> {
        let key = self.point_key(slot)?;
        self.tree.remove(&lone_spot(key, slot));
        self.tree.insert(point_spot(key));
        Some(key)
    }

    /// Takes a work that was a single point, and is in no list any more, out of the tree.
    fn quit_point(&mut self, slot: Slot, key: PointKey) {
        match *self.stacks.under(&GroundKey::Point(key.place)) {
            [] => self.tree.remove(&lone_spot(key, slot)),
            [left] => {
                self.tree.remove(&point_spot(key));
                if let Some(its_key) = self.point_key(left) {
                    if its_key != key {
                        self.tree.remove(&point_spot(its_key));
                    }
                    self.tree.insert(lone_spot(its_key, left));
                }
            }
            _ if self.points.under(&key).is_empty() => self.tree.remove(&point_spot(key)),
            _ => {}
        }
    }

    fn point_key(&self, slot: Slot) -> Option<PointKey> {
        match self.entry(slot)?.ground? {
            Ground::Point(key) => Some(key),
            Ground::Shape(_) => None,
        }
    }

    /// Stores a record in a slot and in every list but the tree.
    fn take_in(&mut self, record: &Prepared, packed: Packed) -> Slot {
        let keys = ListKeys::new(record);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("two billion projects do not fit in memory")
        });
        Arc::make_mut(&mut self.rarity).add(record);
        for mark in keys.marks {
            self.marks.add(mark, slot);
        }
        self.titles.add(keys.title, slot);
        self.by_village.add(keys.village, slot);
        if let Some(ground) = keys.ground {
            self.stacks.add(ground.key(), slot);
            match ground {
                Ground::Point(key) => {
                    self.points.add(key, slot);
                }
                Ground::Shape(_) => self.widest_shape = self.widest_shape.max(self.stack_size(ground.key())),
            }
        }
        self.slots[slot as usize] = Some(Entry::new(record, keys.ground, packed));
        if let Some(ground) = keys.ground {
            self.note_who_is_alone(ground.key());
        }
        let slots = &self.slots;
        let id_of = |slot: &Slot| slots[*slot as usize].as_ref().map_or(0, |entry| hash(entry.id));
        self.by_id.insert_unique(hash(record.facts.id), slot, id_of);
        slot
    }

    /// O(log n).
    pub fn remove(&mut self, id: Uuid) {
        let Some(slot) = self.slot(id) else { return };
        if let Ok(entry) = self.by_id.find_entry(hash(id), |other| *other == slot) {
            entry.remove();
        }
        let Some(entry) = self.slots[slot as usize].take() else { return };
        let record = self.record(&entry);
        Arc::make_mut(&mut self.rarity).remove(&record);
        for mark in marks(&record.facts) {
            self.marks.forget(&mark, slot);
        }
        self.titles.forget(&title_key(&record, record.facts.village_id), slot);
        self.by_village.forget(&village_key(&record.facts), slot);
        if let Some(ground) = entry.ground {
            self.stacks.forget(&ground.key(), slot);
            self.note_who_is_alone(ground.key());
        }
        match entry.ground {
            Some(Ground::Point(key)) => {
                self.points.forget(&key, slot);
                self.quit_point(slot, key);
            }
            _ => {
                for spot in part_spots(&record.facts, slot) {
                    self.tree.remove(&spot);
                }
            }
        }
        self.free.push(slot);
    }

    /// Notes, after a work came to a ground or left it, whether one is alone there. O(1).
    fn note_who_is_alone(&mut self, ground: GroundKey) {
        let works = self.stacks.under(&ground);
        // Of three one left, or one came to two: none was alone before, and none is now but the last that came.
        let alone = works.len() == 1;
        let few = works.iter().take(2).chain(works.last());
        for slot in few {
            if let Some(entry) = self.slots[*slot as usize].as_mut() {
                entry.alone = alone;
            }
        }
    }

    /// Prepares a project, stored or a draft, for comparison.
    pub fn query<'a>(&self, subject: Cow<'a, Prepared>) -> Query<'a> {
        let ground = Ground::from_facts(&subject.facts);
        let own = self.slot(subject.facts.id);
        // A draft, or a project that has moved since, is not counted among those on its place.
        let entry = own.and_then(|slot| self.entry(slot)).and_then(|entry| entry.ground);
        let counted = ground.is_some() && entry.map(Ground::key) == ground.map(Ground::key);
        let others = ground.map_or(0, |ground| self.stack_size(ground.key())) - usize::from(counted);
        Query {
            prefilter: subject.prefilter(),
            ground,
            others,
            own: own.filter(|_| counted || ground.is_none()),
            witnessed: self.works_under(witnesses(&subject.facts)),
            subject,
        }
    }

    fn works_under(&self, marks: Vec<Key>) -> Vec<Slot> {
        let works = marks.into_iter().map(|mark| self.marks.under(&mark)).filter(|works| works.len() <= SAME_MARK);
        works.flatten().copied().collect()
    }

    /// The slots of projects worth comparing with this one, sorted and without duplicates, of those that `keep`: near by,
    /// the same photo, contract or budget line, or the same title in this or a touching village and year. On a stacked
    /// coordinate the position is no evidence: works there are found by title and mark. So are works without a place of
    /// their own; these are also compared with all works of their village and year, if there are not too many. `keep` may
    /// be asked for one of them more than once; what it drops costs no sorting.
    pub fn candidates(
        &self,
        query: &Query<'_>,
        radius_m: f64,
        stacked: usize,
        mut keep: impl FnMut(Slot) -> bool,
    ) -> Vec<Slot> {
        let facts = &query.subject.facts;
        let mut found = Vec::new();
        let mut take = |slot: Slot| {
            if keep(slot) {
                found.push(slot);
            }
        };
        // Without a crowded line or area, neighbours need not be checked one by one.
        let has_crowds = self.widest_shape >= CROWD.saturating_mul(stacked);
        if !is_crowded(query.ground, query.others + 1, stacked) {
            for envelope in spots::around_parts(facts, radius_m) {
                for spot in self.tree.within(envelope) {
                    match spot {
                        SpotKey::Part(slot) if has_crowds && self.is_in_a_crowd(slot, stacked) => {}
                        SpotKey::Part(slot) => take(slot),
                        SpotKey::Point(key) if self.stack_size(GroundKey::Point(key.place)) >= stacked => {}
                        SpotKey::Point(key) => self.points.under(&key).iter().copied().for_each(&mut take),
                    }
                }
            }
        }
        self.works_under(marks(facts)).into_iter().for_each(&mut take);
        let touching = facts.village_id.map(|village| self.villages.touching(village, radius_m)).unwrap_or_default();
        let villages = std::iter::once(facts.village_id).chain(touching.into_iter().map(Some));
        for village in villages {
            let works = self.titles.under(&title_key(&query.subject, village));
            if works.len() <= SAME_TITLE {
                works.iter().copied().for_each(&mut take);
            }
        }
        if self.is_without_place(query, stacked) {
            let works = self.by_village.under(&village_key(facts));
            if works.len() <= SAME_VILLAGE {
                works.iter().copied().for_each(&mut take);
            }
        }
        found.sort_unstable();
        found.dedup();
        let own = self.slot(facts.id);
        found.retain(|slot| Some(*slot) != own);
        found
    }

    /// Whether the prefilter lets two be one work, if their places are no evidence. Most are explained wherever they lie,
    /// which spares counting who else does. Some 5 ns.
    pub fn may_be_one(&self, query: &Query<'_>, other: Slot) -> bool {
        let is_explained = |entry: &Entry| query.prefilter.is_surely_explained(&entry.prefilter, true);
        self.entry(other).is_some_and(|entry| !is_explained(entry) || query.witnessed.contains(&other))
    }

    /// Whether a project's place does not locate it: none, that of the office, or one shared by many others.
    pub fn is_without_place(&self, query: &Query<'_>, stacked: usize) -> bool {
        let facts = &query.subject.facts;
        let on_stack = is_crowded(query.ground, query.others + 1, stacked);
        facts.village_id.is_some() && (on_stack || facts.parts.is_empty() || facts.how == Some(How::Office))
    }

    /// The ids of [`Picture::candidates`], sorted.
    pub fn proposed(&self, subject: &Prepared, radius_m: f64, stacked: usize) -> Vec<Uuid> {
        let slots = self.candidates(&self.query(Cow::Borrowed(subject)), radius_m, stacked, |_| true);
        let mut ids: Vec<Uuid> = slots.into_iter().filter_map(|slot| self.entry(slot)).map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Number of other works on exactly the place of one of the two (the larger count), if that is a reason to doubt
    /// the place. For a point it always is. For a line or an area: if both are on it and the works form a stack, or
    /// if one of the two is in a crowd. Also whether only one of the two stands among them.
    pub fn same_place(&self, query: &Query<'_>, other: &Entry, stacked: usize) -> (usize, bool) {
        let here = Self::crowd_size(query.ground, query.others, stacked);
        let Some(there) = other.ground else { return (here, false) };
        let together = query.ground.is_some_and(|here| here.key() == there.key());
        let of_other = if other.alone { 0 } else { self.stack_size(there.key()) - 1 };
        if !together {
            let there = Self::crowd_size(Some(there), of_other, stacked);
            return (here.max(there), query.ground.is_some() && here.min(there) == 0);
        }
        let of_subject = query.others - 1;
        let others = of_subject.max(of_other - usize::from(query.own.is_some()));
        match there {
            Ground::Shape(_) if others + 2 < stacked => (0, false),
            _ => (others, false),
        }
    }

    /// Number of other works on a place, if it makes that place doubtful to a work elsewhere; else 0.
    fn crowd_size(ground: Option<Ground>, others: usize, stacked: usize) -> usize {
        match ground {
            Some(Ground::Point(_)) => others,
            Some(Ground::Shape(_)) if is_crowded(ground, others + 1, stacked) => others,
            _ => 0,
        }
    }

    fn stack_size(&self, key: GroundKey) -> usize {
        self.stacks.under(&key).len()
    }

    fn is_in_a_crowd(&self, slot: Slot, stacked: usize) -> bool {
        let ground = self.entry(slot).and_then(|entry| entry.ground);
        ground.is_some_and(|ground| is_crowded(Some(ground), self.stack_size(ground.key()), stacked))
    }

    /// Other works on the place of this one, ordered by id and limited in number, if they are so many that its arrival
    /// arrival may weaken the evidence of that place: see [`Picture::same_place`].
    pub fn others_on_same_spot(&self, facts: &Facts, stacked: usize) -> Vec<Uuid> {
        let Some(ground) = Ground::from_facts(facts) else { return Vec::new() };
        let works = self.stacks.under(&ground.key());
        let crowd = match ground {
            Ground::Point(_) => MIN_CROWD_ON_POINT,
            Ground::Shape(_) => stacked,
        };
        if works.len() < crowd {
            return Vec::new();
        }
        let others = works.iter().filter_map(|slot| self.entry(*slot)).map(|entry| entry.id);
        let mut oldest: Vec<Uuid> = others.filter(|id| *id != facts.id).collect();
        oldest.sort_unstable();
        oldest.truncate(MAX_OTHERS_ON_SAME_SPOT);
        oldest
    }

    /// The works on exactly the point of this one, itself included; `None` if it is not a single point.
    pub fn stack_of(&self, facts: &Facts) -> Option<Stack> {
        let (x, y) = point_key(facts)?.place;
        let entry = self.stacks.under(&GroundKey::Point((x, y))).iter().filter_map(|slot| self.entry(*slot));
        let mut projects: Vec<Uuid> = entry.map(|entry| entry.id).collect();
        projects.sort_unstable();
        Some(Stack { lon: f64::from(x) / 1e7, lat: f64::from(y) / 1e7, projects })
    }
}

/// Whether there are so many works on one place that it no longer locates them.
fn is_crowded(ground: Option<Ground>, works: usize, stacked: usize) -> bool {
    match ground {
        Some(Ground::Point(_)) => works >= stacked,
        Some(Ground::Shape(_)) => works >= CROWD.saturating_mul(stacked),
        None => false,
    }
}

fn hash(id: Uuid) -> u64 {
    FxBuildHasher.hash_one(id)
}
