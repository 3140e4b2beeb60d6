//! The Atlas: the in-memory spatial picture of all standing projects, with the attributes that a verdict needs.
//!
//! It takes in changes in the order of the change log and knows the last entry it holds. The R-tree proposes
//! (boxes in degrees, never too small), the judge decides.

use super::picture::{Loading, Picture, Slot, Surroundings};
use super::places::Places;
use crate::calibrate::Observed;
use crate::domain::facts::Facts;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::{Around, Judge, Prepared, facts_digest};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::watch;
use uuid::Uuid;

/// Records that one thread brings at a time.
const SHARE: usize = 1_000;

/// The shared, changing picture. Readers share it; one follower writes.
pub struct Atlas {
    pub judge: Judge,
    picture: RwLock<Picture>,
    seq: watch::Sender<i64>,
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
    pub other: Prepared,
    pub verdict: Verdict,
    /// Of the facts of both: while it stays, a decision stands.
    pub facts_digest: String,
    /// Of everything that made the verdict.
    pub verdict_digest: String,
}

impl Atlas {
    /// An empty picture at entry 0.
    pub fn new(judge: Judge) -> Self {
        Self { judge, picture: RwLock::new(Picture::default()), seq: watch::channel(0).0 }
    }

    /// Where the facts of all standing projects, about so many, are brought to before [`Atlas::replace`].
    pub fn loading(&self, projects: usize) -> Loading {
        Loading::new(self.judge.clone(), projects)
    }

    /// Takes the place of everything: all standing projects as of log entry `seq`. O(n log n).
    pub fn replace(&self, loading: Loading, villages: impl Into<Arc<Places>>, seq: i64) {
        let picture = loading.finish(villages.into());
        *self.picture.write().unwrap_or_else(PoisonError::into_inner) = picture;
        self.seq.send_replace(seq);
    }

