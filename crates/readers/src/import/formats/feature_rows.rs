//! Features as rows: their columns discovered as they come, and understood as a whole like those of a table.

use super::source::Source;
use super::tables::habits::Habits;
use crate::import::cells::numbers::{is_blank, is_error};
use crate::import::cells::writing::{DayOrder, Writing};
use crate::import::error::ImportError;
use crate::import::rows::carried::Carried;
use crate::import::rows::columns::Columns;
use crate::import::rows::notes::Note;
use crate::import::rows::raw::{RawCell, RawRow, RawShape};
use crate::import::rows::total::is_total;
use geo::CoordsIter;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Features held before the first is handed out, and the most corners of theirs: what they show of their columns often
/// spares reading the file through.
const SAMPLE: usize = 200;
const SAMPLE_CORNERS: usize = 200_000;

/// Opens the features once more, from the first on.
pub type Reopen = Box<dyn Fn() -> Result<Source, ImportError> + Send>;

/// Features as rows, with the columns discovered so far.
pub struct FeatureRows {
    pub source: Source,
    pub columns: Columns,
    /// Facts in the first feature about its file.
    pub carried: Option<Carried>,
    /// Numbers of the totals skipped so far.
    pub totals: Vec<u64>,
    reopen: Reopen,
    ahead: VecDeque<Result<RawRow, ImportError>>,
    /// The first features were looked at.
    is_begun: bool,
    habits: FeatureHabits,
    /// All features were looked at for the habits of their columns.
    is_known: bool,
    /// Of cells with errors: how many, and the first with its row, by column.
    errors: BTreeMap<Arc<str>, (u64, u64, String)>,
}

impl FeatureRows {
    pub fn new(source: Source, mut columns: Columns, reopen: Reopen) -> Self {
        source.columns().iter().for_each(|name| _ = columns.meaning(name));
        Self {
            source,
            columns,
            carried: None,
            totals: Vec::new(),
            reopen,
            ahead: VecDeque::new(),
            is_begun: false,
            habits: FeatureHabits::default(),
            is_known: false,
            errors: BTreeMap::new(),
        }
    }

    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        if !self.is_begun {
            self.is_begun = true;
            self.look_ahead();
        }
        let row = match self.ahead.pop_front().or_else(|| self.next_of_source())? {
            Ok(row) => row,
            Err(e) => return Some(Err(e)),
        };
        if !self.is_known && row.cells.iter().any(|cell| self.habits.is_needed(cell)) {
            self.read_through();
        }
        Some(Ok(self.understood(row)))
    }

    /// What a reader should know about the features, as far as they were read.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        for (column, (cells, row, text)) in &self.errors {
            let note = Note::new("cells_with_errors").with("column", &**column).with("count", *cells);
            notes.push(note.with("row", *row).with("text", text.as_str()));
        }
        for (code, order) in [("months_first", DayOrder::MonthFirst), ("years_first", DayOrder::YearFirst)] {
            let columns: Vec<&str> = self.habits.in_order(order).collect();
            if !columns.is_empty() {
                notes.push(Note::new(code).with("columns", columns));
            }
        }
        notes
    }

    fn look_ahead(&mut self) {
        let mut corners = 0;
        while self.ahead.len() < SAMPLE && corners < SAMPLE_CORNERS {
            let Some(read) = self.next_of_source() else {
                self.is_known = true;
                break;
            };
            let is_end = read.is_err();
            if let Ok(row) = &read {
                row.cells.iter().for_each(|cell| self.habits.observe(cell));
                corners += if let RawShape::Given(shape) = &row.shape { shape.coords_count() } else { 0 };
            }
            self.ahead.push_back(read);
            if is_end {
                break;
            }
        }
    }

    /// Looks at every feature for the habits of the columns. What cannot be read is reported when it is its turn.
    fn read_through(&mut self) {
        let (mut habits, mut columns) = (FeatureHabits::default(), self.columns.clone());
        for feature in (self.reopen)().into_iter().flatten().map_while(Result::ok) {
            feature.into_row(&mut columns).cells.iter().for_each(|cell| habits.observe(cell));
        }
        (self.habits, self.is_known) = (habits, true);
    }

    /// The next row that is no total.
    fn next_of_source(&mut self) -> Option<Result<RawRow, ImportError>> {
        loop {
            let feature = match self.source.next()? {
                Ok(feature) => feature,
                Err(e) => return Some(Err(e)),
            };
            self.carried.get_or_insert_with(|| Carried::of_row(|name| feature.properties.get(name)?.as_str()));
            let row = feature.into_row(&mut self.columns);
            // As in a spreadsheet turned into a layer: without a geometry.
            let is_bare = row.shape == RawShape::None && row.fault.is_none();
            if is_bare && is_total(row.cells.iter().map(|cell| (cell.field, cell.text.as_str()))) {
                self.totals.push(row.row);
            } else {
                return Some(Ok(row));
            }
        }
    }

    /// The row with what its columns show of each cell; its errors are counted.
    fn understood(&mut self, mut row: RawRow) -> RawRow {
        for cell in &mut row.cells {
            cell.writing = self.habits.writing(cell);
            if !cell.is_number && is_error(&cell.text) {
                let first = || (0, row.row, cell.text.trim().to_owned());
                self.errors.entry(Arc::clone(&cell.column)).or_insert_with(first).0 += 1;
            }
        }
        row
    }
}

/// The habits of columns that are known by their names.
#[derive(Default)]
struct FeatureHabits {
    names: Vec<Arc<str>>,
    habits: Habits,
}

impl FeatureHabits {
    fn at(&self, cell: &RawCell) -> Option<usize> {
        // A column goes by one name in memory, but for those of a reading of its own.
        let is_it = |name: &Arc<str>| Arc::ptr_eq(name, &cell.column);
        self.names.iter().position(is_it).or_else(|| self.names.iter().position(|name| *name == cell.column))
    }

    fn observe(&mut self, cell: &RawCell) {
        let at = self.at(cell).unwrap_or_else(|| {
            self.names.push(Arc::clone(&cell.column));
            self.habits.add_column(self.names.len() - 1, cell.field, &cell.column);
            self.names.len() - 1
        });
        if is_typed(cell) {
            self.habits.observe_cell(at, &cell.text);
        }
    }

    /// A column that no feature looked at had is one of which nothing is known.
    fn is_needed(&self, cell: &RawCell) -> bool {
        let Some(at) = self.at(cell) else {
            return is_typed(cell) && Habits::of_one(cell.field, &cell.column).is_needed(0, &cell.text);
        };
        is_typed(cell) && self.habits.is_needed(at, &cell.text)
    }

    fn writing(&self, cell: &RawCell) -> Writing {
        self.habits.writing(self.at(cell).unwrap_or(usize::MAX))
    }

    /// Columns whose dates have this order.
    fn in_order(&self, order: DayOrder) -> impl Iterator<Item = &str> {
        self.habits.in_order(order).filter_map(|at| self.names.get(at).map(|name| &**name))
    }
}

/// Whether somebody typed something in a cell.
fn is_typed(cell: &RawCell) -> bool {
    !cell.is_number && !is_blank(&cell.text)
}
