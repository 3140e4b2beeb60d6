//! What changed for one viewer, from the change log: which of the works, findings and villages that they see are not as they
//! were. It says that something changed, never how: that is asked for again, by the rules for reading it.
//!
//! Nobody hears of what they do not see. Of a work that leaves what they see (withdrawn, merged, moved elsewhere) they hear
//! that their list has changed, and no id.

mod mark;

pub use mark::Marks;

use crate::domain::change::{ChangeAction, Entity};
use crate::publish::Eyes;
use crate::store::changes::{self, Touched};
use crate::store::{Result, Tx, findings, project_lists, regions};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Ids named at once; of more than these it is said only that there are some.
pub const NAMED: usize = 100;
/// Works looked up at once.
const AT_ONCE: usize = 500;
/// Entries of the change log looked at in one go. Who is further behind is told to ask for everything again.
pub const MOST_ENTRIES: i64 = 5_000;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    pub projects: Changed,
    pub findings: Changed,
    pub villages: bool,
}

/// Whether something of a kind changed, and which. No ids, although something did: too many, or what is seen no longer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub is_any: bool,
    pub ids: Vec<Uuid>,
}

impl Changed {
    fn of(ids: BTreeSet<Uuid>, is_more: bool) -> Self {
        let is_any = is_more || !ids.is_empty();
        Self { is_any, ids: if ids.len() > NAMED { Vec::new() } else { ids.into_iter().collect() } }
    }
}

impl News {
    pub const fn is_none(&self) -> bool {
        !self.projects.is_any && !self.findings.is_any && !self.villages
    }
}

/// What is behind entry `after`, up to entry `last`, for these eyes; `None` where that is more than [`MOST_ENTRIES`].
/// `sees_findings`: the viewer may read findings. A handful of queries, whatever changed.
pub async fn list(tx: &mut Tx, eyes: &Eyes, sees_findings: bool, (after, last): (i64, i64)) -> Result<Option<News>> {
    let entries = changes::list_touched(tx, after, last, MOST_ENTRIES + 1).await?;
    if i64::try_from(entries.len()).is_ok_and(|entries| entries > MOST_ENTRIES) {
        return Ok(None);
    }
    let villages = entries.iter().any(|entry| entry.entity == Entity::Region.as_str());
    let projects = list_projects(tx, eyes, &entries).await?;
    let findings = if sees_findings { list_findings(tx, eyes, &entries).await? } else { Changed::default() };
    Ok(Some(News { projects, findings, villages }))
}

async fn list_projects(tx: &mut Tx, eyes: &Eyes, entries: &[Touched]) -> Result<Changed> {
    let is_of_project =
        |entry: &&Touched| entry.entity == Entity::Project.as_str() || entry.entity == Entity::Report.as_str();
    let mut touched: BTreeMap<Uuid, Vec<&Touched>> = BTreeMap::new();
    for entry in entries.iter().filter(is_of_project) {
        touched.entry(entry.subject_id).or_default().push(entry);
    }
    let ids: Vec<Uuid> = touched.keys().copied().collect();
    let listed = &eyes.sight().listed;
    let (mut seen, mut is_more) = (BTreeSet::new(), false);
    let mut villages_before = BTreeSet::new();
    for some in ids.chunks(AT_ONCE) {
        for project in project_lists::find_many(tx, some).await? {
            let entries = &touched[&project.id];
            if eyes.knows_of(&project) && listed.holds(&project.village.code) {
                seen.insert(project.id);
                continue;
            }
            // It may have been seen before.
            is_more |= listed.holds(&project.village.code) && entries.iter().any(|entry| ends(entry));
            villages_before.extend(entries.iter().filter_map(|entry| entry.village_before()));
        }
        if seen.len() > NAMED {
            break; // an import: that there are many is all that is told
        }
    }
    if !is_more && !villages_before.is_empty() {
        let codes = regions::list_codes(tx, &villages_before.into_iter().collect::<Vec<_>>()).await?;
        is_more = codes.iter().any(|code| listed.holds(code));
    }
    Ok(Changed::of(seen, is_more))
}

/// Whether this takes a work out of what everybody sees.
fn ends(entry: &Touched) -> bool {
    [ChangeAction::Withdraw, ChangeAction::Merge].iter().any(|action| action.as_str() == entry.action)
}

async fn list_findings(tx: &mut Tx, eyes: &Eyes, entries: &[Touched]) -> Result<Changed> {
    let of_findings = entries.iter().filter(|entry| entry.entity == Entity::Finding.as_str());
    let ids: BTreeSet<Uuid> = of_findings.map(|entry| entry.subject_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let seen = findings::list_seen(tx, &eyes.sight().listed, &ids).await?;
    Ok(Changed::of(seen.into_iter().collect(), false))
}
