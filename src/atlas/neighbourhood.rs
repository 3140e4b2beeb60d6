//! A record with its neighbours, copied from the picture at one moment. Judging them takes time, during which nobody
//! waits for the picture.

use super::picture::{Picture, Query, Slot};
use crate::domain::verdict::{Band, Kept, Verdict};
use crate::duplicates::{Context, DecisionBasis, Judge, Lexicon, Observation, Packed, Prepared, Rarity, Score};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// A neighbour with its verdict. Its facts are not kept: footprints may be large, and neighbours many.
#[derive(Clone, Debug)]
pub struct Judged {
    pub other: Uuid,
    pub verdict: Verdict,
    /// Of the facts of both: a decision holds while it is unchanged.
    pub facts_digest: String,
    /// Of every input of the verdict.
    pub verdict_digest: String,
}

/// A record and its neighbours when the picture held entry `seq` of the change log.
pub struct Neighbourhood {
    pub seq: i64,
    pub subject: Prepared,
    others: Vec<Other>,
    lexicon: Arc<RwLock<Lexicon>>,
    rarity: Arc<Rarity>,
}

/// A neighbour, packed as in the picture.
struct Other {
    id: Uuid,
    packed: Packed,
    same_place: usize,
    one_stands_alone: bool,
    /// Whether its verdict is requested even if silent.
    asked: bool,
}

impl Neighbourhood {
    /// Copies the entries in these slots, except those that the prefilter rejects and nobody requested. Some 100 ns
    /// for each copy.
    pub(super) fn new(
        picture: &Picture,
        query: Query<'_>,
        slots: impl IntoIterator<Item = (Slot, bool)>,
        stacked: usize,
    ) -> Self {
        let others = slots.into_iter().filter_map(|(slot, asked)| {
            if !asked && !picture.may_be_one(&query, slot) {
                return None;
            }
            let entry = picture.entry(slot)?;
            let asks = asked || query.witnessed.contains(&slot);
            let (same_place, one_stands_alone) = picture.same_place(&query, entry, stacked);
            let explained = !asks && query.prefilter.is_surely_explained(&entry.prefilter, same_place >= 2);
            (!explained).then(|| Other {
                id: entry.id,
                packed: entry.packed.clone(),
                same_place,
                one_stands_alone,
                asked,
            })
        });
        let others = others.collect();
        Self {
            seq: picture.seq,
            subject: query.subject.into_owned(),
            others,
            lexicon: Arc::clone(&picture.lexicon),
            rarity: Arc::clone(&picture.rarity),
        }
    }

    /// The verdicts on the neighbours, ordered by id: those in alert or review, and the requested ones. `known` ones
    /// with a stored verdict are included only if judging them could give another one; otherwise they are not judged
    /// at all. At most `most`; the caller stores these and asks again for the rest.
    pub fn judge(&self, judge: &Judge, known: &HashMap<Uuid, Kept>, most: usize) -> Vec<Judged> {
        let own = DecisionBasis::new(&self.subject.facts);
        let judged = self.others.iter().filter_map(|other| {
            let record = self.unpack(other);
            let context = self.context(other);
            let digests = || {
                let basis = DecisionBasis::new(&record.facts);
                let facts =
                    if self.subject.facts.id < other.id { own.digest_with(&basis) } else { basis.digest_with(&own) };
                let verdict = judge.verdict_digest(&facts, &context);
                (facts, verdict)
            };
            let before = known.get(&other.id).map(|before| (before, digests()));
            let stays = before.as_ref().is_some_and(|(before, (facts, verdict))| match before {
                Kept::WhileFacts(kept) => kept == facts,
                Kept::WhileVerdict(kept) => kept == verdict,
            });
            if stays {
                return None;
            }
            let verdict = self.verdict(judge, other, &record, &context)?;
            let (facts_digest, verdict_digest) = before.map_or_else(digests, |(_, now)| now);
            Some(Judged { other: other.id, verdict, facts_digest, verdict_digest })
        });
        let mut judged: Vec<Judged> = judged.take(most).collect();
        judged.sort_unstable_by_key(|judged| judged.other);
        judged
    }

