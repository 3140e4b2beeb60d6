//! Photos: rows on stored files, which are named by their SHA-256.

use super::{Result, Tx, list, list_in, sql, to_text};
use crate::domain::Time;
use crate::domain::progress::PhotoState;
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

/// The EXIF data of the file: a second witness of where and when.
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
    #[sqlx(try_from = "String")]
    pub state: PhotoState,
    pub error: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub media_type: Option<String>,
    /// The known fault of the stored file: `lost` or `damaged`.
    pub fault: Option<String>,
}

/// The expected size and hash of a stored file.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FileRow {
    pub sha256: String,
    pub bytes: i64,
    pub fault: Option<String>,
}

const PHOTO: &str = "SELECT p.id AS id, p.report_id AS report_id, r.project_id AS project_id, p.position AS position,
    p.station AS station, r.stage AS stage, p.sha256 AS sha256, p.capture_lon AS capture_lon, p.capture_lat AS capture_lat,
    p.capture_accuracy_m AS capture_accuracy_m, p.capture_heading AS capture_heading, p.capture_at AS capture_at,
    p.exif_lon AS exif_lon, p.exif_lat AS exif_lat, p.exif_at AS exif_at, p.exif_camera AS exif_camera,
    p.state AS state, p.error AS error, f.width AS width, f.height AS height, f.media_type AS media_type, f.fault AS fault
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
        exif_camera = $7, state = 'preparing', error = NULL WHERE id = $1 AND sha256 IS NULL";
    sql!(tx, FILE, [file.sha256, file.bytes, file.media_type, file.width, file.height, to_text(now)], execute)?;
    let changed = sql!(
        tx,
        PHOTO,
        [photo, file.sha256, to_text(now), exif.lon, exif.lat, exif.at.map(to_text), exif.camera.as_deref()],
        execute
    )?;
    Ok(changed == 1)
}

/// Records why the bytes that came for a photo were refused. Others may come still.
pub async fn refuse(tx: &mut Tx, photo: Uuid, code: &str) -> Result<()> {
    const REFUSE: &str = "UPDATE photos SET state = 'failed', error = $2 WHERE id = $1 AND sha256 IS NULL";
    sql!(tx, REFUSE, [photo, code], execute)?;
    Ok(())
}

/// Marks that the derivatives are there, or why they cannot be made.
pub async fn mark(tx: &mut Tx, photo: Uuid, state: PhotoState, error: Option<&str>) -> Result<()> {
    const MARK: &str = "UPDATE photos SET state = $2, error = $3 WHERE id = $1";
    sql!(tx, MARK, [photo, state.as_str(), error], execute)?;
    Ok(())
}

/// Files that were stored and not erased, by hash, behind `after`.
pub async fn list_files(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<FileRow>> {
    const LIST: &str = "SELECT sha256, bytes, fault FROM stored_files WHERE sha256 > $1 AND erased_at IS NULL
        ORDER BY sha256 LIMIT $2";
    Ok(sql!(tx, LIST, [after, limit], fetch_all as FileRow)?)
}

/// How many files were stored and not erased, and their bytes in all.
pub async fn sum_files(tx: &mut Tx) -> Result<(i64, i64)> {
    const SUM: &str =
        "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM stored_files WHERE erased_at IS NULL";
    Ok(sql!(tx, SUM, [], fetch_one as (i64, i64))?)
}

/// The photos (id, project) that are this file, in the order of their ids. No limit: what is found out about the file is
/// marked with each.
pub async fn list_of_file(tx: &mut Tx, sha256: &str) -> Result<Vec<(Uuid, Uuid)>> {
    const LIST: &str = "SELECT p.id, r.project_id FROM photos p JOIN progress_reports r ON r.id = p.report_id
        WHERE p.sha256 = $1 ORDER BY p.id";
    Ok(sql!(tx, LIST, [sha256], fetch_all as (Uuid, Uuid))?)
}

/// Remembers what is wrong with a stored file, or with `None` that nothing is.
pub async fn mark_fault(tx: &mut Tx, sha256: &str, fault: Option<&str>, now: Time) -> Result<()> {
    const MARK: &str = "UPDATE stored_files SET fault = $2, fault_at = $3 WHERE sha256 = $1";
    sql!(tx, MARK, [sha256, fault, fault.map(|_| to_text(now))], execute)?;
    Ok(())
}

/// The digests of the small pictures of a file, by size. No limit: there are few sizes.
pub async fn list_derivatives(tx: &mut Tx, sha256: &str) -> Result<Vec<(String, String)>> {
    const LIST: &str = "SELECT size, digest FROM derivatives WHERE sha256 = $1";
    Ok(sql!(tx, LIST, [sha256], fetch_all as (String, String))?)
}

/// Remembers the bytes of a small picture by their digest.
pub async fn mark_derivative(tx: &mut Tx, sha256: &str, size: &str, digest: &str) -> Result<()> {
    const MARK: &str = "INSERT INTO derivatives (sha256, size, digest) VALUES ($1, $2, $3)
        ON CONFLICT (sha256, size) DO UPDATE SET digest = excluded.digest";
    sql!(tx, MARK, [sha256, size, digest], execute)?;
    Ok(())
}
