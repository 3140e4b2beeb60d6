//! Reports and photos of a work as somebody sees them.

use super::ShownProject;
use crate::domain::footprint::Part;
use crate::domain::progress::PhotoState;
use crate::spatial::metres;
use crate::store::photos::PhotoRow;
use crate::store::reports::ReportRow;
use geo::{Geometry, Point};
use serde::Serialize;
use std::marker::PhantomData;
use uuid::Uuid;

/// Where and when the photo was taken by the phone's own report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaptureView {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub heading_deg: Option<f64>,
    pub taken_at: Option<String>,
}

/// The photo's EXIF data: a second witness.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExifView {
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub taken_at: Option<String>,
    pub camera: Option<String>,
}

/// A private field: a value with it can only be constructed in this module.
type OnlyHere = PhantomData<Sealed>;

#[derive(Debug)]
struct Sealed;

/// A photo as somebody sees it. Only [`ShownProject::photo`] makes one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhotoView {
    pub id: Uuid,
    pub position: i64,
    pub stage: Option<String>,
    pub station: Option<String>,
    /// The bytes are on disk.
    pub received: bool,
    /// The receipt.
    pub sha256: Option<String>,
    pub state: PhotoState,
    /// Why it failed. Where nothing was received, the code with which the bytes were refused: other ones may be sent.
    pub error: Option<String>,
    /// The fault of the stored file, for staff: `lost` or `damaged`. Sending the photo again repairs it.
    pub fault: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub capture: Option<CaptureView>,
    pub exif: Option<ExifView>,
    /// Metres from the footprint, by the phone's position or else the file's.
    pub distance_m: Option<f64>,
    pub thumb: Option<String>,
    pub screen: Option<String>,
    pub original: Option<String>,
    #[serde(skip)]
    only_here: OnlyHere,
}

/// A report as somebody sees it. Only [`ShownProject::report`] makes one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportView {
    pub id: Uuid,
    pub reported_on: String,
    pub percent: f64,
    pub stage: Option<String>,
    /// `null` for the public, of a grant house.
    pub note: Option<String>,
    /// `null` for the public.
    pub by: Option<String>,
    pub received_at: String,
    pub photos: Vec<PhotoView>,
    #[serde(skip)]
    only_here: OnlyHere,
}

impl ShownProject {
    /// A report of this work. Field notes about a grant house often contain its address or its owner.
    pub fn report(&self, row: ReportRow, photos: Vec<PhotoView>) -> ReportView {
        ReportView {
            id: row.id,
            reported_on: row.reported_on,
            percent: row.percent,
            stage: row.stage,
            note: self.text(row.note),
            by: row.by.filter(|_| self.shows_all()),
            received_at: row.received_at,
            photos,
            only_here: PhantomData,
        }
    }

    /// A photo of this work: the exact place and the device are nothing for the public. `parts` is what it should show, of this
    /// work or of the one that it was merged into; `None` where that is not shown.
    pub fn photo(&self, parts: Option<&[Part]>, row: PhotoRow) -> PhotoView {
        let ready = row.state == PhotoState::Ready;
        let url = |size: &str| format!("/api/v1/photos/{}/{size}", row.id);
        let has_capture = row.capture_lon.is_some() || row.capture_at.is_some();
        let has_exif = row.exif_lon.is_some() || row.exif_at.is_some() || row.exif_camera.is_some();
        let distance_m = parts.filter(|_| self.shows_place()).and_then(|parts| distance_m(&row, parts));
        PhotoView {
            received: row.sha256.is_some(),
            thumb: ready.then(|| url("thumb")),
            screen: ready.then(|| url("screen")),
            original: (row.sha256.is_some() && self.shows_all()).then(|| url("original")),
            id: row.id,
            position: row.position,
            stage: row.stage,
            station: self.text(row.station),
            sha256: row.sha256.filter(|_| self.shows_all()),
            state: row.state,
            error: row.error,
            fault: row.fault.filter(|_| self.shows_all()),
            width: row.width,
            height: row.height,
            capture: (has_capture && self.shows_all()).then_some(CaptureView {
                lon: row.capture_lon,
                lat: row.capture_lat,
                accuracy_m: row.capture_accuracy_m,
                heading_deg: row.capture_heading,
                taken_at: row.capture_at,
            }),
            exif: (has_exif && self.shows_all()).then_some(ExifView {
                lon: row.exif_lon,
                lat: row.exif_lat,
                taken_at: row.exif_at,
                camera: row.exif_camera,
            }),
            distance_m,
            only_here: PhantomData,
        }
    }
}

/// Metres between where a photo was taken and the nearest of these parts.
fn distance_m(row: &PhotoRow, parts: &[Part]) -> Option<f64> {
    let (lon, lat) = row.capture_lon.zip(row.capture_lat).or(row.exif_lon.zip(row.exif_lat))?;
    let here = Geometry::Point(Point::new(lon, lat));
    parts.iter().map(|part| metres::distance_m(&here, &part.geometry)).min_by(f64::total_cmp)
}
