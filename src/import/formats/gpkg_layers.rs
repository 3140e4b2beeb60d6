//! The layers of a GeoPackage, and the choice of one.

use crate::import::crs::Stated;
use crate::import::error::ImportError;
use crate::import::rows::columns::Columns;
use crate::import::rows::fields::Field;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// Tables with features, and tables without geometry, called attributes.
const LAYERS: &str = "SELECT c.table_name AS name, g.column_name AS geometry, s.organization AS organization,
    s.organization_coordsys_id AS number
    FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name)
    LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
    WHERE c.data_type IN ('features', 'attributes') ORDER BY c.table_name LIMIT 1000";
const COLUMNS: &str = "SELECT name FROM pragma_table_info($1)";

/// One layer.
#[derive(Clone, Debug)]
pub struct Layer {
    pub table: String,
    /// The column of the geometry.
    pub geometry: Option<String>,
    pub stated: Option<Stated>,
    /// All other columns.
    pub columns: Vec<String>,
}

pub struct Layers(pub Vec<Layer>);

impl Layers {
    pub async fn load(connection: &mut SqliteConnection) -> sqlx::Result<Self> {
        let mut layers = Vec::new();
        for row in sqlx::query(LAYERS).fetch_all(&mut *connection).await? {
            let (table, geometry): (String, Option<String>) = (row.try_get("name")?, row.try_get("geometry")?);
            let organization: Option<String> = row.try_get("organization")?;
            let number: Option<i64> = row.try_get("number")?;
            let stated = organization.zip(number).and_then(|(name, number)| Stated::by_authority(&name, number, ""));
            let names = sqlx::query_scalar::<_, String>(COLUMNS).bind(&table).fetch_all(&mut *connection).await?;
            let is_geometry =
                |name: &str| geometry.as_ref().is_some_and(|geometry| geometry.eq_ignore_ascii_case(name));
            let columns = names.into_iter().filter(|name| !is_geometry(name)).collect();
            layers.push(Layer { table, geometry, stated, columns });
        }
        Ok(Self(layers))
    }
}

/// The layer of this name; without a name the only one, or the only one with a title column.
pub fn choose(file: &str, layers: Layers, name: Option<&str>, columns: &Columns) -> Result<Layer, ImportError> {
    let file = file.to_owned();
    let Layers(mut layers) = layers;
    if layers.is_empty() {
        let reason = "no table of it holds features".to_owned();
        return Err(ImportError::NotGeoPackage { file, reason });
    }
    let names: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
    if let Some(name) = name {
        let at = layers.iter().position(|layer| layer.table == name);
        return match at {
            Some(at) => Ok(layers.swap_remove(at)),
            None => Err(ImportError::UnknownLayer { file, layer: name.to_owned(), layers: names }),
        };
    }
    let names_title = |layer: &Layer| {
        let mut columns = columns.clone();
        layer.columns.iter().for_each(|name| _ = columns.meaning(name));
        columns.has(Field::Title)
    };
    let with_title: Vec<bool> = layers.iter().map(names_title).collect();
    if layers.len() > 1 {
        let mut with_title = with_title.into_iter();
        layers.retain(|_| with_title.next().unwrap_or(false));
    }
    match layers.len() {
        1 => Ok(layers.swap_remove(0)),
        _ => Err(ImportError::ManyLayers { file, layers: names }),
    }
}
