//! Who signed a list, below its works: "Mengetahui, Kepala Desa …", place and day, names and numbers. They are no works.

use super::record::Record;
use crate::domain::text::fold;
use crate::import::cells::dates::day;
use crate::import::cells::money::money;
use crate::import::cells::numbers::{is_blank, number};
use crate::import::cells::writing::{DayOrder, Decimal};
use crate::import::rows::columns::Meaning;
use crate::import::rows::fields::Field;
use crate::import::rows::notes::Note;
use chrono::{Offset, Utc};

/// Words that begin them.
const BEGIN: [&str; 10] = [
    "mengetahui",
    "menyetujui",
    "diketahui oleh",
    "disetujui oleh",
    "dibuat oleh",
    "disusun oleh",
    "mengesahkan",
    "disahkan",
    "approved by",
    "prepared by",
];
/// More cells are a row of the list.
const CELLS: usize = 3;

/// The signatures of one table.
#[derive(Debug, Default)]
pub struct Signatures {
    /// They have begun: what follows and is no work belongs to them.
    has_begun: bool,
    rows: Vec<u64>,
}

impl Signatures {
    /// Whether a row is of them. Rows are asked in their order.
    pub fn take(&mut self, record: &Record, heading: &[Meaning]) -> bool {
        let filled: Vec<(usize, &str)> = record.cells.iter().enumerate().filter(|(_, text)| !is_blank(text)).collect();
        let is_work = filled.len() > CELLS
            || filled
                .iter()
                .any(|(at, text)| is_of_a_work(record, heading.get(*at).and_then(|of| of.field), *at, text));
        self.has_begun = !is_work && (self.has_begun || filled.iter().any(|(_, text)| begins(text)));
        if self.has_begun {
            self.rows.push(record.row);
        }
        self.has_begun
    }

    pub fn note(&self) -> Option<Note> {
        let count = self.rows.len();
        (count > 0).then(|| Note::new("signatures").with("count", count).with("rows", self.rows.clone()))
    }
}

/// Whether a cell holds what only a work has: a number or a code in a column of such.
fn is_of_a_work(record: &Record, field: Option<Field>, at: usize, text: &str) -> bool {
    let is_number = || record.is_number(at) || number(text, false).is_some() || money("", text, Decimal::Comma).is_ok();
    match field {
        Some(Field::Title) => false,
        // The running number of a work.
        None => record.is_number(at) || number(text, false).is_some(),
        Some(Field::ExternalId | Field::VillageCode) => text.chars().any(|c| c.is_ascii_digit()),
        Some(_) => is_number(),
    }
}

/// "Mengetahui,", or "Pesanggaran, 5 Januari 2026".
fn begins(text: &str) -> bool {
    let folded = fold(text);
    let is_word = |word: &&str| folded.strip_prefix(*word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let is_place_and_day = || {
        let (place, date) = text.split_once(',')?;
        let is_place = place.trim().chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-'));
        let is_in_words = date.chars().any(char::is_alphabetic);
        let read = day("", date, DayOrder::DayFirst, Utc.fix()).is_ok();
        Some(is_place && !place.trim().is_empty() && is_in_words && read)
    };
    // A work may be called after its office: "Disahkan" alone is none.
    BEGIN.iter().any(is_word) && folded.split(' ').count() <= 6 || is_place_and_day() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::columns::Columns;

    /// The rows (from 1) that are signatures.
    fn signatures(rows: &[&str]) -> Vec<u64> {
        let mut columns = Columns::new(&[], &[]).unwrap();
        let heading = ["No", "Nama Kegiatan", "Kode Desa", "Tahun", "Pagu"].map(|name| columns.meaning(name).clone());
        let mut signatures = Signatures::default();
        for (row, line) in (1..).zip(rows) {
            signatures.take(&Record { row, cells: line.split(';').collect(), ..Record::default() }, &heading);
        }
        signatures.rows
    }

    #[test]
    fn what_stands_below_a_list_for_those_who_sign_it_is_no_work() {
        let rows = [
            "1;Talud;35.10.01.2001;2026;90.000.000",
            ";Pesanggaran, 5 Januari 2026;;;",
            ";Mengetahui,;;;Pelaksana Kegiatan,",
            ";Kepala Desa Sumberagung;;;Kaur Perencanaan",
            ";( SUTRISNO );;;( WAHYUNI )",
            ";NIP. 19700101 199003 1 001;;;",
        ];
        assert_eq!(signatures(&rows), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_work_is_none_and_ends_them() {
        for work in [
            "1;Mengetahui batas desa: pemasangan patok;;;",
            "2;Kepala Desa: rehab rumah dinas;35.10.01.2001;2026;90.000.000",
            ";Mengetahui;35.10.01.2001;2026;90.000.000",
            ";Rehab kantor desa;;;",
            ";Jalan Mawar, RT 3;;;",
        ] {
            assert_eq!(signatures(&[work]), [0; 0], "{work}");
        }
        let rows = [";Menyetujui,;;;", ";Camat;;;", "1;Talud;35.10.01.2001;2026;90.000.000", ";Gapura;;;"];
        assert_eq!(signatures(&rows), [1, 2]);
    }
}
