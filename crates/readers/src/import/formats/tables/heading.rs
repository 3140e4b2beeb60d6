//! The heading of a table: which rows near the top are it, and the name of each column. Over several rows a column is called
//! by the lowest of its names, with those above it where it alone says less: "Koordinat" over "Lintang | Bujur".

use super::record::Record;
use super::sheet::Merge;
use crate::import::cells::numbers::{is_blank, number};
use crate::import::rows::columns::Columns;
use std::collections::HashSet;

/// Rows in which the heading begins: those above it are the title of a report.
pub const TOP_ROWS: usize = 15;
/// The most rows of one heading.
const ROWS: usize = 4;
/// Lowest names that only say that a column holds the amount of what stands above it.
const AMOUNTS: [&str; 12] =
    ["jumlah", "nilai", "besar", "besaran", "total", "rp", "rupiah", "angka", "kuantitas", "amount", "m", "meter"];

/// The heading of a table.
#[derive(Debug, PartialEq)]
pub struct Heading {
    /// How many records it takes, with those above it and a row of column numbers or units below.
    pub records: usize,
    /// The name of each column, empty for those that have none.
    pub names: Vec<String>,
    /// Columns that are one with the column before them: a merged name over two of them.
    pub continued: Vec<usize>,
}

/// Finds the heading among the first records: the first that names two fields, else one, else the first of all; then as
/// many rows around it as make more of its columns known. O(records × columns).
pub fn find(top: &[Record], merges: &[Merge], columns: &Columns) -> Option<Heading> {
    let top = &top[..top.len().min(TOP_ROWS)];
    let grid = Grid { top, merges: merges.iter().filter(|merge| is_near(merge, top)).collect() };
    let counts: Vec<usize> = (0..top.len()).map(|at| columns.count_fields(top[at].cells.iter())).collect();
    let at = [2, 1].iter().find_map(|least| counts.iter().position(|count| count >= least)).unwrap_or(0);
    top.get(at)?;
    let mut best = (at, 1, counts[at]);
    for rows in 2..ROWS {
        for first in (at + 1).saturating_sub(rows)..=at {
            let is_title = |above: usize| count_different(&top[above]) < 2;
            let is_data = |below: usize| has_number(&top[below]);
            if first + rows > top.len() || (first..at).any(is_title) || (at + 1..first + rows).any(is_data) {
                continue;
            }
            let names = grid.names(first, rows, columns);
            let count = columns.count_fields(names.iter().map(String::as_str));
            if count > best.2 {
                best = (first, rows, count);
            }
        }
    }
    let (first, mut rows, _) = best;
    // A name merged over rows is part of the heading to its end.
    while rows < ROWS && first + rows < top.len() && grid.is_merged_from(first, rows) {
        rows += 1;
    }
    let mut records = first + rows;
    if top.get(records).is_some_and(|record| is_numbering(record) || is_units(record)) {
        records += 1;
    }
    Some(Heading { records, names: grid.names(first, rows, columns), continued: grid.continued(first + rows - 1) })
}

fn is_near(merge: &Merge, top: &[Record]) -> bool {
    top.last().is_some_and(|last| u64::from(merge.rows.0) < last.row)
}

/// The rows near the top with their merged cells.
struct Grid<'a> {
    top: &'a [Record],
    merges: Vec<&'a Merge>,
}

