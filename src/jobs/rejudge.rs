//! Repeats the screening of everything when a judge with other weights, settings or rules starts.
//!
//! Judges are ordered (`store/judges.rs`), see `docs/decisions/012-judges-in-order.md`.

use crate::app::App;
use crate::domain::job::JobKind;
use crate::store::jobs::{self, NewJob};
use crate::store::{Result, judges, project_facts};
use tracing::{info, warn};

/// Makes this program's judge the current one and enqueues a screening of every village with projects, unless it was
/// the last one already or has older rules than that one. Decisions are unaffected: they depend only on facts.
pub async fn ask(app: &App) -> Result<()> {
    let (judge, now) = (&app.atlas.judge, app.clock.now());
    let mut tx = app.store.write().await?;
    judges::lock(&mut tx).await?;
    if let Some(last) = judges::find_last(&mut tx).await? {
        if last.fingerprint == judge.fingerprint() {
            return Ok(());
        }
        if last.rules > judge.rules() {
            let (newer, own) = (last.rules, judge.rules());
            warn!(
                "a newer version of tapak has judged this database (rules {newer}, this one has {own}): its verdicts are kept, and it judges changes again"
            );
            return Ok(());
        }
    }
    let number = judges::begin(&mut tx, judge.rules(), judge.fingerprint(), now).await?;
    let villages = project_facts::villages_with_any_project(&mut tx).await?;
    let screenings: Vec<NewJob> =
        villages.iter().map(|village| NewJob::new(&app.clock, JobKind::ScreenVillage, *village, now)).collect();
    if !screenings.is_empty() {
        info!("weights, settings or rules of the judge changed: {} villages will be screened again", screenings.len());
    }
    jobs::enqueue_for_judge(&mut tx, &screenings, number, now).await?;
    tx.commit().await
}
