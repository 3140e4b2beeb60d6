//! One moment of the Atlas: the projects with an R-tree over their places, and lists by point, mark and title.
//!
//! Projects stand in numbered slots; everything else refers to them by number. A slot holds beside the record what is
//! enough to pass over most pairs, so that a neighbourhood is looked through without following pointers.

use super::metres;
use super::places::Places;
use crate::domain::facts::Facts;
use crate::domain::footprint::How;
use crate::duplicates::{Brief, Prepared, Rarity};
use geo::{BoundingRect, Geometry};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use uuid::Uuid;

/// Works with the same title in the same village and year that are proposed whatever their place says.
/// Boiler-plate titles have hundreds, and then the title says nothing.
const SAME_TITLE: usize = 30;
/// Works that share a mark (photo, contract) and are proposed for it.
const SAME_MARK: usize = 100;
/// Works of one village and year among which one without a place looks for its like; more are a list nobody checks so.
const SAME_VILLAGE: usize = 400;
/// Accuracies above this say "somewhere"; growing boxes by them would propose everything.
const MOST_ACCURACY_M: f64 = 100.0;

/// Where a project stands in the picture.
pub type Slot = u32;

/// What the tree holds: the box of one part, or the box of all works on one point.
type Spot = GeomWithData<Rectangle<[f64; 2]>, SpotKey>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum SpotKey {
    Part(Slot),
    /// All single points at one place with one accuracy: thousands on the village office are one box.
    Point(PointKey),
}

/// A place of 1e-7 degrees, longitude and latitude: some 11 mm.
type Place = (i32, i32);

/// A point with its accuracy in decimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct PointKey {
    place: Place,
    accuracy_dm: u16,
}

/// A project in its slot.
#[derive(Clone, Debug)]
pub struct Held {
    pub record: Arc<Prepared>,
    pub brief: Brief,
    /// Where it stands, if it is one point and nothing else.
    point: Option<PointKey>,
}

/// One moment of the Atlas.
#[derive(Default)]
pub struct Picture {
    slots: Vec<Option<Held>>,
    free: Vec<Slot>,
    by_id: FxHashMap<Uuid, Slot>,
    tree: RTree<Spot>,
    /// Works that are one point, by point and accuracy.
    points: FxHashMap<PointKey, Slots>,
    /// Works that are one point, whatever the accuracy.
    stacks: FxHashMap<Place, Slots>,
    /// Works by the hash of a photo mark, a contract number, a budget line.
    marks: FxHashMap<u64, Slots>,
    /// Works by the hash of village, year and folded title.
    titles: FxHashMap<u64, Slots>,
    /// Works by the hash of village and year.
    by_village: FxHashMap<u64, Slots>,
    /// How rare the words of titles are here.
    pub rarity: Rarity,
    pub villages: Arc<Places>,
}

/// Slots under one key: mostly one.
#[derive(Clone, Debug)]
enum Slots {
    One(Slot),
    #[expect(
        clippy::box_collection,
        reason = "most keys have one slot, and there are millions of keys: 16 bytes, not 24"
    )]
    Many(Box<Vec<Slot>>),
}

impl Slots {
    fn as_slice(&self) -> &[Slot] {
        match self {
            Self::One(slot) => std::slice::from_ref(slot),
            Self::Many(slots) => slots,
        }
    }
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
    /// O(n log n).
    pub fn build(villages: Places, records: Vec<Arc<Prepared>>) -> Self {
        let mut picture = Self { villages: Arc::new(villages), ..Self::default() };
        picture.by_id.reserve(records.len());
        picture.titles.reserve(records.len());
        picture.slots.reserve_exact(records.len());
        let mut spots = Vec::with_capacity(records.len());
        for record in records {
            picture.take_in(record, |spot| spots.push(spot));
        }
        spots.shrink_to_fit();
        picture.tree = RTree::bulk_load(spots);
        picture
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub fn find(&self, id: Uuid) -> Option<&Arc<Prepared>> {
        self.slot(id).and_then(|slot| self.held(slot)).map(|held| &held.record)
    }

    pub fn slot(&self, id: Uuid) -> Option<Slot> {
        self.by_id.get(&id).copied()
    }

    pub fn held(&self, slot: Slot) -> Option<&Held> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Slots, those of removed projects too: all are below this.
    pub fn slots(&self) -> Slot {
        Slot::try_from(self.slots.len()).unwrap_or(Slot::MAX)
    }

    /// The facts of all projects, in the order of their ids.
    pub fn all_facts(&self) -> Vec<Arc<Facts>> {
        let mut all: Vec<Arc<Facts>> = self.slots.iter().flatten().map(|held| Arc::clone(&held.record.facts)).collect();
        all.sort_unstable_by_key(|facts| facts.id);
        all
    }

    /// The ids of all projects, in order: for comparing two pictures.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        self.by_id.keys().copied().collect()
    }

