//! The outbox of work: a job is written with the change that asks for it, leased by one worker at a time,
//! retried with growing pauses, and stays visible with its last error when it is given up.

use super::{Result, StoreError, Tx, insert_many, sql, to_text, to_time};
use crate::clock::Clock;
use crate::domain::Time;
use crate::domain::job::JobKind;
use std::time::Duration;
use uuid::Uuid;

/// How far the clocks of two machines may differ: what was set that little ahead is no sign of a clock set back.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// A claimed job. It names its subject; the worker reads that row afresh.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: Uuid,
    pub kind: JobKind,
    pub subject_id: Uuid,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// How often the process that had it in hand ended, or let the lease end.
    pub deaths: u32,
    /// When it was asked for first.
    pub written_at: Time,
    /// Whose judge has this number or a greater one may do it; 0: anybody.
    pub judge: i64,
}

/// Who takes jobs in hand, which ones, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    pub owner: Uuid,
    pub time: Duration,
    /// Jobs of other kinds, which a newer program writes, are left to that one.
    pub kinds: &'a [JobKind],
    /// The fingerprint of its judge. What is asked of a later judge is left to that one.
    pub judge: &'a str,
}

impl Lease<'_> {
    /// The kinds as the text that SQL looks in.
    fn kinds(&self) -> String {
        self.kinds.iter().fold(",".to_owned(), |text, kind| text + kind.as_str() + ",")
    }
}

/// A job to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: Uuid,
    pub kind: JobKind,
    pub subject_id: Uuid,
    pub run_at: Time,
}

impl NewJob {
    /// A job with an id of its own.
    pub fn new(ids: &Clock, kind: JobKind, subject_id: Uuid, run_at: Time) -> Self {
        Self { id: ids.id(), kind, subject_id, run_at }
    }
}

/// A job as an administrator sees it.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct JobView {
    pub id: Uuid,
    /// A [`JobKind`], or one of a newer program.
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
    deaths: i64,
    created_at: String,
    judge: i64,
}

impl JobRow {
    fn parse(self) -> Result<Job> {
        let attempt = u32::try_from(self.attempts).map_err(|_| StoreError::Corrupt("jobs.attempts", self.id))?;
        let deaths = u32::try_from(self.deaths).map_err(|_| StoreError::Corrupt("jobs.deaths", self.id))?;
        let written_at = to_time(&self.created_at, "jobs.created_at", self.id)?;
        let kind = JobKind::parse(&self.kind).ok_or(StoreError::Corrupt("jobs.kind", self.id))?;
        let Self { id, subject_id, judge, .. } = self;
        Ok(Job { id, kind, subject_id, attempt, deaths, written_at, judge })
    }
}

/// Adds jobs; one that already waits for this subject serves for both changes. It is updated, not left alone:
/// that locks it until we commit, so that no worker takes it, reads the old facts and finishes before this change
/// is there. Enqueue in a fixed order of subjects.
pub async fn enqueue(tx: &mut Tx, jobs: &[NewJob], now: Time) -> Result<()> {
    enqueue_for_judge(tx, jobs, 0, now).await
}

/// As [`enqueue`], for programs whose judge has this number or a greater one. Where one waits that others may do, that one
/// serves for both: an earlier judge asks anew for a later one when it is done.
pub async fn enqueue_for_judge(tx: &mut Tx, jobs: &[NewJob], judge: i64, now: Time) -> Result<()> {
    const INTO: &str = "INSERT INTO jobs (id, kind, subject_id, created_at, set_at, run_at, judge) ";
    const AGAIN: &str = " ON CONFLICT (kind, subject_id) WHERE attempts = 0 AND failed_at IS NULL
        DO UPDATE SET set_at = excluded.set_at,
            judge = CASE WHEN excluded.judge < jobs.judge THEN excluded.judge ELSE jobs.judge END,
            run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END";
    insert_many!(
        tx,
        INTO,
        jobs,
        |b, job| {
            b.push_bind(job.id)
                .push_bind(job.kind.as_str())
                .push_bind(job.subject_id)
                .push_bind(to_text(now))
                .push_bind(to_text(now))
                .push_bind(to_text(job.run_at))
                .push_bind(judge);
        },
        AGAIN
    );
    Ok(())
}

