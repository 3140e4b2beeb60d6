//! The lists of an upload, by page: cells that are wrong, unknown or kept, and works that would be recorded twice.

use super::answers::shown_projects;
use super::caller::{Action, Caller};
use super::finding_view::{PairView, pair};
use super::input::{Id, Page, Params, after, limit, page};
use super::problem::Problem;
use super::upload_view::fault_words;
use crate::actions::uploads::find_own;
use crate::app::App;
use crate::domain::closed_set;
use crate::domain::person::Language;
use crate::domain::upload::{FoundCell, FoundDouble, KeptCell, UploadList};
use crate::domain::verdict::Verdict;
use crate::publish::{ShownProject, ShownVerdict};
use crate::store::uploads;
use crate::words::Words;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// The lines of a page.
const LINES: (i64, i64) = (50, 200);

closed_set! {
    /// A list of cells.
    CellList { Refused = "refused", Unknown = "unknown", Kept = "kept" }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CellSearch {
    /// The refused ones where it is left out.
    pub list: Option<CellList>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DoubleSearch {
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// A cell with what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellView {
    /// Its place in the list, from 1.
    pub id: String,
    pub row: u64,
    /// As the file calls it; empty where the row as a whole is at fault.
    pub column: String,
    /// What stands there.
    pub given: String,
    pub code: String,
    pub detail: String,
    pub expected: Option<String>,
    /// The place that fits, lon/lat, where this one is far from its village and a single slip explains it.
    pub fitting: Option<[f64; 2]>,
}

/// A row that may be a work recorded already, or the same as another row.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoubleView {
    /// Its place in the list, from 1.
    pub id: String,
    pub row: u64,
    pub title: String,
    /// The stored work, if it is one.
    pub project: Option<ShownProject>,
    /// The other row of the file, if it is one.
    pub other_row: Option<u64>,
    pub other_title: Option<String>,
    pub pair: PairView,
}

/// Cells of an upload, in the order of the file.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/cells", tag = "uploads", params(("id" = Uuid, Path), CellSearch),
    responses((status = 200, body = Page<CellView>)))]
pub async fn cells(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(search): Params<CellSearch>,
) -> Result<Json<Page<CellView>>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let limit = limit(search.limit, LINES.0, LINES.1)?;
    let behind = after(search.after.as_deref(), |text| text.parse::<i64>().ok())?.unwrap_or_default();
    let mut tx = app.store.read().await?;
    find_own(&mut tx, by, id).await?;
    let language = caller.language;
    let items: Vec<CellView> = match search.list.unwrap_or(CellList::Refused) {
        CellList::Kept => {
            let kept = uploads::list_lines::<KeptCell>(&mut tx, id, UploadList::Kept, behind, limit + 1).await?;
            kept.into_iter().map(|(number, cell)| kept_view(language, number, cell)).collect()
        }
        list => {
            let list = if list == CellList::Refused { UploadList::Refused } else { UploadList::Unknown };
            let found = uploads::list_lines::<FoundCell>(&mut tx, id, list, behind, limit + 1).await?;
            found.into_iter().map(|(number, cell)| cell_view(language, number, cell)).collect()
        }
    };
    let (items, next) = page(items, limit, |cell| cell.id.clone());
    Ok(Json(Page { items, next }))
}

/// Works of an upload that would be recorded twice, the likeliest first.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/doubles", tag = "uploads", params(("id" = Uuid, Path), DoubleSearch),
    responses((status = 200, body = Page<DoubleView>)))]
pub async fn doubles(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    Params(search): Params<DoubleSearch>,
) -> Result<Json<Page<DoubleView>>, Problem> {
    let by = caller.signed_in(Action::ImportProjects)?;
    let limit = limit(search.limit, LINES.0, LINES.1)?;
    let behind = after(search.after.as_deref(), |text| text.parse::<i64>().ok())?.unwrap_or_default();
    let mut tx = app.store.read().await?;
    find_own(&mut tx, by, id).await?;
    let found = uploads::list_lines::<FoundDouble>(&mut tx, id, UploadList::Double, behind, limit + 1).await?;
    let (found, next) = page(found, limit, |(number, _)| number.to_string());
    let ids: Vec<Uuid> = found.iter().filter_map(|(_, double)| double.project_id).collect();
    let mut projects = shown_projects(&mut tx, &caller.eyes(), &ids).await?;
    projects.retain(|_, project| project.shows_place());
    let view = |(number, double)| double_view(caller.language, number, double, &projects);
    Ok(Json(Page { items: found.into_iter().filter_map(view).collect(), next }))
}

fn cell_view(language: Language, number: i64, cell: FoundCell) -> CellView {
    let FoundCell { row, column, given, code, mut values } = cell;
    values.insert("field".to_owned(), column.as_str().into());
    let fitting = fitting(&values);
    let values = Value::Object(values);
    let (detail, expected) = fault_words(language, &code, &values);
    CellView { id: number.to_string(), row, column, given, detail, expected, fitting, code }
}

/// Of a place far from its village the one that was probably meant.
fn fitting(values: &Map<String, Value>) -> Option<[f64; 2]> {
    let corrected = values.get("corrected")?.as_array()?;
    Some([corrected.first()?.as_f64()?, corrected.get(1)?.as_f64()?])
}

fn kept_view(language: Language, number: i64, cell: KeptCell) -> CellView {
    // A footprint is a cell of its own, whatever columns it stood in.
    let name = if cell.field == "footprint" { "geometry" } else { cell.field.as_str() };
    let field = Words::render(language, &format!("terminal.read.field.{name}"), &Value::Null);
    let values = json!({ "field": field, "ours": cell.ours, "file": cell.file });
    CellView {
        id: number.to_string(),
        row: cell.row,
        detail: Words::render(language, "upload.kept", &values),
        column: field,
        given: cell.file,
        code: "kept".to_owned(),
        expected: None,
        fitting: None,
    }
}

/// `None` where the other work is not to be seen any more.
fn double_view(
    language: Language,
    number: i64,
    double: FoundDouble,
    projects: &std::collections::HashMap<Uuid, ShownProject>,
) -> Option<DoubleView> {
    let project = match double.project_id {
        Some(id) => Some(projects.get(&id)?.clone()),
        None => None,
    };
    let verdict = Verdict {
        kind: double.kind,
        probability: double.probability,
        band: double.band,
        cross_border: double.cross_border,
        distance_m: double.distance_m,
        shared_m: double.shared_m,
        shared: Vec::new(),
        nearest: None,
        evidence: double.evidence,
        weights_version: double.weights_version,
    };
    // The row is the caller's own: what hides a verdict is the other one alone.
    let verdict = match &project {
        Some(project) => ShownVerdict::new(project, project, verdict),
        None => ShownVerdict::of_own_drafts(verdict),
    };
    let ids = (project.as_ref().map(|project| project.id).unwrap_or_default(), Uuid::nil());
    Some(DoubleView {
        id: number.to_string(),
        row: double.row,
        title: double.title,
        pair: pair(language, None, ids, &verdict),
        project,
        other_row: double.other_row,
        other_title: double.other_title,
    })
}
