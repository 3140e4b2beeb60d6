//! The outbox of work: a job is written with the change that asks for it, leased by one worker at a time,
//! retried with growing pauses, and stays visible with its last error when it is given up.

use super::{Result, StoreError, Tx, insert_many, sql, to_text, to_time};
use crate::domain::Time;
use std::time::Duration;
use uuid::Uuid;

/// A claimed job. It names its subject; the worker reads that row afresh.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub subject_id: Uuid,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// A job to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: Uuid,
    pub kind: &'static str,
    pub subject_id: Uuid,
    pub run_at: Time,
}

/// A job as an administrator sees it.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct JobView {
    pub id: Uuid,
    pub kind: String,
    pub subject_id: Uuid,
    pub run_at: String,
    pub attempts: i64,
    pub failed_at: Option<String>,
    pub last_error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: Uuid,
    kind: String,
    subject_id: Uuid,
    attempts: i64,
}

impl JobRow {
    fn parse(self) -> Result<Job> {
        let attempt = u32::try_from(self.attempts).map_err(|_| StoreError::Corrupt("jobs.attempts", self.id))?;
        Ok(Job { id: self.id, kind: self.kind, subject_id: self.subject_id, attempt })
    }
}

/// Adds jobs; one that already waits for this subject serves for both changes. It is updated, not left alone:
/// that locks it until we commit, so that no worker takes it, reads the old facts and finishes before this change
/// is there. Enqueue in a fixed order of subjects.
pub async fn enqueue(tx: &mut Tx, jobs: &[NewJob], now: Time) -> Result<()> {
    const INTO: &str = "INSERT INTO jobs (id, kind, subject_id, created_at, run_at) ";
    const AGAIN: &str = " ON CONFLICT (kind, subject_id) WHERE attempts = 0 AND failed_at IS NULL
        DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END";
    insert_many!(
        tx,
        INTO,
        jobs,
        |b, job| {
            b.push_bind(job.id)
                .push_bind(job.kind)
                .push_bind(job.subject_id)
                .push_bind(to_text(now))
                .push_bind(to_text(job.run_at));
        },
        AGAIN
    );
    Ok(())
}

/// Takes the job that has been due longest, or `None`. If this worker dies, the job falls due again when `lease`
/// is over. A job whose subject another worker has in hand waits. Only the lock differs: SQLite has one writer.
pub async fn claim(tx: &mut Tx, now: Time, lease: Duration) -> Result<Option<Job>> {
    const LITE: &str = "UPDATE jobs SET attempts = attempts + 1, run_at = $2, leased = 1
        WHERE id = (SELECT j.id FROM jobs j WHERE j.failed_at IS NULL AND j.run_at <= $1
                      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.subject_id = j.subject_id
                                        AND o.id <> j.id AND o.leased = 1 AND o.failed_at IS NULL AND o.run_at > $1)
                    ORDER BY j.run_at, j.id LIMIT 1) RETURNING id, kind, subject_id, attempts";
    const PG: &str = "UPDATE jobs SET attempts = attempts + 1, run_at = $2, leased = 1
        WHERE id = (SELECT j.id FROM jobs j WHERE j.failed_at IS NULL AND j.run_at <= $1
                      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.subject_id = j.subject_id
                                        AND o.id <> j.id AND o.leased = 1 AND o.failed_at IS NULL AND o.run_at > $1)
                    ORDER BY j.run_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, kind, subject_id, attempts";
    let (now, until) = (to_text(now), to_text(now + lease));
    let row = sql!(tx, sqlite: LITE, postgres: PG, [now, until], fetch_optional as JobRow)?;
    row.map(JobRow::parse).transpose()
}

/// Takes up to `most` further jobs of this kind that are due and were never tried, for a worker that does many in one
/// go. A job that failed before is not among them: whatever is wrong with it holds up nobody else.
pub async fn claim_company(tx: &mut Tx, kind: &str, now: Time, lease: Duration, most: i64) -> Result<Vec<Job>> {
    const LITE: &str = "UPDATE jobs SET attempts = attempts + 1, run_at = $2, leased = 1
        WHERE id IN (SELECT j.id FROM jobs j WHERE j.kind = $3 AND j.attempts = 0 AND j.failed_at IS NULL AND j.run_at <= $1
                      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.subject_id = j.subject_id
                                        AND o.id <> j.id AND o.leased = 1 AND o.failed_at IS NULL AND o.run_at > $1)
                     ORDER BY j.run_at, j.id LIMIT $4) RETURNING id, kind, subject_id, attempts";
    const PG: &str = "UPDATE jobs SET attempts = attempts + 1, run_at = $2, leased = 1
        WHERE id IN (SELECT j.id FROM jobs j WHERE j.kind = $3 AND j.attempts = 0 AND j.failed_at IS NULL AND j.run_at <= $1
                      AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.subject_id = j.subject_id
                                        AND o.id <> j.id AND o.leased = 1 AND o.failed_at IS NULL AND o.run_at > $1)
                     ORDER BY j.run_at, j.id LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING id, kind, subject_id, attempts";
    let (now, until) = (to_text(now), to_text(now + lease));
    let rows = sql!(tx, sqlite: LITE, postgres: PG, [now, until, kind, most], fetch_all as JobRow)?;
    rows.into_iter().map(JobRow::parse).collect()
}

