//! Messages: one mail to one person about one or more findings, with its Message-ID fixed before the first try.

use super::sight::in_regions;
use super::{Result, Tx, insert_many, list, list_in, newest_first, sql, to_text};
use crate::domain::Time;
use crate::domain::message::MessageState;
use crate::domain::scope::Scope;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A mail to be kept and sent.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub id: Uuid,
    /// The Message-ID header, with its angle brackets.
    pub message_id: String,
    pub recipient: String,
    pub user_id: Option<Uuid>,
    pub language: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The mail to send, to the byte.
    pub eml: Vec<u8>,
    /// The findings in it, with the round each was in.
    pub findings: Vec<(Uuid, i64)>,
}

/// A message as it is listed.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct MessageView {
    pub id: Uuid,
    #[serde(rename = "to")]
    pub recipient: String,
    pub subject: String,
    #[sqlx(try_from = "String")]
    pub state: MessageState,
    pub created_at: String,
    pub sent_at: Option<String>,
    pub attempts: i64,
    pub last_error: Option<String>,
    /// How many findings are new in it.
    pub findings: i64,
    /// How many comments on findings are in it.
    pub comments: i64,
    /// How many decisions on findings are in it, made or taken back.
    pub decisions: i64,
}

/// Who reads messages.
#[derive(Clone, Debug)]
pub enum Reader {
    /// Whoever answers for the whole country: all, those to the addresses of the configuration too.
    Everything,
    /// Those to this person, and those to whoever then held one of the posts that they hold at this moment and no other one;
    /// an address may be shared with somebody who sees more.
    Own(Uuid, Time),
    /// Those to this person, and those to people of these regions.
    Region(Uuid, Scope),
}

/// A mail to send.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Envelope {
    pub id: Uuid,
    pub message_id: String,
    pub recipient: String,
    #[sqlx(try_from = "String")]
    pub state: MessageState,
    pub eml: Vec<u8>,
}

/// Keeps a message; `false` where this recipient was notified of one of the findings meanwhile (then nothing is kept).
pub async fn insert(tx: &mut Tx, message: &NewMessage, now: Time) -> Result<bool> {
    const ADD: &str = "INSERT INTO messages (id, message_id, recipient, user_id, language, subject, text, html, eml, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10)";
    sql!(
        tx,
        ADD,
        [
            message.id,
            message.message_id.as_str(),
            message.recipient.as_str(),
            message.user_id,
            message.language,
            message.subject.as_str(),
            message.text.as_str(),
            message.html.as_str(),
            message.eml.as_slice(),
            to_text(now)
        ],
        execute
    )?;
    const INTO: &str = "INSERT INTO message_findings (message_id, finding_id, round, recipient, number) ";
    let rows: Vec<(Uuid, i64, i64)> =
        message.findings.iter().zip(1_i64..).map(|((id, round), n)| (*id, *round, n)).collect();
    let written = insert_many!(
        tx,
        INTO,
        rows,
        |b, row| {
            b.push_bind(message.id)
                .push_bind(row.0)
                .push_bind(row.1)
                .push_bind(message.recipient.clone())
                .push_bind(row.2);
        },
        " ON CONFLICT (recipient, finding_id, round) DO NOTHING"
    );
    // Which works this recipient knows of now: one that leaves a finding and comes again is no news.
    const MEMBERS: &str = "INSERT INTO message_members (recipient, finding_id, project_id)
        SELECT f.recipient, f.finding_id, m.project_id FROM message_findings f
        JOIN finding_members m ON m.finding_id = f.finding_id AND m.project_id IS NOT NULL
        WHERE f.message_id = $1 ON CONFLICT (recipient, finding_id, project_id) DO NOTHING";
    sql!(tx, MEMBERS, [message.id], execute)?;
    Ok(written == rows.len() as u64)
}

