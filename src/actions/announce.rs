//! Notifies those concerned of a comment or decision on a finding, in the transaction that stores it.

use super::Result;
use crate::app::App;
use crate::domain::Time;
use crate::domain::act::ActKind;
use crate::domain::job::JobKind;
use crate::domain::post::Author;
use crate::store::Tx;
use crate::store::acts::{self, NewAct};
use crate::store::jobs::{NewJob, enqueue};
use uuid::Uuid;

/// Keeps the act and asks for its mails, after the time in which others may join it. `about`: the comment or the decision.
pub async fn announce(
    tx: &mut Tx,
    app: &App,
    by: Author,
    (kind, about): (ActKind, Uuid),
    finding: Uuid,
    now: Time,
) -> Result<()> {
    let act = NewAct { id: app.clock.id(), finding_id: finding, kind, about_id: about, by };
    acts::insert(tx, &act, now).await?;
    let run_at = now + app.config.alert_settle;
    let compose = NewJob::new(&app.clock, JobKind::ComposeActs, Uuid::nil(), run_at);
    Ok(enqueue(tx, &[compose], now).await?)
}