    /// As [`Neighbourhood::judge`], only the verdicts, in no particular order.
    pub fn verdicts<'a>(&'a self, judge: &'a Judge) -> impl Iterator<Item = (Prepared, Verdict, Context<'a>)> {
        self.others.iter().filter_map(move |other| {
            let (record, context) = (self.unpack(other), self.context(other));
            let verdict = self.verdict(judge, other, &record, &context)?;
            Some((record, verdict, context))
        })
    }

    /// As [`Neighbourhood::verdicts`], of those in alert or review alone and without their evidence.
    pub fn scores<'a>(&'a self, judge: &'a Judge) -> impl Iterator<Item = (Uuid, Score)> {
        self.others.iter().filter_map(move |other| {
            let (record, context) = (self.unpack(other), self.context(other));
            let (a, b) = self.in_order(other, &record);
            if judge.is_surely_silent(a, b, &context) {
                return None;
            }
            let score = judge.score(a, b, &context);
            (score.band != Band::Silent).then_some((other.id, score))
        })
    }

    /// The smaller id first: one pair has one verdict, whichever is the subject.
    fn in_order<'a>(&'a self, other: &Other, record: &'a Prepared) -> (&'a Prepared, &'a Prepared) {
        if self.subject.facts.id < other.id { (&self.subject, record) } else { (record, &self.subject) }
    }

    fn unpack(&self, other: &Other) -> Prepared {
        other.packed.unpack(other.id, &self.lexicon.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn context(&self, other: &Other) -> Context<'_> {
        Context { same_place: other.same_place, one_stands_alone: other.one_stands_alone, rarity: Some(&self.rarity) }
    }

    /// The verdict on the subject and another project; `None` if it is silent and was not requested.
    fn verdict(&self, judge: &Judge, other: &Other, record: &Prepared, context: &Context<'_>) -> Option<Verdict> {
        let (a, b) = self.in_order(other, record);
        if !other.asked && judge.is_surely_silent(a, b, context) {
            return None;
        }
        let verdict = judge.judge(a, b, context);
        (other.asked || verdict.band != Band::Silent).then_some(verdict)
    }

    /// The levels with each neighbour: their ids and the observations.
    pub fn observe(&self, judge: &Judge) -> Vec<(Uuid, Observation)> {
        let seen = self.verdicts(judge).map(|(other, verdict, context)| {
            let levels = judge.levels(&self.subject, &other, &context);
            let explained = !verdict.kind.alerts();
            (other.facts.id, Observation { levels, decided: None, explained })
        });
        seen.collect()
    }

    /// The rarity of words at the moment of the copy.
    pub fn rarity(&self) -> &Rarity {
        &self.rarity
    }
}

#[cfg(test)]
mod tests {
    use crate::atlas::Atlas;
    use crate::domain::facts::Facts;
    use crate::domain::footprint::{How, Part};
    use crate::domain::verdict::Kept;
    use crate::duplicates::{Judge, Settings};
    use geo::{Geometry, LineString};
    use std::collections::HashMap;
    use uuid::Uuid;

    #[test]
    fn of_a_crowd_as_much_is_judged_as_is_asked_for_and_nothing_that_is_known() {
        let record = |n: u32| {
            let line = LineString::from(vec![(114.301, -8.21), (114.303 + f64::from(n) * 1e-7, -8.21)]);
            let part = Part { label: None, accuracy_m: 5.0, geometry: Geometry::from(line) };
            Facts {
                id: Uuid::from_u128(u128::from(n)),
                title: "Rabat beton Jalan Melati".into(),
                how: Some(How::Walked),
                parts: [part].into(),
                ..Facts::unknown()
            }
        };
        let atlas = Atlas::new(Judge::new(Settings::default()));
        let all: Vec<Facts> = (1..=40).map(record).collect();
        atlas.load(crate::spatial::places::Places::default(), &all, 1);
        let mut known: HashMap<Uuid, Kept> = HashMap::new();
        let mut facts = HashMap::new();
        for share in [15, 15, 9, 0] {
            let further: Vec<Uuid> = known.keys().copied().collect();
            let (neighbourhood, _) = atlas.find_neighbourhood(all[20].id, &further).unwrap();
            let judged = neighbourhood.judge(&atlas.judge, &known, 15);
            assert_eq!(judged.len(), share);
            facts.extend(judged.iter().map(|one| (one.other, one.facts_digest.clone())));
            known.extend(judged.into_iter().map(|one| (one.other, Kept::WhileVerdict(one.verdict_digest))));
        }
        assert_eq!(known.len(), 39);
        // A verdict on other facts is outdated.
        known.insert(all[3].id, Kept::WhileVerdict("older".to_owned()));
        let further: Vec<Uuid> = known.keys().copied().collect();
        let (neighbourhood, _) = atlas.find_neighbourhood(all[20].id, &further).unwrap();
        let judged = neighbourhood.judge(&atlas.judge, &known, 15);
        assert_eq!(judged.iter().map(|one| one.other).collect::<Vec<_>>(), [all[3].id]);
        // Of those judged by a later judge, only the one whose facts changed.
        known = facts.into_iter().map(|(id, facts)| (id, Kept::WhileFacts(facts))).collect();
        known.insert(all[5].id, Kept::WhileFacts("older".to_owned()));
        let judged = neighbourhood.judge(&atlas.judge, &known, 15);
        assert_eq!(judged.iter().map(|one| one.other).collect::<Vec<_>>(), [all[5].id]);
    }
}
