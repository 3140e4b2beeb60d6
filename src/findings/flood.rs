//! Limits the alerts of a village and day: beyond that number, which a boiler-plate title soon reaches, the rest are
//! reported in one summary.

use super::gathering::Gathering;
use super::keyed;
use crate::domain::finding::{ClosedBecause, FindingKind, Severity};
use crate::spatial::zone::zone_of;
use crate::store::finding_pairs::Group;
use crate::store::findings::{self, NewFinding};
use crate::store::stakes::ProjectAtStake;
use crate::store::{Result, Tx, to_text};
use chrono::{NaiveTime, TimeZone, Utc};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Maximum number of members listed in a summary.
const MOST_MEMBERS: usize = 50;

/// Folds an alert into the summary of its village and day if that village has had its number of alerts today.
pub async fn fold_into_daily_summary(
    tx: &mut Tx,
    gathering: Gathering<'_>,
    group: &mut Group,
    stakes: &HashMap<Uuid, ProjectAtStake>,
) -> Result<()> {
    let Some(stake) = group.projects.first().and_then(|project| stakes.get(project)) else { return Ok(()) };
    let zone = zone_of(&stake.village_code);
    let day = gathering.now.with_timezone(&zone).date_naive();
    let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single();
    let since = midnight.map_or(gathering.now, |midnight| midnight.with_timezone(&Utc));
    let most = i64::try_from(gathering.village_day).unwrap_or(i64::MAX);
    if findings::count_alerts(tx, stake.village_id, group.id, &to_text(since), most).await? < most {
        group.summary_id = None;
        return Ok(());
    }
    let dedup_key = format!("flood:{}:{day}", stake.village_id);
    if let Some(id) = findings::find_open(tx, &dedup_key).await? {
        group.summary_id = Some(id);
        return Ok(());
    }
    let summary = NewFinding {
        id: gathering.clock.id(),
        kind: FindingKind::ManyAlerts,
        dedup_key,
        severity: Severity::Alert,
        rupiah: 0,
        details: json!({ "village": stake.village_name, "day": day }),
        projects: group.projects.clone(),
        villages: vec![stake.village_id],
    };
    let (id, _) = keyed::open(tx, gathering, &summary).await?;
    group.summary_id = Some(id);
    Ok(())
}

/// Updates a summary from the findings folded into it; closes it if none is left.
pub async fn sum_up(tx: &mut Tx, gathering: Gathering<'_>, summary: Uuid) -> Result<()> {
    let left = findings::sum_up(tx, summary, MOST_MEMBERS, gathering.now).await?;
    if left == 0 {
        keyed::close(tx, gathering, summary, ClosedBecause::FactsChanged).await?;
    }
    Ok(())
}
