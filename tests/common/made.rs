//! FlatGeobuf and GeoPackage files, made from GeoJSON features, and broken workbooks: for tests of the readers and as seeds of their fuzzing.

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, PropertyProcessor};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use std::io::{Cursor, Write};

fn geometry(feature: &Value) -> Option<geo::Geometry<f64>> {
    let text = feature["geometry"].to_string();
    let parsed: geojson::Geometry = text.parse().ok()?;
    geo::Geometry::try_from(&parsed.value).ok()
}

/// Names of all properties, sorted, with `true` for those that are whole numbers.
fn columns(features: &[Value]) -> Vec<(String, bool)> {
    let mut columns: Vec<(String, bool)> = Vec::new();
    for (name, value) in features.iter().filter_map(|feature| feature["properties"].as_object()).flatten() {
        match columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, whole)) => *whole &= value.is_i64() || value.is_null(),
            None => columns.push((name.clone(), value.is_i64())),
        }
    }
    columns
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A FlatGeobuf of these features, each with a geometry. `epsg` 0 states no coordinate system.
pub fn flatgeobuf(features: &[Value], epsg: i32, index: bool) -> Vec<u8> {
    let options = FgbWriterOptions {
        write_index: index,
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs { code: epsg, ..FgbCrs::default() },
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options("projects", GeometryType::Unknown, options).unwrap();
    let columns = columns(features);
    for (name, whole) in &columns {
        writer.add_column(name, if *whole { ColumnType::Long } else { ColumnType::String }, |_, _| {});
    }
    for feature in features {
        let geometry = geometry(feature).expect("each feature has a geometry");
        writer
            .add_feature_geom(geometry, |row| {
                for (at, (name, whole)) in columns.iter().enumerate() {
                    let value = &feature["properties"][name];
                    match value {
                        Value::Null => {}
                        value if *whole => {
                            row.property(at, name, &ColumnValue::Long(value.as_i64().unwrap())).unwrap();
                        }
                        value => {
                            row.property(at, name, &ColumnValue::String(&text(value))).unwrap();
                        }
                    }
                }
            })
            .unwrap();
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

/// A GeoPackage with these layers: name, features, EPSG code.
pub fn geopackage(layers: &[(&str, &[Value], i32)]) -> Vec<u8> {
    let layers: Vec<(String, Vec<Value>, i32)> =
        layers.iter().map(|(name, features, epsg)| ((*name).to_owned(), features.to_vec(), *epsg)).collect();
    // A thread of its own: a test may already run on a runtime.
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut db = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            fill(&mut db, &layers).await.unwrap();
            db.serialize(None).await.unwrap().to_vec()
        })
    });
    thread.join().unwrap()
}

async fn fill(db: &mut SqliteConnection, layers: &[(String, Vec<Value>, i32)]) -> sqlx::Result<()> {
    let tables = "
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined', -1, 'NONE', -1, 'undefined');
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);";
    sqlx::raw_sql(tables).execute(&mut *db).await?;
    for (layer, features, epsg) in layers {
        let columns = columns(features);
        let declared: String = columns
            .iter()
            .map(|(name, whole)| format!(", \"{name}\" {}", if *whole { "INTEGER" } else { "TEXT" }))
            .collect();
        let create = format!("CREATE TABLE \"{layer}\" (fid INTEGER PRIMARY KEY, geom BLOB{declared})");
        sqlx::query(AssertSqlSafe(create)).execute(&mut *db).await?;
        sqlx::query("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES ('', $1, 'EPSG', $1, '')")
            .bind(*epsg)
            .execute(&mut *db)
            .await?;
        sqlx::query("INSERT INTO gpkg_contents VALUES ($1, 'features', $1, $2)")
            .bind(layer)
            .bind(*epsg)
            .execute(&mut *db)
            .await?;
        sqlx::query("INSERT INTO gpkg_geometry_columns VALUES ($1, 'geom', 'GEOMETRY', $2)")
            .bind(layer)
            .bind(*epsg)
            .execute(&mut *db)
            .await?;
        for feature in features {
            let blob = geometry(feature).map(|geometry| {
                let mut blob = b"GP\0\x01".to_vec();
                blob.extend(epsg.to_le_bytes());
                wkb::writer::write_geometry(&mut blob, &geometry, &wkb::writer::WriteOptions::default()).unwrap();
                blob
            });
            let marks: String = (0..columns.len()).map(|at| format!(", ${}", at + 2)).collect();
            let names: String = columns.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
            let insert = format!("INSERT INTO \"{layer}\" (geom{names}) VALUES ($1{marks})");
            let mut query = sqlx::query(AssertSqlSafe(insert)).bind(blob);
            for (name, _) in &columns {
                let value = &feature["properties"][name];
                query = match value {
                    Value::Null => query.bind(None::<String>),
                    value if value.is_i64() => query.bind(value.as_i64()),
                    value => query.bind(text(value)),
                };
            }
            query.execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// An XLSX with these bytes as its only sheet, nothing compressed.
pub fn workbook(sheet: &[u8]) -> Vec<u8> {
    let parts: [(&str, &[u8]); 5] = [
        (
            "_rels/.rels",
            br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", br#"<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    archive(&parts)
}

/// A zip archive of these parts, nothing compressed.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        archive.start_file(*name, plain).expect("memory takes every name");
        archive.write_all(bytes).expect("memory takes every byte");
    }
    archive.finish().expect("memory takes every byte").into_inner()
}
