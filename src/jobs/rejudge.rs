//! A judge with other weights, settings or rules judges anew what an earlier one judged.

use super::kinds;
use crate::app::App;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::{Change, Result, changes, project_facts};
use tracing::info;
use uuid::Uuid;

/// Under this id the change log tells which judge is at work.
const JUDGE: Uuid = Uuid::nil();

/// Asks for a screening of every village with projects where the judge is not the one that was last at work. Decisions
/// stand: they rest on facts alone.
pub async fn ask(app: &App) -> Result<()> {
    let fingerprint = app.atlas.judge.fingerprint().to_owned();
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let last = changes::list_history(&mut tx, JUDGE, 1).await?.into_iter().next().and_then(|entry| entry.note);
    if last.as_deref() == Some(fingerprint.as_str()) {
        return Ok(());
    }
    let villages = project_facts::villages_with_any_project(&mut tx).await?;
    let jobs: Vec<NewJob> = villages
        .iter()
        .map(|village| NewJob { id: app.clock.id(), kind: kinds::SCREEN_VILLAGE, subject_id: *village, run_at: now })
        .collect();
    if !jobs.is_empty() {
        info!("the judge has other weights, settings or rules: {} villages are screened again", jobs.len());
    }
    enqueue(&mut tx, &jobs, now).await?;
    tx.log(Change {
        at: now,
        entity: "judge",
        entity_id: JUDGE,
        action: "change",
        actor_id: None,
        batch_id: None,
        note: Some(fingerprint),
        before: None,
    });
    tx.commit().await
}