    /// O(log n).
    pub fn put(&mut self, record: Arc<Prepared>) {
        let mut spots = Vec::with_capacity(1);
        self.take_in(record, |spot| spots.push(spot));
        for spot in spots {
            self.tree.insert(spot);
        }
    }

    /// Holds a record in a slot and in every list; `spot` takes what belongs into the tree.
    fn take_in(&mut self, record: Arc<Prepared>, mut spot: impl FnMut(Spot)) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).expect("four thousand million projects do not fit in memory")
        });
        self.rarity.add(&record);
        for mark in marks(&record.facts) {
            add(&mut self.marks, mark, slot);
        }
        add(&mut self.titles, title_key(&record, record.facts.village_id), slot);
        add(&mut self.by_village, village_key(&record.facts), slot);
        let point = point_key(&record.facts);
        match point {
            Some(key) => {
                add(&mut self.stacks, key.place, slot);
                if add(&mut self.points, key, slot) {
                    spot(point_spot(key));
                }
            }
            None => part_spots(&record.facts, slot).for_each(spot),
        }
        self.by_id.insert(record.facts.id, slot);
        self.slots[slot as usize] = Some(Held { brief: record.brief(), record, point });
    }

    /// O(log n).
    pub fn remove(&mut self, id: Uuid) {
        let Some(slot) = self.by_id.remove(&id) else { return };
        let Some(held) = self.slots[slot as usize].take() else { return };
        self.rarity.remove(&held.record);
        for mark in marks(&held.record.facts) {
            forget(&mut self.marks, &mark, slot);
        }
        forget(&mut self.titles, &title_key(&held.record, held.record.facts.village_id), slot);
        forget(&mut self.by_village, &village_key(&held.record.facts), slot);
        match held.point {
            Some(key) => {
                forget(&mut self.stacks, &key.place, slot);
                if forget(&mut self.points, &key, slot) {
                    self.tree.remove(&point_spot(key));
                }
            }
            None => {
                for spot in part_spots(&held.record.facts, slot) {
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
                let Some(bounds) = bounds(&part.geometry) else { continue };
                let [w, s, e, n] = metres::bounds_around(bounds, radius_m + part.accuracy_m.min(MOST_ACCURACY_M));
                for spot in self.tree.locate_in_envelope_intersecting(AABB::from_corners([w, s], [e, n])) {
                    match spot.data {
                        SpotKey::Part(slot) => found.push(slot),
                        SpotKey::Point(key) if self.stack_size(key.place) >= stacked => {}
                        SpotKey::Point(key) => found.extend(under(&self.points, &key)),
                    }
                }
            }
        }
        for mark in marks(facts) {
            let works = under(&self.marks, &mark);
            if works.len() <= SAME_MARK {
                found.extend(works);
            }
        }
        let touching = facts.village_id.map(|village| self.villages.touching(village, radius_m)).unwrap_or_default();
        let villages = std::iter::once(facts.village_id).chain(touching.into_iter().map(Some));
        for village in villages {
            let works = under(&self.titles, &title_key(around.subject, village));
            if works.len() <= SAME_TITLE {
                found.extend(works);
            }
        }
        if self.is_without_place(around, stacked) {
            let works = under(&self.by_village, &village_key(facts));
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
        let mut ids: Vec<Uuid> =
            slots.into_iter().filter_map(|slot| self.held(slot)).map(|held| held.record.facts.id).collect();
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
        under(&self.stacks, &place).len()
    }

    /// The works on the very point of this one, itself included; `None` where it is not a single point.
    pub fn stack_of(&self, facts: &Facts) -> Option<Stack> {
        let (x, y) = point_key(facts)?.place;
        let held = under(&self.stacks, &(x, y)).iter().filter_map(|slot| self.held(*slot));
        let mut projects: Vec<Uuid> = held.map(|held| held.record.facts.id).collect();
        projects.sort_unstable();
        Some(Stack { lon: f64::from(x) / 1e7, lat: f64::from(y) / 1e7, projects })
    }
}

/// Adds to a list; `true` where it is the first of its key.
fn add<K: Eq + Hash>(lists: &mut FxHashMap<K, Slots>, key: K, slot: Slot) -> bool {
    match lists.entry(key) {
        std::collections::hash_map::Entry::Vacant(empty) => {
            empty.insert(Slots::One(slot));
            true
        }
        std::collections::hash_map::Entry::Occupied(mut some) => {
            match some.get_mut() {
                Slots::Many(slots) => slots.push(slot),
                one @ Slots::One(_) => *one = Slots::Many(Box::new([one.as_slice(), &[slot]].concat())),
            }
            false
        }
    }
}

/// Takes from a list; `true` where it was the last of its key.
fn forget<K: Eq + Hash>(lists: &mut FxHashMap<K, Slots>, key: &K, slot: Slot) -> bool {
    let Some(slots) = lists.get_mut(key) else { return false };
    if let Slots::Many(many) = slots {
        many.retain(|other| *other != slot);
        if !many.is_empty() {
            return false;
        }
    }
    lists.remove(key);
    true
}

fn under<'a, K: Eq + Hash>(lists: &'a FxHashMap<K, Slots>, key: &K) -> &'a [Slot] {
    lists.get(key).map_or(&[], Slots::as_slice)
}

