//! The rows of a table: below its heading, without totals, chapters and what stands beside it.

use super::beside::{self, Beside, is_shifted, second_table};
use super::chapters::{BELOW, Chapters, village_of};
use super::habits::Habits;
use super::heading::{self, TOP_ROWS};
use super::lines::{PLACES, column_of_places, heading_row, is_heading_row, village_word};
use super::record::Record;
use super::signatures::Signatures;
use super::sums::{Sums, shared, unit_above};
use super::table::{Records, Table};
use crate::domain::Invalid;
use crate::import::cells::coordinates::degrees;
use crate::import::cells::money::{money, unit_of_money};
use crate::import::cells::numbers::{is_blank, is_error, number, whole};
use crate::import::cells::writing::{DayOrder, Decimal, Writing};
use crate::import::error::ImportError;
use crate::import::formats::input::Progress;
use crate::import::rows::carried::{Carried, REASON, as_given};
use crate::import::rows::columns::{Columns, Meaning};
use crate::import::rows::fields::Field;
use crate::import::rows::identity::year_in;
use crate::import::rows::notes::Note;
use crate::import::rows::raw::{RawCell, RawRow, RawShape};
use crate::import::rows::total::{is_total, may_be_total};
use ::csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Rows held before the first is handed out: what they show of their columns often spares reading the file through.
const SAMPLE_ROWS: usize = 200;
/// More line breaks than any real cell has: its quote was never closed.
const CELL_LINES: usize = 50;

/// The rows of a table.
pub struct TableRows {
    table: Table,
    records: Records,
    heading: Vec<Meaning>,
    /// Columns with half a place, by the column of the other half.
    halves: BTreeMap<usize, usize>,
    /// Sums and sizes in merged cells: their rows (from 1) and columns. They are of several works, and of none alone.
    shared: BTreeSet<(u64, usize)>,
    /// The last row of the heading.
    heading_row: u64,
    /// The one year that the heading and what stands above it name.
    pub year_above: Option<i32>,
    pub columns: Columns,
    /// Facts in the rows about their file.
    pub carried: Carried,
    /// Row numbers of the totals skipped so far.
    pub totals: Vec<u64>,
    /// The money of the rows so far.
    sums: Sums,
    /// The rows of the heading, as they stand again on each page of a printed list, and where they did.
    heading_rows: Vec<Vec<String>>,
    headings_again: Vec<u64>,
    chapters: Chapters,
    chapter_rows: Vec<u64>,
    /// Where chapters name the villages: what stands for their column, and the village of the rows that come now.
    village_column: Option<Meaning>,
    village_above: Option<String>,
    beside: Beside,
    signatures: Signatures,
    /// Cells that took what is merged over them.
    filled_right: Vec<(u32, u32)>,
    /// Of cells with errors: how many, and the first with its row, by column.
    errors: BTreeMap<usize, (u64, u64, String)>,
    habits: Habits,
    /// All rows were looked at for the habits of their columns.
    is_known: bool,
    writings: Vec<Writing>,
    /// Whether we wrote this table, from refused rows.
    is_own: bool,
    ahead: VecDeque<Result<Record, ImportError>>,
}

impl TableRows {
    /// `name` is the file's, for messages.
    pub fn open(table: Table, name: &str, progress: &Progress, mut columns: Columns) -> Result<Self, ImportError> {
        let mut records = table.records(progress, &columns)?;
        let (mut top, mut failed) = (Vec::with_capacity(TOP_ROWS), None);
        while top.len() < TOP_ROWS && failed.is_none() {
            match records.next() {
                Some(Ok(record)) => top.push(record),
                Some(Err(error)) => failed = Some(error),
                None => break,
            }
        }
        let Some(mut found) = heading::find(&top, table.merges(), &columns) else {
            return Err(failed.unwrap_or_else(|| ImportError::Empty { file: name.to_owned() }));
        };
        let is_own = found.names.iter().any(|name| name.trim() == REASON);
        if is_own {
            found.names = found.names.iter().map(|name| as_given(name).to_owned()).collect();
        }
        if let Some(second) = second_table(&found.names, &columns) {
            found.names[second..].fill(String::new());
        }
        columns.look_at(&found.names);
        let above = top[..found.records].iter().flat_map(|record| record.cells.iter());
        let year_above = year_in(&above.collect::<Vec<_>>().join(" "));
        let power = unit_above(&top[..found.records]);
        let heading: Vec<Meaning> = found.names.iter().map(|name| columns.meaning(name).clone()).collect();
        let shared = shared(&heading, table.merges(), top[found.records - 1].row);
        let mut rows = Self {
            table,
            records,
            shared,
            halves: halves(&heading, &found.continued),
            habits: Habits::new(&heading, power),
            heading,
            heading_row: top[found.records - 1].row,
            year_above,
            columns,
            carried: Carried::default(),
            totals: Vec::new(),
            sums: Sums::default(),
            heading_rows: top[..found.records].iter().filter_map(heading_row).collect(),
            headings_again: Vec::new(),
            chapters: Chapters::default(),
            chapter_rows: Vec::new(),
            village_column: None,
            village_above: None,
            beside: Beside::default(),
            signatures: Signatures::default(),
            filled_right: Vec::new(),
            errors: BTreeMap::new(),
            is_known: false,
            writings: Vec::new(),
            is_own,
            ahead: top.into_iter().skip(found.records).map(Ok).chain(failed.map(Err)).collect(),
        };
        rows.look_ahead();
        Ok(rows)
    }