/// The message to be sent, with its state.
pub async fn find_envelope(tx: &mut Tx, id: Uuid) -> Result<Option<Envelope>> {
    const FIND: &str = "SELECT id, message_id, recipient, state, eml FROM messages WHERE id = $1";
    Ok(sql!(tx, FIND, [id], fetch_optional as Envelope)?)
}

/// Whether it is for somebody whose account is shut.
pub async fn is_to_disabled(tx: &mut Tx, id: Uuid) -> Result<bool> {
    const SHUT: &str = "SELECT COUNT(*) FROM messages m JOIN users u ON u.id = m.user_id
        WHERE m.id = $1 AND u.disabled_at IS NOT NULL";
    Ok(sql!(tx, SHUT, [id], fetch_one as (i64,))?.0 > 0)
}

/// Marks the beginning of a try.
pub async fn mark_sending(tx: &mut Tx, id: Uuid) -> Result<()> {
    const MARK: &str = "UPDATE messages SET state = 'sending', attempts = attempts + 1 WHERE id = $1";
    sql!(tx, MARK, [id], execute)?;
    Ok(())
}

/// Marks how a try ended: sent, kept in the outbox, waiting (to be tried again) or failed.
pub async fn mark(
    tx: &mut Tx,
    id: Uuid,
    state: MessageState,
    error: Option<&str>,
    sent_at: Option<Time>,
) -> Result<()> {
    const MARK: &str = "UPDATE messages SET state = $2, last_error = $3, sent_at = $4 WHERE id = $1";
    sql!(tx, MARK, [id, state.as_str(), error, sent_at.map(to_text)], execute)?;
    Ok(())
}

const VIEW: &str = "SELECT m.id AS id, m.recipient AS recipient, m.subject AS subject, m.state AS state,
    m.created_at AS created_at, m.sent_at AS sent_at, m.attempts AS attempts, m.last_error AS last_error,
    (SELECT COUNT(*) FROM message_findings f WHERE f.message_id = m.id) AS findings,
    (SELECT COUNT(*) FROM act_recipients n JOIN finding_acts a ON a.id = n.act_id
        WHERE n.message_id = m.id AND a.kind = 'comment') AS comments,
    (SELECT COUNT(*) FROM act_recipients n JOIN finding_acts a ON a.id = n.act_id
        WHERE n.message_id = m.id AND a.kind <> 'comment') AS decisions FROM messages m";

/// Adds who reads to a query whose `m` is the message.
macro_rules! readable {
    ($q:ident, $reader:expr) => {
        match $reader {
            Reader::Everything => {}
            Reader::Own(person, now) => {
                const HELD: &str = "(SELECT h.post_id FROM post_holders h WHERE h.user_id = m.user_id
                    AND h.held_from <= m.created_at AND (h.held_until IS NULL OR h.held_until > m.created_at)";
                $q.push(" AND (m.user_id = ").push_bind(*person);
                for (begins, own) in
                    [(" OR (EXISTS ", " AND h.post_id IN ("), (" AND NOT EXISTS ", " AND h.post_id NOT IN (")]
                {
                    $q.push(begins).push(HELD).push(own);
                    $q.push("SELECT o.post_id FROM post_holders o JOIN posts p ON p.id = o.post_id");
                    $q.push(" WHERE p.closed_at IS NULL AND o.user_id = ").push_bind(*person);
                    $q.push(" AND (o.held_from <= o.named_at OR o.held_from <= ").push_bind(to_text(*now));
                    $q.push(") AND (o.held_until IS NULL OR o.held_until > ").push_bind(to_text(*now)).push(")))");
                }
                $q.push("))");
            }
            Reader::Region(person, scope) => {
                $q.push(" AND (m.user_id = ").push_bind(*person);
                $q.push(" OR EXISTS (SELECT 1 FROM post_holders h JOIN post_grants g ON g.post_id = h.post_id");
                $q.push(" WHERE h.user_id = m.user_id AND h.held_from <= m.created_at");
                $q.push(" AND (h.held_until IS NULL OR h.held_until > m.created_at) AND ");
                in_regions!($q, "g.region_code", scope);
                $q.push("))");
            }
        }
    };
}

