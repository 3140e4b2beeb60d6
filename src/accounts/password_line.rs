//! The line in which passwords are hashed: one hash takes 19 MiB and some tens of milliseconds, so few are made at once, some
//! wait, and whoever finds the line full is asked to come again. Those whom we know have a line of their own: a flood of
//! strangers does not stand before them.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hashes at once, and those that may wait for a turn: strangers wait about a second at most.
const STRANGERS: (usize, usize) = (2, 32);
const KNOWN: (usize, usize) = (1, 16);

/// Who stands in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Stranger,
    /// Somebody signed in, or on a device on which they signed in before.
    Known,
}

#[derive(Clone, Debug)]
pub struct PasswordLine {
    strangers: Line,
    known: Line,
}

#[derive(Clone, Debug)]
struct Line {
    turns: Arc<Semaphore>,
    /// Of those who wait and those whose turn it is.
    places: Arc<Semaphore>,
}

/// A turn, with the place in line; both are free again when it is dropped.
#[derive(Debug)]
pub struct PasswordTurn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

/// Nobody else can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFull;

impl Default for PasswordLine {
    fn default() -> Self {
        Self { strangers: Line::new(STRANGERS), known: Line::new(KNOWN) }
    }
}

impl PasswordLine {
    /// Waits for a turn to hash a password.
    pub async fn enter(&self, who: Who) -> Result<PasswordTurn, LineFull> {
        let line = match who {
            Who::Stranger => &self.strangers,
            Who::Known => &self.known,
        };
        let place = Arc::clone(&line.places).try_acquire_owned().map_err(|_| LineFull)?;
        let turn = Arc::clone(&line.turns).acquire_owned().await.map_err(|_| LineFull)?;
        Ok(PasswordTurn { _turn: turn, _place: place })
    }
}

impl Line {
    fn new((at_once, waiting): (usize, usize)) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), places: Arc::new(Semaphore::new(at_once + waiting)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn a_flood_of_strangers_fills_their_line_and_nobody_else_s() {
        let line = PasswordLine::default();
        let (one, two) = (line.enter(Who::Stranger).await.unwrap(), line.enter(Who::Stranger).await.unwrap());
        let mut all = JoinSet::new();
        for _ in 0..400 {
            let line = line.clone();
            all.spawn(async move { line.enter(Who::Stranger).await.map(drop) });
        }
        // All that find no place are refused while nobody has left the line.
        for _ in 0..400 - STRANGERS.1 {
            assert_eq!(all.join_next().await.unwrap().unwrap(), Err(LineFull));
        }
        assert!(line.enter(Who::Known).await.is_ok());
        drop((one, two));
        while let Some(waited) = all.join_next().await {
            assert_eq!(waited.unwrap(), Ok(()));
        }
    }
}