    /// What the first rows tell about all.
    fn look_ahead(&mut self) {
        self.is_known = self.buffer_rows(SAMPLE_ROWS);
        let sample = self.ahead.iter().filter_map(|read| read.as_ref().ok());
        sample.clone().for_each(|record| self.habits.observe(record));
        let filled: Vec<&Record> = sample.filter(|record| !is_empty(record)).collect();
        if let Some(at) = column_of_places(&self.heading, &filled)
            && !PLACES.iter().any(|field| self.columns.has(*field))
            && let Some(meaning) = self.columns.take_for(&self.heading[at].name, Field::Geometry)
        {
            self.heading[at] = meaning;
        }
        self.chapters = Chapters::new(&self.heading, &filled);
        let has_column = [Field::VillageCode, Field::VillageName].iter().any(|field| self.columns.has(*field));
        if let Some(word) = village_word(&filled).filter(|_| !has_column) {
            self.village_column = self.columns.take_chapters_for(word, Field::VillageName);
            self.chapters.has_villages = self.village_column.is_some();
        }
        self.carried = self.find_carried();
        self.habits.stated = self.carried.decimal;
        self.writings = (0..self.heading.len()).map(|column| self.habits.writing(column)).collect();
    }

    pub fn next_raw(&mut self) -> Option<Result<RawRow, ImportError>> {
        loop {
            let record = match self.next_record()? {
                Ok(record) => record,
                Err(error) => return Some(Err(error)),
            };
            if self.is_total(&record) || self.is_sum_of_rows_above(&record) {
                self.totals.push(record.row);
                self.sums.end_group();
            } else if !record.is_open && self.heading_rows.iter().any(|heading| is_heading_row(&record, heading)) {
                self.headings_again.push(record.row);
            } else if !record.is_open && self.signatures.take(&record, &self.heading) {
                self.note_beside(&record);
            } else if self.is_chapter(&record) {
                self.note_village(&record);
                self.chapter_rows.push(record.row);
            } else if self.is_beside(&record) {
                self.note_beside(&record);
            } else {
                if !self.is_known && self.habits.are_needed(&record) {
                    self.read_through();
                }
                self.sums.add(self.money_of(&record).unwrap_or(0));
                return Some(Ok(self.raw_row(&record)));
            }
        }
    }

    /// The next row with all of its cells as a table of text has them, and its number. Totals and chapters are rows too.
    pub fn next_cells(&mut self) -> Option<Result<(u64, StringRecord), ImportError>> {
        let read = self.next_record()?;
        if self.village_column.is_some()
            && let Ok(record) = &read
            && self.is_chapter(record)
        {
            self.note_village(record);
        }
        let comma = self.decimal() == Decimal::Comma;
        let text = |record: &Record, at: usize, cell: &str| {
            if comma && record.is_number(at) { cell.replace('.', ",") } else { cell.to_owned() }
        };
        Some(read.map(|record| {
            let cells = record.cells.iter().enumerate().map(|(at, cell)| text(&record, at, cell));
            (record.row, cells.collect())
        }))
    }

    /// Takes note of the village that a chapter names.
    fn note_village(&mut self, chapter: &Record) {
        if let Some((_, village)) = village_of(chapter).filter(|_| self.chapters.has_villages) {
            self.village_above = Some(village.to_owned());
        }
    }

    /// Where chapters name the villages: what they call one, and the village of the last row that was handed out.
    pub fn village_of_chapter(&self) -> Option<(&str, &str)> {
        let column = self.village_column.as_ref()?;
        Some((&column.name, self.village_above.as_deref().unwrap_or_default()))
    }

    /// The headings as written in the file.
    pub fn heading(&self) -> Vec<String> {
        self.heading.iter().map(|meaning| meaning.name.to_string()).collect()
    }

