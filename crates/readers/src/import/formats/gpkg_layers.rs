//! The layers of a GeoPackage.

use crate::import::crs::Stated;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// Tables with features, and tables without geometry, called attributes.
const LAYERS: &str = "SELECT c.table_name AS name, g.column_name AS geometry, s.organization AS organization,
    s.organization_coordsys_id AS number, s.definition AS definition
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

pub async fn load(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Layer>> {
    let mut layers = Vec::new();
    for row in sqlx::query(LAYERS).fetch_all(&mut *connection).await? {
        let (table, geometry): (String, Option<String>) = (row.try_get("name")?, row.try_get("geometry")?);
        let organization: Option<String> = row.try_get("organization")?;
        let number: Option<i64> = row.try_get("number")?;
        let definition: Option<String> = row.try_get("definition")?;
        let by_definition = definition.and_then(|definition| Stated::by_wkt(&definition));
        let stated = organization.zip(number).and_then(|(name, number)| Stated::by_authority(&name, number, ""));
        let stated = stated.map(|stated| stated.or_known(by_definition));
        let names = sqlx::query_scalar::<_, String>(COLUMNS).bind(&table).fetch_all(&mut *connection).await?;
        let is_geometry = |name: &str| geometry.as_ref().is_some_and(|geometry| geometry.eq_ignore_ascii_case(name));
        let columns = names.into_iter().filter(|name| !is_geometry(name)).collect();
        layers.push(Layer { table, geometry, stated, columns });
    }
    Ok(layers)
}
