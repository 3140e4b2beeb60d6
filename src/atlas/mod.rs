//! The Atlas: the in-memory spatial index of all active projects, with the attributes that a verdict needs.
//!
//! It applies changes in the order of the change log and knows the last entry it holds. The R-tree proposes (boxes in
//! degrees, never too small), the judge decides.

pub mod follow;
mod load;
pub mod neighbourhood;
pub mod picture;
pub mod snapshot;

pub use load::read_places;
pub use neighbourhood::{Judged, Neighbourhood};

use crate::cores::on_all_cores;
use crate::domain::facts::Facts;
use crate::domain::verdict::Verdict;
use crate::duplicates::{Context, Judge, Observation, Prepared, Score};
use crate::spatial::places::Places;
use picture::{Loading, Picture, Query, Slot, Stack};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::watch;
use uuid::Uuid;

/// Records added by one thread at a time.
const SHARE: usize = 1_000;

/// The shared, changing picture: many readers, one follower that writes.
pub struct Atlas {
    pub judge: Judge,
    picture: RwLock<Picture>,
    seq: watch::Sender<i64>,
    loaded: AtomicBool,
    /// The entry up to which a snapshot is kept; -1 for none.
    kept: AtomicI64,
}

/// A change of one project.
#[derive(Clone, Debug)]
pub enum Update {
    Put(Box<Facts>),
    Remove(Uuid),
}

/// The surroundings of a project at the moment of its neighbourhood.
pub struct Surroundings {
    pub villages: Arc<Places>,
    /// The works on exactly its point.
    pub stack: Option<Stack>,
    /// See [`Picture::others_on_same_spot`].
    pub others_on_same_spot: Vec<Uuid>,
}

impl Atlas {
    /// An empty picture at entry 0.
    pub fn new(judge: Judge) -> Self {
        Self {
            judge,
            picture: RwLock::new(Picture::default()),
            seq: watch::channel(0).0,
            loaded: AtomicBool::new(false),
            kept: AtomicI64::new(-1),
        }
    }

    /// A loader for the facts of all active projects, about `projects` of them, to be passed to [`Atlas::replace`].
    pub fn loading(&self, projects: usize) -> Loading {
        Loading::new(self.judge.clone(), projects)
    }

    /// Replaces the whole picture: all active projects as of log entry `seq`. O(n log n).
    pub fn replace(&self, loading: Loading, villages: impl Into<Arc<Places>>, seq: i64) {
        let mut picture = loading.finish(villages.into());
        picture.seq = seq;
        *self.picture.write().unwrap_or_else(PoisonError::into_inner) = picture;
        self.seq.send_replace(seq);
        self.loaded.store(true, Ordering::Release);
    }

    /// Whether the picture has been built once.
    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// As [`Atlas::replace`], from facts in memory, prepared on every core.
    pub fn load<F: Clone + Into<Arc<Facts>> + Sync>(&self, villages: impl Into<Arc<Places>>, facts: &[F], seq: i64) {
        let loading = self.loading(facts.len());
        let shares = Mutex::new(facts.chunks(SHARE));
        on_all_cores(|| {
            let next = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(share) = next() {
                loading.add(share.iter().cloned());
            }
        });
        self.replace(loading, villages, seq);
    }

    /// Applies the changes up to log entry `seq`, unless that entry was applied already: two concurrent followers
    /// read the same changes, and the one that read fewer may arrive later. O(log n) each.
    pub fn apply(&self, villages: Option<Places>, updates: Vec<Update>, seq: i64) {
        // Reading titles is the slow part: done before the lock is taken.
        let prepared: Vec<(Uuid, Option<Prepared>)> = updates
            .into_iter()
            .map(|update| match update {
                Update::Put(facts) => (facts.id, Some(self.judge.prepare(*facts))),
                Update::Remove(id) => (id, None),
            })
            .collect();
        let mut picture = self.picture.write().unwrap_or_else(PoisonError::into_inner);
        if seq <= picture.seq {
            return;
        }
        if let Some(villages) = villages {
            picture.villages = Arc::new(villages);
        }
        for (id, prepared) in prepared {
            picture.remove(id);
            if let Some(prepared) = prepared {
                picture.insert(&prepared);
            }
        }
        picture.seq = seq;
        drop(picture);
        self.seq.send_replace(seq);
    }

