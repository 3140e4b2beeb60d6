//! One chunk of an import in one transaction: new rows are inserted together, then rows that the file changed are merged.

use super::merge_rows::{ChangedRow, merge_rows};
use super::{ImportOptions, Kept};
use crate::actions::{ActionError, Result, require_on};
use crate::app::App;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::footprint::NewFootprint;
use crate::domain::job::JobKind;
use crate::domain::project::{NewProject, ProjectDetails};
use crate::import::{KnownVillages, ProjectRow};
use crate::permission::Action;
use crate::store::Change;
use crate::store::imports::{self, Counts};
use crate::store::jobs::{NewJob, enqueue};
use crate::store::projects::{self, Registration};
use crate::store::references::{self, NewReference};
use std::collections::HashMap;
use uuid::Uuid;

/// What the chunks of an import share.
pub(super) struct Import<'a> {
    pub app: &'a App,
    pub id: Uuid,
    pub source: &'a str,
    pub villages: &'a KnownVillages,
    pub options: &'a ImportOptions,
}

impl Import<'_> {
    /// Gives what became of the rows, and the cells that stay as people wrote them.
    pub async fn store_chunk(&self, number: i64, rows: &[ProjectRow]) -> Result<(Counts, Vec<Kept>)> {
        let Import { app, source, options, .. } = *self;
        let (now, chunk_id) = (app.clock.now(), app.clock.id());
        let mut tx = app.store.write().await?;
        let mut ids: Vec<&str> = rows.iter().map(|row| row.external_id.as_str()).collect();
        ids.extend(rows.iter().filter_map(|row| row.continues_external.as_deref()));
        let known = references::find_many(&mut tx, source, &ids).await?;
        let is_new = |row: &&ProjectRow| !known.contains_key(&row.external_id);
        let fresh: HashMap<&str, Uuid> =
            rows.iter().filter(is_new).map(|row| (row.external_id.as_str(), app.clock.id())).collect();
        let id_of = |external: &str| known.get(external).map(|(id, _)| *id).or_else(|| fresh.get(external).copied());
        let (mut new, mut changed, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let mut counts = Counts::default();
        for row in rows {
            let continues = row.continues_external.as_deref().and_then(id_of);
            let project_id = match known.get(&row.external_id) {
                Some((_, last)) if *last == row.cells => {
                    counts.same += 1;
                    continue;
                }
                Some((id, last)) => {
                    let (details, footprint) = self.details_of(row, continues)?;
                    changed.push(ChangedRow { row, project_id: *id, last, details, footprint });
                    *id
                }
                None => {
                    let id = fresh[row.external_id.as_str()];
                    let (details, footprint) = self.details_of(row, continues)?;
                    new.push(NewProject { id, details, footprint });
                    id
                }
            };
            written.push(NewReference { source, external_id: &row.external_id, project_id, cells: &row.cells });
        }
        let codes: Vec<String> =
            rows.iter().filter_map(|row| row.village_code.as_ref().map(ToString::to_string)).collect();
        let doer = options.doer(&codes).map_err(ActionError::from)?;
        let change = |id, action| Change::new(now, Entity::Project, id, action, doer.clone()).of_chunk(chunk_id);
        if let Some(by) = &options.by {
            let projects: Vec<Uuid> = changed.iter().map(|row| row.project_id).collect();
            require_on(&mut tx, by, Action::ImportProjects, &projects).await?;
        }
        // New ones first, since a row that is merged may continue one of them. A project that continues another of this
        // chunk is written behind it: rows come in that order.
        projects::insert(&mut tx, &app.clock, &Registration { now, by: options.by_id(), digest: None }, &new).await?;
        for project in &new {
            tx.log(change(project.id, ChangeAction::Import));
        }
        let merged = merge_rows(&mut tx, &app.clock, options, now, &changed).await?;
        counts.new = count(new.len());
        counts.changed = count(merged.changed.len());
        counts.same += count(changed.len()) - counts.changed;
        for row in merged.changed {
            tx.log(change(row.project_id, ChangeAction::Reimport).with(row.diff).from_state(Some(row.before)));
        }
        references::upsert(&mut tx, &written).await?;
        imports::store_chunk(&mut tx, chunk_id, self.id, number, counts, now).await?;
        if counts.new + counts.changed > 0 {
            let job = NewJob::new(&app.clock, JobKind::ScreenChunk, chunk_id, now);
            enqueue(&mut tx, &[job], now).await?;
        }
        tx.commit().await?;
        Ok((counts, merged.kept))
    }

    /// The details of a row that was checked.
    fn details_of(&self, row: &ProjectRow, continues: Option<Uuid>) -> Result<(ProjectDetails, Option<NewFootprint>)> {
        let village = row.village_code.as_ref().and_then(|code| self.villages.by_code(code));
        let details = village.and_then(|village| row.clone().into_details(village, continues));
        details.ok_or_else(|| ActionError::Internal(format!("row {} was stored unchecked", row.row)))
    }
}

/// Rows of a chunk, of which there are few.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
