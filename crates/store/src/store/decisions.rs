//! Decisions on findings. A row is never changed but for being taken back.

use super::sql::MOST_VALUES;
use super::{Result, StoreError, Tx, insert_many, list, list_in, newest_first, sql, to_text};
use crate::domain::Time;
use crate::domain::decision::Decision;
use crate::domain::post::Author;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A decision to be written.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    /// Made by the client.
    pub id: Uuid,
    pub finding_id: Uuid,
    pub decision: Decision,
    pub reason: &'a str,
    pub decided_by: Author,
    pub body_digest: &'a str,
    /// Of a finding without pairs.
    pub facts_digest: Option<&'a str>,
    /// The record that the others are merged into.
    pub kept: Option<Uuid>,
}

/// A pair as it was when it was decided.
#[derive(Clone, Debug)]
pub struct DecidedPair {
    pub pair_id: Uuid,
    pub facts_digest: String,
    /// The facts of both and the verdict.
    pub seen: Value,
}

/// A stored decision.
#[derive(Clone, Debug)]
pub struct StoredDecision {
    pub id: Uuid,
    pub finding_id: Uuid,
    pub decision: Decision,
    pub reason: String,
    pub decided_by: String,
    pub decided_at: String,
    pub body_digest: String,
    pub facts_digest: Option<String>,
    pub kept: Option<Uuid>,
    pub taken_back_at: Option<String>,
    pub taken_back_by: Option<String>,
    /// The first [`FULLY_SEEN`], in the order of pairs.
    pub pairs: Vec<DecidedPair>,
    /// Whether it holds: it was not taken back, none was made after it on one of its pairs, and the facts of all of them are
    /// those it rests on.
    pub stands: bool,
}

/// A decision with its reason.
#[derive(Clone, Debug)]
pub struct DecisionInBrief {
    pub id: Uuid,
    pub decision: Decision,
    pub reason: String,
    /// The record that the others were merged into.
    pub kept: Option<Uuid>,
}

/// Of how many pairs a decision keeps and shows all that was seen; of the others each record once and the verdict without its
/// evidence. A person looks at no more, and a group of a thousand records has half a million pairs.
pub const FULLY_SEEN: usize = 200;

/// The decision in force on a finding without pairs, with the digest of the facts that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionInForce {
    pub decision: Decision,
    pub facts_digest: String,
}

pub async fn insert(tx: &mut Tx, new: &NewDecision<'_>, now: Time) -> Result<()> {
    const DECISION: &str = "INSERT INTO decisions
        (id, finding_id, decision, reason, decided_by, decided_at, body_digest, facts_digest, kept_id, by_role,
            by_region, by_post) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let by = &new.decided_by;
    sql!(
        tx,
        DECISION,
        [
            new.id,
            new.finding_id,
            new.decision.as_str(),
            new.reason,
            by.person,
            to_text(now),
            new.body_digest,
            new.facts_digest,
            new.kept,
            by.role.as_str(),
            by.region_code.as_deref(),
            by.post
        ],
        execute
    )?;
    Ok(())
}

/// Keeps what was seen of these pairs with their decision.
pub async fn insert_pairs(tx: &mut Tx, decision: Uuid, pairs: &[DecidedPair]) -> Result<()> {
    const PAIR: &str = "INSERT INTO decision_pairs (decision_id, pair_id, facts_digest, seen) ";
    insert_many!(tx, PAIR, pairs, |b, pair| {
        b.push_bind(decision)
            .push_bind(pair.pair_id)
            .push_bind(pair.facts_digest.clone())
            .push_bind(pair.seen.to_string());
    });
    Ok(())
}

/// Marks a decision as taken back; `false` where it was already.
pub async fn take_back(tx: &mut Tx, id: Uuid, by: Uuid, now: Time) -> Result<bool> {
    const TAKE_BACK: &str =
        "UPDATE decisions SET taken_back_at = $2, taken_back_by = $3 WHERE id = $1 AND taken_back_at IS NULL";
    Ok(sql!(tx, TAKE_BACK, [id, to_text(now), by], execute)? == 1)
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    id: Uuid,
    finding_id: Uuid,
    decision: String,
    reason: String,
    decided_by: String,
    decided_at: String,
    body_digest: String,
    facts_digest: Option<String>,
    kept_id: Option<Uuid>,
    taken_back_at: Option<String>,
    taken_back_by: Option<String>,
}

const DECISION: &str = "SELECT d.id AS id, d.finding_id AS finding_id, d.decision AS decision, d.reason AS reason,
        u.name AS decided_by, d.decided_at AS decided_at, d.body_digest AS body_digest, d.facts_digest AS facts_digest,
        d.kept_id AS kept_id, d.taken_back_at AS taken_back_at, t.name AS taken_back_by
    FROM decisions d JOIN users u ON u.id = d.decided_by LEFT JOIN users t ON t.id = d.taken_back_by";

