//! What `tapak doctor` asks of a database.

use super::{Result, Tx, sql, to_text};
use crate::domain::Time;

/// When the newest entry of the change log was written, by the clock of who wrote it.
pub async fn newest_change(tx: &mut Tx) -> Result<Option<String>> {
    const NEWEST: &str = "SELECT at FROM change_log ORDER BY seq DESC LIMIT 1";
    Ok(sql!(tx, NEWEST, [], fetch_optional as (String,))?.map(|(at,)| at))
}

/// How many villages there are, how many of them without a border, and how many with one that is only drawn around their
/// centre.
pub async fn count_villages(tx: &mut Tx) -> Result<(i64, i64, i64)> {
    const COUNT: &str =
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN boundary IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
        CAST(COALESCE(SUM(schematic), 0) AS BIGINT) FROM villages_now";
    Ok(sql!(tx, COUNT, [], fetch_one as (i64, i64, i64))?)
}

/// How many jobs were given up, how many are due but for those of the kind `left`, and since when the oldest of those is.
pub async fn count_jobs(tx: &mut Tx, left: &str, now: Time) -> Result<(i64, i64, Option<String>)> {
    const COUNT: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN failed_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN failed_at IS NULL AND run_at <= $1 AND kind <> $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
            MIN(CASE WHEN failed_at IS NULL AND run_at <= $1 AND kind <> $2 THEN run_at END)
        FROM jobs";
    Ok(sql!(tx, COUNT, [to_text(now), left], fetch_one as (i64, i64, Option<String>))?)
}
