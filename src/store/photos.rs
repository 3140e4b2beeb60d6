//! Photos: rows on stored files, which are named by their SHA-256.

use super::{Result, Tx, list, list_in, sql, to_text};
use crate::domain::Time;
use uuid::Uuid;

/// A stored file: the bytes are in the photo store under this name.
#[derive(Clone, Debug)]
pub struct StoredFile<'a> {
    pub sha256: &'a str,
    pub bytes: i64,
    pub media_type: &'a str,
    pub width: i64,
    pub height: i64,
}

/// What the file itself says of where and when: a second witness.
#[derive(Clone, Debug, Default)]
pub struct Exif {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub at: Option<Time>,
    pub camera: Option<String>,
}

/// A photo with its file and its report's project.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PhotoRow {
    pub id: Uuid,
    pub report_id: Uuid,
    pub project_id: Uuid,
    pub position: i64,
    pub station: Option<String>,
    pub stage: Option<String>,
    pub sha256: Option<String>,
    pub capture_lon: Option<f64>,
    pub capture_lat: Option<f64>,
    pub capture_accuracy_m: Option<f64>,
    pub capture_heading: Option<f64>,
    pub capture_at: Option<String>,
    pub exif_lon: Option<f64>,
    pub exif_lat: Option<f64>,
    pub exif_at: Option<String>,
    pub exif_camera: Option<String>,
    pub state: String,
    pub error: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub media_type: Option<String>,
}

const PHOTO: &str = "SELECT p.id AS id, p.report_id AS report_id, r.project_id AS project_id, p.position AS position,
    p.station AS station, r.stage AS stage, p.sha256 AS sha256, p.capture_lon AS capture_lon, p.capture_lat AS capture_lat,
    p.capture_accuracy_m AS capture_accuracy_m, p.capture_heading AS capture_heading, p.capture_at AS capture_at,
    p.exif_lon AS exif_lon, p.exif_lat AS exif_lat, p.exif_at AS exif_at, p.exif_camera AS exif_camera,
    p.state AS state, p.error AS error, f.width AS width, f.height AS height, f.media_type AS media_type
    FROM photos p JOIN progress_reports r ON r.id = p.report_id LEFT JOIN stored_files f ON f.sha256 = p.sha256";

pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<PhotoRow>> {
    let rows = list!(tx, PhotoRow, |q| {
        q.push(PHOTO).push(" WHERE p.id = ").push_bind(id);
    })?;
    Ok(rows.into_iter().next())
}

/// The photos of these reports, in order.
pub async fn list_of_reports(tx: &mut Tx, reports: &[Uuid]) -> Result<Vec<PhotoRow>> {
    let before = format!("{PHOTO} WHERE p.report_id");
    Ok(list_in!(tx, PhotoRow, &before, reports, "ORDER BY p.report_id, p.position"))
}

/// Records that the bytes of a photo are on disk; `false` where the photo holds a file already.
pub async fn receive(tx: &mut Tx, photo: Uuid, file: &StoredFile<'_>, exif: &Exif, now: Time) -> Result<bool> {
    const FILE: &str = "INSERT INTO stored_files (sha256, bytes, media_type, width, height, stored_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING";
    const PHOTO: &str = "UPDATE photos SET sha256 = $2, received_at = $3, exif_lon = $4, exif_lat = $5, exif_at = $6,
        exif_camera = $7, state = 'preparing' WHERE id = $1 AND sha256 IS NULL";
    sql!(tx, FILE, [file.sha256, file.bytes, file.media_type, file.width, file.height, to_text(now)], execute)?;
    let changed = sql!(
        tx,
        PHOTO,
        [photo, file.sha256, to_text(now), exif.lon, exif.lat, exif.at.map(to_text), exif.camera.as_deref()],
        execute
    )?;
    Ok(changed == 1)
}

/// Marks that the derivatives are there, or why they cannot be made.
pub async fn mark(tx: &mut Tx, photo: Uuid, state: &str, error: Option<&str>) -> Result<()> {
    const MARK: &str = "UPDATE photos SET state = $2, error = $3 WHERE id = $1";
    sql!(tx, MARK, [photo, state, error], execute)?;
    Ok(())
}
