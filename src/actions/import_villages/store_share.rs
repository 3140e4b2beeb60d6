//! One share of regions, compared with what is known and stored.

use super::recheck::recheck;
use super::shares::{Wanted, codes};
use super::{RECHECK_UNLESS_ENDED, Report};
use crate::actions::Result;
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::doer::Doer;
use crate::domain::{Day, Invalid};
use crate::store::Change;
use crate::store::imports::{self, Counts};
use crate::store::regions::{self, CurrentVersion};
use std::collections::HashMap;
use uuid::Uuid;

/// Whether any of these is to be stored; refuses what would begin before the version it follows.
pub(super) async fn differs(
    app: &App,
    wanted: &[Wanted],
    valid_from: Day,
    parents: &mut HashMap<String, Uuid>,
) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let current = regions::current_of(&mut tx, &codes(wanted)).await?;
    drop(tx);
    let mut differs = false;
    for wanted in wanted {
        let Some(known) = current.get(&wanted.code) else {
            differs = true;
            continue;
        };
        if !wanted.is_village() {
            parents.insert(wanted.code.clone(), known.region_id);
        }
        if !wanted.is_same_as(known) {
            refuse_older(known, valid_from)?;
            differs = true;
        }
    }
    Ok(differs)
}

fn refuse_older(known: &CurrentVersion, valid_from: Day) -> Result<()> {
    let day = valid_from.to_string();
    if known.valid_from <= day {
        return Ok(());
    }
    Err(Invalid::new("valid_from_before_current", "valid_from")
        .with("given", day)
        .with("code", known.code.clone())
        .with("current", known.valid_from.clone())
        .into())
}

/// Which share of which import it is, and from which day it holds.
pub(super) struct ShareOfImport {
    pub import_id: Uuid,
    pub number: i64,
    pub valid_from: Day,
}

/// One share in one transaction; gives the villages that were there before and are changed.
pub(super) async fn store_share(
    app: &App,
    share: &ShareOfImport,
    wanted: &[Wanted],
    parents: &mut HashMap<String, Uuid>,
    report: &mut Report,
) -> Result<Vec<Uuid>> {
    let (now, day, chunk_id) = (app.clock.now(), share.valid_from.to_string(), app.clock.id());
    let mut tx = app.store.write().await?;
    let current = regions::current_of(&mut tx, &codes(wanted)).await?;
    let (mut ended, mut corrected, mut identities) = (Vec::new(), Vec::new(), Vec::new());
    let (mut versions, mut changed) = (Vec::new(), Vec::new());
    let mut counts = Counts::default();
    for wanted in wanted {
        let known = current.get(&wanted.code);
        let id = known.map_or_else(|| app.clock.id(), |version| version.region_id);
        if !wanted.is_village() {
            parents.insert(wanted.code.clone(), id);
        }
        match known {
            Some(known) if wanted.is_same_as(known) => {
                counts.same += i64::from(wanted.is_village());
                continue;
            }
            Some(known) => {
                refuse_older(known, share.valid_from)?;
                if known.valid_from == day {
                    corrected.push(known.id)
                } else {
                    ended.push(known.id)
                }
                if wanted.is_village() {
                    counts.changed += 1;
                    changed.push(id);
                }
            }
            None => {
                counts.new += i64::from(wanted.is_village());
                identities.push(id);
            }
        }
        let parent = wanted.parent.as_ref().and_then(|code| parents.get(code).copied());
        versions.push(wanted.version(app.clock.id(), id, parent, known));
    }
    regions::end_versions(&mut tx, &ended, &day).await?;
    regions::delete_versions(&mut tx, &corrected).await?;
    regions::insert_regions(&mut tx, &identities, now).await?;
    regions::insert_versions(&mut tx, &versions, &day).await?;
    imports::store_chunk(&mut tx, chunk_id, share.import_id, share.number, counts, now).await?;
    recheck(app, &mut tx, &changed, now + RECHECK_UNLESS_ENDED).await?;
    for version in &versions {
        let change = Change::new(now, Entity::Region, version.region_id, ChangeAction::Import, Doer::terminal());
        tx.log(change.of_chunk(chunk_id));
    }
    tx.commit().await?;
    report.new += usize::try_from(counts.new).unwrap_or_default();
    report.changed += usize::try_from(counts.changed).unwrap_or_default();
    report.same += usize::try_from(counts.same).unwrap_or_default();
    Ok(changed)
}
