//! What the database says: clock, borders, jobs, versions, backups, accounts.

use super::{Fault, Line, State, Word};
use crate::config::Config;
use crate::domain::Time;
use crate::domain::job::JobKind;
use crate::store::{Result, Store, backups, copy, health, to_text, users};
use serde_json::json;
use std::time::Duration;

/// How far clocks may differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);
/// A job due for longer waits for a worker that is not there.
const WAITING: Duration = Duration::from_secs(900);
/// A nightly backup older than this was missed.
const BACKUP: Duration = Duration::from_secs(36 * 3_600);

pub async fn examine(store: &Store, config: &Config, now: Time, word: Word<'_>) -> Vec<Line> {
    let look = |check, looked| look(check, looked, word);
    let mut lines = vec![look("versions", versions(store).await)];
    lines.push(look("clock", clock(store, now).await));
    lines.push(look("borders", borders(store).await));
    lines.push(look("jobs", jobs(store, config, now).await));
    lines.push(look("backup", backup(store, config, now, word).await));
    lines.push(look("accounts", accounts(store, config, now).await));
    lines
}

fn look(check: &'static str, looked: Result<Line>, word: Word<'_>) -> Line {
    looked.unwrap_or_else(|e| Line::new(check, State::Wrong, "unknown", json!({ "reason": word(Fault::Store(e)) })))
}

async fn versions(store: &Store) -> Result<Line> {
    let (there, known) = (copy::migration(&mut store.read().await?).await?, copy::latest());
    let (state, code) = match there.cmp(&known) {
        std::cmp::Ordering::Less => (State::Note, "earlier"),
        std::cmp::Ordering::Equal => (State::Ok, "same"),
        std::cmp::Ordering::Greater => (State::Wrong, "later"),
    };
    let values = json!({ "program": env!("CARGO_PKG_VERSION"), "there": there, "known": known });
    Ok(Line::new("versions", state, code, values))
}

async fn clock(store: &Store, now: Time) -> Result<Line> {
    let newest = health::newest_change(&mut store.read().await?).await?;
    let is_behind = newest.as_ref().is_some_and(|at| *at > to_text(now + CLOCKS_DIFFER));
    let values = json!({ "now": to_text(now), "newest": newest });
    Ok(if is_behind {
        Line::new("clock", State::Wrong, "behind", values)
    } else {
        Line::new("clock", State::Ok, "right", values)
    })
}

async fn borders(store: &Store) -> Result<Line> {
    let (villages, without, schematic) = health::count_villages(&mut store.read().await?).await?;
    let values = json!({ "villages": villages, "without": without, "schematic": schematic });
    let (state, code) = match (villages, without, schematic) {
        (0, ..) => (State::Wrong, "none"),
        (_, 1.., _) => (State::Wrong, "missing"),
        (_, _, 1..) => (State::Note, "schematic"),
        _ => (State::Ok, "whole"),
    };
    Ok(Line::new("borders", state, code, values))
}

async fn jobs(store: &Store, config: &Config, now: Time) -> Result<Line> {
    // Where no place for backups is set, one that waits is left to a process that knows one.
    let left = if config.backup.is_none() { JobKind::Backup.as_str() } else { "" };
    let (failed, due, oldest) = health::count_jobs(&mut store.read().await?, left, now).await?;
    let is_late = oldest.as_ref().is_some_and(|at| *at < to_text(now - WAITING));
    let values = json!({ "failed": failed, "due": due, "oldest": oldest });
    let (state, code) = match (failed, is_late) {
        (1.., _) => (State::Wrong, "failed"),
        (_, true) => (State::Wrong, "waiting"),
        _ => (State::Ok, "done"),
    };
    Ok(Line::new("jobs", state, code, values))
}

async fn backup(store: &Store, config: &Config, now: Time, word: Word<'_>) -> Result<Line> {
    let mut tx = store.read().await?;
    if copy::migration(&mut tx).await? < backups::SINCE {
        return Ok(Line::new("backup", State::Wrong, "never", json!({})));
    }
    let last = backups::list_last(&mut tx, 1).await?.pop();
    let whole = backups::find_last_whole(&mut tx).await?;
    let values = json!({
        "at": whole.as_ref().map(|row| &row.began_at), "target": whole.as_ref().map(|row| &row.target),
        "failed_at": last.as_ref().map(|row| &row.began_at),
        "error": last.as_ref().and_then(|row| row.error.clone()).map(|kept| word(Fault::Backup(kept))),
    });
    let is_old = whole.as_ref().is_none_or(|row| row.began_at < to_text(now - BACKUP));
    let (state, code) = match (&whole, &last, &config.backup) {
        (_, Some(last), _) if last.error.is_some() => (State::Wrong, "failed"),
        (None, ..) => (State::Wrong, "never"),
        (Some(_), _, _) if is_old => (State::Wrong, "old"),
        (Some(_), _, None) => (State::Note, "by_hand"),
        _ => (State::Ok, "fresh"),
    };
    Ok(Line::new("backup", state, code, values))
}

/// Demo accounts have a password that everybody knows.
async fn accounts(store: &Store, config: &Config, now: Time) -> Result<Line> {
    let mut tx = store.read().await?;
    let (people, demo) = (users::count(&mut tx).await?, users::list_demo(&mut tx, now).await?.len());
    let values = json!({ "people": people, "demo": demo });
    let is_open = config.is_https() || !config.listen.ip().is_loopback();
    let (state, code) = match (people, demo, is_open) {
        (0, ..) => (State::Wrong, "none"),
        (_, 1.., true) => (State::Wrong, "demo_open"),
        (_, 1.., false) => (State::Note, "demo"),
        _ => (State::Ok, "own"),
    };
    Ok(Line::new("accounts", state, code, values))
}
