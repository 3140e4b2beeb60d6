//! The parameters of gathering, and its change-log entries.

use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::finding::FindingState::{Closed, Open};
use crate::store::{Change, Tx};
use uuid::Uuid;

/// The parameters of gathering.
#[derive(Clone, Copy)]
pub struct Gathering<'a> {
    pub clock: &'a Clock,
    pub now: Time,
    /// Maximum number of alerts of one village and day that are reported one by one.
    pub village_day: usize,
    /// Whose decision caused it, or the job that screened.
    pub by: &'a Doer,
}

pub(super) fn log(tx: &mut Tx, gathering: Gathering<'_>, id: Uuid, action: ChangeAction) {
    let diff = match action {
        ChangeAction::Close => Diff::new().field("state", Open, Closed),
        ChangeAction::Reopen => Diff::new().field("state", Closed, Open),
        // A new one, or a new round of one that may have been open.
        _ => Diff::new().now("state", Open),
    };
    tx.log(Change::new(gathering.now, Entity::Finding, id, action, gathering.by.clone()).with(diff));
}