    /// The decimal mark of the table. Sheets whose texts show none have a comma, as people here type it.
    pub fn decimal(&self) -> Decimal {
        match (self.habits.decimal(), &self.table) {
            (Decimal::Unknown, Table::Sheet(_)) => Decimal::Comma,
            (shown, _) => shown,
        }
    }

    /// What a reader should know about the table, as far as it was read.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let name =
            |column: usize| self.heading.get(column).map_or_else(String::new, |meaning| meaning.name.to_string());
        if let Table::Sheet(sheet) = &self.table {
            let places = [
                ("merged_filled", &sheet.filled),
                ("merged_filled_right", &self.filled_right),
                ("formulas_without_value", &sheet.formulas),
                ("evenings_as_next_day", &sheet.evenings),
            ];
            for (code, places) in places {
                notes.extend(self.note_of_places(code, places));
            }
            if let Some((row, _)) = self.shared.first() {
                let mut columns: Vec<String> = self.shared.iter().map(|(_, column)| name(*column)).collect();
                columns.sort_unstable();
                columns.dedup();
                let note = Note::new("merged_sums").with("count", self.shared.len()).with("row", *row);
                notes.push(note.with("columns", columns));
            }
        }
        for (column, (cells, row, text)) in &self.errors {
            let note = Note::new("cells_with_errors").with("column", name(*column)).with("count", *cells);
            notes.push(note.with("row", *row).with("text", text.as_str()));
        }
        for (code, order) in [("months_first", DayOrder::MonthFirst), ("years_first", DayOrder::YearFirst)] {
            let columns: Vec<String> = self.habits.in_order(order).map(name).collect();
            if !columns.is_empty() {
                notes.push(Note::new(code).with("columns", columns));
            }
        }
        notes.extend(self.note_of_units());
        if !self.chapter_rows.is_empty() {
            let count = self.chapter_rows.len();
            notes.push(Note::new("chapters").with("count", count).with("rows", self.chapter_rows.clone()));
        }
        notes.extend(self.signatures.note());
        if !self.headings_again.is_empty() {
            let count = self.headings_again.len();
            notes.push(Note::new("headings_again").with("count", count).with("rows", self.headings_again.clone()));
        }
        notes.extend(self.beside.note());
        notes
    }

    /// Of sums in thousands or millions of rupiah: the columns, and what one of them is.
    fn note_of_units(&self) -> impl Iterator<Item = Note> {
        let is_sum = |meaning: &&Meaning| meaning.field.is_some_and(Field::is_sum);
        self.heading.iter().filter(is_sum).filter_map(|meaning| {
            let power = unit_of_money(&meaning.name).unwrap_or(self.habits.power);
            let one = 10_u64.pow(u32::from(power));
            (power > 0).then(|| Note::new("sums_in_unit").with("column", meaning.name.as_ref()).with("one", one))
        })
    }

    /// Of cells of named columns below the heading, but for sums in merged ones: how many, and the columns.
    fn note_of_places(&self, code: &'static str, places: &[(u32, u32)]) -> Option<Note> {
        let named = |column: u32| self.heading.get(column as usize).filter(|meaning| !meaning.name.is_empty());
        let is_shared = |(row, column): (u32, u32)| self.shared.contains(&(u64::from(row) + 1, column as usize));
        let below =
            places.iter().filter(|place| u64::from(place.0) + 1 > self.heading_row).filter(|place| !is_shared(**place));
        let found: Vec<(u32, &Meaning)> = below.filter_map(|(row, column)| Some((*row, named(*column)?))).collect();
        let (first, _) = found.first()?;
        let mut columns: Vec<String> = found.iter().map(|(_, meaning)| meaning.name.to_string()).collect();
        columns.sort_unstable();
        columns.dedup();
        let note = Note::new(code).with("count", found.len()).with("row", u64::from(*first) + 1);
        Some(note.with("columns", columns))
    }

    fn is_total(&self, record: &Record) -> bool {
        let field = |at: usize| self.heading.get(at).and_then(|meaning| meaning.field);
        !record.is_open && is_total(record.cells.iter().enumerate().map(|(at, cell)| (field(at), cell)))
    }

    /// A total by its money: "Jumlah Desa Tambong" below works that cost as much together.
    fn is_sum_of_rows_above(&self, record: &Record) -> bool {
        let field = |at: usize| self.heading.get(at).and_then(|meaning| meaning.field);
        let may_be_one = || may_be_total(record.cells.iter().enumerate().map(|(at, cell)| (field(at), cell)));
        !record.is_open && self.money_of(record).is_some_and(|sum| self.sums.are(sum)) && may_be_one()
    }

    /// The sum of a row in units of its column, for comparing sums of one column.
    fn money_of(&self, record: &Record) -> Option<i64> {
        let at = self.heading.iter().position(|meaning| meaning.field == Some(Field::Budget))?;
        let text = record.cells.get(at).filter(|text| !is_blank(text))?;
        if record.is_number(at) {
            return text.parse().ok().and_then(whole);
        }
        money("", text, self.decimal()).ok()
    }

    fn is_chapter(&mut self, record: &Record) -> bool {
        self.buffer_rows(1);
        let is_row = |record: &&Record| !is_empty(record) && !self.is_total(record);
        let next = self.ahead.iter().filter_map(|read| read.as_ref().ok()).find(is_row);
        if record.is_open || !self.chapters.may_be_one(record, next) {
            return false;
        }
        self.buffer_rows(BELOW);
        let is_row = |record: &&Record| !is_empty(record) && !self.is_total(record);
        let below: Vec<&Record> = self.ahead.iter().filter_map(|read| read.as_ref().ok()).filter(is_row).collect();
        self.chapters.is_one(record, &below)
    }

    /// Whether nothing of a row stands in a column with a name.
    fn is_beside(&self, record: &Record) -> bool {
        let mut named = self.heading.iter().enumerate().filter(|(_, meaning)| !meaning.name.is_empty());
        !record.is_open && named.all(|(at, _)| record.cells.get(at).is_none_or(is_blank))
    }

    fn note_beside(&mut self, record: &Record) {
        for (at, cell) in record.cells.iter().enumerate() {
            let is_named = self.heading.get(at).is_some_and(|meaning| !meaning.name.is_empty());
            if !is_named && !is_blank(cell) && !self.halves.values().any(|half| *half == at) {
                self.beside.add(record.row, cell);
            }
        }
    }

    /// Looks at every row of the table for the habits of its columns. What cannot be read is reported when it is its turn.
    fn read_through(&mut self) {
        let mut habits = Habits::new(&self.heading, self.habits.power);
        habits.stated = self.habits.stated;
        let records = self.table.records(&Progress::default(), &self.columns).into_iter().flatten();
        for record in records.map_while(Result::ok).filter(|record| record.row > self.heading_row) {
            habits.observe(&record);
        }
        self.habits = habits;
        self.is_known = true;
        self.writings = (0..self.heading.len()).map(|column| self.habits.writing(column)).collect();
    }

    /// The next record that is not empty.
    fn next_record(&mut self) -> Option<Result<Record, ImportError>> {
        loop {
            match self.ahead.pop_front().or_else(|| self.records.next())? {
                Ok(record) if is_empty(&record) => {}
                Ok(record) if self.is_own => {
                    let cells = record.cells.iter().map(as_given).collect();
                    return Some(Ok(Record { cells, ..record }));
                }
                read => return Some(read),
            }
        }
    }

    fn find_carried(&self) -> Carried {
        let first = self.ahead.iter().find_map(|read| read.as_ref().ok());
        let cell = |name: &str| {
            let at = self.heading.iter().position(|meaning| &*meaning.name == name)?;
            first?.cells.get(at)
        };
        Carried::of_row(cell)
    }

    fn raw_row(&mut self, record: &Record) -> RawRow {
        let mut cells = Vec::with_capacity(self.heading.len() + 1);
        for at in 0..self.heading.len() {
            if self.heading[at].field.is_none() && !self.heading[at].is_key {
                continue;
            }
            let (text, is_number) = self.text(record, at);
            let meaning = &self.heading[at];
            cells.push(RawCell {
                field: meaning.field,
                rank: meaning.rank,
                column: meaning.name.clone(),
                text,
                is_number,
                writing: self.writings.get(at).copied().unwrap_or_default(),
            });
        }
        if let Some((meaning, village)) = self.village_column.as_ref().zip(self.village_above.as_ref()) {
            cells.push(RawCell {
                field: meaning.field,
                rank: meaning.rank,
                column: meaning.name.clone(),
                text: village.clone(),
                is_number: false,
                writing: Writing::default(),
            });
        }
        for (at, cell) in record.cells.iter().enumerate().filter(|(_, cell)| cell.starts_with(['#', 'E', 'e'])) {
            let is_named = self.heading.get(at).is_some_and(|meaning| !meaning.name.is_empty());
            if is_named && is_error(cell) {
                self.errors.entry(at).or_insert_with(|| (0, record.row, cell.trim().to_owned())).0 += 1;
            }
        }
        let fault = self.fault(record);
        if fault.is_none() {
            self.note_beside(record);
        }
        RawRow { row: record.row, cells, shape: RawShape::None, shape_expected: false, fault }
    }

    /// The text of a cell, or of the one that is merged over it, and whether it is a number of the format; of half a place with
    /// the other half beside it.
    fn text(&mut self, record: &Record, at: usize) -> (String, bool) {
        if self.shared.contains(&(record.row, at)) {
            return (String::new(), false);
        }
        if let Some(left) = self.merged_over(record, at) {
            self.filled_right
                .push((u32::try_from(record.row - 1).unwrap_or(u32::MAX), u32::try_from(at).unwrap_or(u32::MAX)));
            return (record.cells.get(left).unwrap_or_default().to_owned(), record.is_number(left));
        }
        let text = record.cells.get(at).unwrap_or_default();
        let other = self.halves.get(&at).and_then(|half| record.cells.get(*half)).filter(|other| !is_blank(other));
        let is_half = |text: &str| number(text, false).is_some() || degrees("", text).is_ok();
        match other {
            Some(other) if is_half(text) && is_half(other) => (format!("{text}; {other}"), false),
            _ => (text.to_owned(), record.is_number(at)),
        }
    }

    /// The column of the cell that is merged over this empty one, where what it holds may stand in this column too: a number
    /// or a day in a column of such, a name of a place in another one. A title over the whole row says nothing of a year.
    fn merged_over(&self, record: &Record, at: usize) -> Option<usize> {
        let Table::Sheet(sheet) = &self.table else { return None };
        if record.cells.get(at).is_some_and(|text| !is_blank(text)) {
            return None;
        }
        let row = u32::try_from(record.row.checked_sub(1)?).ok()?;
        let over = |(first, last): &&(u32, u32)| (*first as usize) < at && at <= *last as usize;
        let left = sheet.wide.get(&row)?.iter().find(over)?.0 as usize;
        let text = record.cells.get(left).filter(|text| !is_blank(text))?;
        let field = |at: usize| self.heading.get(at).and_then(|meaning| meaning.field);
        let is_place = |field: Option<Field>| {
            matches!(field, Some(Field::VillageName | Field::District | Field::Regency | Field::Hamlet))
        };
        let is_number = |field: Field| {
            field.is_sum() || matches!(field, Field::Volume | Field::FiscalYear | Field::StartOn | Field::FinishOn)
        };
        let fits = |field: Field| is_number(field) && beside::fits(field, text) == Some(true);
        (fits(field(at)?) || (is_place(field(at)) && is_place(field(left)))).then_some(left)
    }

    /// The defect that makes a row unreadable as a whole: a quote that swallows the rows below, cells that a stray separator
    /// pushed beyond the heading.
    fn fault(&self, record: &Record) -> Option<(String, Invalid, String)> {
        let Table::Text(_) = &self.table else { return None };
        let column = |at: usize| self.heading.get(at).map_or_else(String::new, |meaning| meaning.name.to_string());
        let last = record.cells.len().saturating_sub(1);
        let mut cells = record.cells.iter().enumerate();
        let lines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let swallows = |(at, cell): &(usize, &str)| (record.is_open && *at == last) || lines(cell) > CELL_LINES;
        if let Some((at, cell)) = cells.find(swallows) {
            return Some((column(at), Invalid::new("quote_not_closed", column(at)), cell.to_owned()));
        }
        let beyond = record.cells.iter().skip(self.heading.len()).find(|cell| !is_blank(cell))?;
        let invalid =
            Invalid::new("too_many_cells", "").with("given", record.cells.len()).with("most", self.heading.len());
        is_shifted(record, &self.heading).then(|| (String::new(), invalid, beyond.to_owned()))
    }

    /// Holds so many rows; whether the table ends with them.
    fn buffer_rows(&mut self, rows: usize) -> bool {
        while self.ahead.len() < rows {
            match self.records.next() {
                Some(record) => self.ahead.push_back(record),
                None => return true,
            }
        }
        false
    }
}

fn is_empty(record: &Record) -> bool {
    record.cells.iter().all(is_blank)
}

/// The columns beside those of places that have no name of their own: a place in two cells.
fn halves(heading: &[Meaning], continued: &[usize]) -> BTreeMap<usize, usize> {
    let is_place = |field: Option<Field>| matches!(field, Some(Field::Coordinates | Field::EndCoordinates));
    let is_half = |at: usize| heading.get(at).is_none_or(|meaning| meaning.name.is_empty()) || continued.contains(&at);
    let places = heading.iter().enumerate().filter(|(_, meaning)| is_place(meaning.field));
    places.map(|(at, _)| (at, at + 1)).filter(|(_, half)| is_half(*half)).collect()
}
