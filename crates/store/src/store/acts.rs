//! Acts on findings, the recipients to notify of each, and the message that did.

use super::{Result, StoreError, Tx, insert_many, list_in, sql, to_text, to_time};
use crate::domain::Time;
use crate::domain::act::ActKind;
use crate::domain::post::{Author, Role};
use std::collections::HashMap;
use uuid::Uuid;

/// A comment or decision that others are notified of.
#[derive(Clone, Debug)]
pub struct NewAct {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub kind: ActKind,
    /// The comment, or the decision that was made or taken back.
    pub about_id: Uuid,
    pub by: Author,
}

/// An act whose recipients were not looked up yet.
#[derive(Clone, Debug)]
pub struct WaitingAct {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub kind: ActKind,
    /// The address of whoever did it.
    pub by_address: Option<String>,
}

/// A recipient of an act.
#[derive(Clone, Debug)]
pub struct Addressee {
    pub act_id: Uuid,
    /// The address as it is kept and compared.
    pub recipient: String,
    /// The subject of the job that writes the message.
    pub recipient_id: Uuid,
}

/// An act that a recipient was not notified of yet, with its author.
#[derive(Clone, Debug)]
pub struct UnsentAct {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub kind: ActKind,
    pub about_id: Uuid,
    pub by: String,
    pub role: Role,
    /// The name of the region that they answered for; `None`: all.
    pub region: Option<String>,
    /// Nothing is left to notify of: a decision that was taken back, or the reversal of one that this recipient was
    /// never notified of.
    pub is_obsolete: bool,
}

/// Keeps an act; one that is there is the same.
pub async fn insert(tx: &mut Tx, new: &NewAct, now: Time) -> Result<()> {
    const INSERT: &str =
        "INSERT INTO finding_acts (id, finding_id, kind, about_id, by_id, at, by_role, by_region, by_post)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, about_id) DO NOTHING";
    let by = &new.by;
    sql!(
        tx,
        INSERT,
        [
            new.id,
            new.finding_id,
            new.kind.as_str(),
            new.about_id,
            by.person,
            to_text(now),
            by.role.as_str(),
            by.region_code.as_deref(),
            by.post
        ],
        execute
    )?;
    Ok(())
}

/// Acts whose recipients were not looked up yet, oldest first, at most `limit`.
pub async fn list_waiting(tx: &mut Tx, limit: i64) -> Result<Vec<WaitingAct>> {
    const LIST: &str = "SELECT a.id, a.finding_id, a.kind, u.email FROM finding_acts a
        JOIN users u ON u.id = a.by_id WHERE a.addressed = 0 ORDER BY a.at, a.id LIMIT $1";
    sql!(tx, LIST, [limit], fetch_all as (Uuid, Uuid, String, Option<String>))?
        .into_iter()
        .map(|(id, finding_id, kind, by_address)| {
            Ok(WaitingAct { id, finding_id, kind: parse_kind(&kind, id)?, by_address })
        })
        .collect()
}

/// When each recipient, by the subject of their job, last got a message about acts, if after `since`. No limit: people
/// who are written to within a few minutes.
pub async fn list_last_messages(tx: &mut Tx, since: Time) -> Result<HashMap<Uuid, Time>> {
    const LAST: &str = "SELECT n.recipient_id, MAX(m.created_at) FROM messages m
        JOIN act_recipients n ON n.message_id = m.id WHERE m.created_at > $1 GROUP BY n.recipient_id";
    sql!(tx, LAST, [to_text(since)], fetch_all as (Uuid, String))?
        .into_iter()
        .map(|(recipient, at)| Ok((recipient, to_time(&at, "messages.created_at", recipient)?)))
        .collect()
}

/// Marks that those concerned were looked up.
pub async fn mark_addressed(tx: &mut Tx, acts: &[Uuid]) -> Result<()> {
    const MARK: &str = "UPDATE finding_acts SET addressed = 1 WHERE id";
    list_in!(tx, (Uuid,), MARK, acts, "RETURNING id");
    Ok(())
}

/// Keeps the recipients of acts, each address once. One that was notified of an act, or waits to be, stays as it is.
pub async fn address(tx: &mut Tx, addressees: &[Addressee]) -> Result<()> {
    const INTO: &str = "INSERT INTO act_recipients (recipient, act_id, recipient_id) ";
    insert_many!(
        tx,
        INTO,
        addressees,
        |b, one| {
            b.push_bind(one.recipient.clone()).push_bind(one.act_id).push_bind(one.recipient_id);
        },
        " ON CONFLICT (recipient, act_id) DO NOTHING"
    );
    Ok(())
}