/// A job that may be taken in hand at `$1` by a program with the judge `$2` that knows the kinds `$3`. One whose subject another worker has in hand waits. One whose process died
/// is alone in hand among its like, so that the one that kills is found and the others are cleared.
macro_rules! due {
    () => {
        "j.failed_at IS NULL AND j.run_at <= $1 AND $3 LIKE '%,' || j.kind || ',%'
            AND j.judge <= (SELECT COALESCE(MAX(number), 0) FROM judges WHERE fingerprint = $2)
            AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.subject_id = j.subject_id
                              AND o.id <> j.id AND o.leased = 1 AND o.failed_at IS NULL AND o.run_at > $1)
            AND (j.deaths + j.leased = 0 OR NOT EXISTS (SELECT 1 FROM jobs o
                            WHERE o.leased = 1 AND o.deaths > 0 AND o.failed_at IS NULL AND o.run_at > $1))"
    };
}

/// The columns that a claim writes. A job that is still leased here outlived its lease, since nobody recorded its end:
/// that counts as a death.
macro_rules! taken {
    () => {
        "UPDATE jobs SET attempts = attempts + 1, run_at = $4, leased = 1, deaths = deaths + leased, set_at = $1, owner = $5 "
    };
}
macro_rules! claimed {
    () => {
        " RETURNING id, kind, subject_id, attempts, deaths, created_at, judge"
    };
}

/// Jobs that were given up.
pub async fn count_failed(tx: &mut Tx) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE failed_at IS NOT NULL";
    Ok(sql!(tx, COUNT, [], fetch_one as (i64,))?.0)
}

/// Kind, `waiting` or `failed`, and how many. No limit: there are few kinds.
pub async fn count_by_kind(tx: &mut Tx) -> Result<Vec<(String, String, i64)>> {
    const COUNTS: &str = "SELECT kind, state, COUNT(*) FROM
        (SELECT kind, CASE WHEN failed_at IS NULL THEN 'waiting' ELSE 'failed' END AS state FROM jobs) AS each_job
        GROUP BY kind, state ORDER BY kind, state";
    Ok(sql!(tx, COUNTS, [], fetch_all as (String, String, i64))?)
}

/// Whether [`claim`] would find something: asked before the one writer of SQLite is taken.
pub async fn is_any_due(tx: &mut Tx, now: Time, lease: Lease<'_>) -> Result<bool> {
    const ANY: &str = concat!("SELECT j.id FROM jobs j WHERE ", due!(), " ORDER BY j.run_at, j.id LIMIT 1");
    Ok(sql!(tx, ANY, [to_text(now), lease.judge, lease.kinds()], fetch_optional as (Uuid,))?.is_some())
}

/// Takes the job that has been due longest, or `None`. If this worker dies, the job falls due again when its death is
/// noticed ([`release`]) or the lease is over. Only the lock differs: SQLite has one writer.
pub async fn claim(tx: &mut Tx, now: Time, lease: Lease<'_>) -> Result<Option<Job>> {
    const LITE: &str = concat!(
        taken!(),
        "WHERE id = (SELECT j.id FROM jobs j WHERE ",
        due!(),
        " ORDER BY j.run_at, j.id LIMIT 1)",
        claimed!()
    );
    const PG: &str = concat!(
        taken!(),
        "WHERE id = (SELECT j.id FROM jobs j WHERE ",
        due!(),
        " ORDER BY j.run_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED)",
        claimed!()
    );
    let (now, until) = (to_text(now), to_text(now + lease.time));
    let row = sql!(tx, sqlite: LITE, postgres: PG, [now, lease.judge, lease.kinds(), until, lease.owner], fetch_optional as JobRow)?;
    row.map(JobRow::parse).transpose()
}

