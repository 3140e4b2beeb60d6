//! Faults that make a whole file unreadable. A wrong row is no error: it is refused, and the next one is read.

use super::formats::kind::Kind;
use serde_json::{Map, Value, json};

/// Why a file gave no rows, or stopped giving them.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{file} cannot be read")]
    Unreadable {
        file: String,
        #[source]
        cause: std::io::Error,
    },
    /// There is no place for a copy of it while it is read.
    #[error("{file} cannot be copied to the folder of temporary files")]
    NotCopied {
        file: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("{file} has over {most_bytes} bytes")]
    TooLarge { file: String, most_bytes: u64 },
    /// Rows of a pipe belong to no source until the user names one.
    #[error("{file} has no name that its rows could belong to: name one by --source")]
    NoSource { file: String },
    /// By its name the file is a new source, and another source has the same rows: each would be recorded twice.
    #[error("{same} of the first {of} rows of {file} are those of the source {other}")]
    KnownElsewhere { file: String, assumed: String, other: String, same: usize, of: usize },
    /// A format that is not read, or not the one of the file's ending.
    #[error("{file} is {kind}, not CSV, XLSX, GeoJSON, FlatGeobuf or GeoPackage")]
    OtherKind { file: String, kind: Kind, ending: Option<String> },
    #[error("{file} is {kind}, and borders of villages are read from GeoJSON, FlatGeobuf or GeoPackage")]
    NotBorders { file: String, kind: Kind },
    #[error("{file} is {kind}, and codes of BPS are read from a table")]
    NotCrosswalk { file: String, kind: Kind },
    #[error("{file} is no GeoJSON FeatureCollection, line {line}: {reason}")]
    NotGeoJson { file: String, line: u64, reason: String },
    #[error("{file} is no workbook that can be read: {reason}")]
    NotWorkbook { file: String, reason: String },
    #[error("{file} is no FlatGeobuf that can be read: {reason}")]
    NotFlatGeobuf { file: String, reason: String },
    /// A SQLite database without layers, a broken one, or one that another program has open.
    #[error("{file} is no GeoPackage that can be read: {reason}")]
    NotGeoPackage { file: String, reason: String },
    /// KML, GPX, a shapefile or an archive that is not as its format says.
    #[error("{file} is no sound {kind}: {reason}")]
    Unsound { file: String, kind: Kind, reason: String },
    /// Several layers of a GeoPackage have titles, or none does.
    #[error("{file} has several layers: {}", layers.join(", "))]
    ManyLayers { file: String, layers: Vec<String> },
    #[error("{file} has no layer {layer:?}; it has {}", layers.join(", "))]
    UnknownLayer { file: String, layer: String, layers: Vec<String> },
    /// The file ends in the middle of a feature: a copy or download that broke off. Formats of text count lines.
    #[error("{file} breaks off in feature {feature}, after {bytes} bytes")]
    Truncated { file: String, feature: u64, line: Option<u64>, bytes: u64 },
    /// The file's coordinates are in a system that cannot be transformed.
    #[error("{file} has the coordinate system {given}, which cannot be transformed")]
    CrsNotSupported { file: String, given: String },
    /// `--crs` names no system, or one that cannot be transformed.
    #[error("the coordinate system {given:?} is not known")]
    UnknownCrs { given: String },
    #[error("{file} is empty")]
    Empty { file: String },
    /// A heading, or an empty collection, and nothing below.
    #[error("{file} has no rows")]
    NoRows { file: String },
    /// No column holds an external id: the user names the columns that make the key.
    #[error("no column of {file} holds an id; name those that make the key: --key {}", suggested.join(","))]
    NoKeyColumn { file: String, columns: Vec<String>, suggested: Vec<String> },
    /// `--map` or `--key` names a column that the file does not have.
    #[error("{file} has no column {column:?} (for {field}); it has {}", columns.join(", "))]
    UnknownColumn { file: String, field: String, column: String, columns: Vec<String> },
    /// `--map` names a field that we do not have.
    #[error("there is no field {field:?}; fields are {}", fields.join(", "))]
    UnknownField { field: String, fields: Vec<String> },
    /// The user's table of headings is none.
    #[error("this is no table of headings: {reason}")]
    NotHeadings { reason: String },
    /// `--map` gives two fields the same column.
    #[error("column {column:?} is mapped to two fields")]
    MappedTwice { column: String },
    /// A field that each project needs has no column; `near` is a column that may be meant, with the field that it would be.
    #[error("{file} has no column for {field}; it has {}", columns.join(", "))]
    MissingColumn {
        file: String,
        field: String,
        columns: Vec<String>,
        near: Option<Box<(String, String)>>,
        /// The year in a title above the table.
        year: Option<i32>,
    },
    /// Hardly a row is good: another file was meant, or other columns.
    #[error("{file} has over {most} wrong cells up to row {row}")]
    TooManyRefused { file: String, row: u64, most: usize },
    /// One row larger than any real one: a quote that was never closed, or no table at all.
    #[error("row {row} of {file} has over {most_bytes} bytes")]
    RowTooLarge { file: String, row: u64, most_bytes: u64 },
}

