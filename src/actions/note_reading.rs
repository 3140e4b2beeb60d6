//! Notes in the audit chain that somebody reads personal data of others, before they get it.

use super::Result;
use crate::app::App;
use crate::canonical_json::canonical;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::person::Person;
use crate::permission::Action;
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
    /// Accounts of others with names, logins and addresses.
    People(Vec<Uuid>),
    /// Names and logins of those who hold or held posts.
    Holders(Vec<Uuid>),
    /// Names and logins of those who may be named as substitutes.
    Colleagues(Vec<Uuid>),
    /// Mails to others.
    Messages(Vec<Uuid>),
    /// The addresses of others to which mails about a finding went, whose villages these are.
    Recipients { finding: Uuid, villages: Vec<String> },
    /// The name of the owner of a grant house, or what the history says of one.
    Owner { project: Uuid, village: String },
    /// A photo as it was taken, with all that the camera wrote into it.
    Original { photo: Uuid, village: String },
}

/// What an entry tells of a reading, and what gives the right to it.
struct Told {
    about: (Entity, Uuid),
    field: &'static str,
    what: Value,
    right: Action,
    villages: Vec<String>,
}

impl Reading {
    fn told(self) -> Told {
        let (about, right, villages) = match &self {
            Self::People(_) | Self::Holders(_) => ((Entity::User, Uuid::nil()), Action::ManagePeople, Vec::new()),
            Self::Colleagues(_) => ((Entity::User, Uuid::nil()), Action::NameSubstitute, Vec::new()),
            Self::Messages(_) => ((Entity::Message, Uuid::nil()), Action::ReadMessages, Vec::new()),
            Self::Recipients { finding, villages } => {
                ((Entity::Finding, *finding), Action::ReadMessages, villages.clone())
            }
            Self::Owner { project, village } => {
                ((Entity::Project, *project), Action::ReadFindings, vec![village.clone()])
            }
            Self::Original { photo, village } => ((Entity::Photo, *photo), Action::ReadOriginal, vec![village.clone()]),
        };
        let (field, what) = match self {
            Self::People(ids) => ("people", json!(ids)),
            Self::Holders(ids) => ("holders", json!(ids)),
            Self::Colleagues(ids) => ("colleagues", json!(ids)),
            Self::Messages(ids) => ("messages", json!(ids)),
            Self::Recipients { .. } => ("fields", json!(["recipients"])),
            Self::Owner { .. } => ("fields", json!(["owner"])),
            Self::Original { .. } => ("fields", json!(["original"])),
        };
        Told { about, field, what, right, villages }
    }

    /// Nobody is read of.
    const fn is_empty(&self) -> bool {
        matches!(self, Self::People(ids) | Self::Holders(ids) | Self::Colleagues(ids) | Self::Messages(ids) if ids.is_empty())
    }
}

/// Whoever cannot be noted gets nothing: the error is that of the answer. Costs a write, but where the same was read shortly
/// before: then one look at an index.
pub async fn note_reading(app: &App, by: &Person, reading: Reading) -> Result<()> {
    if reading.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let Told { about: (entity, id), field, what, right, villages } = reading.told();
    let (since, changes) = (to_text(now - AGAIN), canonical(&json!({ field: [null, what] })));
    let is_this = |entry: &AuditEntry| entry.at > since && entry.changes == changes && is_reading_by(entry, by.id);
    let mut tx = app.store.read().await?;
    let is_noted = audit::list_about(&mut tx, id, LOOKED_THROUGH).await?.iter().any(is_this);
    drop(tx);
    if is_noted {
        return Ok(());
    }
    let doer = by.doer_of(right, &villages)?;
    let mut tx = app.store.write().await?;
    tx.record(Change::new(now, entity, id, ChangeAction::Read, doer).with(Diff::new().now(field, what)));
    Ok(tx.commit().await?)
}

fn is_reading_by(entry: &AuditEntry, person: Uuid) -> bool {
    let who: Value = serde_json::from_str(&entry.who).unwrap_or_default();
    entry.action == ChangeAction::Read.as_str() && who["person"] == json!(person)
}
