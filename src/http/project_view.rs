//! One project with everything that is known of it, as this caller may see it.

use super::answers::find_known;
use super::caller::{Action, Caller};
use super::finding_view::{FindingSummary, Shown, summaries};
use super::footprint_input::LARGE;
use super::problem::Problem;
use super::project_history::{HISTORY, HistoryView, history};
use super::villages::PlaceView;
use crate::actions::{ActionError, undo_change};
use crate::app::App;
use crate::domain::finding::FindingState;
use crate::domain::footprint::{How, LeftOut, Part};
use crate::domain::job::JobKind;
use crate::domain::project::{FundingLine, Project, ProjectDetails, Sensitivity};
use crate::domain::village::Relation;
use crate::permission::Denied;
use crate::publish::{ShownProject, geojson};
use crate::spatial::places::Places;
use crate::store::findings::Finding;
use crate::store::references::Reference;
use crate::store::{Tx, findings, footprints, jobs, merges, project_lists, references};
use geo::CoordsIter;
use serde::Serialize;
use serde_json::Value;
use tokio::task::spawn_blocking;
use uuid::Uuid;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PartView {
    pub id: Uuid,
    pub label: Option<String>,
    pub accuracy_m: f64,
    #[schema(value_type = Object)]
    pub geometry: Value,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VersionView {
    pub version: i64,
    pub how: How,
    pub made_at: String,
    pub made_by: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FootprintView {
    #[serde(flatten)]
    pub version: VersionView,
    pub parts: Vec<PartView>,
}

/// Another project in one line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProjectLink {
    pub id: Uuid,
    pub title: String,
}

/// The caller's permissions on this project.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct May {
    pub correct: bool,
    pub withdraw: bool,
    pub merge: bool,
    pub report: bool,
    pub undo: bool,
}

/// A change that can be taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Undoable {
    /// `correct`, `withdraw` or `merge`.
    pub action: String,
    /// The finding whose decision made it: it ends by taking that decision back.
    pub finding: Option<Uuid>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProjectView {
    #[serde(flatten)]
    pub summary: ShownProject,
    pub hamlet: Option<String>,
    pub rt: Option<String>,
    pub rw: Option<String>,
    pub executor: Option<String>,
    pub programme: Option<String>,
    pub agreement: Option<String>,
    /// `null` for the public.
    pub owner: Option<String>,
    pub start_on: Option<chrono::NaiveDate>,
    pub finish_on: Option<chrono::NaiveDate>,
    pub volume: Option<f64>,
    pub volume_unit: Option<String>,
    pub sensitivity: Sensitivity,
    pub funding: Vec<FundingLine>,
    pub footprint: Option<FootprintView>,
    pub footprint_versions: Vec<VersionView>,
    pub references: Vec<Reference>,
    pub continues: Option<ProjectLink>,
    pub merged: Option<ProjectLink>,
    /// Records that were merged into this one: their references and reports are listed here.
    pub absorbed: Vec<ProjectLink>,
    pub place: Option<PlaceView>,
    /// Of an answer to a footprint that was sent: its parts that are no place and were left out.
    pub left_out: Option<LeftOut>,
    pub row_version: i64,
    pub registered_at: String,
    pub registered_by: Option<String>,
    pub may: May,
    pub undo: Option<Undoable>,
    /// The last change is still to be compared with the neighbourhood, so `findings` may change. Imports and changed
    /// borders are screened many at once and do not count here. `false` for a caller who sees no findings.
    pub screening_pending: bool,
    /// The open ones first; where there are more than these, `/findings?project=` lists all.
    pub findings: Vec<FindingSummary>,
    pub history: Vec<HistoryView>,
}

