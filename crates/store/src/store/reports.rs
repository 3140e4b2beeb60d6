//! Progress reports with the photos that they announce.

use super::{Result, Tx, insert_many, sql, to_text};
use crate::domain::Time;
use crate::domain::progress::{NewReport, PhotoState};
use uuid::Uuid;

/// A stored report without its photos.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    pub id: Uuid,
    pub project_id: Uuid,
    pub reported_on: String,
    pub percent: f64,
    pub stage: Option<String>,
    pub note: Option<String>,
    #[sqlx(rename = "reporter")]
    pub by: Option<String>,
    pub received_at: String,
    pub body_digest: String,
}

/// Adds a report; `false` where one with this id is there.
pub async fn insert(tx: &mut Tx, report: &NewReport, by: Option<Uuid>, digest: &str, now: Time) -> Result<bool> {
    const ADD: &str = "INSERT INTO progress_reports (id, project_id, reported_on, percent, stage, note, reported_by, received_at, body_digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
    let added = sql!(
        tx,
        ADD,
        [
            report.id,
            report.project_id,
            report.reported_on.to_string(),
            report.percent,
            report.stage.as_deref(),
            report.note.as_deref(),
            by,
            to_text(now),
            digest
        ],
        execute
    )?;
    if added == 0 {
        return Ok(false);
    }
    const PHOTOS: &str =
        "INSERT INTO photos (id, report_id, position, announced_bytes, station, capture_lon, capture_lat,
        capture_accuracy_m, capture_heading, capture_at, state) ";
    insert_many!(tx, PHOTOS, report.photos, |b, photo| {
        let capture = photo.capture.clone().unwrap_or_default();
        b.push_bind(photo.id)
            .push_bind(report.id)
            .push_bind(photo.position)
            .push_bind(photo.bytes)
            .push_bind(photo.station.clone())
            .push_bind(capture.lon)
            .push_bind(capture.lat)
            .push_bind(capture.accuracy_m)
            .push_bind(capture.heading_deg)
            .push_bind(capture.taken_at.map(to_text))
            .push_bind(PhotoState::Waiting.as_str());
    });
    Ok(true)
}

const REPORT: &str =
    "SELECT r.id AS id, r.project_id AS project_id, r.reported_on AS reported_on, r.percent AS percent,
    r.stage AS stage, r.note AS note, u.name AS reporter, r.received_at AS received_at, r.body_digest AS body_digest
    FROM progress_reports r LEFT JOIN users u ON u.id = r.reported_by";

pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<ReportRow>> {
    let rows = super::list!(tx, ReportRow, |q| {
        q.push(REPORT).push(" WHERE r.id = ").push_bind(id);
    })?;
    Ok(rows.into_iter().next())
}

/// The reports of these projects, newest day first; `after` is the (day, id) last seen.
pub async fn list_of(
    tx: &mut Tx,
    projects: &[Uuid],
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<ReportRow>> {
    let before = format!("{REPORT} WHERE r.project_id");
    let mut all = super::list_in!(tx, ReportRow, &before, projects, |q| {
        if let Some((day, id)) = after {
            q.push(" AND (r.reported_on < ").push_bind(day.clone());
            q.push(" OR (r.reported_on = ").push_bind(day.clone()).push(" AND r.id < ").push_bind(*id).push("))");
        }
        q.push(" ORDER BY r.reported_on DESC, r.id DESC LIMIT ").push_bind(limit);
    });
    all.sort_unstable_by(|x, y| (&y.reported_on, y.id).cmp(&(&x.reported_on, x.id)));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}
