//! CPU work that takes longer than a request: runs off the request threads, so many pieces at a time, so that small
//! requests always find a free core.

use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};
use tracing::Span;

/// Limits the pieces of work running at once; the others wait in order of arrival.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Semaphore>);

impl Turns {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.max(1))))
    }

    /// Half of the cores, at least one: two kinds of work with separate turns use all cores without blocking each
    /// other.
    pub fn of_half_the_cores() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from) / 2)
    }

    pub fn of_all_cores() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from))
    }

    /// Runs the work when it is its turn. The turn ends with the work, not with the request, which may be gone by
    /// then.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let span = Span::current();
        spawn_blocking(move || {
            let _of_request = span.enter();
            // Nobody closes the semaphore; if somebody did, the work would still be done.
            let _turn = turn;
            work()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, Mutex};
    use tokio::task::JoinSet;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_is_done_at_once_than_there_are_turns() {
        let turns = Turns::new(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut all = JoinSet::new();
        for _ in 0..50 {
            let (turns, now, most) = (turns.clone(), Arc::clone(&now), Arc::clone(&most));
            all.spawn(async move {
                let work = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                };
                turns.run(work).await.unwrap();
            });
        }
        while all.join_next().await.is_some() {}
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_request_that_goes_away_frees_no_turn_before_its_work_ends() {
        let turns = Turns::new(1);
        let (begun, end) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let order = Arc::new(Mutex::new(Vec::new()));
        let first = tokio::spawn({
            let (turns, begun, end, order) = (turns.clone(), Arc::clone(&begun), Arc::clone(&end), Arc::clone(&order));
            async move {
                let work = move || {
                    begun.wait();
                    end.wait();
                    order.lock().unwrap().push("first");
                };
                turns.run(work).await
            }
        });
        spawn_blocking(move || begun.wait()).await.unwrap();
        first.abort();
        let second = tokio::spawn({
            let order = Arc::clone(&order);
            async move { turns.run(move || order.lock().unwrap().push("second")).await }
        });
        spawn_blocking(move || end.wait()).await.unwrap();
        second.await.unwrap().unwrap();
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    }
}
