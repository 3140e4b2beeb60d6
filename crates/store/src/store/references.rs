//! External references: (source, external id) is the identity of an imported project.

use super::{Result, Tx, insert_many, list_in, merges, sql};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Each imported field as the file last had it.
pub type Cells = BTreeMap<String, String>;

/// A reference of one project.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema, sqlx::FromRow)]
pub struct Reference {
    pub source: String,
    pub external_id: String,
}

/// A reference to be written.
#[derive(Clone, Debug)]
pub struct NewReference<'a> {
    pub source: &'a str,
    pub external_id: &'a str,
    pub project_id: Uuid,
    pub cells: &'a Cells,
}

fn cells_text(cells: &Cells) -> String {
    serde_json::to_string(cells).expect("a map of strings is JSON")
}

/// Adds references; one that is there gets the new cells.
pub async fn upsert(tx: &mut Tx, references: &[NewReference<'_>]) -> Result<()> {
    const INTO: &str = "INSERT INTO project_references (source, external_id, project_id, cells) ";
    insert_many!(
        tx,
        INTO,
        references,
        |b, r| {
            b.push_bind(r.source.to_owned())
                .push_bind(r.external_id.to_owned())
                .push_bind(r.project_id)
                .push_bind(cells_text(r.cells));
        },
        " ON CONFLICT (source, external_id) DO UPDATE SET cells = excluded.cells"
    );
    Ok(())
}

/// The projects of one source by external id, with the cells last imported; of a merged record the one that stands.
pub async fn find_many(tx: &mut Tx, source: &str, external_ids: &[&str]) -> Result<HashMap<String, (Uuid, Cells)>> {
    let mut found = HashMap::new();
    const FIND: &str = "SELECT external_id, project_id, cells FROM project_references WHERE external_id";
    let rows = list_in!(tx, (String, Uuid, String), FIND, external_ids, |q| {
        q.push(" AND source = ").push_bind(source.to_owned());
    });
    for (external_id, project, cells) in rows {
        let cells = serde_json::from_str(&cells)
            .map_err(|_| super::StoreError::Corrupt("project_references.cells", project))?;
        found.insert(external_id, (project, cells));
    }
    let projects: Vec<Uuid> = found.values().map(|(project, _)| *project).collect();
    let standing = merges::standing_of(tx, &projects).await?;
    for (project, _) in found.values_mut() {
        *project = standing.get(project).copied().unwrap_or(*project);
    }
    Ok(found)
}

/// The titles of the projects of one source that have these external ids.
pub async fn find_titles(tx: &mut Tx, source: &str, external_ids: &[&str]) -> Result<HashMap<String, String>> {
    const FIND: &str = "SELECT r.external_id, p.title FROM project_references r JOIN projects p ON p.id = r.project_id
        WHERE r.external_id";
    let titles = list_in!(tx, (String, String), FIND, external_ids, |q| {
        q.push(" AND r.source = ").push_bind(source.to_owned());
    });
    Ok(titles.into_iter().collect())
}

/// The ids of these projects in other sources.
pub async fn list_of(tx: &mut Tx, projects: &[Uuid]) -> Result<Vec<Reference>> {
    const LIST: &str = "SELECT source, external_id FROM project_references WHERE project_id";
    let mut all = list_in!(tx, Reference, LIST, projects);
    all.sort_unstable_by(|a, b| (&a.source, &a.external_id).cmp(&(&b.source, &b.external_id)));
    Ok(all)
}

/// Takes these cells out of what files brought of one project: a file that names them again brings them again. Gives how many
/// references had any.
pub async fn erase_cells(tx: &mut Tx, project_id: Uuid, names: &[&str]) -> Result<u64> {
    // No limit: a project has a reference for each file that brought it.
    const LIST: &str = "SELECT source, external_id, cells FROM project_references WHERE project_id = $1";
    const SET: &str = "UPDATE project_references SET cells = $3 WHERE source = $1 AND external_id = $2";
    let mut erased = 0;
    for (source, external_id, text) in sql!(tx, LIST, [project_id], fetch_all as (String, String, String))? {
        let corrupt = |_| super::StoreError::Corrupt("project_references.cells", project_id);
        let mut cells: Cells = serde_json::from_str(&text).map_err(corrupt)?;
        let before = cells.len();
        cells.retain(|name, _| !names.contains(&name.as_str()));
        if cells.len() < before {
            sql!(tx, SET, [source, external_id, cells_text(&cells)], execute)?;
            erased += 1;
        }
    }
    Ok(erased)
}