fn bounds(geometry: &Geometry<f64>) -> Option<[f64; 4]> {
    let rect = geometry.bounding_rect()?;
    Some([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
}

fn part_spots(facts: &Facts, slot: Slot) -> impl Iterator<Item = Spot> + '_ {
    facts.parts.iter().filter_map(move |part| {
        let [w, s, e, n] = metres::bounds_around(bounds(&part.geometry)?, part.accuracy_m.min(MOST_ACCURACY_M));
        Some(Spot::new(Rectangle::from_corners([w, s], [e, n]), SpotKey::Part(slot)))
    })
}

fn point_spot(key: PointKey) -> Spot {
    let (lon, lat) = (f64::from(key.place.0) / 1e7, f64::from(key.place.1) / 1e7);
    // Half a step of rounding is 6 mm: the box is grown by a decimetre more than the accuracy.
    let [w, s, e, n] = metres::bounds_around([lon, lat, lon, lat], f64::from(key.accuracy_dm) / 10.0 + 0.1);
    Spot::new(Rectangle::from_corners([w, s], [e, n]), SpotKey::Point(key))
}

/// The point that a project is, where it is one point and nothing else.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "180 degrees × 1e7 fit in 31 bits, 100 m × 10 in 16; what is no place on the earth is cut off, not wrapped"
)]
fn point_key(facts: &Facts) -> Option<PointKey> {
    let [part] = &*facts.parts else { return None };
    let Geometry::Point(point) = &part.geometry else { return None };
    let accuracy_dm = (part.accuracy_m.clamp(0.0, MOST_ACCURACY_M) * 10.0).ceil() as u16;
    Some(PointKey { place: ((point.x() * 1e7).round() as i32, (point.y() * 1e7).round() as i32), accuracy_dm })
}

/// What names the same thing wherever it stands: photos, contracts, budget lines of a village and year.
fn marks(facts: &Facts) -> Vec<u64> {
    let hash = |kind: u8, text: &str, more: Option<(Option<Uuid>, Option<i32>)>| {
        let mut hasher = FxHasher::default();
        (kind, text.trim().to_lowercase(), more).hash(&mut hasher);
        hasher.finish()
    };
    let photos = facts.photo_marks.iter().map(|mark| hash(1, mark, None));
    let contracts =
        facts.funding.iter().filter_map(|line| line.contract_number.as_deref()).map(|number| hash(2, number, None));
    let lines = facts.funding.iter().filter_map(|line| line.budget_line.as_deref());
    let lines = lines.map(|line| hash(3, line, Some((facts.village_id, facts.fiscal_year))));
    let mut all: Vec<u64> = photos.chain(contracts).chain(lines).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn village_key(facts: &Facts) -> u64 {
    let mut hasher = FxHasher::default();
    (facts.village_id, facts.fiscal_year).hash(&mut hasher);
    hasher.finish()
}

/// Hash of village, year and folded title. Two that fall together by chance only propose each other.
fn title_key(record: &Prepared, village: Option<Uuid>) -> u64 {
    let mut hasher = FxHasher::default();
    (village, record.facts.fiscal_year, record.title_key()).hash(&mut hasher);
    hasher.finish()
}
