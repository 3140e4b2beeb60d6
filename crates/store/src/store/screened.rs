//! Projects that were screened at least once: all of their pairs are known.

use super::{Result, Tx, insert_many, list_in};
use uuid::Uuid;

/// Those of these projects that never were, in no order.
pub async fn list_never(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Uuid>> {
    const NEVER: &str = "SELECT p.id FROM projects p
        WHERE NOT EXISTS (SELECT 1 FROM screened s WHERE s.project_id = p.id) AND p.id";
    Ok(list_in!(tx, (Uuid,), NEVER, projects).into_iter().map(|(id,)| id).collect())
}

/// Remembers that these were. The caller holds [`super::finding_pairs::lock`], so that nobody else writes the same.
pub async fn mark(tx: &mut Tx, projects: &[Uuid]) -> Result<()> {
    const MARK: &str = "INSERT INTO screened (project_id) ";
    let never = list_never(tx, projects).await?;
    insert_many!(tx, MARK, never, |b, project| {
        b.push_bind(*project);
    });
    Ok(())
}
