//! Previews the verdict on a draft before it is saved, with the same judge as the screening job.

use super::Result;
use crate::app::App;
use crate::domain::facts::Facts;
use crate::domain::person::Person;
use crate::domain::project::NewProject;
use crate::domain::verdict::{Band, Verdict};
use crate::domain::village::Relation;
use crate::permission::Action;
use crate::publish::{Eyes, ShownProject, ShownVerdict};
use crate::spatial::far::Doubt;
use crate::spatial::places::Place;
use crate::store::footprints::{self, Drawn};
use crate::store::{Tx, project_lists};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The most candidates shown.
const MOST: usize = 20;
/// The most that are remembered to choose these from: some of them may not be shown to whoever asks.
const MOST_JUDGED: usize = 1_000;

/// What a draft would meet.
#[derive(Debug)]
pub struct Checked {
    pub place: Option<(Relation, f64)>,
    pub nearest: Vec<Place>,
    /// What speaks against the place, where it is far from its village.
    pub doubt: Option<Doubt>,
    /// Likeliest first.
    pub candidates: Vec<CheckedCandidate>,
}

#[derive(Debug)]
pub struct CheckedCandidate {
    pub project: ShownProject,
    pub outline: Drawn,
    pub verdict: ShownVerdict,
}

/// Nothing is saved. Silent pairs far away are left out; whatever lies within the radius is shown. A grant house that is not
/// shown to whoever asks is left out before anything is counted: that it is near would reveal where it is.
pub async fn check_project(
    app: &App,
    by: &Person,
    draft: NewProject,
    village: (String, String),
    own: Option<Uuid>,
) -> Result<Checked> {
    by.require(Action::CheckProject)?;
    let eyes = Eyes::new(Some(by));
    let footprint = draft.footprint;
    let tolerance_m = app.config.border_tolerance_m;
    let details = draft.details;
    // Compared under an id behind all others, so that the draft is always the second of a pair.
    let facts = Facts::new(Uuid::max(), details, village, footprint);
    let atlas = Arc::clone(&app.atlas);
    let far_m = app.config.far_place_m;
    let work = move || {
        let (villages, parts) = (atlas.villages(), &facts.parts);
        let place = facts.village_id.and_then(|village| villages.relation(village, parts, tolerance_m));
        let nearest = parts.first().map(|part| villages.nearest(&part.geometry, part.accuracy_m, tolerance_m, 3));
        let doubt = facts.village_id.and_then(|village| villages.doubt(village, parts, far_m));
        let subject = atlas.judge.prepare(facts);
        let neighbourhood = atlas.neighbours(&subject);
        let radius_m = atlas.judge.settings().radius_m;
        let mut judged: Vec<(Uuid, Verdict)> = Vec::new();
        for (other, verdict, _) in neighbourhood.verdicts(&atlas.judge) {
            let near = verdict.distance_m.is_some_and(|d| d <= radius_m);
            if Some(other.facts.id) == own || (verdict.band == Band::Silent && !near) {
                continue;
            }
            let behind = |(id, known): &(Uuid, Verdict)| {
                known.probability.total_cmp(&verdict.probability).then(other.facts.id.cmp(id)).is_gt()
            };
            judged.insert(judged.partition_point(behind), (other.facts.id, verdict));
            judged.truncate(MOST_JUDGED);
        }
        (place, nearest.unwrap_or_default(), doubt, judged)
    };
    let (place, nearest, doubt, judged) =
        app.live_turns.run(work).await.map_err(|e| super::ActionError::Internal(e.to_string()))?;
    let mut tx = app.store.read().await?;
    let mut likeliest = likeliest(&mut tx, &eyes, &judged).await?;
    let ids: Vec<Uuid> = likeliest.keys().copied().collect();
    let mut outlines = footprints::list_drawn(&mut tx, &ids).await?;
    drop(tx);
    let candidates = judged
        .into_iter()
        .filter_map(|(id, verdict)| {
            let project = likeliest.remove(&id)?;
            // The draft is the caller's own: what hides a verdict is the other one alone.
            let verdict = ShownVerdict::new(&project, &project, verdict);
            Some(CheckedCandidate { project, outline: outlines.remove(&id).unwrap_or_default(), verdict })
        })
        .collect();
    Ok(Checked { place, nearest, doubt, candidates })
}

/// The first of these projects whose place is shown to whoever asks.
async fn likeliest(tx: &mut Tx, eyes: &Eyes, judged: &[(Uuid, Verdict)]) -> Result<HashMap<Uuid, ShownProject>> {
    let mut found = HashMap::with_capacity(MOST);
    for some in judged.chunks(4 * MOST) {
        let ids: Vec<Uuid> = some.iter().map(|(id, _)| *id).collect();
        let rows = project_lists::find_many(tx, &ids).await?;
        let shown = eyes.projects(rows).filter(ShownProject::shows_place).map(|project| (project.id, project));
        found.extend(shown.take(MOST - found.len()));
        if found.len() == MOST {
            break;
        }
    }
    Ok(found)
}