/// The view of a stored project.
pub async fn view(app: &App, tx: &mut Tx, caller: &Caller, project: Project) -> Result<ProjectView, Problem> {
    let id = project.id;
    let eyes = caller.eyes();
    let short = eyes.project(find_known(tx, caller, id).await?);
    let (staff, places) = (short.shows_all(), short.shows_place());
    let absorbed = merges::absorbed_by(tx, id).await?;
    let own: Vec<Uuid> = std::iter::once(id).chain(absorbed.iter().copied()).collect();
    let linked: Vec<Uuid> =
        project.details.continues.into_iter().chain(project.merged_into).chain(absorbed.iter().copied()).collect();
    let links: Vec<ShownProject> = eyes.projects(project_lists::find_many(tx, &linked).await?).collect();
    let link = |id: Option<Uuid>| {
        links
            .iter()
            .find(|found| Some(found.id) == id)
            .map(|found| ProjectLink { id: found.id, title: found.title.clone() })
    };
    let versions: Vec<VersionView> = footprints::list_versions(tx, id, HISTORY)
        .await?
        .into_iter()
        .map(|version| VersionView {
            version: version.version,
            how: version.how,
            made_at: version.made_at,
            made_by: version.made_by.filter(|_| staff),
            reason: version.reason.filter(|_| staff),
        })
        .collect();
    let parts = footprints::list_parts(tx, id, project.footprint_version).await?;
    let place = if places { place(app, &short, &parts).await? } else { None };
    let footprint =
        versions.iter().find(|version| version.version == project.footprint_version).filter(|_| places).map(
            |version| FootprintView {
                version: VersionView {
                    version: version.version,
                    how: version.how,
                    made_at: version.made_at.clone(),
                    made_by: version.made_by.clone(),
                    reason: version.reason.clone(),
                },
                parts: parts
                    .into_iter()
                    .map(|stored| PartView {
                        id: stored.id,
                        label: stored.part.label,
                        accuracy_m: stored.part.accuracy_m,
                        geometry: geojson(&stored.part.geometry),
                    })
                    .collect(),
            },
        );
    let (undo, may_undo) = undoable(tx, caller, &project).await?;
    let sees_findings = staff && caller.may(Action::ReadFindings);
    // Before the findings: once it is done, those that follow are the newest on either engine.
    let screening_pending = sees_findings && {
        let mut changed = own.clone();
        changed.extend(project.merged_into);
        jobs::is_any_open(tx, JobKind::ScreenProject, &changed).await?
    };
    let found = if sees_findings {
        let rows = first_findings(tx, caller, id).await?;
        summaries(tx, caller, rows, Shown::ROW).await?.into_iter().map(|(finding, _)| finding).collect()
    } else {
        Vec::new()
    };
    let history = if staff { history(tx, id).await? } else { Vec::new() };
    let standing = project.withdrawn_at.is_none() && project.merged_into.is_none();
    let may = |action| staff && caller.may(action);
    // Without `..`, so that a new field does not compile until it is decided where it is shown.
    let ProjectDetails {
        hamlet,
        rt,
        rw,
        executor,
        programme,
        agreement,
        owner,
        start_on,
        finish_on,
        volume,
        volume_unit,
        sensitivity,
        funding,
        continues,
        // In the summary:
        title: _,
        village_id: _,
        activity_code: _,
        fiscal_year: _,
        status: _,
        authority: _,
        budget_rupiah: _,
        // Compared, and shown to nobody:
        photo_marks: _,
    } = eyes.details(&short, project.details).into_inner();
    Ok(ProjectView {
        hamlet,
        rt,
        rw,
        executor,
        programme,
        agreement,
        owner,
        start_on,
        finish_on,
        volume,
        volume_unit,
        sensitivity,
        funding,
        footprint,
        footprint_versions: versions,
        references: if places { references::list_of(tx, &own).await? } else { Vec::new() },
        continues: link(continues),
        merged: link(project.merged_into),
        absorbed: absorbed.into_iter().filter_map(|id| link(Some(id))).collect(),
        place,
        left_out: None,
        row_version: project.row_version,
        registered_at: crate::store::to_text(project.registered_at),
        registered_by: project.registered_by.filter(|_| staff),
        may: May {
            correct: standing && may(Action::CorrectProject),
            withdraw: standing && may(Action::WithdrawProject),
            merge: standing && may(Action::MergeProject),
            report: standing && may(Action::ReportProgress),
            undo: may_undo,
        },
        undo,
        screening_pending,
        findings: found,
        history,
        summary: short,
    })
}

/// Findings that a page of a project shows: all open ones come before what is settled.
const FINDINGS: i64 = 100;

async fn first_findings(tx: &mut Tx, caller: &Caller, project: Uuid) -> Result<Vec<Finding>, Problem> {
    let mut found = Vec::new();
    for state in [FindingState::Open, FindingState::Closed] {
        let filter = findings::Filter { project_id: Some(project), state: Some(state), ..findings::Filter::default() };
        let room = FINDINGS - i64::try_from(found.len()).unwrap_or(FINDINGS);
        found.extend(findings::list_queue(tx, &caller.scope(), &filter, None, room).await?);
    }
    Ok(found)
}

/// The last change that can be taken back, and whether this caller may.
async fn undoable(tx: &mut Tx, caller: &Caller, project: &Project) -> Result<(Option<Undoable>, bool), Problem> {
    let Some(person) = &caller.person else { return Ok((None, false)) };
    let Some(entry) = undo_change::find_undoable(tx, project).await? else { return Ok((None, false)) };
    let refused = undo_change::require_undo(tx, person, project, &entry).await;
    let (finding, may) = match refused {
        Ok(()) => (None, true),
        Err(ActionError::Decided { finding, .. }) => (Some(finding), false),
        Err(ActionError::Denied(Denied::Region { .. })) => return Ok((None, false)),
        Err(ActionError::Denied(Denied::Role)) => (None, false),
        Err(other) => return Err(other.into()),
    };
    Ok((Some(Undoable { action: entry.action, finding }), may && caller.may(Action::UndoChange)))
}

/// Where it lies with respect to its village; where it is outside, which village it is in or nearest to. A large footprint is
/// measured off the threads that answer; nobody waits for a turn, since a transaction is open.
async fn place(
    app: &App,
    short: &ShownProject,
    parts: &[footprints::StoredPart],
) -> Result<Option<PlaceView>, Problem> {
    let parts: Vec<Part> = parts.iter().map(|stored| stored.part.clone()).collect();
    let is_large = parts.iter().map(|part| part.geometry.coords_count()).sum::<usize>() > LARGE;
    let (villages, village, tolerance_m) = (app.atlas.villages(), short.village.id, app.config.border_tolerance_m);
    let measure = move || measure(&villages, village, &parts, tolerance_m);
    if !is_large {
        return Ok(measure());
    }
    Ok(spawn_blocking(measure).await.map_err(|e| ActionError::Internal(e.to_string()))?)
}

fn measure(villages: &Places, village: Uuid, parts: &[Part], tolerance_m: f64) -> Option<PlaceView> {
    let (relation, distance_m) = villages.relation(village, parts, tolerance_m)?;
    let village = match (relation, parts.first()) {
        (Relation::Outside, Some(part)) => {
            let nearest = villages.nearest(&part.geometry, part.accuracy_m, tolerance_m, 1);
            nearest.into_iter().next().map(|place| place.village)
        }
        _ => None,
    };
    Some(PlaceView { village, relation, distance_m })
}
