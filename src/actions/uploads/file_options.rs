//! How a file is read: what its person said of it, and the headings of this installation.

use super::Broken;
use crate::app::App;
use crate::domain::upload::UploadOptions;
use crate::duplicates::extract_owner;
use crate::import::{Correction, Crs, Headings, ImportError, Input, Needs, ReadOptions};
use crate::store::uploads::Upload;

/// The bytes of an upload under the name that they were given.
pub(super) fn input(app: &App, upload: &Upload) -> Input {
    Input::kept(&upload.file_name, app.photos.upload_path(upload.id, &upload.sha256))
}

/// The options of the reader.
pub(super) fn read_options(app: &App, options: &UploadOptions) -> Result<ReadOptions, Broken> {
    let mut read = ReadOptions {
        source: options.source.clone(),
        layer: options.layer.clone(),
        key: options.key.clone(),
        swap: options.swap,
        crs: options.crs.as_deref().map(Crs::parse).transpose()?,
        values: options.values.iter().map(|value| (value.field.clone(), value.text.clone())).collect(),
        headings: headings(app)?,
        readings: options.readings.clone(),
        needs: Needs::Registration,
        owner_of: extract_owner,
        ..ReadOptions::default()
    };
    for choice in &options.columns {
        match &choice.field {
            Some(field) => read.map.push((field.clone(), choice.column.clone())),
            None => read.ignore.push(choice.column.clone()),
        }
    }
    let correction = |cell: &crate::domain::upload::CellCorrection| Correction {
        row: cell.row,
        column: cell.column.clone(),
        text: cell.text.clone(),
    };
    read.corrections = options.cells.iter().map(correction).collect();
    Ok(read)
}

/// The table of headings of this installation, if it has one: some kilobytes.
fn headings(app: &App) -> Result<Headings, ImportError> {
    let Some(path) = &app.config.headings else { return Ok(Headings::default()) };
    let unreadable = |cause| ImportError::Unreadable { file: path.display().to_string(), cause };
    Headings::parse(&std::fs::read_to_string(path).map_err(unreadable)?)
}
