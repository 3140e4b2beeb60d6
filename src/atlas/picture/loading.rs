//! Builds a picture on all threads.

use super::Picture;
use super::spots::{Spot, part_spots};
use super::tree::Tree;
use crate::domain::facts::Facts;
use crate::duplicates::{Judge, Lexicon, Packed, Prepared};
use crate::spatial::places::Places;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Accepts records in any order; titles are read on the calling threads.
pub struct Loading {
    judge: Judge,
    lexicon: Mutex<Lexicon>,
    making: Mutex<(Picture, Vec<Spot>)>,
}

impl Loading {
    /// With capacity for about `works` records.
    pub fn new(judge: Judge, works: usize) -> Self {
        let making = (Picture::with_room(works), Vec::with_capacity(works));
        Self { judge, lexicon: Mutex::default(), making: Mutex::new(making) }
    }

    /// Some 5 µs a record; those of one call get neighbouring slots.
    pub fn add<F: Into<Arc<Facts>>>(&self, facts: impl IntoIterator<Item = F>) {
        let records: Vec<Prepared> = facts.into_iter().map(|facts| self.judge.prepare(facts)).collect();
        let mut lexicon = self.lexicon.lock().unwrap_or_else(PoisonError::into_inner);
        let packed: Vec<Packed> = records.iter().map(|record| record.pack(&mut lexicon)).collect();
        drop(lexicon);
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let (picture, spots) = &mut *making;
        for (record, packed) in records.iter().zip(packed) {
            let slot = picture.take_in(record, packed);
            if !picture.is_point(slot) {
                spots.extend(part_spots(&record.facts, slot));
            }
        }
    }

    /// Number of records added.
    pub fn len(&self) -> usize {
        self.making.lock().unwrap_or_else(PoisonError::into_inner).0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// O(n log n).
    pub fn finish(self, villages: Arc<Places>) -> Picture {
        let (mut picture, mut spots) = self.making.into_inner().unwrap_or_else(PoisonError::into_inner);
        let lexicon = self.lexicon.into_inner().unwrap_or_else(PoisonError::into_inner);
        picture.lexicon = Arc::new(RwLock::new(lexicon));
        picture.villages = villages;
        picture.lay_out(&mut spots);
        spots.extend(picture.point_spots());
        picture.tree = Tree::pack(spots);
        picture
    }
}
