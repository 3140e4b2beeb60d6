//! Counters by number, in pages that copies share: a copy costs a pointer a page, and its next change one page.
//!
//! Who judges holds a copy while changes go on; with one table those would copy a megabyte each time.

use std::sync::Arc;

/// Counters in a page: 4 kB.
const PAGE: usize = 1 << 10;

type Page = [u32; PAGE];

/// Counters, all 0 at first. Pages that were never counted in take no memory.
#[derive(Clone, Debug, Default)]
pub struct Counters(Vec<Option<Arc<Page>>>);

impl Counters {
    /// O(1).
    pub fn get(&self, at: usize) -> u32 {
        self.0.get(at / PAGE).and_then(Option::as_ref).map_or(0, |page| page[at % PAGE])
    }

    /// O(1), and a copy of the page where another copy shares it.
    pub fn get_mut(&mut self, at: usize) -> &mut u32 {
        &mut self.page_mut(at / PAGE)[at % PAGE]
    }

    /// Adds the counts of another one. O(its pages).
    pub fn add_all(&mut self, other: &Self) {
        for (at, page) in other.0.iter().enumerate() {
            let Some(page) = page else { continue };
            let own = self.page_mut(at);
            own.iter_mut().zip(page.iter()).for_each(|(own, more)| *own = own.saturating_add(*more));
        }
    }

    fn page_mut(&mut self, page: usize) -> &mut Page {
        if self.0.len() <= page {
            self.0.resize(page + 1, None);
        }
        Arc::make_mut(self.0[page].get_or_insert_with(|| Arc::new([0; PAGE])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_its_counts_and_shares_the_pages_that_stay() {
        let mut counters = Counters::default();
        *counters.get_mut(3) += 5;
        *counters.get_mut(9 * PAGE + 1) += 7;
        let copy = counters.clone();
        *counters.get_mut(3) += 1;
        assert_eq!((counters.get(3), copy.get(3)), (6, 5));
        assert_eq!((counters.get(9 * PAGE + 1), counters.get(4 * PAGE), counters.get(100 * PAGE)), (7, 0, 0));
        let shared = |page: usize| Arc::ptr_eq(counters.0[page].as_ref().unwrap(), copy.0[page].as_ref().unwrap());
        assert!(shared(9) && !shared(0));
        counters.add_all(&copy);
        assert_eq!((counters.get(3), counters.get(9 * PAGE + 1), copy.get(3)), (11, 14, 5));
    }
}