/// Decisions of a finding, newest first. `after` is the (decided_at, id) last seen.
pub async fn list_page_of_finding(
    tx: &mut Tx,
    finding: Uuid,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredDecision>> {
    let rows = list!(tx, DecisionRow, |q| {
        q.push(DECISION).push(" WHERE d.finding_id = ").push_bind(finding);
        newest_first!(q, "d.decided_at", "d.id", after, limit);
    })?;
    with_pairs(tx, rows).await
}

/// The last decision of a finding that was not taken back.
pub async fn find_last(tx: &mut Tx, finding: Uuid) -> Result<Option<StoredDecision>> {
    let rows = list!(tx, DecisionRow, |q| {
        q.push(DECISION).push(" WHERE d.taken_back_at IS NULL AND d.finding_id = ").push_bind(finding);
        q.push(" ORDER BY d.decided_at DESC, d.id DESC LIMIT 1");
    })?;
    Ok(with_pairs(tx, rows).await?.pop())
}

/// One decision.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<StoredDecision>> {
    let rows = list!(tx, DecisionRow, |q| {
        q.push(DECISION).push(" WHERE d.id = ").push_bind(id);
    })?;
    Ok(with_pairs(tx, rows).await?.into_iter().next())
}

/// Those of these that are decisions, without what was seen.
pub async fn find_in_brief(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<DecisionInBrief>> {
    const FIND: &str = "SELECT id, decision, reason, kept_id FROM decisions WHERE id";
    list_in!(tx, (Uuid, String, String, Option<Uuid>), FIND, ids)
        .into_iter()
        .map(|(id, decision, reason, kept)| {
            let decision = Decision::parse(&decision).ok_or(StoreError::Corrupt("decisions.decision", id))?;
            Ok(DecisionInBrief { id, decision, reason, kept })
        })
        .collect()
}

/// The pairs that a decision is about, in order. No limit: what is undone is undone for each; a group has an end
/// (`findings/gather.rs`).
pub async fn list_pair_ids(tx: &mut Tx, decision: Uuid) -> Result<Vec<Uuid>> {
    const PAIRS: &str = "SELECT pair_id FROM decision_pairs WHERE decision_id = $1 ORDER BY pair_id";
    Ok(sql!(tx, PAIRS, [decision], fetch_all as (Uuid,))?.into_iter().map(|(pair,)| pair).collect())
}

async fn with_pairs(tx: &mut Tx, rows: Vec<DecisionRow>) -> Result<Vec<StoredDecision>> {
    const SEEN: &str =
        "SELECT pair_id, facts_digest, seen FROM decision_pairs WHERE decision_id = $1 ORDER BY pair_id LIMIT $2";
    let mut decisions = Vec::with_capacity(rows.len());
    for row in rows {
        let most = i64::try_from(FULLY_SEEN).unwrap_or(i64::MAX);
        let pairs = sql!(tx, SEEN, [row.id, most], fetch_all as (Uuid, String, String))?
            .into_iter()
            .map(|(pair_id, facts_digest, seen)| {
                let seen =
                    serde_json::from_str(&seen).map_err(|_| StoreError::Corrupt("decision_pairs.seen", row.id))?;
                Ok(DecidedPair { pair_id, facts_digest, seen })
            })
            .collect::<Result<_>>()?;
        let stands = row.taken_back_at.is_none() && !is_overtaken(tx, &row).await?;
        let decision = Decision::parse(&row.decision).ok_or(StoreError::Corrupt("decisions.decision", row.id))?;
        decisions.push(StoredDecision {
            id: row.id,
            finding_id: row.finding_id,
            decision,
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            body_digest: row.body_digest,
            facts_digest: row.facts_digest,
            kept: row.kept_id,
            taken_back_at: row.taken_back_at,
            taken_back_by: row.taken_back_by,
            pairs,
            stands,
        });
    }
    Ok(decisions)
}

/// Whether the facts of one of its pairs changed, or another decision of its finding was made on one of them later.
async fn is_overtaken(tx: &mut Tx, row: &DecisionRow) -> Result<bool> {
    const CHANGED: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.pair_id FROM decision_pairs s
        JOIN pairs r ON r.id = s.pair_id WHERE s.decision_id = $1 AND s.facts_digest <> r.facts_digest LIMIT 1) AS changed";
    const LATER: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT s.pair_id FROM decisions d
        JOIN decision_pairs l ON l.decision_id = d.id
        JOIN decision_pairs s ON s.pair_id = l.pair_id AND s.decision_id = $1
        WHERE d.finding_id = $2 AND d.taken_back_at IS NULL
          AND (d.decided_at > $3 OR (d.decided_at = $3 AND d.id > $1)) LIMIT 1) AS later";
    if sql!(tx, CHANGED, [row.id], fetch_one as (i64,))?.0 > 0 {
        return Ok(true);
    }
    Ok(sql!(tx, LATER, [row.id, row.finding_id, row.decided_at.as_str()], fetch_one as (i64,))?.0 > 0)
}

