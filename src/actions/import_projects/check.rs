//! Reads and checks a whole file lot by lot, with no transaction open, away from the threads that answer requests.

use super::{CHUNK, ImportFailure};
use crate::actions::ActionError;
use crate::actions::known_list::Head;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::person::Person;
use crate::import::{Field, ImportError, KnownVillages, ProjectFile, ProjectRow, RefusedCell, Row, Understood};
use crate::permission::Action;
use crate::store::{references, stakes};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What is known of a checked file; its rows are read again from our copy when they are stored, so that no file is too
/// large for the memory.
pub struct Checked {
    pub source: String,
    /// Its first rows, where nobody named its source.
    pub head: Option<Head>,
    pub understood: Understood,
    pub rows: u64,
    pub good: u64,
    pub refused: Vec<RefusedCell>,
    pub unknown: Vec<RefusedCell>,
    /// Rows of corrections that met no cell.
    pub unused_corrections: Vec<u64>,
}

/// A good row, with what is known of it.
pub struct GoodRow {
    pub row: ProjectRow,
    pub village: Uuid,
    /// The project that it brought before, and whether the file says the same of it as then. Not looked up for whoever sits
    /// at the terminal, who may change everything.
    pub known: Option<(Uuid, bool)>,
    /// The stored project that it continues.
    pub continues: Option<Uuid>,
}

/// A file while it is checked.
pub struct Checking {
    part: Option<Box<Part>>,
    /// Asks whether the projects of another region are left alone.
    by: Option<Person>,
    source: String,
    id_column: String,
    size: Option<u64>,
    progress: crate::import::Progress,
    good: u64,
    refused: Vec<RefusedCell>,
    unknown: Vec<RefusedCell>,
    head: Option<Head>,
}

/// What a thread works on.
struct Part {
    file: ProjectFile,
    villages: Arc<KnownVillages>,
    rows: u64,
}

struct Lot {
    good: Vec<GoodRow>,
    refused: Vec<RefusedCell>,
    is_last: bool,
}

impl Checking {
    pub fn new(file: ProjectFile, villages: Arc<KnownVillages>, by: Option<&Person>) -> Self {
        Self {
            by: by.cloned(),
            source: file.source().to_owned(),
            id_column: file.column_of(Field::ExternalId),
            size: file.size(),
            progress: file.progress(),
            good: 0,
            refused: Vec::new(),
            unknown: Vec::new(),
            head: file.source_is_assumed().then(Head::default),
            part: Some(Box::new(Part { file, villages, rows: 0 })),
        }
    }

    /// Bytes read so far, of so many where that is known.
    pub fn progress(&self) -> (u64, Option<u64>) {
        (self.progress.bytes(), self.size)
    }

    /// The good ones among the next rows; `None` at the end.
    pub async fn next_lot(&mut self, app: &App) -> Result<Option<Vec<GoodRow>>, ImportFailure> {
        let Some(mut part) = self.part.take() else { return Ok(None) };
        let work = move || {
            let lot = part.next_lot();
            (part, lot)
        };
        let (part, lot) = app.import_turns.run(work).await.map_err(|e| ActionError::Internal(e.to_string()))?;
        self.part = Some(part);
        let Lot { mut good, refused, is_last } = lot?;
        self.refused.extend(refused);
        if let Some(by) = self.by.clone() {
            good = self.look_up(app, &by, good).await?;
        }
        for row in &mut good {
            self.unknown.append(&mut row.row.unknown);
            if let Some(head) = &mut self.head {
                head.add(&row.row);
            }
        }
        self.good += good.len() as u64;
        Ok((!good.is_empty() || !is_last).then_some(good))
    }

    /// Finds the projects of rows that came before, and refuses those of other regions.
    async fn look_up(&mut self, app: &App, by: &Person, mut good: Vec<GoodRow>) -> Result<Vec<GoodRow>, ImportFailure> {
        let mut ids: Vec<&str> = good.iter().map(|good| good.row.external_id.as_str()).collect();
        ids.extend(good.iter().filter_map(|good| good.row.continues_external.as_deref()));
        let mut tx = app.store.read().await?;
        let known = references::find_many(&mut tx, &self.source, &ids).await?;
        let projects: Vec<Uuid> = known.values().map(|(project, _)| *project).collect();
        let villages: HashMap<Uuid, String> = stakes::list(&mut tx, &projects)
            .await?
            .into_iter()
            .map(|(project, stake)| (project, stake.village_code))
            .collect();
        drop(tx);
        let mut refused = Vec::new();
        good.retain_mut(|good| {
            let continued = good.row.continues_external.as_ref().and_then(|external| known.get(external));
            good.continues = continued.map(|(project, _)| *project);
            let Some((project, cells)) = known.get(&good.row.external_id) else { return true };
            let is_same = *cells == good.row.cells;
            good.known = Some((*project, is_same));
            let village = villages.get(project).map_or("", String::as_str);
            // What stays as it is takes nothing from anybody.
            let is_theirs = is_same || by.require_in(Action::ImportProjects, village).is_ok();
            if !is_theirs {
                let invalid = Invalid::new("record_of_other_region", self.id_column.as_str());
                let invalid = invalid.with("given", good.row.external_id.as_str());
                refused.push(RefusedCell::new(good.row.row, &self.id_column, invalid, &good.row.external_id));
            }
            is_theirs
        });
        self.refused.extend(refused);
        Ok(good)
    }

    /// What was found, once [`Checking::next_lot`] came to the end.
    pub fn finish(self) -> Result<Checked, ImportFailure> {
        let Self { part, source, good, mut refused, unknown, head, .. } = self;
        let Part { mut file, rows, .. } =
            *part.ok_or_else(|| ActionError::Internal("a file was lost while it was checked".to_owned()))?;
        refused.extend(file.taken_later());
        refused.sort_by_key(|cell| cell.row);
        let (understood, unused_corrections) = (file.understood(), file.unused_corrections());
        Ok(Checked { source, head, understood, rows, good, refused, unknown, unused_corrections })
    }
}

impl Part {
    fn next_lot(&mut self) -> Result<Lot, ImportError> {
        let mut lot = Lot { good: Vec::new(), refused: Vec::new(), is_last: false };
        for _ in 0..CHUNK {
            let Some(read) = self.file.next() else {
                lot.is_last = true;
                break;
            };
            self.rows += 1;
            match read? {
                Row::Refused(cells) => lot.refused.extend(cells),
                Row::Good(mut row) => match self.file.place(&self.villages, &mut row) {
                    Ok(village) => lot.good.push(GoodRow { row: *row, village, known: None, continues: None }),
                    Err(cell) => lot.refused.push(cell),
                },
            }
        }
        Ok(lot)
    }
}
