//! The parameters of gathering, and its change-log entries.

use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::store::{Change, Tx};
use uuid::Uuid;

/// The parameters of gathering.
#[derive(Clone, Copy)]
pub struct Gathering<'a> {
    pub clock: &'a Clock,
    pub now: Time,
    /// Maximum number of alerts of one village and day that are reported one by one.
    pub village_day: usize,
    /// The person whose decision caused it.
    pub by: Option<Uuid>,
}

pub(super) fn log(tx: &mut Tx, gathering: Gathering<'_>, id: Uuid, action: ChangeAction) {
    tx.log(Change {
        at: gathering.now,
        entity: Entity::Finding,
        entity_id: id,
        action,
        actor_id: gathering.by,
        batch_id: None,
        note: None,
        before: None,
    });
}