/// Messages that this reader may see, newest first. `after` is the (created_at, id) last seen.
pub async fn list_recent(
    tx: &mut Tx,
    reader: &Reader,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<MessageView>> {
    Ok(list!(tx, MessageView, |q| {
        q.push(VIEW).push(" WHERE 1 = 1");
        readable!(q, reader);
        newest_first!(q, "m.created_at", "m.id", after, limit);
    })?)
}

/// One message that this reader may see, with its text, its HTML and the first thousand of its findings.
pub async fn find(tx: &mut Tx, reader: &Reader, id: Uuid) -> Result<Option<(MessageView, String, String, Vec<Uuid>)>> {
    const BODY: &str = "SELECT text, html FROM messages WHERE id = $1";
    const FINDINGS: &str = "SELECT finding_id, number FROM message_findings WHERE message_id = $1
        UNION SELECT a.finding_id, 0 FROM act_recipients n JOIN finding_acts a ON a.id = n.act_id
        WHERE n.message_id = $1 ORDER BY 2, 1 LIMIT 1000";
    let view = list!(tx, MessageView, |q| {
        q.push(VIEW).push(" WHERE m.id = ").push_bind(id);
        readable!(q, reader);
    })?;
    let Some(view) = view.into_iter().next() else { return Ok(None) };
    let (text, html) = sql!(tx, BODY, [id], fetch_one as (String, String))?;
    let findings = sql!(tx, FINDINGS, [id], fetch_all as (Uuid, i64))?.into_iter().map(|(id, _)| id).collect();
    Ok(Some((view, text, html, findings)))
}

/// Alerts about a finding that this reader may see, newest first. `after` is the (created_at, id) last seen.
pub async fn list_page_of_finding(
    tx: &mut Tx,
    reader: &Reader,
    finding: Uuid,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<MessageView>> {
    Ok(list!(tx, MessageView, |q| {
        q.push(VIEW).push(" JOIN message_findings t ON t.message_id = m.id WHERE t.finding_id = ").push_bind(finding);
        readable!(q, reader);
        newest_first!(q, "m.created_at", "m.id", after, limit);
    })?)
}

/// The addresses that received an alert about each of these findings.
pub async fn list_alerted(tx: &mut Tx, findings: &[Uuid]) -> Result<HashMap<Uuid, HashSet<String>>> {
    const LIST: &str = "SELECT DISTINCT finding_id, recipient FROM message_findings WHERE finding_id";
    let mut alerted: HashMap<Uuid, HashSet<String>> = HashMap::new();
    for (finding, recipient) in list_in!(tx, (Uuid, String), LIST, findings) {
        alerted.entry(finding).or_default().insert(recipient);
    }
    Ok(alerted)
}

/// The `Message-ID` of the last mail to this recipient about a finding, or about a comment or decision on it.
pub async fn find_last_about(tx: &mut Tx, recipient: &str, finding: Uuid) -> Result<Option<String>> {
    const LAST: &str = "SELECT message_id, created_at FROM (
            SELECT m.message_id AS message_id, m.created_at AS created_at FROM message_findings f
            JOIN messages m ON m.id = f.message_id
            WHERE f.recipient = $1 AND f.finding_id = $2 AND m.state <> 'failed'
            UNION ALL SELECT m.message_id AS message_id, m.created_at AS created_at FROM finding_acts a
            JOIN act_recipients n ON n.act_id = a.id AND n.recipient = $1 JOIN messages m ON m.id = n.message_id
            WHERE a.finding_id = $2 AND m.state <> 'failed') AS notified
        ORDER BY created_at DESC LIMIT 1";
    Ok(sql!(tx, LAST, [recipient, finding], fetch_optional as (String, String))?.map(|(message_id, _)| message_id))
}
