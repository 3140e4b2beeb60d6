//! Decided pairs with their records.

use super::pairs::Decided;
use crate::domain::facts::Facts;
use crate::store::{self, Tx, decisions, project_facts};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Every pair decided as one work or as different works whose facts have not changed since. A record merged into the
/// other by the decision counts with its present facts: a confirmed duplicate is the best example.
pub async fn decided(tx: &mut Tx) -> store::Result<Vec<Decided>> {
    let labelled = decisions::list_labelled(tx).await?;
    let mut ids: Vec<Uuid> = labelled.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
    ids.sort_unstable();
    ids.dedup();
    let villages = project_facts::village_names(tx).await?;
    let facts = project_facts::find_merged_too(tx, &villages, &ids).await?;
    let facts: HashMap<Uuid, Arc<Facts>> = facts.into_iter().map(|facts| (facts.id, Arc::new(facts))).collect();
    let of = |id: &Uuid| facts.get(id).cloned();
    Ok(labelled.iter().filter_map(|(a, b, same)| Some((of(a)?, of(b)?, *same))).collect())
}