    /// As [`Atlas::replace`] with facts that are at hand, read on every core.
    pub fn load<F: Clone + Into<Arc<Facts>> + Sync>(&self, villages: impl Into<Arc<Places>>, facts: &[F], seq: i64) {
        let loading = self.loading(facts.len());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shares = Mutex::new(facts.chunks(SHARE));
        let work = || {
            let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(share) = next() {
                loading.add(share.iter().cloned());
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(work);
            }
        });
        self.replace(loading, villages, seq);
    }

    /// Takes in the changes up to log entry `seq`. O(log n) each.
    pub fn apply(&self, villages: Option<Places>, updates: Vec<Update>, seq: i64) {
        // Reading titles is the slow part: done before anybody has to wait.
        let prepared: Vec<(Uuid, Option<Prepared>)> = updates
            .into_iter()
            .map(|update| match update {
                Update::Put(facts) => (facts.id, Some(self.judge.prepare(*facts))),
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
                picture.put(&prepared);
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

    /// The villages as they are now; changes put others in their place and never change these.
    pub fn villages(&self) -> Arc<Places> {
        self.look(|picture| Arc::clone(&picture.villages))
    }

    /// The projects that have to do with this one, judged, and the log entry that the picture held: those worth an alert
    /// or a look, and `further` ones wherever they are now. Costs what the neighbourhood holds.
    pub fn screen(&self, subject: &Prepared, further: &[Uuid]) -> (i64, Vec<Judged>) {
        self.look(|picture| {
            let around = picture.surroundings(subject);
            let further: Vec<Slot> =
                further.iter().filter(|id| **id != subject.facts.id).filter_map(|id| picture.slot(*id)).collect();
            let mut candidates = self.candidates(picture, &around);
            candidates.retain(|slot| !further.contains(slot));
            let asked = further.iter().map(|slot| (*slot, true));
            let mut judged: Vec<Judged> = candidates
                .into_iter()
                .map(|slot| (slot, false))
                .chain(asked)
                .filter_map(|(slot, asked)| self.judge_with(picture, &around, slot, asked))
                .collect();
            judged.sort_unstable_by_key(|judged| judged.other.facts.id);
            (self.seq(), judged)
        })
    }

    /// Every project near by, judged, silent ones too: what a person sees beside a draft. In the order of their ids.
    pub fn neighbours(&self, subject: &Prepared) -> Vec<Judged> {
        self.look(|picture| {
            let around = picture.surroundings(subject);
            let candidates = self.candidates(picture, &around);
            let mut judged: Vec<Judged> =
                candidates.into_iter().filter_map(|slot| self.judge_with(picture, &around, slot, true)).collect();
            judged.sort_unstable_by_key(|judged| judged.other.facts.id);
            judged
        })
    }

    /// As [`Atlas::screen`] for the project in this slot, with those alone that have a greater id, and for one without a
    /// place those with smaller ones too, which may not have seen it: over all slots each pair comes once or twice.
    pub fn screen_onward(&self, slot: Slot) -> Vec<(Uuid, Uuid, Verdict)> {
        self.look(|picture| {
            let Some(held) = picture.held(slot) else { return Vec::new() };
            let (own, subject) = (held.id, picture.record(held));
            let around = picture.surroundings(&subject);
            let everywhere = picture.is_without_place(&around, self.judge.settings().stacked);
            let mut onward = self.candidates(picture, &around);
            onward.retain(|other| everywhere || picture.held(*other).is_some_and(|other| other.id > own));
            onward
                .into_iter()
                .filter_map(|other| {
                    let (other, verdict, _) = self.verdict_with(picture, &around, other, false)?;
                    Some((own, other.facts.id, verdict))
                })
                .collect()
        })
    }

    /// The verdict on two projects, wherever they are; `None` where one is not here.
    pub fn judge_pair(&self, a: Uuid, b: Uuid) -> Option<Verdict> {
        self.look(|picture| {
            let subject = picture.find(a)?;
            let around = picture.surroundings(&subject);
            Some(self.verdict_with(picture, &around, picture.slot(b)?, true)?.1)
        })
    }

    /// How the comparisons of two records come out, whether they are here or not. Only of records that are here is it known
    /// how many others are on their place.
    pub fn observe_pair(&self, a: &Prepared, b: &Prepared) -> Observed {
        self.look(|picture| {
            let around = picture.surroundings(a);
            let seen = picture.slot(b.facts.id).filter(|_| picture.slot(a.facts.id).is_some());
            if let Some((_, observed)) = seen.and_then(|slot| self.observe(picture, &around, slot)) {
                return observed;
            }
            let around = Around { same_place: 0, rarity: Some(&picture.rarity) };
            let (a, b) = if a.facts.id < b.facts.id { (a, b) } else { (b, a) };
            let explained = !self.judge.judge(a, b, &around).kind.alerts();
            Observed { levels: self.judge.levels(a, b, &around), decided: None, explained }
        })
    }

    /// How the comparisons of this project with those near by that have a greater id come out, silent pairs too: the other
    /// one's id and what was observed.
    pub fn observe_onward(&self, own: Uuid) -> Vec<(Uuid, Observed)> {
        self.look(|picture| {
            let Some(subject) = picture.find(own) else { return Vec::new() };
            let around = picture.surroundings(&subject);
            let mut observed: Vec<(Uuid, Observed)> = self
                .candidates(picture, &around)
                .into_iter()
                .filter(|other| picture.held(*other).is_some_and(|other| other.id > own))
                .filter_map(|other| self.observe(picture, &around, other))
                .collect();
            observed.sort_unstable_by_key(|(other, _)| *other);
            observed
        })
    }

    fn observe(&self, picture: &Picture, around: &Surroundings<'_>, slot: Slot) -> Option<(Uuid, Observed)> {
        let (other, verdict, around_pair) = self.verdict_with(picture, around, slot, true)?;
        let levels = self.judge.levels(around.subject, &other, &around_pair);
        let explained = !verdict.kind.alerts();
        Some((other.facts.id, Observed { levels, decided: None, explained }))
    }

    fn candidates(&self, picture: &Picture, around: &Surroundings<'_>) -> Vec<Slot> {
        picture.candidates(around, self.judge.settings().radius_m, self.judge.settings().stacked)
    }

    /// The other one and the verdict on the two; `None` for a silent one that nobody asked for.
    fn verdict_with<'a>(
        &self,
        picture: &'a Picture,
        around: &Surroundings<'_>,
        slot: Slot,
        asked: bool,
    ) -> Option<(Prepared, Verdict, Around<'a>)> {
        let held = picture.held(slot)?;
        let same_place = picture.same_place(around, held, self.judge.settings().stacked);
        // Most pairs end here, before anything else of the other one is looked at.
        if !asked && around.brief.is_surely_explained(&held.brief, same_place >= 2) {
            return None;
        }
        let other = picture.record(held);
        let around_pair = Around { same_place, rarity: Some(&picture.rarity) };
        // The smaller id first: one pair has one verdict, whoever asks.
        let subject = around.subject;
        let (a, b) = if subject.facts.id < other.facts.id { (subject, &other) } else { (&other, subject) };
        if !asked && self.judge.is_surely_silent(a, b, &around_pair) {
            return None;
        }
        let verdict = self.judge.judge(a, b, &around_pair);
        (asked || verdict.band != Band::Silent).then_some((other, verdict, around_pair))
    }

    fn judge_with(&self, picture: &Picture, around: &Surroundings<'_>, slot: Slot, asked: bool) -> Option<Judged> {
        let (other, verdict, around_pair) = self.verdict_with(picture, around, slot, asked)?;
        let (x, y) = (&around.subject.facts, &other.facts);
        let facts_digest = if x.id < y.id { facts_digest(x, y) } else { facts_digest(y, x) };
        let verdict_digest = self.judge.verdict_digest(&facts_digest, &around_pair);
        Some(Judged { other, verdict, facts_digest, verdict_digest })
    }
}
