//! One moment of the Atlas: the projects with an R-tree over their places, and lists by point, mark and title.
//!
//! Projects stand in numbered slots; everything else refers to them by number. A slot holds the record packed, and beside
//! it what is enough to pass over most pairs: a neighbourhood is looked through without unpacking what is in it.

mod keys;
mod lists;
mod loading;
mod spots;

pub use loading::Loading;

use super::metres;
use super::places::Places;
use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::duplicates::{Brief, Lexicon, Packed, Prepared, Rarity};
use hashbrown::HashTable;
use keys::{Key, MOST_ACCURACY_M, Place, PointKey, marks, point_key, title_key, village_key};
use lists::Lists;
use rstar::RTree;
use rustc_hash::FxBuildHasher;
use spots::{Spot, SpotKey, part_spots, point_spot};
use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::sync::Arc;
use uuid::Uuid;

/// Works with the same title in the same village and year that are proposed whatever their place says.
/// Boiler-plate titles have hundreds, and then the title says nothing.
const SAME_TITLE: usize = 30;
/// Works that share a mark (photo, contract) and are proposed for it.
const SAME_MARK: usize = 100;
/// Works of one village and year among which one without a place looks for its like; more are a list nobody checks so.
const SAME_VILLAGE: usize = 400;

/// Where a project stands in the picture.
pub type Slot = u32;

/// A project in its slot.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: Uuid,
    pub brief: Brief,
    /// Where it stands, if it is one point and nothing else.
    point: Option<PointKey>,
    packed: Packed,
}

/// One moment of the Atlas.
#[derive(Default)]
pub struct Picture {
    slots: Vec<Option<Held>>,
    free: Vec<Slot>,
    /// What the packed records refer to.
    lexicon: Lexicon,
    by_id: HashTable<Slot>,
    tree: RTree<Spot>,
    /// Works that are one point, by point and accuracy.
    points: Lists<PointKey>,
    /// Works that are one point, whatever the accuracy.
    stacks: Lists<Place>,
    /// Works by a photo mark, a contract number, a budget line.
    marks: Lists<Key>,
    /// Works by village, year and folded title.
    titles: Lists<Key>,
    /// Works by village and year.
    by_village: Lists<Key>,
    /// How rare the words of titles are here.
    pub rarity: Rarity,
    pub villages: Arc<Places>,
}

/// A project to be compared with those around it, with what is known of its own place.
pub struct Surroundings<'a> {
    pub subject: &'a Prepared,
    pub brief: Brief,
    point: Option<PointKey>,
    /// Works on its very point other than itself.
    others: usize,
    own: Option<Slot>,
}

/// Works on one coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    pub lon: f64,
    pub lat: f64,
    pub projects: Vec<Uuid>,
}

impl Picture {
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The project with this id, as it was read. Some 2 µs.
    pub fn find(&self, id: Uuid) -> Option<Prepared> {
        self.slot(id).and_then(|slot| self.held(slot)).map(|held| self.record(held))
    }

    pub fn slot(&self, id: Uuid) -> Option<Slot> {
        self.by_id.find(hash(id), |slot| self.held(*slot).is_some_and(|held| held.id == id)).copied()
    }

    pub fn held(&self, slot: Slot) -> Option<&Held> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Unpacks what a slot holds. Some 2 µs.
    pub fn record(&self, held: &Held) -> Prepared {
        held.packed.unpack(held.id, &self.lexicon)
    }

