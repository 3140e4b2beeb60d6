//! A budget of bytes shared by all requests of the process: each reserves the memory that it needs, and waits or is
//! refused if none is left.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// A budget of so many bytes in all.
#[derive(Clone, Debug)]
pub struct Budget {
    free: Arc<Semaphore>,
    all: usize,
}

impl Budget {
    pub fn new(bytes: usize) -> Self {
        let all = bytes.min(u32::MAX as usize);
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// The whole budget: nothing larger is ever granted.
    pub fn all(&self) -> usize {
        self.all
    }

    /// An empty share.
    pub fn open(&self) -> Share {
        Share { free: Arc::clone(&self.free), held: None }
    }
}

/// Bytes reserved from a budget, released on drop.
#[derive(Debug)]
pub struct Share {
    free: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Share {
    pub fn bytes(&self) -> usize {
        self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }

    /// Grows the share to this size; `false` if the memory does not become free in time. First come, first served.
    pub async fn grow(&mut self, bytes: usize, patience: Duration) -> bool {
        let Some(more) = bytes.checked_sub(self.bytes()).filter(|more| *more > 0) else { return true };
        let Ok(more) = u32::try_from(more) else { return false };
        match timeout(patience, Arc::clone(&self.free).acquire_many_owned(more)).await {
            Ok(Ok(permit)) => {
                match &mut self.held {
                    Some(held) => held.merge(permit),
                    None => self.held = Some(permit),
                }
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_of_a_share_are_taken_until_it_is_dropped() {
        let budget = Budget::new(100);
        let (mut a, mut b) = (budget.open(), budget.open());
        assert!(
            a.grow(30, Duration::ZERO).await && a.grow(60, Duration::ZERO).await && a.grow(10, Duration::ZERO).await
        );
        assert_eq!(a.bytes(), 60);
        assert!(!b.grow(41, Duration::ZERO).await);
        assert!(b.grow(40, Duration::ZERO).await);
        drop(a);
        assert!(b.grow(100, Duration::ZERO).await);
        assert!(!budget.open().grow(101, Duration::ZERO).await);
    }
}
