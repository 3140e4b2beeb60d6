//! What people decided, with the records that they decided on.

use super::pairs::Decided;
use crate::domain::facts::Facts;
use crate::store::{self, Tx, decisions, project_facts};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Every pair decided as one work or as different works whose facts are still those. A record that was merged into the
/// other with the decision counts as it is: a double that somebody confirmed teaches most.
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