/// Takes up to `most` further jobs of this kind that are due and were never tried, for a worker that does many in one
/// go. A job that failed before is not among them: whatever is wrong with it holds up nobody else.
pub async fn claim_batch(tx: &mut Tx, kind: JobKind, now: Time, lease: Lease<'_>, most: i64) -> Result<Vec<Job>> {
    const LITE: &str = concat!(
        taken!(),
        "WHERE id IN (SELECT j.id FROM jobs j WHERE j.kind = $6 AND j.attempts = 0 AND j.deaths = 0 AND ",
        due!(),
        " ORDER BY j.run_at, j.id LIMIT $7)",
        claimed!()
    );
    const PG: &str = concat!(
        taken!(),
        "WHERE id IN (SELECT j.id FROM jobs j WHERE j.kind = $6 AND j.attempts = 0 AND j.deaths = 0 AND ",
        due!(),
        " ORDER BY j.run_at, j.id LIMIT $7 FOR UPDATE SKIP LOCKED)",
        claimed!()
    );
    let (now, until) = (to_text(now), to_text(now + lease.time));
    let (judge, known, owner) = (lease.judge, lease.kinds(), lease.owner);
    let rows = sql!(tx, sqlite: LITE, postgres: PG, [now, judge, known, until, owner, kind.as_str(), most], fetch_all as JobRow)?;
    rows.into_iter().map(JobRow::parse).collect()
}

/// Keeps jobs in hand for another while; those that are no longer ours are left.
pub async fn renew(tx: &mut Tx, jobs: &[Job], now: Time, lease: Lease<'_>) -> Result<()> {
    const RENEW: &str = "UPDATE jobs SET run_at = $3, set_at = $4 WHERE id = $1 AND attempts = $2 AND leased = 1";
    let (now, until) = (to_text(now), to_text(now + lease.time));
    for job in jobs {
        sql!(tx, RENEW, [job.id, i64::from(job.attempt), &until, &now], execute)?;
    }
    Ok(())
}

/// Who has jobs in hand. No limit: the processes of one installation.
pub async fn list_owners(tx: &mut Tx) -> Result<Vec<Uuid>> {
    const OWNERS: &str = "SELECT DISTINCT owner FROM jobs WHERE leased = 1 AND failed_at IS NULL AND owner IS NOT NULL";
    Ok(sql!(tx, OWNERS, [], fetch_all as (Uuid,))?.into_iter().map(|(owner,)| owner).collect())
}

/// Ends the leases of a process that is no more; gives how many. Its jobs are due at once.
pub async fn release(tx: &mut Tx, owner: Uuid, now: Time) -> Result<u64> {
    const RELEASE: &str = "UPDATE jobs SET leased = 0, owner = NULL, deaths = deaths + 1, run_at = $2, set_at = $2
        WHERE owner = $1 AND leased = 1 AND failed_at IS NULL";
    Ok(sql!(tx, RELEASE, [owner, to_text(now)], execute)?)
}

/// Whether jobs were written by a clock that is ahead of `now`: it was set back since, and their time would not come.
pub async fn is_clock_behind(tx: &mut Tx, now: Time) -> Result<bool> {
    const AHEAD: &str = "SELECT id FROM jobs WHERE failed_at IS NULL AND set_at > $1 AND leased = 0 LIMIT 1";
    Ok(sql!(tx, AHEAD, [to_text(now + CLOCKS_DIFFER)], fetch_optional as (Uuid,))?.is_some())
}

/// Makes those jobs due.
pub async fn set_clock_back(tx: &mut Tx, now: Time) -> Result<()> {
    // When it was asked for lies no further ahead: what is waited for until then would be waited for as long.
    const DUE: &str = "UPDATE jobs SET run_at = $2, set_at = $2,
            created_at = CASE WHEN created_at > $2 THEN $2 ELSE created_at END
        WHERE failed_at IS NULL AND set_at > $1 AND leased = 0";
    sql!(tx, DUE, [to_text(now + CLOCKS_DIFFER), to_text(now)], execute)?;
    Ok(())
}