/// The last decision about each of these pairs that was not taken back, where the facts that it rests on are still those.
pub async fn list_in_force(tx: &mut Tx, pairs: &[Uuid]) -> Result<HashMap<Uuid, Decision>> {
    const LAST: &str = "SELECT d.id, p.pair_id, d.decision,
        CAST(CASE WHEN p.facts_digest = r.facts_digest THEN 1 ELSE 0 END AS BIGINT)
        FROM decision_pairs p JOIN decisions d ON d.id = p.decision_id JOIN pairs r ON r.id = p.pair_id
        WHERE d.taken_back_at IS NULL AND p.pair_id";
    let mut last = HashMap::new();
    // All about one pair is in one part.
    for some in pairs.chunks(MOST_VALUES) {
        for (id, pair, decision, holds) in
            list_in!(tx, (Uuid, Uuid, String, i64), LAST, some, "ORDER BY d.decided_at, d.id")
        {
            let decision = Decision::parse(&decision).ok_or(StoreError::Corrupt("decisions.decision", id))?;
            last.insert(pair, (decision, holds == 1));
        }
    }
    Ok(last.into_iter().filter(|(_, (_, holds))| *holds).map(|(pair, (decision, _))| (pair, decision)).collect())
}

/// The last decision about a finding without pairs that was not taken back, with the digest of the facts that it rests
/// on.
pub async fn find_in_force(tx: &mut Tx, dedup_key: &str) -> Result<Option<DecisionInForce>> {
    const LAST: &str = "SELECT d.id, d.decision, d.facts_digest FROM decisions d JOIN findings g ON g.id = d.finding_id
        WHERE g.dedup_key = $1 AND d.taken_back_at IS NULL AND d.facts_digest IS NOT NULL
        ORDER BY d.decided_at DESC, d.id DESC LIMIT 1";
    let Some((id, decision, facts_digest)) = sql!(tx, LAST, [dedup_key], fetch_optional as (Uuid, String, String))?
    else {
        return Ok(None);
    };
    let decision = Decision::parse(&decision).ok_or(StoreError::Corrupt("decisions.decision", id))?;
    Ok(Some(DecisionInForce { decision, facts_digest }))
}

/// The finding and the decision by which a project was merged into another, where that decision was not taken back.
pub async fn find_merging(tx: &mut Tx, project: Uuid, into: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    const FIND: &str = "SELECT d.finding_id, d.id FROM pairs r JOIN decision_pairs p ON p.pair_id = r.id
        JOIN decisions d ON d.id = p.decision_id
        WHERE (r.a_id = $1 OR r.b_id = $1) AND d.kept_id = $2 AND d.taken_back_at IS NULL
        ORDER BY d.decided_at DESC, d.id DESC LIMIT 1";
    Ok(sql!(tx, FIND, [project, into], fetch_optional as (Uuid, Uuid))?)
}

/// Every pair that was decided as one work or as different works and whose facts are still those: (a, b, is one work).
/// `tapak calibrate` counts these. No limit: it estimates from all of them, on a machine of its own.
pub async fn list_labelled(tx: &mut Tx) -> Result<Vec<(Uuid, Uuid, bool)>> {
    const LIST: &str = "SELECT p.id, p.a_id, p.b_id, d.decision FROM decision_pairs s
        JOIN decisions d ON d.id = s.decision_id JOIN pairs p ON p.id = s.pair_id
        WHERE d.taken_back_at IS NULL AND s.facts_digest = p.facts_digest ORDER BY d.decided_at, d.id";
    let mut last: HashMap<Uuid, (Uuid, Uuid, Option<bool>)> = HashMap::new();
    for (id, a, b, decision) in sql!(tx, LIST, [], fetch_all as (Uuid, Uuid, Uuid, String))? {
        let decision = Decision::parse(&decision).ok_or(StoreError::Corrupt("decisions.decision", id))?;
        last.insert(id, (a, b, decision.is_duplicate()));
    }
    let mut labelled: Vec<_> = last.into_values().filter_map(|(a, b, duplicate)| Some((a, b, duplicate?))).collect();
    labelled.sort_unstable();
    Ok(labelled)
}
