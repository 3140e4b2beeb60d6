//! Records that were merged into others: what refers to them leads to the record that stands. Nothing is rewritten, so a
//! merge that is taken back has lost nothing.

use super::{Result, Tx, list_in};
use std::collections::HashMap;
use uuid::Uuid;

/// How many merges are followed from one record to the next; a merge into a merged record is refused, so chains are short.
const MOST_STEPS: usize = 20;

/// The standing record of each of these that was merged; those that stand themselves are left out.
pub async fn standing_of(tx: &mut Tx, projects: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let mut standing: HashMap<Uuid, Uuid> = projects.iter().map(|id| (*id, *id)).collect();
    for _ in 0..MOST_STEPS {
        let mut ends: Vec<Uuid> = standing.values().copied().collect();
        ends.sort_unstable();
        ends.dedup();
        let next = merged_into(tx, &ends).await?;
        if next.is_empty() {
            break;
        }
        for end in standing.values_mut() {
            *end = next.get(end).copied().unwrap_or(*end);
        }
    }
    standing.retain(|from, to| from != to);
    Ok(standing)
}

async fn merged_into(tx: &mut Tx, projects: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    const MERGED: &str = "SELECT id, merged_into_id FROM projects WHERE merged_into_id IS NOT NULL AND id";
    Ok(list_in!(tx, (Uuid, Uuid), MERGED, projects).into_iter().collect())
}

/// The records that were merged into this one, at once or through others, in order.
pub async fn absorbed_by(tx: &mut Tx, project: Uuid) -> Result<Vec<Uuid>> {
    let (mut all, mut next) = (Vec::new(), vec![project]);
    for _ in 0..MOST_STEPS {
        let rows = list_in!(tx, (Uuid,), "SELECT id FROM projects WHERE merged_into_id", next, "ORDER BY id");
        next = rows.into_iter().map(|(id,)| id).collect();
        if next.is_empty() {
            break;
        }
        all.extend(next.iter().copied());
    }
    Ok(all)
}