/// Ends a job. The attempt number proves that the lease is still ours. What was given up of the same work before is done with it.
pub async fn finish(tx: &mut Tx, job: &Job) -> Result<()> {
    const DONE: &str = "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND leased = 1";
    const BEFORE: &str = "DELETE FROM jobs WHERE kind = $1 AND subject_id = $2 AND failed_at IS NOT NULL";
    owned(job, sql!(tx, DONE, [job.id, i64::from(job.attempt)], execute)?)?;
    sql!(tx, BEFORE, [job.kind.as_str(), job.subject_id], execute)?;
    Ok(())
}

/// Gives a job back to be tried again at `run_at`, with why it did not work.
pub async fn retry_later(tx: &mut Tx, job: &Job, now: Time, run_at: Time, error: &str) -> Result<()> {
    const LATER: &str = "UPDATE jobs SET run_at = $3, set_at = $4, leased = 0, owner = NULL, last_error = $5
        WHERE id = $1 AND attempts = $2 AND leased = 1";
    let set_at = to_text(now);
    owned(job, sql!(tx, LATER, [job.id, i64::from(job.attempt), to_text(run_at), set_at, error], execute)?)
}

/// Gives a job back untried: it waits for something that is not there yet. The try does not count.
pub async fn postpone(tx: &mut Tx, job: &Job, now: Time, run_at: Time) -> Result<()> {
    const TAKE: &str = "DELETE FROM jobs WHERE id = $1 AND attempts = $2 AND leased = 1";
    owned(job, sql!(tx, TAKE, [job.id, i64::from(job.attempt)], execute)?)?;
    let row = JobRow {
        id: job.id,
        kind: job.kind.as_str().to_owned(),
        subject_id: job.subject_id,
        attempts: i64::from(job.attempt) - 1,
        deaths: i64::from(job.deaths),
        created_at: to_text(job.written_at),
        judge: job.judge,
    };
    wait_again(tx, &row, now, run_at).await
}

/// Puts a job back that was taken out. One of the same subject may have come meanwhile, or come this very moment; then
/// that one serves for both.
async fn wait_again(tx: &mut Tx, job: &JobRow, now: Time, run_at: Time) -> Result<()> {
    const WAIT: &str = "INSERT INTO jobs (id, kind, subject_id, created_at, set_at, run_at, attempts, deaths, judge)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, subject_id) WHERE attempts = 0 AND failed_at IS NULL
        DO UPDATE SET created_at = excluded.created_at, set_at = excluded.set_at,
            judge = CASE WHEN excluded.judge < jobs.judge THEN excluded.judge ELSE jobs.judge END,
            run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END";
    let (kind, written, set, run_at) = (&job.kind, &job.created_at, to_text(now), to_text(run_at));
    let (tries, deaths) = (job.attempts, job.deaths);
    sql!(tx, WAIT, [job.id, kind, job.subject_id, written, set, run_at, tries, deaths, job.judge], execute)?;
    Ok(())
}

/// Gives a job up: it stays, with its reason, until an administrator retries it.
pub async fn fail(tx: &mut Tx, job: &Job, now: Time, error: &str) -> Result<()> {
    const FAIL: &str = "UPDATE jobs SET failed_at = $3, leased = 0, owner = NULL, last_error = $4
        WHERE id = $1 AND attempts = $2 AND leased = 1";
    // Given up again is no other job: whoever looks reads of each thing once, with the latest reason.
    const BEFORE: &str = "DELETE FROM jobs WHERE kind = $1 AND subject_id = $2 AND failed_at IS NOT NULL AND id <> $3";
    owned(job, sql!(tx, FAIL, [job.id, i64::from(job.attempt), to_text(now), error], execute)?)?;
    sql!(tx, BEFORE, [job.kind.as_str(), job.subject_id, job.id], execute)?;
    Ok(())
}

