//! Previews how other settings of the judge would change the findings of all projects. Nothing is saved.

use super::answers::shown_projects;
use super::caller::{Action, Caller};
use super::input::Params;
use super::problem::Problem;
use crate::app::App;
use crate::collection::Collection;
use crate::domain::verdict::{Verdict, VerdictKind};
use crate::duplicates::{Judge, Settings};
use crate::publish::ShownProject;
use crate::scan::whatif;
use crate::store::project_lists;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// Alerts of each list that are answered; all are counted.
const MOST: usize = 200;

/// Settings that differ from those in force, by name; see `tapak config`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Turned {
    pub radius_m: Option<String>,
    pub corridor_m: Option<String>,
    pub angle_deg: Option<String>,
    pub stacked: Option<String>,
    pub life_years: Option<String>,
    pub alert: Option<String>,
    pub review: Option<String>,
}

impl Turned {
    fn changes(self) -> Vec<(String, String)> {
        let given =
            [self.radius_m, self.corridor_m, self.angle_deg, self.stacked, self.life_years, self.alert, self.review];
        Settings::NAMES.iter().zip(given).filter_map(|(name, value)| Some(((*name).to_owned(), value?))).collect()
    }
}

/// An alert that would come or go.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChangedAlert {
    pub kind: VerdictKind,
    pub probability: f64,
    pub members: Vec<ShownProject>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WhatIfView {
    pub projects: usize,
    pub alerts_now: usize,
    pub alerts_then: usize,
    pub gained_count: usize,
    pub lost_count: usize,
    /// The first of them.
    pub gained: Vec<ChangedAlert>,
    pub lost: Vec<ChangedAlert>,
}

/// Judges all projects under other settings and lists which alerts of the caller's regions would come and go. Equal to a clean
/// recompute. Alerts about a grant house that the caller may not see are left out: settings turned little by little would
/// measure how far away it is.
#[utoipa::path(get, path = "/api/v1/whatif", operation_id = "whatif", tag = "findings", params(Turned),
    responses((status = 200, body = WhatIfView), (status = 422), (status = 429)))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Params(turned): Params<Turned>,
) -> Result<Json<WhatIfView>, Problem> {
    caller.require(Action::AskWhatIf)?;
    let now = app.atlas.judge.clone();
    let changes = turned.changes();
    let settings = now.settings().with(&changes)?;
    let then = Judge::with(settings, now.weights().clone());
    let eyes = caller.eyes();
    let whole = eyes.sight().whole.clone();
    let turn = caller.person.as_ref().map(|person| app.whatifs_of_one.enter(person.id, Instant::now())).transpose()?;
    let line = Arc::clone(&app.whatif_line).try_acquire_owned();
    let line = line.map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))?;
    let mut tx = app.store.read().await?;
    let hidden = project_lists::list_hidden(&mut tx, &whole).await?;
    drop(tx);
    let atlas = Arc::clone(&app.atlas);
    let work = move || {
        // Held by the work: who goes away and asks again waits for it all the same.
        let _held = (turn, line);
        let (villages, facts) = (atlas.villages(), atlas.all_facts());
        let mut collection = Collection::of_projects("database", villages, &facts);
        let ids: Vec<Uuid> = facts.iter().map(|facts| facts.id).collect();
        let own: Vec<bool> = facts.iter().map(|facts| whole.holds(&facts.village_code)).collect();
        let is_hidden: Vec<bool> = ids.iter().map(|id| hidden.contains(id)).collect();
        let concerns = |a: usize, b: usize| (own[a] || own[b]) && !is_hidden[a] && !is_hidden[b];
        let projects = own.iter().filter(|own| **own).count();
        (ids, projects, whatif(&mut collection, &now, &then, concerns, |_| {}))
    };
    let broke_off = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal");
    let (ids, projects, change) = app.whatif_turns.run(work).await.map_err(broke_off)?;
    let shown = |pairs: &[(usize, usize, Verdict)]| -> Vec<(usize, usize, Verdict)> {
        pairs.iter().take(MOST).cloned().collect()
    };
    let (gained, lost) = (shown(&change.gained), shown(&change.lost));
    let members: Vec<Uuid> = gained.iter().chain(&lost).flat_map(|(a, b, _)| [ids[*a], ids[*b]]).collect();
    let mut tx = app.store.read().await?;
    let summaries = shown_projects(&mut tx, &eyes, &members).await?;
    let view = |pairs: Vec<(usize, usize, Verdict)>| -> Vec<ChangedAlert> {
        pairs
            .into_iter()
            .map(|(a, b, verdict)| ChangedAlert {
                kind: verdict.kind,
                probability: verdict.probability,
                members: [a, b].iter().filter_map(|at| summaries.get(&ids[*at]).cloned()).collect(),
            })
            .collect()
    };
    Ok(Json(WhatIfView {
        projects,
        alerts_now: change.alerts_now,
        alerts_then: change.alerts_then,
        gained_count: change.gained.len(),
        lost_count: change.lost.len(),
        gained: view(gained),
        lost: view(lost),
    }))
}