    /// The last entry of the change log that the picture holds.
    pub fn seq(&self) -> i64 {
        *self.seq.borrow()
    }

    /// The last entry that the picture holds, as it goes on.
    pub fn followed(&self) -> watch::Receiver<i64> {
        self.seq.subscribe()
    }

    /// Waits until the picture holds entry `seq`.
    pub async fn reach(&self, seq: i64) {
        let mut held = self.seq.subscribe();
        // The sender is in self, so the channel cannot close during the wait.
        let _ = held.wait_for(|held| *held >= seq).await;
    }

    /// Runs `f` under the read lock. Writers wait meanwhile, and every later reader behind them: do not judge or
    /// measure in `f`.
    pub fn with_picture<T>(&self, f: impl FnOnce(&Picture) -> T) -> T {
        f(&self.picture.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The current villages; changes replace them and never modify these.
    pub fn villages(&self) -> Arc<Places> {
        self.with_picture(|picture| Arc::clone(&picture.villages))
    }

    /// The facts of all projects, ordered by id, read in chunks: changes go on meanwhile.
    pub fn all_facts(&self) -> Vec<Arc<Facts>> {
        let mut all: Vec<Arc<Facts>> = Vec::with_capacity(self.with_picture(Picture::len));
        for first in (0..).step_by(SHARE) {
            let Some(some) = self.with_picture(|picture| picture.facts_between(first, first + SHARE)) else { break };
            all.extend(some);
        }
        all.sort_unstable_by_key(|facts| facts.id);
        // A project that changed meanwhile may have moved to another slot.
        all.dedup_by_key(|facts| facts.id);
        all
    }

    /// The project with this id, its neighbourhood and its surroundings at one moment; includes the `further`
    /// projects wherever they are. `None` if it is not in the Atlas. The cost is that of the neighbourhood.
    pub fn find_neighbourhood(&self, id: Uuid, further: &[Uuid]) -> Option<(Neighbourhood, Surroundings)> {
        self.with_picture(|picture| {
            let subject = picture.find_project(id)?;
            let surroundings = Surroundings {
                villages: Arc::clone(&picture.villages),
                stack: picture.stack_of(&subject.facts),
                others_on_same_spot: picture.others_on_same_spot(&subject.facts, self.judge.settings().stacked),
            };
            Some((self.screened(picture, &subject, further), surroundings))
        })
    }

    /// The neighbouring projects with their verdicts, and the log entry that the picture held: those in alert or
    /// review, and the `further` ones wherever they are.
    pub fn screen(&self, subject: &Prepared, further: &[Uuid]) -> (i64, Vec<Judged>) {
        let neighbourhood = self.with_picture(|picture| self.screened(picture, subject, further));
        (neighbourhood.seq, neighbourhood.judge(&self.judge, &HashMap::new(), usize::MAX))
    }

    /// Every project near by, including silent ones: shown to a person beside a draft.
    pub fn neighbours(&self, subject: &Prepared) -> Neighbourhood {
        self.with_picture(|picture| {
            let query = picture.query(Cow::Borrowed(subject));
            let asked = self.candidates(picture, &query, |_| true).into_iter().map(|slot| (slot, true));
            self.neighbourhood(picture, query, asked)
        })
    }

    /// As [`Atlas::screen`] for the project in this slot, but only against greater slots. A project without a place is
    /// also compared with smaller ones, whose own candidates may not include it: over all slots each pair comes once
    /// or twice.
    pub fn screen_onward(&self, slot: Slot) -> Vec<(Uuid, Uuid, Verdict)> {
        let Some(neighbourhood) = self.onward(slot) else { return Vec::new() };
        let own = neighbourhood.subject.facts.id;
        neighbourhood.verdicts(&self.judge).map(|(other, verdict, _)| (own, other.facts.id, verdict)).collect()
    }

    /// As [`Atlas::screen_onward`], without evidence.
    pub fn score_onward(&self, slot: Slot) -> Vec<(Uuid, Uuid, Score)> {
        let Some(neighbourhood) = self.onward(slot) else { return Vec::new() };
        let own = neighbourhood.subject.facts.id;
        neighbourhood.scores(&self.judge).map(|(other, score)| (own, other, score)).collect()
    }

    fn onward(&self, slot: Slot) -> Option<Neighbourhood> {
        self.with_picture(|picture| {
            let entry = picture.entry(slot)?;
            let query = picture.query(Cow::Owned(picture.record(entry)));
            let everywhere = picture.is_without_place(&query, self.judge.settings().stacked);
            let keep = |other: Slot| (other > slot || everywhere) && picture.may_be_one(&query, other);
            let onward = self.candidates(picture, &query, keep);
            Some(self.neighbourhood(picture, query, onward.into_iter().map(|slot| (slot, false))))
        })
    }

    /// The verdict on two projects, wherever they are; `None` if either is not in the Atlas.
    pub fn judge_pair(&self, a: Uuid, b: Uuid) -> Option<Verdict> {
        let neighbourhood = self.with_picture(|picture| {
            let subject = picture.find_project(a)?;
            let other = picture.slot(b)?;
            Some(self.neighbourhood(picture, picture.query(Cow::Owned(subject)), [(other, true)]))
        })?;
        neighbourhood.verdicts(&self.judge).next().map(|(_, verdict, _)| verdict)
    }

    /// The levels of two records, whether they are in the Atlas or not. How many others share their place is known
    /// only for records in the Atlas.
    pub fn observe_pair(&self, a: &Prepared, b: &Prepared) -> Observation {
        let neighbourhood = self.with_picture(|picture| {
            let here = picture.slot(a.facts.id).is_some();
            let other = picture.slot(b.facts.id).filter(|_| here).map(|slot| (slot, true));
            self.neighbourhood(picture, picture.query(Cow::Borrowed(a)), other)
        });
        if let Some((_, observed)) = neighbourhood.observe(&self.judge).pop() {
            return observed;
        }
        let context = Context { rarity: Some(neighbourhood.rarity()), ..Context::default() };
        let (a, b) = if a.facts.id < b.facts.id { (a, b) } else { (b, a) };
        let explained = !self.judge.judge(a, b, &context).kind.alerts();
        Observation { levels: self.judge.levels(a, b, &context), decided: None, explained }
    }

    /// The levels of this project with each neighbour of a greater id, including silent pairs: the neighbour's id and
    /// the observation.
    pub fn observe_onward(&self, own: Uuid) -> Vec<(Uuid, Observation)> {
        let neighbourhood = self.with_picture(|picture| {
            let query = picture.query(Cow::Owned(picture.find_project(own)?));
            let onward = |other: Slot| picture.entry(other).is_some_and(|other| other.id > own);
            let onward = self.candidates(picture, &query, onward);
            Some(self.neighbourhood(picture, query, onward.into_iter().map(|slot| (slot, true))))
        });
        let mut observed = neighbourhood.map(|neighbourhood| neighbourhood.observe(&self.judge)).unwrap_or_default();
        observed.sort_unstable_by_key(|(other, _)| *other);
        observed
    }

    fn screened(&self, picture: &Picture, subject: &Prepared, further: &[Uuid]) -> Neighbourhood {
        let query = picture.query(Cow::Borrowed(subject));
        let mut further: Vec<Slot> =
            further.iter().filter(|id| **id != subject.facts.id).filter_map(|id| picture.slot(*id)).collect();
        further.sort_unstable();
        let keep = |slot: Slot| further.binary_search(&slot).is_err() && picture.may_be_one(&query, slot);
        let candidates = self.candidates(picture, &query, keep);
        let asked = further.iter().map(|slot| (*slot, true));
        self.neighbourhood(picture, query, candidates.into_iter().map(|slot| (slot, false)).chain(asked))
    }

    fn neighbourhood(
        &self,
        picture: &Picture,
        query: Query<'_>,
        slots: impl IntoIterator<Item = (Slot, bool)>,
    ) -> Neighbourhood {
        Neighbourhood::new(picture, query, slots, self.judge.settings().stacked)
    }

    fn candidates(&self, picture: &Picture, query: &Query<'_>, keep: impl FnMut(Slot) -> bool) -> Vec<Slot> {
        picture.candidates(query, self.judge.settings().radius_m, self.judge.settings().stacked, keep)
    }
}