fn owned(job: &Job, rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost(job.id)) }
}

/// A failed job runs again at once, one of a newer program too; `false` where it is not a failed job (any more).
pub async fn revive(tx: &mut Tx, id: Uuid, now: Time) -> Result<bool> {
    const TAKE: &str = "DELETE FROM jobs WHERE id = $1 AND failed_at IS NOT NULL
        RETURNING id, kind, subject_id, attempts, deaths, created_at, judge";
    let Some(row) = sql!(tx, TAKE, [id], fetch_optional as JobRow)? else { return Ok(false) };
    wait_again(tx, &JobRow { attempts: 0, deaths: 0, ..row }, now, now).await?;
    Ok(true)
}

/// Waiting or failed jobs, longest due first, at most `limit`.
pub async fn list(tx: &mut Tx, failed: bool, limit: i64) -> Result<Vec<JobView>> {
    const LIST: &str = "SELECT id, kind, subject_id, run_at, attempts, failed_at, last_error FROM jobs
        WHERE (failed_at IS NOT NULL) = ($1 = 1) ORDER BY run_at, id LIMIT $2";
    Ok(sql!(tx, LIST, [i64::from(failed), limit], fetch_all as JobView)?)
}

/// Where a page of jobs goes on: after those that were given up, or in them; when that one is due; which one it is.
pub type JobKey = (i64, String, Uuid);

impl JobView {
    /// What a page behind this job begins after.
    pub fn key(&self) -> JobKey {
        (i64::from(self.failed_at.is_none()), self.run_at.clone(), self.id)
    }
}

/// Those that were given up first, then those that wait (one of both where `failed` says so), each longest due first, at most
/// `limit` after this key.
pub async fn list_page(tx: &mut Tx, failed: Option<bool>, after: Option<&JobKey>, limit: i64) -> Result<Vec<JobView>> {
    const LIST: &str = "SELECT id, kind, subject_id, run_at, attempts, failed_at, last_error FROM
        (SELECT j.*, CASE WHEN failed_at IS NULL THEN 1 ELSE 0 END AS waits FROM jobs j) AS ranked
        WHERE ($1 < 0 OR waits = $1) AND (waits, run_at, id) > ($2, $3, $4) ORDER BY waits, run_at, id LIMIT $5";
    let only = failed.map_or(-1, |failed| i64::from(!failed));
    let (waits, run_at, id) = after.map_or((-1, "", Uuid::nil()), |(waits, run_at, id)| (*waits, run_at.as_str(), *id));
    Ok(sql!(tx, LIST, [only, waits, run_at, id, limit], fetch_all as JobView)?)
}

/// How many jobs of these kinds, written by `until`, are still to be done (failed ones left out).
pub async fn count_due(tx: &mut Tx, kinds: &[JobKind], until: Time) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND kind";
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let rows = super::list_in!(tx, (i64,), COUNT, &kinds, |q| {
        q.push(" AND created_at <= ").push_bind(to_text(until));
    });
    Ok(rows.into_iter().map(|(n,)| n).sum())
}

/// Whether a job of this kind on one of these subjects is still to be done (failed ones left out).
pub async fn is_any_open(tx: &mut Tx, kind: JobKind, subjects: &[Uuid]) -> Result<bool> {
    const OPEN: &str = "SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND subject_id";
    let rows = super::list_in!(tx, (i64,), OPEN, subjects, |q| {
        q.push(" AND kind = ").push_bind(kind.as_str());
    });
    Ok(rows.iter().any(|(n,)| *n > 0))
}

/// When the next job falls due; `None` for no job.
pub async fn next_due(tx: &mut Tx) -> Result<Option<String>> {
    const NEXT: &str = "SELECT MIN(run_at) FROM jobs WHERE failed_at IS NULL";
    Ok(sql!(tx, NEXT, [], fetch_one as (Option<String>,))?.0)
}
