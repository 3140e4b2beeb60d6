//! The Atlas: the in-memory spatial picture of all standing projects, with the attributes that a verdict needs.
//!
//! It takes in changes in the order of the change log and knows the last entry it holds. The R-tree proposes
//! (boxes in degrees, never too small), the judge decides.

use super::metres;
use super::places::Places;
use crate::domain::facts::Facts;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::{Around, Judge, Prepared, facts_digest};
use geo::{BoundingRect, Geometry};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;
use uuid::Uuid;

/// Works with the same title in the same village and year that are proposed whatever their place says.
/// Boiler-plate titles have hundreds, and then the title says nothing.
const SAME_TITLE: usize = 30;
/// Works that share a mark (photo, contract) and are proposed for it.
const SAME_MARK: usize = 100;
/// Accuracies above this say "somewhere"; growing boxes by them would propose everything.
const MOST_ACCURACY_M: f64 = 100.0;

/// The shared, changing picture. Readers share it; one follower writes.
pub struct Atlas {
    pub judge: Judge,
    picture: RwLock<Picture>,
    seq: watch::Sender<i64>,
}

/// What the tree holds: the box of one part, or the box of all works on one point.
type Spot = GeomWithData<Rectangle<[f64; 2]>, SpotKey>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum SpotKey {
    Part(Uuid),
    /// All single points at one place with one accuracy: thousands on the village office are one box.
    Point(PointKey),
}

/// Village, year and the hash of the folded title.
type TitleKey = (Option<Uuid>, Option<i32>, u64);

/// Longitude, latitude (1e-7 degrees) and accuracy (dm) of a point.
type PointKey = (i64, i64, i64);

/// One moment of the Atlas.
#[derive(Default)]
pub struct Picture {
    projects: HashMap<Uuid, Arc<Prepared>>,
    tree: RTree<Spot>,
    /// Works that are one point, by point and accuracy.
    points: HashMap<PointKey, Vec<Uuid>>,
    /// Works that are one point, whatever the accuracy.
    stacks: HashMap<(i64, i64), Vec<Uuid>>,
    /// Works by the hash of a photo mark, a contract number, a budget line.
    marks: HashMap<u64, Vec<Uuid>>,
    /// Works by village, year and the hash of the folded title.
    titles: HashMap<TitleKey, Vec<Uuid>>,
    pub villages: Arc<Places>,
}

/// What to do with one project.
#[derive(Clone, Debug)]
pub enum Update {
    Put(Box<Facts>),
    Remove(Uuid),
}

/// A project near by with what the judge says of it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub other: Arc<Prepared>,
    pub verdict: Verdict,
    /// Of the facts of both: while it stays, a decision stands.
    pub facts_digest: String,
    /// Of everything that made the verdict.
    pub verdict_digest: String,
}

/// Works on one coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    pub lon: f64,
    pub lat: f64,
    pub projects: Vec<Uuid>,
}

impl Atlas {
    /// An empty picture at entry 0.
    pub fn new(judge: Judge) -> Self {
        Self { judge, picture: RwLock::new(Picture::default()), seq: watch::channel(0).0 }
    }

    /// Takes the place of everything: the facts of all standing projects as of log entry `seq`. O(n log n).
    pub fn load(&self, villages: Places, facts: Vec<Facts>, seq: i64) {
        let picture = Picture::build(villages, self.prepare_all(facts));
        *self.picture.write().unwrap_or_else(PoisonError::into_inner) = picture;
        self.seq.send_replace(seq);
    }

