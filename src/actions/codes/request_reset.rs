//! Somebody forgot their password and asks for a mail. The answer is the same, and comes as soon, whether there is such an
//! account or not: the work is done behind it.

use super::give_code::give;
use crate::actions::Result;
use crate::actions::sign_in::Peer;
use crate::actions::slow_guessing::Lanes;
use crate::app::App;
use crate::domain::account::CodeChannel;
use crate::domain::doer::Doer;
use crate::store::{codes, users};
use chrono::TimeDelta;
use std::net::IpAddr;

/// Between two mails to one person: a stranger fills nobody's inbox.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Asks for a mail to whoever signs in with this name, or has this address. Each request counts as a wrong password of the
/// address from which it comes.
pub async fn request_reset(app: &App, name: &str, Peer { address, counted }: Peer) -> Result<()> {
    let lanes = Lanes::code(counted);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    lanes.refuse_waiting(&mut tx, now).await?;
    lanes.fail(&mut tx, now).await?;
    tx.commit().await?;
    let (app, name) = (app.clone(), name.trim().to_lowercase());
    tokio::spawn(async move {
        if let Err(e) = send(&app, &name, address).await {
            tracing::error!("a mail that somebody asked for could not be prepared: {e}");
        }
    });
    Ok(())
}

async fn send(app: &App, name: &str, from: IpAddr) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Some(person) = users::find_by_name_or_mail(&mut tx, name, now).await? else { return Ok(()) };
    if person.email.is_none() {
        return Ok(());
    }
    // A code that an administrator gave stays; a mail that was just sent is on its way.
    let open = codes::find_open_of(&mut tx, person.id).await?;
    if open.is_some_and(|open| open.expires_at > now && (open.by_card || now - open.made_at < PAUSE)) {
        return Ok(());
    }
    // Whoever asked is not known: it was done about this account, from that address.
    let doer = Doer { address: Some(from), ..Doer::oneself(&person) };
    give(&mut tx, app, doer, person, CodeChannel::Mail, now).await?;
    Ok(tx.commit().await?)
}
