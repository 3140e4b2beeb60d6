//! Reads files into records. Bad rows are left out and listed; villages are identified by their codes.
//!
//! One thread reads rows from the file, the others parse them; records keep the order of the file.

use super::{Collection, Record, number};
use crate::domain::names::Names;
use crate::domain::text::fold;
use crate::import::{
    ImportError, Input, Progress, ProjectFile, ProjectRow, RawRow, ReadOptions, Reading, RefusedCell, RefusedRow,
    parse_row,
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Rows in a batch, and between two reports of progress.
const BATCH_ROWS: usize = 512;
/// Batches queued for each thread, to bound the rows in memory that are not parsed yet.
const WAITING: usize = 4;

/// A cell that caused its row to be refused.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Index in [`Collection::files`].
    pub file: usize,
    pub cell: RefusedCell,
}

type Raw = (usize, Vec<RawRow>);
type Parsed = (usize, Vec<(u64, Result<ProjectRow, Vec<RefusedCell>>)>);

/// Reads all files; `step` receives the progress of each file. Fails if a file as a whole cannot be read. Memory: all
/// records, and some thousand rows in transit.
pub fn read_collection(
    inputs: &[Input],
    options: &ReadOptions,
    mut step: impl FnMut(&Input, &Progress),
) -> Result<Collection, ImportError> {
    let mut gatherer = Gatherer::default();
    for input in inputs {
        for mut open in ProjectFile::open_each(input, options)? {
            gatherer.begin(open.name());
            in_parallel(&mut open, &mut gatherer, &mut |progress| step(input, progress))?;
            gatherer.end();
            gatherer.collection.understood.push(open.understood());
        }
    }
    gatherer.collection.records.shrink_to_fit();
    Ok(gatherer.collection)
}

fn in_parallel(
    open: &mut ProjectFile,
    gatherer: &mut Gatherer,
    step: &mut dyn FnMut(&Progress),
) -> Result<(), ImportError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (progress, reading) = (open.progress(), open.reading().clone());
    let (to_threads, rows) = sync_channel::<Raw>(WAITING * threads);
    // Never full: no more batches are in transit than those queued and those in hand.
    let (to_gatherer, parsed) = sync_channel::<Parsed>((WAITING + 2) * threads);
    let rows = Mutex::new(rows);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let to_gatherer = to_gatherer.clone();
            let (rows, reading) = (&rows, &reading);
            scope.spawn(move || parse(rows, &to_gatherer, reading));
        }
        drop(to_gatherer);
        let mut waiting: BTreeMap<usize, Parsed> = BTreeMap::new();
        let mut next = 0;
        let mut ended = None;
        for number in 0.. {
            let mut batch = Vec::with_capacity(BATCH_ROWS);
            while batch.len() < BATCH_ROWS {
                match open.next_raw() {
                    Some(Ok(row)) => batch.push(row),
                    Some(Err(error)) => {
                        ended = Some(Err(error));
                        break;
                    }
                    None => {
                        ended = Some(Ok(()));
                        break;
                    }
                }
            }
            if !batch.is_empty() && to_threads.send((number, batch)).is_err() {
                break; // a thread panicked: the scope will propagate it
            }
            waiting.extend(parsed.try_iter().map(|batch| (batch.0, batch)));
            if let Err(error) = take_in_order(open, gatherer, &mut waiting, &mut next) {
                ended = Some(Err(error));
            }
            step(&progress);
            if ended.is_some() {
                break;
            }
        }
        drop(to_threads);
        while let Ok(batch) = parsed.recv() {
            waiting.insert(batch.0, batch);
            // After an error the threads are still allowed to finish.
            if !matches!(ended, Some(Err(_)))
                && let Err(error) = take_in_order(open, gatherer, &mut waiting, &mut next)
            {
                ended = Some(Err(error));
            }
        }
        step(&progress);
        ended.unwrap_or(Ok(()))
    })
}

/// One thread's work: parses batches until there are no more.
fn parse(rows: &Mutex<Receiver<Raw>>, to_gatherer: &SyncSender<Parsed>, reading: &Reading) {
    loop {
        let batch = rows.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, batch)) = batch else { return };
        let understood = |row: &RawRow| parse_row(row, reading).map_err(|refused: RefusedRow| refused.cells);
        let parsed = batch.iter().map(|row| (row.row, understood(row))).collect();
        if to_gatherer.send((number, parsed)).is_err() {
            return;
        }
    }
}

fn take_in_order(
    open: &mut ProjectFile,
    gatherer: &mut Gatherer,
    waiting: &mut BTreeMap<usize, Parsed>,
    next: &mut usize,
) -> Result<(), ImportError> {
    while let Some((_, batch)) = waiting.remove(next) {
        *next += 1;
        for (number, row) in batch {
            let row = row.map(|mut row| {
                row.unknown.extend(open.repeated_id(&row));
                row
            });
            open.count_refused(row.as_ref().map_or_else(Vec::len, |_| 0), number)?;
            gatherer.add_row(row);
        }
    }
    Ok(())
}

/// Turns rows into records, in order.
#[derive(Default)]
struct Gatherer {
    collection: Collection,
    names: Names,
    villages: FxHashMap<Arc<str>, Uuid>,
    file: usize,
    /// Index of the first record of this file.
    first: usize,
    /// Records that continue another one in their file, with that one's id in the file.
    continuing: Vec<(usize, String)>,
}

impl Gatherer {
    fn begin(&mut self, file: &str) {
        (self.file, self.first) = (self.collection.files.len(), self.collection.records.len());
        self.collection.files.push(file.to_owned());
    }

    fn add_row(&mut self, row: Result<ProjectRow, Vec<RefusedCell>>) {
        let mut row = match row {
            Ok(row) => row,
            Err(cells) => {
                let file = self.file;
                self.collection.refused.extend(cells.into_iter().map(|cell| Refusal { file, cell }));
                return;
            }
        };
        let file = self.file;
        self.collection.unknown.extend(row.unknown.drain(..).map(|cell| Refusal { file, cell }));
        let at = self.collection.records.len();
        if let Some(continued) = row.continues_external.take() {
            self.continuing.push((at, continued));
        }
        let next_village = number(self.villages.len());
        // By its code, or else by its name and district.
        let named = || {
            Some(fold(&format!("{} / {}", row.district.as_deref().unwrap_or_default(), row.village_name.as_deref()?)))
        };
        let code = row.village_code.clone().or_else(named).map(|code| self.names.keep(&code));
        let village = code.map(|code| *self.villages.entry(code).or_insert(next_village));
        let (external_id, row_number) = (std::mem::take(&mut row.external_id).into(), row.row);
        let facts = Arc::new(row.into_facts(number(at), village, None, &mut self.names));
        self.collection.records.push(Record::new(self.file, row_number, external_id, facts));
    }

    /// The record continued by another may come before or after it in the file.
    fn end(&mut self) {
        if self.continuing.is_empty() {
            return;
        }
        let of_file = self.collection.records[self.first..].iter().enumerate();
        let places: HashMap<Box<str>, usize> =
            of_file.map(|(at, record)| (record.external_id.clone(), self.first + at)).collect();
        for (at, continued) in std::mem::take(&mut self.continuing) {
            let found = places.get(continued.as_str()).map(|place| number(*place));
            self.collection.records[at].change_facts(|facts| facts.continues = found.map(Box::new));
        }
    }
}