impl Grid<'_> {
    fn names(&self, first: usize, rows: usize, columns: &Columns) -> Vec<String> {
        let width = self.top[first..first + rows].iter().map(|record| record.cells.len()).max().unwrap_or(0);
        (0..width).map(|column| self.name(first, rows, column, columns)).collect()
    }

    fn name(&self, first: usize, rows: usize, column: usize, columns: &Columns) -> String {
        let lowest = first + rows - 1;
        let Some(lower) = (first..=lowest).rev().find_map(|at| self.cell(at, column)) else { return String::new() };
        let mut uppers: Vec<&str> = (first..lowest).rev().filter_map(|at| self.context(at, column)).collect();
        uppers.retain(|upper| *upper != lower);
        uppers.dedup();
        for upper in &uppers {
            let last_word = upper.rsplit(' ').next().unwrap_or(upper);
            let mut names =
                [format!("{lower} {upper}"), format!("{upper} {lower}"), format!("{lower} {last_word}")].into_iter();
            if let Some(known) = names.find(|name| columns.is_known(name)) {
                return known;
            }
        }
        if columns.is_known(lower) {
            return lower.to_owned();
        }
        let is_amount = AMOUNTS.contains(&lower.trim_matches(['(', ')', '.', ' ']).to_lowercase().as_str());
        match uppers.iter().find(|upper| is_amount && columns.is_known(upper)).or(uppers.first()) {
            Some(upper) if is_amount => (*upper).to_owned(),
            Some(upper) => format!("{upper} {lower}"),
            None => lower.to_owned(),
        }
    }

    /// What stands in a cell of the heading; in a merged one what stands in its first.
    fn cell(&self, at: usize, column: usize) -> Option<&str> {
        let own = |column: usize| self.top[at].cells.get(column).map(str::trim).filter(|text| !is_blank(text));
        own(column).or_else(|| own(self.merge(at, column)?.columns.0 as usize))
    }

    /// The name above a column: its own, or of text, which shows no merged cells, the nearest one before it.
    fn context(&self, at: usize, column: usize) -> Option<&str> {
        let before = || (0..column).rev().find_map(|column| self.cell(at, column));
        self.cell(at, column).or_else(|| if self.merges.is_empty() { before() } else { None })
    }

    fn merge(&self, at: usize, column: usize) -> Option<&Merge> {
        let (row, column) = (u32::try_from(self.top[at].row - 1).ok()?, u32::try_from(column).ok()?);
        let holds = |(first, last): (u32, u32), at: u32| (first..=last).contains(&at);
        self.merges.iter().find(|merge| holds(merge.rows, row) && holds(merge.columns, column)).copied()
    }

    /// Whether a name of these rows is merged with the row below them.
    fn is_merged_from(&self, first: usize, rows: usize) -> bool {
        let row = |at: usize| u32::try_from(self.top[at].row - 1).unwrap_or(u32::MAX);
        let (first_row, below) = (row(first), row(first + rows));
        let is_filled = |merge: &Merge| self.cell(first, merge.columns.0 as usize).is_some();
        self.merges
            .iter()
            .any(|merge| (first_row..below).contains(&merge.rows.0) && merge.rows.1 >= below && is_filled(merge))
    }

    /// Columns without a name of their own below a name merged over two columns.
    fn continued(&self, lowest: usize) -> Vec<usize> {
        let is_second = |column: &usize| {
            let merge = self.merge(lowest, *column);
            merge.is_some_and(|merge| merge.columns.0 as usize + 1 == *column && merge.columns.1 as usize == *column)
        };
        (0..=self.top[lowest].cells.len()).filter(is_second).collect()
    }
}

/// How many different texts a row has: the title of a report is one, however wide.
fn count_different(record: &Record) -> usize {
    record.cells.iter().filter(|cell| !is_blank(cell)).collect::<HashSet<_>>().len()
}

fn has_number(record: &Record) -> bool {
    let mut cells = record.cells.iter().enumerate();
    !is_numbering(record) && cells.any(|(at, cell)| record.is_number(at) || number(cell, false).is_some())
}

/// `1 2 3 …`, `(1) (2) (3)`: numbers of the columns.
fn is_numbering(record: &Record) -> bool {
    let mut next = None;
    let mut cells = 0;
    for cell in record.cells.iter().filter(|cell| !is_blank(cell)) {
        let Ok(found) = cell.trim_matches(['(', ')', ' ', '.']).parse::<u32>() else { return false };
        if next.is_some_and(|next| next != found) {
            return false;
        }
        next = Some(found + 1);
        cells += 1;
    }
    cells > 2 && next == Some(cells + 1)
}

