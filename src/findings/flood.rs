//! Limits the alerts of a village and day: beyond that number, which a boiler-plate title soon reaches, the rest are
//! reported in one summary.

use super::gathering::Gathering;
use super::keyed;
use crate::domain::finding::{ClosedBecause, FindingKind, Severity};
use crate::domain::{Day, Time};
use crate::groups::beyond_limit;
use crate::spatial::zone::zone_of;
use crate::store::finding_pairs::Group;
use crate::store::finding_writes::{self, NewFinding};
use crate::store::stakes::ProjectAtStake;
use crate::store::{Result, Tx};
use chrono::{NaiveTime, TimeZone, Utc};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Maximum number of members listed in a summary.
const MOST_MEMBERS: usize = 50;

/// Folds these new alerts into the summary of their village and day, as far as they are beyond its number of today.
pub async fn fold_into_daily_summaries(
    tx: &mut Tx,
    gathering: Gathering<'_>,
    mut alerts: Vec<&mut Group>,
    stakes: &HashMap<Uuid, ProjectAtStake>,
) -> Result<()> {
    let ids: HashSet<Uuid> = alerts.iter().map(|group| group.id).collect();
    let stake = |group: &Group| group.projects.first().and_then(|project| stakes.get(project));
    let villages: Vec<Option<Uuid>> = alerts.iter().map(|group| Some(stake(group)?.village_id)).collect();
    let today: BTreeMap<Uuid, Today> = alerts
        .iter()
        .filter_map(|group| stake(group))
        .map(|stake| (stake.village_id, Today::of(stake, gathering.now)))
        .collect();
    let mut reported: HashMap<Uuid, usize> = HashMap::new();
    for (village, today) in &today {
        let count = finding_writes::count_alerts(tx, *village, &ids, today.since, gathering.village_day).await?;
        reported.insert(*village, count);
    }
    let beyond = beyond_limit(&villages, reported, gathering.village_day);
    for ((group, village), is_beyond) in alerts.iter_mut().zip(villages).zip(beyond) {
        let Some((village, today)) = village.and_then(|village| Some((village, today.get(&village)?))) else {
            continue;
        };
        group.summary_id = match is_beyond {
            true => Some(find_or_open_summary(tx, gathering, village, today, &group.projects).await?),
            false => None,
        };
    }
    Ok(())
}

/// The day of a village, by its own clock.
struct Today<'a> {
    village: &'a str,
    day: Day,
    /// Its midnight.
    since: Time,
}

impl<'a> Today<'a> {
    fn of(stake: &'a ProjectAtStake, now: Time) -> Self {
        let zone = zone_of(&stake.village_code);
        let day = now.with_timezone(&zone).date_naive();
        let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single();
        let since = midnight.map_or(now, |midnight| midnight.with_timezone(&Utc));
        Self { village: &stake.village_name, day, since }
    }
}

/// The summary of a village and day; a new one has these projects.
async fn find_or_open_summary(
    tx: &mut Tx,
    gathering: Gathering<'_>,
    village: Uuid,
    today: &Today<'_>,
    projects: &[Uuid],
) -> Result<Uuid> {
    let dedup_key = format!("flood:{village}:{}", today.day);
    if let Some(id) = finding_writes::find_open(tx, &dedup_key).await? {
        return Ok(id);
    }
    let summary = NewFinding {
        id: gathering.clock.id(),
        kind: FindingKind::ManyAlerts,
        dedup_key,
        severity: Severity::Alert,
        rupiah: 0,
        details: json!({ "village": today.village, "day": today.day }),
        projects: projects.to_vec(),
        villages: vec![village],
    };
    Ok(keyed::open(tx, gathering, &summary).await?.0)
}

/// Updates a summary from the findings folded into it; closes it if none is left.
pub async fn sum_up(tx: &mut Tx, gathering: Gathering<'_>, summary: Uuid) -> Result<()> {
    let left = finding_writes::sum_up(tx, summary, MOST_MEMBERS, gathering.now).await?;
    if left == 0 {
        keyed::close(tx, gathering, summary, ClosedBecause::FactsChanged).await?;
    }
    Ok(())
}