    /// Reads all records, on every core.
    fn prepare_all(&self, facts: Vec<Facts>) -> Vec<Arc<Prepared>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = facts.len().div_ceil(cores).max(1);
        let mut rest = facts;
        let mut shares = Vec::with_capacity(cores);
        while rest.len() > share {
            let tail = rest.split_off(share);
            shares.push(std::mem::replace(&mut rest, tail));
        }
        shares.push(rest);
        let read = |facts: Vec<Facts>| facts.into_iter().map(|facts| Arc::new(self.judge.prepare(facts))).collect();
        std::thread::scope(|scope| {
            let tasks: Vec<_> =
                shares.into_iter().map(|facts| scope.spawn(move || -> Vec<_> { read(facts) })).collect();
            tasks
                .into_iter()
                .flat_map(|task| task.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }

    /// Takes in the changes up to log entry `seq`. O(log n) each.
    pub fn apply(&self, villages: Option<Places>, updates: Vec<Update>, seq: i64) {
        // Reading titles is the slow part: done before anybody has to wait.
        let prepared: Vec<(Uuid, Option<Arc<Prepared>>)> = updates
            .into_iter()
            .map(|update| match update {
                Update::Put(facts) => (facts.id, Some(Arc::new(self.judge.prepare(*facts)))),
                Update::Remove(id) => (id, None),
            })
            .collect();
        let mut picture = self.picture.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(villages) = villages {
            picture.villages = Arc::new(villages);
        }
        for (id, prepared) in prepared {
            picture.remove(id);
            if let Some(prepared) = prepared {
                picture.put(prepared);
            }
        }
        drop(picture);
        self.seq.send_replace(seq);
    }

    /// The last entry of the change log that the picture holds.
    pub fn seq(&self) -> i64 {
        *self.seq.borrow()
    }

    /// Waits until the picture holds entry `seq`.
    pub async fn reach(&self, seq: i64) {
        let mut held = self.seq.subscribe();
        // The sender lives in self, so the channel cannot close while we wait.
        let _ = held.wait_for(|held| *held >= seq).await;
    }

    /// A look at the picture; changes wait until it ends, so keep it short.
    pub fn look<T>(&self, look: impl FnOnce(&Picture) -> T) -> T {
        look(&self.picture.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The projects that have to do with this one, judged, and the log entry that the picture held: those worth an alert
    /// or a look, and `further` ones wherever they are now. Costs what the neighbourhood holds.
    pub fn screen(&self, subject: &Prepared, further: &[Uuid]) -> (i64, Vec<Judged>) {
        self.look(|picture| {
            let mut candidates =
                picture.candidates(subject, self.judge.settings().radius_m, self.judge.settings().stacked);
            candidates.retain(|id| !further.contains(id));
            let asked = further.iter().filter(|id| **id != subject.facts.id).map(|id| (*id, true));
            let judged = candidates
                .into_iter()
                .map(|id| (id, false))
                .chain(asked)
                .filter_map(|(id, asked)| self.judge_with(picture, subject, picture.projects.get(&id)?, asked))
                .collect();
            (self.seq(), judged)
        })
    }

    /// Every project near by, judged, silent ones too: what a person sees beside a draft.
    pub fn neighbours(&self, subject: &Prepared) -> Vec<Judged> {
        self.look(|picture| {
            let settings = self.judge.settings();
            let candidates = picture.candidates(subject, settings.radius_m, settings.stacked);
            let near = candidates.iter().filter_map(|id| picture.projects.get(id));
            near.filter_map(|other| self.judge_with(picture, subject, other, true)).collect()
        })
    }

    /// As [`Atlas::screen`], with those alone whose id is greater: over all subjects each pair comes once.
    pub fn screen_onward(&self, subject: &Prepared) -> Vec<Judged> {
        self.look(|picture| {
            let settings = self.judge.settings();
            let candidates = picture.candidates(subject, settings.radius_m, settings.stacked);
            let onward = candidates.iter().filter(|id| **id > subject.facts.id);
            onward.filter_map(|id| self.judge_with(picture, subject, picture.projects.get(id)?, false)).collect()
        })
    }

    /// The verdict on two projects, wherever they are; `None` where one is not here.
    pub fn judge_pair(&self, a: Uuid, b: Uuid) -> Option<Verdict> {
        self.look(|picture| {
            let (a, b) = (picture.projects.get(&a.min(b))?, picture.projects.get(&a.max(b))?);
            Some(self.judge.judge(a, b, &picture.around(a, b)))
        })
    }

    /// The verdict on two; `None` for a silent one that nobody asked for.
    fn judge_with(&self, picture: &Picture, subject: &Prepared, other: &Arc<Prepared>, asked: bool) -> Option<Judged> {
        let around = picture.around(subject, other);
        // The smaller id first: one pair has one verdict, whoever asks.
        let (a, b) = if subject.facts.id < other.facts.id { (subject, &**other) } else { (&**other, subject) };
        if !asked && self.judge.is_surely_silent(a, b, &around) {
            return None;
        }
        let verdict = self.judge.judge(a, b, &around);
        if !asked && verdict.band == Band::Silent {
            return None;
        }
        let facts_digest = facts_digest(&a.facts, &b.facts);
        let verdict_digest = self.judge.verdict_digest(&facts_digest, &around);
        Some(Judged { other: other.clone(), verdict, facts_digest, verdict_digest })
    }
}

impl Picture {
    fn build(villages: Places, prepared: Vec<Arc<Prepared>>) -> Self {
        let mut picture = Self { villages: Arc::new(villages), ..Self::default() };
        picture.projects.reserve(prepared.len());
        let mut spots = Vec::with_capacity(prepared.len());
        for project in prepared {
            picture.index(&project);
            match point_key(&project.facts) {
                Some(key) => {
                    let works = picture.points.entry(key).or_default();
                    works.push(project.facts.id);
                    if works.len() == 1 {
                        spots.push(point_spot(key));
                    }
                }
                None => spots.extend(part_spots(&project.facts)),
            }
            picture.projects.insert(project.facts.id, project);
        }
        picture.tree = RTree::bulk_load(spots);
        picture
    }

    pub fn len(&self) -> usize {
        self.projects.len()
    }

    pub fn is_empty(&self) -> bool {
        self.projects.is_empty()
    }

    pub fn find(&self, id: Uuid) -> Option<&Arc<Prepared>> {
        self.projects.get(&id)
    }

    /// The ids of all projects, in order: for comparing two pictures.
    pub fn ids(&self) -> BTreeSet<Uuid> {
        self.projects.keys().copied().collect()
    }

    fn put(&mut self, project: Arc<Prepared>) {
        self.index(&project);
        match point_key(&project.facts) {
            Some(key) => {
                let works = self.points.entry(key).or_default();
                works.push(project.facts.id);
                if works.len() == 1 {
                    self.tree.insert(point_spot(key));
                }
            }
            None => {
                for spot in part_spots(&project.facts) {
                    self.tree.insert(spot);
                }
            }
        }
        self.projects.insert(project.facts.id, project);
    }

    fn remove(&mut self, id: Uuid) {
        let Some(project) = self.projects.remove(&id) else { return };
        for mark in marks(&project.facts) {
            forget(&mut self.marks, &mark, id);
        }
        forget(&mut self.titles, &title_key(&project), id);
        match point_key(&project.facts) {
            Some(key) => {
                forget(&mut self.stacks, &(key.0, key.1), id);
                forget(&mut self.points, &key, id);
                if !self.points.contains_key(&key) {
                    self.tree.remove(&point_spot(key));
                }
            }
            None => {
                for spot in part_spots(&project.facts) {
                    self.tree.remove(&spot);
                }
            }
        }
    }

    fn index(&mut self, project: &Prepared) {
        let id = project.facts.id;
        for mark in marks(&project.facts) {
            self.marks.entry(mark).or_default().push(id);
        }
        self.titles.entry(title_key(project)).or_default().push(id);
        if let Some((x, y, _)) = point_key(&project.facts) {
            self.stacks.entry((x, y)).or_default().push(id);
        }
    }

    /// The ids of projects worth comparing with this one, each once, in order: near by, the same photo, contract or
    /// budget line, or the same title in this or a touching village and year. On a stacked coordinate position says
    /// nothing: works there are found through their titles and marks only.
    pub fn candidates(&self, subject: &Prepared, radius_m: f64, stacked: usize) -> Vec<Uuid> {
        let mut found = Vec::new();
        let own_stack = point_key(&subject.facts).is_some_and(|key| self.stack_size(key) >= stacked);
        if !own_stack {
            for part in &subject.facts.parts {
                let Some(bounds) = bounds(&part.geometry) else { continue };
                let [w, s, e, n] = metres::bounds_around(bounds, radius_m + part.accuracy_m.min(MOST_ACCURACY_M));
                for spot in self.tree.locate_in_envelope_intersecting(AABB::from_corners([w, s], [e, n])) {
                    match spot.data {
                        SpotKey::Part(id) => found.push(id),
                        SpotKey::Point(key) if self.stack_size(key) >= stacked => {}
                        SpotKey::Point(key) => found.extend(self.points.get(&key).into_iter().flatten()),
                    }
                }
            }
        }
        for mark in marks(&subject.facts) {
            if let Some(works) = self.marks.get(&mark).filter(|works| works.len() <= SAME_MARK) {
                found.extend(works);
            }
        }
        let (village, year, title) = title_key(subject);
        let touching = village.map(|village| self.villages.touching(village, radius_m)).unwrap_or_default();
        let villages = std::iter::once(village).chain(touching.into_iter().map(Some));
        for village in villages {
            if let Some(works) = self.titles.get(&(village, year, title)).filter(|works| works.len() <= SAME_TITLE) {
                found.extend(works);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|id| *id != subject.facts.id);
        found
    }

    /// What surrounds a pair and weighs on its verdict.
    fn around(&self, a: &Prepared, b: &Prepared) -> Around {
        let others = |project: &Prepared| {
            let Some((x, y, _)) = point_key(&project.facts) else { return 0 };
            let works = self.stacks.get(&(x, y)).map_or(&[][..], Vec::as_slice);
            works.iter().take(1_000).filter(|id| **id != a.facts.id && **id != b.facts.id).count()
        };
        Around { same_place: others(a).max(others(b)) }
    }

    fn stack_size(&self, (x, y, _): PointKey) -> usize {
        self.stacks.get(&(x, y)).map_or(0, Vec::len)
    }

    /// The works on the very point of this one, itself included; `None` where it is not a single point.
    pub fn stack_of(&self, facts: &Facts) -> Option<Stack> {
        let (x, y, _) = point_key(facts)?;
        let mut projects = self.stacks.get(&(x, y)).cloned().unwrap_or_default();
        projects.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "1e-7 degrees of the earth fit in 52 bits")]
        Some(Stack { lon: x as f64 / 1e7, lat: y as f64 / 1e7, projects })
    }
}

fn forget<K: Eq + Hash>(lists: &mut HashMap<K, Vec<Uuid>>, key: &K, id: Uuid) {
    if let Some(works) = lists.get_mut(key) {
        works.retain(|other| *other != id);
        if works.is_empty() {
            lists.remove(key);
        }
    }
}

fn bounds(geometry: &Geometry<f64>) -> Option<[f64; 4]> {
    let rect = geometry.bounding_rect()?;
    Some([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
}

fn part_spots(facts: &Facts) -> impl Iterator<Item = Spot> + '_ {
    facts.parts.iter().filter_map(|part| {
        let [w, s, e, n] = metres::bounds_around(bounds(&part.geometry)?, part.accuracy_m.min(MOST_ACCURACY_M));
        Some(Spot::new(Rectangle::from_corners([w, s], [e, n]), SpotKey::Part(facts.id)))
    })
}

#[expect(clippy::cast_precision_loss, reason = "1e-7 degrees of the earth fit in 52 bits")]
fn point_spot(key: PointKey) -> Spot {
    let (lon, lat) = (key.0 as f64 / 1e7, key.1 as f64 / 1e7);
    // Half a step of rounding is 6 mm: the box is grown by a decimetre more than the accuracy.
    let [w, s, e, n] = metres::bounds_around([lon, lat, lon, lat], key.2 as f64 / 10.0 + 0.1);
    Spot::new(Rectangle::from_corners([w, s], [e, n]), SpotKey::Point(key))
}

/// The point that a project is, where it is one point and nothing else.
#[expect(clippy::cast_possible_truncation, reason = "degrees × 1e7 and metres × 10 fit in 64 bits")]
fn point_key(facts: &Facts) -> Option<PointKey> {
    let [part] = facts.parts.as_slice() else { return None };
    let Geometry::Point(point) = &part.geometry else { return None };
    let accuracy = (part.accuracy_m.min(MOST_ACCURACY_M) * 10.0).ceil() as i64;
    Some(((point.x() * 1e7).round() as i64, (point.y() * 1e7).round() as i64, accuracy))
}

/// What names the same thing wherever it stands: photos, contracts, budget lines of a village and year.
fn marks(facts: &Facts) -> Vec<u64> {
    let hash = |kind: u8, text: &str, more: Option<(Option<Uuid>, Option<i32>)>| {
        let mut hasher = DefaultHasher::new();
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

fn title_key(project: &Prepared) -> TitleKey {
    let mut hasher = DefaultHasher::new();
    project.title_key().hash(&mut hasher);
    (project.facts.village_id, project.facts.fiscal_year, hasher.finish())
}