impl ImportError {
    /// The stable code of this refusal, for the API and the catalogue.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::NotCopied { .. } => "file_not_copied",
            Self::TooLarge { .. } => "file_too_large",
            Self::NoSource { .. } => "source_missing",
            Self::KnownElsewhere { .. } => "list_known_elsewhere",
            Self::OtherKind { .. } => "file_of_other_kind",
            Self::NotBorders { .. } => "not_borders",
            Self::NotCrosswalk { .. } => "not_crosswalk",
            Self::NotGeoJson { .. } => "not_geojson",
            Self::NotWorkbook { .. } => "not_workbook",
            Self::NotFlatGeobuf { .. } => "not_flatgeobuf",
            Self::NotGeoPackage { .. } => "not_geopackage",
            Self::Unsound { .. } => "file_unsound",
            Self::ManyLayers { .. } => "many_layers",
            Self::UnknownLayer { .. } => "unknown_layer",
            Self::Truncated { .. } => "file_truncated",
            Self::CrsNotSupported { .. } => "crs_not_supported",
            Self::UnknownCrs { .. } => "crs_unknown",
            Self::Empty { .. } => "file_empty",
            Self::NoRows { .. } => "file_without_rows",
            Self::NoKeyColumn { .. } => "no_key_column",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::UnknownField { .. } => "unknown_field",
            Self::NotHeadings { .. } => "not_headings",
            Self::MappedTwice { .. } => "column_mapped_twice",
            Self::MissingColumn { .. } => "missing_column",
            Self::TooManyRefused { .. } => "too_many_refused",
            Self::RowTooLarge { .. } => "row_too_large",
        }
    }

    /// The named values in the sentence of this code.
    pub fn values(&self) -> Map<String, Value> {
        let values = match self {
            Self::Unreadable { file, cause } => json!({ "file": file, "reason": cause.to_string() }),
            Self::NotCopied { file, cause } => {
                json!({ "file": file, "folder": std::env::temp_dir(), "reason": cause.to_string() })
            }
            Self::TooLarge { file, most_bytes } => json!({ "file": file, "most_gigabytes": most_bytes >> 30 }),
            Self::NoSource { file } => json!({ "file": file }),
            Self::KnownElsewhere { file, assumed, other, same, of } => {
                json!({ "file": file, "source": assumed, "other": other, "same": same, "of": of })
            }
            Self::OtherKind { file, kind, ending } => json!({ "file": file, "kind": kind, "ending": ending }),
            Self::NotBorders { file, kind } | Self::NotCrosswalk { file, kind } => {
                json!({ "file": file, "kind": kind })
            }
            Self::NotGeoJson { file, line, reason } => json!({ "file": file, "line": line, "reason": reason }),
            Self::NotWorkbook { file, reason }
            | Self::NotFlatGeobuf { file, reason }
            | Self::NotGeoPackage { file, reason } => json!({ "file": file, "reason": reason }),
            Self::Unsound { file, kind, reason } => json!({ "file": file, "kind": kind, "reason": reason }),
            Self::ManyLayers { file, layers } => json!({ "file": file, "layers": layers }),
            Self::UnknownLayer { file, layer, layers } => json!({ "file": file, "layer": layer, "layers": layers }),
            Self::Truncated { file, feature, line, bytes } => {
                json!({ "file": file, "feature": feature, "line": line, "bytes": bytes })
            }
            Self::CrsNotSupported { file, given } => json!({ "file": file, "given": given }),
            Self::UnknownCrs { given } => json!({ "given": given }),
            Self::Empty { file } | Self::NoRows { file } => json!({ "file": file }),
            Self::NoKeyColumn { file, columns, suggested } => {
                json!({ "file": file, "columns": columns, "suggested": suggested })
            }
            Self::UnknownColumn { file, field, column, columns } => {
                json!({ "file": file, "field": field, "column": column, "columns": columns })
            }
            Self::UnknownField { field, fields } => json!({ "field": field, "fields": fields }),
            Self::NotHeadings { reason } => json!({ "reason": reason }),
            Self::MappedTwice { column } => json!({ "column": column }),
            Self::MissingColumn { file, field, columns, near, year } => {
                let (near_field, column) = near.as_deref().cloned().unzip();
                json!({
                    "file": file, "field": field, "columns": columns, "near_field": near_field, "near": column,
                    "year": year,
                })
            }
            Self::TooManyRefused { file, row, most } => json!({ "file": file, "row": row, "most": most }),
            Self::RowTooLarge { file, row, most_bytes } => {
                json!({ "file": file, "row": row, "most_bytes": most_bytes })
            }
        };
        match values {
            Value::Object(values) => values,
            _ => Map::new(),
        }
    }
}