/// Everybody who ever commented, decided or took a decision back, by finding.
pub async fn list_participants(tx: &mut Tx, findings: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    const WRITERS: &str = "SELECT DISTINCT finding_id, written_by FROM finding_comments WHERE finding_id";
    const DECIDERS: &str = "SELECT DISTINCT finding_id, decided_by FROM decisions WHERE finding_id";
    const REVOKERS: &str = "SELECT DISTINCT finding_id, taken_back_by FROM decisions WHERE finding_id";
    let mut all: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut add = |rows: Vec<(Uuid, Uuid)>| {
        for (finding, person) in rows {
            all.entry(finding).or_default().push(person);
        }
    };
    add(list_in!(tx, (Uuid, Uuid), WRITERS, findings));
    add(list_in!(tx, (Uuid, Uuid), DECIDERS, findings));
    add(list_in!(tx, (Uuid, Uuid), REVOKERS, findings, "AND taken_back_by IS NOT NULL"));
    Ok(all)
}

#[derive(sqlx::FromRow)]
struct UnsentRow {
    id: Uuid,
    finding_id: Uuid,
    kind: String,
    about_id: Uuid,
    written_by: String,
    role: Option<String>,
    region: Option<String>,
    is_obsolete: i64,
}

impl UnsentRow {
    fn parse(self) -> Result<UnsentAct> {
        Ok(UnsentAct {
            kind: parse_kind(&self.kind, self.id)?,
            role: parse_role(self.role.as_deref(), "finding_acts.by_role", self.id)?,
            id: self.id,
            finding_id: self.finding_id,
            about_id: self.about_id,
            by: self.written_by,
            region: self.region,
            is_obsolete: self.is_obsolete == 1,
        })
    }
}

/// The acts that this recipient was not notified of yet, oldest first, at most `limit`.
pub async fn list_unsent(tx: &mut Tx, recipient: Uuid, limit: i64) -> Result<Vec<UnsentAct>> {
    const LIST: &str = "SELECT a.id AS id, a.finding_id AS finding_id, a.kind AS kind, a.about_id AS about_id,
            u.name AS written_by, a.by_role AS role, COALESCE(v.name, a.by_region) AS region, CAST(CASE
                WHEN a.kind = 'decision' AND d.taken_back_at IS NOT NULL THEN 1
                WHEN a.kind = 'taken_back' AND EXISTS (SELECT 1 FROM finding_acts made
                    JOIN act_recipients heard ON heard.act_id = made.id AND heard.recipient = n.recipient
                    WHERE made.kind = 'decision' AND made.about_id = a.about_id AND heard.message_id IS NULL) THEN 1
                ELSE 0 END AS BIGINT) AS is_obsolete
        FROM act_recipients n JOIN finding_acts a ON a.id = n.act_id JOIN users u ON u.id = a.by_id
        LEFT JOIN region_versions v ON v.code = a.by_region AND v.valid_to IS NULL
        LEFT JOIN decisions d ON d.id = a.about_id
        WHERE n.recipient_id = $1 AND n.settled = 0 ORDER BY a.at, a.id LIMIT $2";
    sql!(tx, LIST, [recipient, limit], fetch_all as UnsentRow)?.into_iter().map(UnsentRow::parse).collect()
}

/// Marks that this message notifies this recipient of these acts, or that they need no message; gives how many of them
/// nobody else settled meanwhile.
pub async fn settle(tx: &mut Tx, recipient: Uuid, acts: &[Uuid], message: Option<Uuid>) -> Result<usize> {
    const SETTLE: &str = "UPDATE act_recipients SET settled = 1, message_id = $3
        WHERE recipient_id = $1 AND act_id = $2 AND settled = 0";
    let mut settled = 0;
    for act in acts {
        if sql!(tx, SETTLE, [recipient, *act, message], execute)? == 1 {
            settled += 1;
        }
    }
    Ok(settled)
}

/// The role by which something was done: NULL was allowed where the column was added alone.
pub(super) fn parse_role(word: Option<&str>, column: &'static str, id: Uuid) -> Result<Role> {
    word.and_then(Role::parse).ok_or(StoreError::Corrupt(column, id))
}

fn parse_kind(kind: &str, id: Uuid) -> Result<ActKind> {
    ActKind::parse(kind).ok_or(StoreError::Corrupt("finding_acts.kind", id))
}