/// `(Rp) (m)`: units, each in brackets.
fn is_units(record: &Record) -> bool {
    let mut cells = record.cells.iter().map(str::trim).filter(|cell| !is_blank(cell)).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.starts_with('(') && cell.ends_with(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(rows: &[&[&str]]) -> Vec<Record> {
        let record =
            |(row, cells): (u64, &&[&str])| Record { row, cells: cells.iter().copied().collect(), ..Record::default() };
        (1..).zip(rows).map(record).collect()
    }

    fn names(rows: &[&[&str]], merges: &[Merge]) -> (usize, Vec<String>) {
        let heading = find(&records(rows), merges, &Columns::new(&[], &[]).unwrap()).unwrap();
        (heading.records, heading.names)
    }

    const TWO: [&[&str]; 4] = [
        &["REKAP KEGIATAN 2026"],
        &[
            "No",
            "Nama Kegiatan",
            "Lokasi",
            "",
            "Volume",
            "",
            "Koordinat Awal",
            "",
            "Koordinat Akhir",
            "",
            "Kontrak",
            "",
        ],
        &["", "", "Dusun", "RT/RW", "Jumlah", "Satuan", "Lintang", "Bujur", "Lintang", "Bujur", "Nomor", "Nilai"],
        &["1", "Talud", "Krajan", "03/01", "150", "m", "-8.5", "114.2", "-8.6", "114.3", "7/SPK", "9000000"],
    ];

    #[test]
    fn a_heading_over_two_rows_names_each_column_by_both() {
        let expected = [
            "No",
            "Nama Kegiatan",
            "Dusun",
            "RT/RW",
            "Volume",
            "Satuan Volume",
            "Lintang Awal",
            "Bujur Awal",
            "Lintang Akhir",
            "Bujur Akhir",
            "Nomor Kontrak",
            "Nilai Kontrak",
        ];
        assert_eq!(names(&TWO, &[]), (3, expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn names_that_are_merged_down_belong_to_the_heading_and_data_below_does_not() {
        let merge = |rows, columns| Merge { rows, columns };
        let merges = [merge((1, 2), (0, 0)), merge((1, 2), (1, 1)), merge((1, 1), (2, 3))];
        let rows: [&[&str]; 4] = [
            &["DAFTAR", "", "", ""],
            &["ID", "Nama Kegiatan", "Pencairan", ""],
            &["ID", "Nama Kegiatan", "Tahap I", "Tahap II"],
            &["1", "Talud", "5", "6"],
        ];
        assert_eq!(
            names(&rows, &merges),
            (3, ["ID", "Nama Kegiatan", "Pencairan Tahap I", "Pencairan Tahap II"].map(str::to_owned).to_vec())
        );
        let rows: [&[&str]; 3] = [&["DATA DESA"], &["Nama", "Kode", "Tahun"], &["Talud", "K-1", "2025"]];
        assert_eq!(names(&rows, &[]), (2, ["Nama", "Kode", "Tahun"].map(str::to_owned).to_vec()));
        let rows: [&[&str]; 3] =
            [&["id", "judul", "tahun"], &["K", "Desa Sumber Dana", "2025"], &["L", "Talud", "2025"]];
        assert_eq!(names(&rows, &[]).0, 1);
    }

    #[test]
    fn numbers_and_units_of_the_columns_are_no_row() {
        let head: &[&str] = &["ID", "Nama Kegiatan", "Pagu"];
        for below in [&["1", "2", "3"], &["(1)", "(2)", "(3)"], &["", "", "(Rp)"]] {
            assert_eq!(names(&[head, below, &["K", "Talud", "5"]], &[]).0, 2, "{below:?}");
        }
        assert_eq!(names(&[head, &["2", "3", "4"]], &[]).0, 1);
        assert_eq!(names(&[head, &["1", "Talud", "3"]], &[]).0, 1);
    }

    #[test]
    fn a_name_over_two_columns_without_names_of_their_own_is_told() {
        let merges = [Merge { rows: (0, 0), columns: (1, 2) }];
        let rows = records(&[&["Nama Kegiatan", "Koordinat"], &["Talud", "-8.1", "114.3"]]);
        let heading = find(&rows, &merges, &Columns::new(&[], &[]).unwrap()).unwrap();
        assert_eq!(heading.continued, [2]);
    }
}