/// Ends a job. The attempt number proves that the lease is still ours.
pub async fn finish(tx: &mut Tx, job: &Job) -> Result<()> {
    const DONE: &str = "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND leased = 1";
    owned(job, sql!(tx, DONE, [job.id, i64::from(job.attempt)], execute)?)
}

/// Gives a job back to be tried again at `run_at`, with why it did not work.
pub async fn retry_later(tx: &mut Tx, job: &Job, run_at: Time, error: &str) -> Result<()> {
    const LATER: &str = "UPDATE jobs SET run_at = $3, leased = 0, last_error = $4
        WHERE id = $1 AND attempts = $2 AND leased = 1";
    owned(job, sql!(tx, LATER, [job.id, i64::from(job.attempt), to_text(run_at), error], execute)?)
}

/// Gives a job back untried: it waits for something that is not there yet. The try does not count.
pub async fn postpone(tx: &mut Tx, job: &Job, run_at: Time) -> Result<()> {
    // A job of the same subject may have come meanwhile; then that one serves for both.
    const TAKEN: &str = "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND leased = 1 AND EXISTS (
        SELECT 1 FROM jobs o WHERE o.kind = jobs.kind AND o.subject_id = jobs.subject_id AND o.id <> jobs.id
          AND o.attempts = 0 AND o.failed_at IS NULL)";
    const LATER: &str = "UPDATE jobs SET run_at = $3, leased = 0, attempts = attempts - 1
        WHERE id = $1 AND attempts = $2 AND leased = 1";
    if sql!(tx, TAKEN, [job.id, i64::from(job.attempt)], execute)? == 1 {
        return Ok(());
    }
    owned(job, sql!(tx, LATER, [job.id, i64::from(job.attempt), to_text(run_at)], execute)?)
}

/// Gives a job up: it stays, with its reason, until an administrator retries it.
pub async fn fail(tx: &mut Tx, job: &Job, now: Time, error: &str) -> Result<()> {
    const FAIL: &str = "UPDATE jobs SET failed_at = $3, leased = 0, last_error = $4
        WHERE id = $1 AND attempts = $2 AND leased = 1";
    owned(job, sql!(tx, FAIL, [job.id, i64::from(job.attempt), to_text(now), error], execute)?)
}

fn owned(job: &Job, rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost(job.id)) }
}

/// A failed job runs again at once; `false` where it is not a failed job (any more).
pub async fn revive(tx: &mut Tx, id: Uuid, now: Time) -> Result<bool> {
    const TAKEN: &str = "DELETE FROM jobs WHERE id = $1 AND failed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM jobs o WHERE o.kind = jobs.kind AND o.subject_id = jobs.subject_id AND o.id <> jobs.id
          AND o.attempts = 0 AND o.failed_at IS NULL)";
    const REVIVE: &str =
        "UPDATE jobs SET failed_at = NULL, attempts = 0, run_at = $2 WHERE id = $1 AND failed_at IS NOT NULL";
    if sql!(tx, TAKEN, [id], execute)? == 1 {
        return Ok(true);
    }
    Ok(sql!(tx, REVIVE, [id, to_text(now)], execute)? == 1)
}

/// Waiting or failed jobs, longest due first, at most `limit`.
pub async fn list(tx: &mut Tx, failed: bool, limit: i64) -> Result<Vec<JobView>> {
    const LIST: &str = "SELECT id, kind, subject_id, run_at, attempts, failed_at, last_error FROM jobs
        WHERE (failed_at IS NOT NULL) = ($1 = 1) ORDER BY run_at, id LIMIT $2";
    Ok(sql!(tx, LIST, [i64::from(failed), limit], fetch_all as JobView)?)
}

/// Those that were given up first, then those that wait, each longest due first, at most `limit`.
pub async fn list_all(tx: &mut Tx, limit: i64) -> Result<Vec<JobView>> {
    const LIST: &str = "SELECT id, kind, subject_id, run_at, attempts, failed_at, last_error FROM jobs
        ORDER BY CASE WHEN failed_at IS NULL THEN 1 ELSE 0 END, run_at, id LIMIT $1";
    Ok(sql!(tx, LIST, [limit], fetch_all as JobView)?)
}

/// When a job was written; `None` where it is gone.
pub async fn created_at(tx: &mut Tx, id: Uuid) -> Result<Option<Time>> {
    const FIND: &str = "SELECT created_at FROM jobs WHERE id = $1";
    let row = sql!(tx, FIND, [id], fetch_optional as (String,))?;
    row.map(|(at,)| to_time(&at, "jobs.created_at", id)).transpose()
}

/// How many jobs of these kinds, written by `until`, are still to be done (failed ones left out).
pub async fn count_due(tx: &mut Tx, kinds: &[&str], until: Time) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND kind";
    let rows = super::list_in!(tx, (i64,), COUNT, kinds, |q| {
        q.push(" AND created_at <= ").push_bind(to_text(until));
    });
    Ok(rows.into_iter().map(|(n,)| n).sum())
}

/// When the next job falls due; `None` for no job.
pub async fn next_due(tx: &mut Tx) -> Result<Option<String>> {
    const NEXT: &str = "SELECT MIN(run_at) FROM jobs WHERE failed_at IS NULL";
    Ok(sql!(tx, NEXT, [], fetch_one as (Option<String>,))?.0)
}
