//! Wrong passwords, and the places from which somebody signed in with the right one.

use super::{Result, Tx, sql, to_text, to_time};
use crate::domain::Time;
use crate::domain::patience::FORGOTTEN;
use std::time::Duration;
use uuid::Uuid;

/// Rows of failures that are kept; beyond, the oldest go.
const MOST_FAILURES: i64 = 50_000;
/// Places of each kind that are remembered for one person.
const MOST_PLACES: i64 = 20;
/// How long a place is remembered after it was seen last.
pub const PLACE_REMEMBERED: Duration = Duration::from_secs(180 * 86_400);

/// The kinds of places.
pub const ADDRESS: &str = "address";
pub const DEVICE: &str = "device";

/// The failures of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    pub failures: i64,
    pub failed_at: Time,
    pub wait_until: Time,
}

#[derive(sqlx::FromRow)]
struct FailuresRow {
    failures: i64,
    failed_at: String,
    wait_until: String,
}

pub async fn find(tx: &mut Tx, lane: &str) -> Result<Option<Failures>> {
    const FIND: &str = "SELECT failures, failed_at, wait_until FROM sign_in_failures WHERE lane = $1";
    let Some(row) = sql!(tx, FIND, [lane], fetch_optional as FailuresRow)? else { return Ok(None) };
    Ok(Some(Failures {
        failures: row.failures,
        failed_at: to_time(&row.failed_at, "sign_in_failures.failed_at", Uuid::nil())?,
        wait_until: to_time(&row.wait_until, "sign_in_failures.wait_until", Uuid::nil())?,
    }))
}

pub async fn keep(tx: &mut Tx, lane: &str, kept: Failures) -> Result<()> {
    const KEEP: &str = "INSERT INTO sign_in_failures (lane, failures, failed_at, wait_until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (lane) DO UPDATE
        SET failures = excluded.failures, failed_at = excluded.failed_at, wait_until = excluded.wait_until";
    sql!(tx, KEEP, [lane, kept.failures, to_text(kept.failed_at), to_text(kept.wait_until)], execute)?;
    Ok(())
}

pub async fn forgive(tx: &mut Tx, lane: &str) -> Result<()> {
    const FORGIVE: &str = "DELETE FROM sign_in_failures WHERE lane = $1";
    sql!(tx, FORGIVE, [lane], execute)?;
    Ok(())
}

/// Removes what nothing is left of, and the oldest of too many.
pub async fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    const OLD: &str = "DELETE FROM sign_in_failures WHERE failed_at < $1";
    const TOO_MANY: &str = "DELETE FROM sign_in_failures WHERE failed_at <
        (SELECT failed_at FROM sign_in_failures ORDER BY failed_at DESC LIMIT 1 OFFSET $1)";
    sql!(tx, OLD, [to_text(now - FORGOTTEN)], execute)?;
    sql!(tx, TOO_MANY, [MOST_FAILURES], execute)?;
    Ok(())
}

/// Whether this person signed in from this place lately.
pub async fn knows_place(tx: &mut Tx, user: Uuid, kind: &str, place: &str, now: Time) -> Result<bool> {
    const KNOWS: &str = "SELECT COUNT(*) FROM sign_in_places
        WHERE user_id = $1 AND kind = $2 AND place = $3 AND seen_at > $4";
    Ok(sql!(tx, KNOWS, [user, kind, place, to_text(now - PLACE_REMEMBERED)], fetch_one as (i64,))?.0 > 0)
}

/// Remembers a place; the oldest beyond some are forgotten.
pub async fn remember_place(tx: &mut Tx, user: Uuid, kind: &str, place: &str, now: Time) -> Result<()> {
    const REMEMBER: &str = "INSERT INTO sign_in_places (user_id, kind, place, seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, kind, place) DO UPDATE SET seen_at = excluded.seen_at";
    const OLD: &str = "DELETE FROM sign_in_places WHERE seen_at < $1";
    const TOO_MANY: &str = "DELETE FROM sign_in_places WHERE user_id = $1 AND kind = $2 AND seen_at <
        (SELECT MIN(seen_at) FROM (SELECT seen_at FROM sign_in_places
            WHERE user_id = $1 AND kind = $2 ORDER BY seen_at DESC LIMIT $3) AS newest)";
    sql!(tx, REMEMBER, [user, kind, place, to_text(now)], execute)?;
    sql!(tx, OLD, [to_text(now - PLACE_REMEMBERED)], execute)?;
    sql!(tx, TOO_MANY, [user, kind, MOST_PLACES], execute)?;
    Ok(())
}

/// Forgets all places of a person: whoever signed in there may not have been they.
pub async fn forget_places(tx: &mut Tx, user: Uuid) -> Result<()> {
    const FORGET: &str = "DELETE FROM sign_in_places WHERE user_id = $1";
    sql!(tx, FORGET, [user], execute)?;
    Ok(())
}
