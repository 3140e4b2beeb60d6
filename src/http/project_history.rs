//! What was done to a project, with what each change changed, as the audit chain tells it.

use super::problem::Problem;
use crate::actions::correct_project::Before;
use crate::domain::change::ChangeAction;
use crate::domain::post::Role;
use crate::store::changes::{self, HistoryEntry};
use crate::store::{HMAC, Tx, audit, regions};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Changes and versions of a footprint that a page of a project shows, the last ones.
pub const HISTORY: i64 = 100;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HistoryView {
    pub at: String,
    pub action: String,
    pub by: Option<String>,
    /// The role in which they did it; `null` before the audit chain began, and for what nobody did by a post.
    pub role: Option<Role>,
    /// The region of that role, by its name of today; `null` beside a role: the country.
    pub region: Option<String>,
    pub note: Option<String>,
    /// Of a correction, by hand or from a file: the names of the fields that it changed. Older ones did not note them.
    pub changed: Vec<String>,
    /// What it changed, as the audit chain tells it; nothing before the chain began, and of what was registered.
    pub changes: Vec<HistoryChange>,
}

impl HistoryView {
    /// Whether it says something of a person.
    pub fn is_personal(&self) -> bool {
        self.changes.iter().any(|change| change.is_personal)
    }
}

/// A field before and after a change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HistoryChange {
    pub field: String,
    #[schema(value_type = Object)]
    pub before: Value,
    #[schema(value_type = Object)]
    pub after: Value,
    /// A value of it was erased, as law asks for: it is `null` here.
    pub is_erased: bool,
    /// A value of it says something of a person.
    #[serde(skip)]
    is_personal: bool,
}

/// The changed fields of an entry of the chain, with the values before and after.
type Told = BTreeMap<String, [Value; 2]>;

/// Who did it, as far as the page shows it; the name is that of today.
#[derive(Default, Deserialize)]
struct Who {
    role: Option<Role>,
    region: Option<String>,
}

/// The last changes of a project, newest first.
pub async fn history(tx: &mut Tx, id: Uuid) -> Result<Vec<HistoryView>, Problem> {
    let entries = changes::list_history(tx, id, HISTORY).await?;
    let told: Vec<Told> = entries.iter().map(told).collect();
    let digests: Vec<String> =
        told.iter().flatten().flat_map(|(_, sides)| sides.iter().filter_map(digest_in)).collect();
    let values = audit::find_values(tx, &digests).await?;
    let mut views: Vec<HistoryView> =
        entries.into_iter().zip(told).map(|(entry, told)| view(entry, told, &values)).collect();
    name_regions(tx, &mut views).await?;
    Ok(views)
}

/// Puts names in the place of codes, where they were imported.
async fn name_regions(tx: &mut Tx, views: &mut [HistoryView]) -> Result<(), Problem> {
    let mut names: HashMap<String, Option<String>> = HashMap::new();
    for view in views {
        let Some(code) = view.region.take() else { continue };
        let name = match names.get(&code) {
            Some(known) => known.clone(),
            None => names.entry(code.clone()).or_insert(regions::find_name(tx, &code).await?).clone(),
        };
        view.region = name.or(Some(code));
    }
    Ok(())
}

fn view(entry: HistoryEntry, told: Told, values: &HashMap<String, Value>) -> HistoryView {
    let before = entry.before.and_then(|before| serde_json::from_str::<Before>(&before).ok());
    let who: Who = entry.who.and_then(|who| serde_json::from_str(&who).ok()).unwrap_or_default();
    HistoryView {
        at: entry.at,
        action: entry.action,
        by: entry.actor,
        role: who.role,
        region: who.region,
        note: entry.note,
        changed: before.map(|before| before.changed).unwrap_or_default(),
        changes: told.into_iter().map(|(field, sides)| change(field, sides, values)).collect(),
    }
}

/// What a registration says is the project itself as it was: too much for a line.
fn told(entry: &HistoryEntry) -> Told {
    let is_new = entry.action == ChangeAction::Register.as_str();
    let changes = entry.changes.as_ref().filter(|_| !is_new);
    changes.and_then(|changes| serde_json::from_str(changes).ok()).unwrap_or_default()
}

fn digest_in(value: &Value) -> Option<String> {
    value.get(HMAC).and_then(Value::as_str).map(str::to_owned)
}

fn change(field: String, sides: [Value; 2], values: &HashMap<String, Value>) -> HistoryChange {
    let (mut is_erased, mut is_personal) = (false, false);
    let [before, after] = sides.map(|side| match digest_in(&side).map(|digest| values.get(&digest)) {
        None => side,
        Some(Some(value)) => {
            is_personal = true;
            value.clone()
        }
        Some(None) => {
            is_erased = true;
            Value::Null
        }
    });
    HistoryChange { field, before, after, is_erased, is_personal }
}
