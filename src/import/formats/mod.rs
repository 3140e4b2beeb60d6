//! Files as rows: the source of the bytes, their format, and one reader for each format.

pub mod csv;
mod esri_json;
pub mod feature;
pub mod feature_rows;
pub mod features;
mod fgb_feature;
mod flatgeobuf;
pub mod geojson;
mod geopackage;
mod gpkg_feature;
mod gpkg_layers;
pub mod input;
mod json_text;
pub mod kind;
pub mod layer_rows;
pub mod layers;
pub mod own_copy;
mod own_file;
mod text;
mod workbook;
