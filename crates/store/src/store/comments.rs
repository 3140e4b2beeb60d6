//! Comments on a finding: the villages' side of it, questions and answers.

use super::acts::parse_role;
use super::{Result, Tx, list, list_in, newest_first, sql, to_text};
use crate::domain::Time;
use crate::domain::post::{Author, Role};
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
    pub written_by: Author,
    pub body_digest: &'a str,
}

/// A stored comment with its writer's name, role and region.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub answers_id: Option<Uuid>,
    pub text: String,
    pub written_by: String,
    /// Of the post by which it was written, as is its region.
    pub role: Role,
    pub region: Option<String>,
    pub written_at: String,
    pub body_digest: String,
}

#[derive(sqlx::FromRow)]
struct CommentRow {
    id: Uuid,
    finding_id: Uuid,
    answers_id: Option<Uuid>,
    text: String,
    written_by: String,
    role: Option<String>,
    region: Option<String>,
    written_at: String,
    body_digest: String,
}

impl CommentRow {
    fn parse(self) -> Result<Comment> {
        Ok(Comment {
            role: parse_role(self.role.as_deref(), "finding_comments.by_role", self.id)?,
            id: self.id,
            finding_id: self.finding_id,
            answers_id: self.answers_id,
            text: self.text,
            written_by: self.written_by,
            region: self.region,
            written_at: self.written_at,
            body_digest: self.body_digest,
        })
    }
}

pub async fn insert(tx: &mut Tx, new: &NewComment<'_>, now: Time) -> Result<()> {
    const INSERT: &str = "INSERT INTO finding_comments
        (id, finding_id, answers_id, text, written_by, written_at, body_digest, by_role, by_region, by_post)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let by = &new.written_by;
    sql!(
        tx,
        INSERT,
        [
            new.id,
            new.finding_id,
            new.answers,
            new.text,
            by.person,
            to_text(now),
            new.body_digest,
            by.role.as_str(),
            by.region_code.as_deref(),
            by.post
        ],
        execute
    )?;
    Ok(())
}

const COMMENT: &str = "SELECT c.id AS id, c.finding_id AS finding_id, c.answers_id AS answers_id, c.text AS text,
        u.name AS written_by, c.by_role AS role, COALESCE(v.name, c.by_region) AS region, c.written_at AS written_at, c.body_digest AS body_digest
    FROM finding_comments c JOIN users u ON u.id = c.written_by
    LEFT JOIN region_versions v ON v.code = c.by_region AND v.valid_to IS NULL";

/// Comments on a finding, newest first. `after` is the (written_at, id) last seen.
pub async fn list_page_of_finding(
    tx: &mut Tx,
    finding: Uuid,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Comment>> {
    let rows = list!(tx, CommentRow, |q| {
        q.push(COMMENT).push(" WHERE c.finding_id = ").push_bind(finding);
        newest_first!(q, "c.written_at", "c.id", after, limit);
    })?;
    rows.into_iter().map(CommentRow::parse).collect()
}

/// Those of these that are comments.
pub async fn find_many(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Comment>> {
    list_in!(tx, CommentRow, format!("{COMMENT} WHERE c.id"), ids).into_iter().map(CommentRow::parse).collect()
}

/// One comment.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Comment>> {
    let rows = list!(tx, CommentRow, |q| {
        q.push(COMMENT).push(" WHERE c.id = ").push_bind(id);
    })?;
    rows.into_iter().next().map(CommentRow::parse).transpose()
}