    /// Slots, those of removed projects too: all are below this.
    pub fn slots(&self) -> Slot {
        Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX)
    }

    /// The facts of all projects, in the order of their ids.
    pub fn all_facts(&self) -> Vec<Arc<Facts>> {
        let mut all: Vec<Arc<Facts>> = self.slots.iter().flatten().map(|held| self.record(held).facts).collect();
        all.sort_unstable_by_key(|facts| facts.id);
        all
    }

    /// The ids of all projects, in order.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        self.slots.iter().flatten().map(|held| held.id).collect()
    }

    /// O(log n).
    pub fn put(&mut self, record: &Prepared) {
        let packed = record.pack(&mut self.lexicon);
        let mut spots = Vec::with_capacity(1);
        self.take_in(record, packed, |spot| spots.push(spot));
        for spot in spots {
            self.tree.insert(spot);
        }
    }

    /// Holds a record in a slot and in every list; `spot` takes what belongs into the tree.
    fn take_in(&mut self, record: &Prepared, packed: Packed, mut spot: impl FnMut(Spot)) {
        let (facts, point) = (&*record.facts, point_key(&record.facts));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("two thousand million projects do not fit in memory")
        });
        self.rarity.add(record);
        for mark in marks(facts) {
            self.marks.add(mark, slot);
        }
        self.titles.add(title_key(record, facts.village_id), slot);
        self.by_village.add(village_key(facts), slot);
        match point {
            Some(key) => {
                self.stacks.add(key.place, slot);
                if self.points.add(key, slot) {
                    spot(point_spot(key));
                }
            }
            None => part_spots(facts, slot).for_each(spot),
        }
        self.slots[slot as usize] = Some(Held { id: facts.id, brief: record.brief(), point, packed });
        let slots = &self.slots;
        let id_of = |slot: &Slot| slots[*slot as usize].as_ref().map_or(0, |held| hash(held.id));
        self.by_id.insert_unique(hash(facts.id), slot, id_of);
    }

    /// O(log n).
    pub fn remove(&mut self, id: Uuid) {
        let Some(slot) = self.slot(id) else { return };
        if let Ok(entry) = self.by_id.find_entry(hash(id), |other| *other == slot) {
            entry.remove();
        }
        let Some(held) = self.slots[slot as usize].take() else { return };
        let record = self.record(&held);
        self.rarity.remove(&record);
        for mark in marks(&record.facts) {
            self.marks.forget(&mark, slot);
        }
        self.titles.forget(&title_key(&record, record.facts.village_id), slot);
        self.by_village.forget(&village_key(&record.facts), slot);
        match held.point {
            Some(key) => {
                self.stacks.forget(&key.place, slot);
                if self.points.forget(&key, slot) {
                    self.tree.remove(&point_spot(key));
                }
            }
            None => {
                for spot in part_spots(&record.facts, slot) {
                    self.tree.remove(&spot);
                }
            }
        }
        self.free.push(slot);
    }

    /// A project, here or a draft, on its way to be compared.
    pub fn surroundings<'a>(&self, subject: &'a Prepared) -> Surroundings<'a> {
        let point = point_key(&subject.facts);
        let own = self.slot(subject.facts.id);
        // A draft, or what was moved since, is not among those that stand on its point.
        let counted = point.is_some() && own.and_then(|slot| self.held(slot)).and_then(|held| held.point) == point;
        let others = point.map_or(0, |key| self.stack_size(key.place)) - usize::from(counted);
        Surroundings { subject, brief: subject.brief(), point, others, own: own.filter(|_| counted || point.is_none()) }
    }

    /// The slots of projects worth comparing with this one, each once, in order: near by, the same photo, contract or
    /// budget line, or the same title in this or a touching village and year. On a stacked coordinate position says
    /// nothing: works there are found through their titles and marks, and so is what has no place of its own, for which all
    /// works of its village and year are looked through where they are not too many.
    pub fn candidates(&self, around: &Surroundings<'_>, radius_m: f64, stacked: usize) -> Vec<Slot> {
        let facts = &around.subject.facts;
        let mut found = Vec::new();
        let own_stack = around.point.is_some() && around.others + 1 >= stacked;
        if !own_stack {
            for part in &facts.parts {
                let Some(bounds) = metres::bounds(&part.geometry) else { continue };
                let envelope = spots::around(bounds, radius_m + part.accuracy_m.min(MOST_ACCURACY_M));
                for spot in self.tree.locate_in_envelope_intersecting(envelope) {
                    match spot.data {
                        SpotKey::Part(slot) => found.push(slot),
                        SpotKey::Point(key) if self.stack_size(key.place) >= stacked => {}
                        SpotKey::Point(key) => found.extend(self.points.under(&key)),
                    }
                }
            }
        }
        for mark in marks(facts) {
            let works = self.marks.under(&mark);
            if works.len() <= SAME_MARK {
                found.extend(works);
            }
        }
        let touching = facts.village_id.map(|village| self.villages.touching(village, radius_m)).unwrap_or_default();
        let villages = std::iter::once(facts.village_id).chain(touching.into_iter().map(Some));
        for village in villages {
            let works = self.titles.under(&title_key(around.subject, village));
            if works.len() <= SAME_TITLE {
                found.extend(works);
            }
        }
        if self.is_without_place(around, stacked) {
            let works = self.by_village.under(&village_key(facts));
            if works.len() <= SAME_VILLAGE {
                found.extend(works);
            }
        }
        found.sort_unstable();
        found.dedup();
        let own = self.slot(facts.id);
        found.retain(|slot| Some(*slot) != own);
        found
    }

    /// Whether a project's place says nothing about it: none, that of the office, or one that many others have.
    pub fn is_without_place(&self, around: &Surroundings<'_>, stacked: usize) -> bool {
        let facts = &around.subject.facts;
        let on_stack = around.point.is_some() && around.others + 1 >= stacked;
        facts.village_id.is_some() && (on_stack || facts.parts.is_empty() || facts.how == Some(How::Office))
    }

    /// The ids of [`Picture::candidates`], in order.
    pub fn proposed(&self, subject: &Prepared, radius_m: f64, stacked: usize) -> Vec<Uuid> {
        let slots = self.candidates(&self.surroundings(subject), radius_m, stacked);
        let mut ids: Vec<Uuid> = slots.into_iter().filter_map(|slot| self.held(slot)).map(|held| held.id).collect();
        ids.sort_unstable();
        ids
    }

    /// How many works other than these two stand on the very point of one of them (the greater number of the two).
    pub fn same_place(&self, around: &Surroundings<'_>, other: &Held) -> usize {
        let together = around.point.is_some_and(|key| other.point.is_some_and(|there| there.place == key.place));
        let of_subject = around.others - usize::from(together && around.point.is_some());
        let of_other = other.point.map_or(0, |key| {
            let subject_is_there = together && around.own.is_some();
            self.stack_size(key.place) - 1 - usize::from(subject_is_there)
        });
        of_subject.max(of_other)
    }

    fn stack_size(&self, place: Place) -> usize {
        self.stacks.under(&place).len()
    }

    /// The works on the very point of this one, itself included; `None` where it is not a single point.
    pub fn stack_of(&self, facts: &Facts) -> Option<Stack> {
        let (x, y) = point_key(facts)?.place;
        let held = self.stacks.under(&(x, y)).iter().filter_map(|slot| self.held(*slot));
        let mut projects: Vec<Uuid> = held.map(|held| held.id).collect();
        projects.sort_unstable();
        Some(Stack { lon: f64::from(x) / 1e7, lat: f64::from(y) / 1e7, projects })
    }
}

fn hash(id: Uuid) -> u64 {
    FxBuildHasher.hash_one(id)
}
