//! The shown titles of grant houses that were written before such titles were kept.

use super::{Result, Store, sql};
use crate::domain::text::fold;
use crate::duplicates::without_person;
use uuid::Uuid;

/// Houses of one transaction.
const AT_ONCE: i64 = 500;

/// Writes the shown title of every grant house that has none. Costs nothing where there is none: an index holds those alone.
pub(super) async fn fill_in(store: &Store) -> Result<()> {
    const MISSING: &str = "SELECT p.id, p.title, o.name FROM projects p
        LEFT JOIN project_people o ON o.project_id = p.id AND o.part = 'owner'
        WHERE p.sensitivity = 'hamlet' AND p.shown_title IS NULL ORDER BY p.id LIMIT $1";
    const WRITE: &str = "UPDATE projects SET shown_title = $2, shown_title_key = $3 WHERE id = $1";
    loop {
        let mut tx = store.read().await?;
        let missing = sql!(tx, MISSING, [AT_ONCE], fetch_all as (Uuid, String, Option<String>))?;
        drop(tx);
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = store.write().await?;
        for (id, title, owner) in missing {
            let shown = without_person(&title, owner.as_deref());
            sql!(tx, WRITE, [id, shown.as_str(), fold(&shown)], execute)?;
        }
        tx.commit().await?;
    }
}
