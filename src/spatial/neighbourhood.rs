//! A record with all that have to do with it, taken out of the picture at one moment. Judging them takes its time, and
//! nobody waits for the picture meanwhile.

use super::atlas::Judged;
use super::picture::{Picture, Slot, Surroundings};
use crate::calibrate::Observed;
use crate::domain::verdict::{Band, Verdict};
use crate::duplicates::{Around, Judge, Lexicon, Packed, Prepared, Rarity, Weighed};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// What was there of one record and those around it when the picture held entry `seq` of the change log.
pub struct Neighbourhood {
    pub seq: i64,
    pub subject: Prepared,
    others: Vec<Other>,
    lexicon: Arc<RwLock<Lexicon>>,
    rarity: Arc<Rarity>,
}

/// One of those around, packed as the picture holds it.
struct Other {
    id: Uuid,
    packed: Packed,
    same_place: usize,
    /// Whether its verdict is wanted, silent or not.
    asked: bool,
}

impl Neighbourhood {
    /// Copies what stands in these slots. Most of those that nobody asked for end here, by what is enough to pass them over.
    /// Some 100 ns for each that is kept.
    pub(super) fn of(
        picture: &Picture,
        around: &Surroundings<'_>,
        slots: impl IntoIterator<Item = (Slot, bool)>,
        stacked: usize,
    ) -> Self {
        let others = slots.into_iter().filter_map(|(slot, asked)| {
            let held = picture.held(slot)?;
            let same_place = picture.same_place(around, held, stacked);
            let explained = !asked && around.brief.is_surely_explained(&held.brief, same_place >= 2);
            (!explained).then(|| Other { id: held.id, packed: held.packed.clone(), same_place, asked })
        });
        Self {
            seq: picture.seq,
            subject: around.subject.clone(),
            others: others.collect(),
            lexicon: Arc::clone(&picture.lexicon),
            rarity: Arc::clone(&picture.rarity),
        }
    }

    /// The others with what the judge says of them and the subject, in the order of their ids: those worth an alert or a look,
    /// and those that were asked for.
    pub fn judge(&self, judge: &Judge) -> Vec<Judged> {
        let own = Weighed::of(&self.subject.facts);
        let judged = self.verdicts(judge).map(|(other, verdict, around)| {
            let (other, weighed) = (other.facts.id, Weighed::of(&other.facts));
            let facts_digest =
                if self.subject.facts.id < other { own.digest_with(&weighed) } else { weighed.digest_with(&own) };
            let verdict_digest = judge.verdict_digest(&facts_digest, &around);
            Judged { other, verdict, facts_digest, verdict_digest }
        });
        let mut judged: Vec<Judged> = judged.collect();
        judged.sort_unstable_by_key(|judged| judged.other);
        judged
    }

    /// As [`Neighbourhood::judge`], the verdicts alone, as they come.
    pub fn verdicts<'a>(&'a self, judge: &'a Judge) -> impl Iterator<Item = (Prepared, Verdict, Around<'a>)> {
        self.others.iter().filter_map(move |other| {
            let record = other.packed.unpack(other.id, &self.lexicon.read().unwrap_or_else(PoisonError::into_inner));
            let around = Around { same_place: other.same_place, rarity: Some(&self.rarity) };
            // The smaller id first: one pair has one verdict, whoever asks.
            let (a, b) =
                if self.subject.facts.id < other.id { (&self.subject, &record) } else { (&record, &self.subject) };
            if !other.asked && judge.is_surely_silent(a, b, &around) {
                return None;
            }
            let verdict = judge.judge(a, b, &around);
            (other.asked || verdict.band != Band::Silent).then_some((record, verdict, around))
        })
    }

    /// How the comparisons with the others come out: their ids and what was observed.
    pub fn observe(&self, judge: &Judge) -> Vec<(Uuid, Observed)> {
        let seen = self.verdicts(judge).map(|(other, verdict, around)| {
            let levels = judge.levels(&self.subject, &other, &around);
            let explained = !verdict.kind.alerts();
            (other.facts.id, Observed { levels, decided: None, explained })
        });
        seen.collect()
    }

    /// Of the record how rare the words of titles were.
    pub fn rarity(&self) -> &Rarity {
        &self.rarity
    }
}
