//! Comments on a finding: the villages' side of it, questions and answers.

use super::{Result, Tx, list, list_in, newest_first, sql, to_text};
use crate::domain::Time;
use uuid::Uuid;

/// A comment to be written.
#[derive(Clone, Debug)]
pub struct NewComment<'a> {
    /// Made by the client.
    pub id: Uuid,
    pub finding_id: Uuid,
    /// The comment that this one answers.
    pub answers: Option<Uuid>,
    pub text: &'a str,
    pub written_by: Uuid,
    pub body_digest: &'a str,
}

/// A stored comment with its writer's name, role and region.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Comment {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub answers_id: Option<Uuid>,
    pub text: String,
    pub written_by: String,
    pub role: String,
    pub region: Option<String>,
    pub written_at: String,
    pub body_digest: String,
}

pub async fn insert(tx: &mut Tx, new: &NewComment<'_>, now: Time) -> Result<()> {
    const INSERT: &str = "INSERT INTO finding_comments
        (id, finding_id, answers_id, text, written_by, written_at, body_digest) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sql!(
        tx,
        INSERT,
        [new.id, new.finding_id, new.answers, new.text, new.written_by, to_text(now), new.body_digest],
        execute
    )?;
    Ok(())
}

const COMMENT: &str = "SELECT c.id AS id, c.finding_id AS finding_id, c.answers_id AS answers_id, c.text AS text,
        u.name AS written_by, u.role AS role, v.name AS region, c.written_at AS written_at, c.body_digest AS body_digest
    FROM finding_comments c JOIN users u ON u.id = c.written_by
    LEFT JOIN region_versions v ON v.code = u.region_code AND v.valid_to IS NULL";

/// Comments on a finding, newest first. `after` is the (written_at, id) last seen.
pub async fn list_page_of_finding(
    tx: &mut Tx,
    finding: Uuid,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Comment>> {
    Ok(list!(tx, Comment, |q| {
        q.push(COMMENT).push(" WHERE c.finding_id = ").push_bind(finding);
        newest_first!(q, "c.written_at", "c.id", after, limit);
    })?)
}

/// Those of these that are comments.
pub async fn find_many(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Comment>> {
    Ok(list_in!(tx, Comment, format!("{COMMENT} WHERE c.id"), ids))
}

/// One comment.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Comment>> {
    let rows = list!(tx, Comment, |q| {
        q.push(COMMENT).push(" WHERE c.id = ").push_bind(id);
    })?;
    Ok(rows.into_iter().next())
}
