//! Findings that are not about pairs: a project outside its village or the country, works on one coordinate, the summary
//! of a day. Each has a deduplication key. They are opened, closed and reopened here alone, with an entry in the change log.

use super::gathering::{Gathering, log};
use crate::domain::change::ChangeAction;
use crate::domain::finding::ClosedBecause;
use crate::store::finding_writes::{self, NewFinding};
use crate::store::{Result, Tx, decisions};
use uuid::Uuid;

/// Writes a finding, and opens it if it was closed. Returns its id and whether it is new, open again, or an alert now.
pub async fn open(tx: &mut Tx, gathering: Gathering<'_>, finding: &NewFinding) -> Result<(Uuid, bool)> {
    let (id, is_news) = finding_writes::upsert(tx, finding, gathering.now).await?;
    if is_news {
        log(tx, gathering, id, ChangeAction::Open);
    }
    Ok((id, is_news))
}

/// Whether a person decided this finding and it still has the same facts.
pub async fn is_settled(tx: &mut Tx, finding: &NewFinding) -> Result<bool> {
    let standing = decisions::find_in_force(tx, &finding.dedup_key).await?;
    let digest = finding_writes::facts_digest(finding.kind, &finding.details);
    Ok(standing.is_some_and(|standing| standing.decision.closes() && standing.facts_digest == digest))
}

/// Closes a finding that is open.
pub async fn close(tx: &mut Tx, gathering: Gathering<'_>, id: Uuid, because: ClosedBecause) -> Result<()> {
    if finding_writes::close(tx, id, because, gathering.now).await? {
        log(tx, gathering, id, ChangeAction::Close);
    }
    Ok(())
}

/// Closes the finding with this key if it is open.
pub async fn close_by_key(tx: &mut Tx, gathering: Gathering<'_>, key: &str, because: ClosedBecause) -> Result<()> {
    if let Some(id) = finding_writes::close_by_key(tx, key, because, gathering.now).await? {
        log(tx, gathering, id, ChangeAction::Close);
    }
    Ok(())
}

/// Closes the open findings about this project alone: it was withdrawn, or merged into another.
pub async fn close_of_project(
    tx: &mut Tx,
    gathering: Gathering<'_>,
    project: Uuid,
    because: ClosedBecause,
) -> Result<()> {
    for id in finding_writes::close_of_project(tx, project, because, gathering.now).await? {
        log(tx, gathering, id, ChangeAction::Close);
    }
    Ok(())
}

/// Opens a closed finding again without a new round: its decision was taken back.
pub async fn reopen(tx: &mut Tx, gathering: Gathering<'_>, id: Uuid) -> Result<()> {
    if finding_writes::reopen(tx, id, gathering.now).await? {
        log(tx, gathering, id, ChangeAction::Reopen);
    }
    Ok(())
}
