//! Reads files into records. Bad rows are left out and listed; villages are identified by their codes.
//!
//! One thread reads rows from the file, the others parse them; records keep the order of the file.

use super::{Collection, Record, id_of};
use crate::domain::facts::Listed;
use crate::domain::names::Names;
use crate::domain::text::fold;
use crate::import::{
    ImportError, Input, KnownVillages, Progress, ProjectFile, ProjectRow, RawRow, ReadOptions, Reading, RefusedCell,
    RefusedRow, parse_row, refuse_ignored_in_vain,
};
use rustc_hash::{FxHashMap, FxHashSet};
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

/// A number that so many rows or more have in common is none of one work.
const MOST_OF_ONE: usize = 5;

type Raw = (usize, Vec<RawRow>);
type Parsed = (usize, Vec<(u64, Result<ProjectRow, Vec<RefusedCell>>)>);

/// Reads all files; `step` receives the progress of each file. Fails if a file as a whole cannot be read. Memory: all
/// records, and some thousand rows in transit.
pub fn read_collection(
    inputs: &[Input],
    options: &ReadOptions,
    mut step: impl FnMut(&Input, &Progress),
) -> Result<Collection, ImportError> {
    let mut gatherer = Gatherer::new(options.villages.clone());
    for input in inputs {
        for mut open in ProjectFile::open_each(input, options)? {
            gatherer.begin(open.name());
            in_parallel(&mut open, &mut gatherer, &mut |progress| step(input, progress))?;
            gatherer.end();
            gatherer.collection.understood.push(open.understood());
        }
    }
    refuse_ignored_in_vain(&gatherer.collection.understood)?;
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
                if let Some((first, cell)) = open.repeated_id(&row) {
                    gatherer.repeats.push((first, row.row));
                    row.unknown.push(cell);
                }
                if let Some(known) = &gatherer.known {
                    open.place_compared(known, &mut row);
                }
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
    /// The villages that rows may lie in.
    known: Option<Arc<KnownVillages>>,
    file: usize,
    /// Index of the first record of this file.
    first: usize,
    /// Records that continue another one in their file, with that one's id in the file.
    continuing: Vec<(usize, String)>,
    /// Rows of this file whose number in the list an earlier row of their village has: that row, and this one.
    repeats: Vec<(u64, u64)>,
}

impl Gatherer {
    /// Villages that are known keep their ids.
    fn new(known: Option<Arc<KnownVillages>>) -> Self {
        let mut gatherer = Self { known, ..Self::default() };
        if let Some(known) = &gatherer.known {
            let ids = known.outlines().outlines().iter().map(|(village, _)| (village.code.as_str().into(), village.id));
            gatherer.villages = ids.collect();
            gatherer.collection.villages = Arc::clone(known.outlines());
        }
        gatherer
    }

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
        let next_village = id_of(self.villages.len());
        // By its code, or else by its name and district.
        let named = || {
            Some(fold(&format!("{} / {}", row.district.as_deref().unwrap_or_default(), row.village_name.as_deref()?)))
        };
        let code = row.village_code.clone().or_else(named).map(|code| self.names.keep(&code));
        let village = code.map(|code| *self.villages.entry(code).or_insert(next_village));
        let (external_id, row_number) = (std::mem::take(&mut row.external_id).into(), row.row);
        let facts = Arc::new(row.into_facts(id_of(at), village, None, &mut self.names));
        self.collection.records.push(Record::new(self.file, row_number, external_id, facts));
    }

    /// A number that a list has twice is evidence that both are one work, if the list numbers its works: where most of the
    /// repeated numbers stand at other titles, they are counted within something, and say nothing.
    fn end_repeats(&mut self) {
        let mut repeats = std::mem::take(&mut self.repeats);
        // Records stand in the order of their rows.
        let records = &self.collection.records[self.first..];
        let at = |row: u64| records.binary_search_by_key(&row, |record| record.row).ok();
        let pairs: Vec<(usize, usize)> =
            repeats.drain(..).filter_map(|(first, row)| Some((at(first)?, at(row)?))).collect();
        let alike =
            pairs.iter().filter(|(a, b)| are_alike(&records[*a].facts().title, &records[*b].facts().title)).count();
        if 2 * alike < pairs.len() {
            return;
        }
        let mut rows_of: FxHashMap<usize, usize> = FxHashMap::default();
        pairs.iter().for_each(|(first, _)| *rows_of.entry(*first).or_default() += 1);
        let list = u32::try_from(self.file).unwrap_or(u32::MAX);
        for (first, repeated) in pairs.into_iter().filter(|(first, _)| rows_of[first] < MOST_OF_ONE) {
            for at in [first, repeated] {
                let record = &mut self.collection.records[self.first + at];
                let listed = Listed { list, id: record.external_id.clone() };
                record.change_facts(|facts| facts.listed = Some(Box::new(listed)));
            }
        }
    }

    /// The record continued by another may come before or after it in the file.
    fn end(&mut self) {
        self.end_repeats();
        if self.continuing.is_empty() {
            return;
        }
        let of_file = self.collection.records[self.first..].iter().enumerate();
        let places: HashMap<Box<str>, usize> =
            of_file.map(|(at, record)| (record.external_id.clone(), self.first + at)).collect();
        for (at, continued) in std::mem::take(&mut self.continuing) {
            let found = places.get(continued.as_str()).map(|place| id_of(*place));
            self.collection.records[at].change_facts(|facts| facts.continues = found.map(Box::new));
        }
    }
}

/// Whether half of the words of two titles are the same.
fn are_alike(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    let words = |text: &'_ str| text.split(' ').map(str::to_owned).collect::<FxHashSet<String>>();
    let (a, b) = (words(&a), words(&b));
    2 * a.intersection(&b).count() >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that count as evidence, by row.
    fn listed(rows: &[&str]) -> Vec<(u64, String)> {
        let table = format!("id;judul;desa\n{}\n", rows.join("\n"));
        let options = ReadOptions { needs: crate::import::Needs::Comparison, ..ReadOptions::default() };
        let input = Input::bytes("a.csv", table.as_bytes());
        let collection = read_collection(&[input], &options, |_, _| {}).unwrap();
        let listed = |record: &Record| Some((record.row, record.facts().listed.as_ref()?.id.to_string()));
        collection.records.iter().filter_map(listed).collect()
    }

    #[test]
    fn a_repeated_number_counts_where_the_list_numbers_its_works() {
        let twice = ["K1;Talud Melati;A", "K2;Gapura;A", "K1;Talud Melati RT 2;A", "K2;Jalan;B"];
        assert_eq!(listed(&twice), [(2, "K1".to_owned()), (4, "K1".to_owned())]);
        // Counted anew in each chapter.
        assert_eq!(listed(&["1;Talud;A", "2;Gapura;A", "1;Sumur bor;A", "2;Rabat beton;A"]), []);
        assert_eq!(listed(&["-;Talud;A", "1;Talud;A"]), []);
        let many: Vec<String> = (0..7).map(|_| "K1;Talud;A".to_owned()).collect();
        assert_eq!(listed(&many.iter().map(String::as_str).collect::<Vec<_>>()), []);
    }
}
