//! Notes in the audit chain that somebody reads personal data of others, before they get it.

use super::Result;
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::store::{AuditEntry, Change, audit, to_text};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

/// The same data read again by the same person within this time is the same reading: a page that waits for a screening asks
/// every second.
const AGAIN: TimeDelta = TimeDelta::minutes(10);
/// Entries about a thing among which an earlier reading is looked for.
const LOOKED_THROUGH: i64 = 20;

/// What is read.
#[derive(Clone, Debug)]
pub enum Reading {
    /// Accounts with names and addresses.
    People(Vec<Uuid>),
    /// The name of the owner of a grant house.
    Owner { project: Uuid },
    /// A photo as it was taken, with all that the camera wrote into it.
    Original { photo: Uuid },
}

impl Reading {
    fn told(self) -> (Entity, Uuid, Diff) {
        match self {
            Self::People(ids) => (Entity::User, Uuid::nil(), Diff::new().now("people", ids)),
            Self::Owner { project } => (Entity::Project, project, Diff::new().now("fields", ["owner"])),
            Self::Original { photo } => (Entity::Photo, photo, Diff::new().now("fields", ["original"])),
        }
    }
}

/// Whoever cannot be noted gets nothing: the error is that of the answer. Costs a write, but where the same was read shortly
/// before: then one look at an index.
pub async fn note_reading(app: &App, by: &Person, reading: Reading) -> Result<()> {
    let now = app.clock.now();
    let (entity, id, diff) = reading.told();
    if !id.is_nil() {
        let since = to_text(now - AGAIN);
        let mut tx = app.store.read().await?;
        let known = audit::list_about(&mut tx, id, LOOKED_THROUGH).await?;
        if known.iter().any(|entry| entry.at > since && is_reading_by(entry, by.id)) {
            return Ok(());
        }
    }
    let mut tx = app.store.write().await?;
    tx.record(Change::new(now, entity, id, ChangeAction::Read, Doer::of(by)).with(diff));
    Ok(tx.commit().await?)
}

fn is_reading_by(entry: &AuditEntry, person: Uuid) -> bool {
    let who: Value = serde_json::from_str(&entry.who).unwrap_or_default();
    entry.action == ChangeAction::Read.as_str() && who["person"] == json!(person)
}
