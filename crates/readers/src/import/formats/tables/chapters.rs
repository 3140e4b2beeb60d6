//! Rows of a budget that are no works: chapters, whose sums stand again in the rows below them, and the economic accounts
//! (wages, material) of a work.

use super::record::Record;
use crate::domain::text::fold;
use crate::import::cells::money::money;
use crate::import::cells::numbers::is_blank;
use crate::import::cells::writing::Decimal;
use crate::import::rows::columns::Meaning;
use crate::import::rows::fields::{Field, fold_heading};

/// Rows below a chapter that are added up.
pub const BELOW: usize = 64;
/// Columns of codes that name no field of ours in every file.
const CODES: [&str; 4] = ["kode", "norekening", "kodeanggaran", "nomorrekening"];
/// The longest name of a village.
const NAME_CHARS: usize = 60;
const NUMBERS: [&str; 4] = ["no", "nomor", "nourut", "nomorurut"];
/// Fields filled in a row below one that has only a title, for that one to be a chapter.
const FILLED: usize = 3;

/// How the chapters of one table are known.
#[derive(Debug, Default)]
pub struct Chapters {
    /// Columns of codes; a row has its code in the first that is filled.
    codes: Vec<usize>,
    /// The column of the numbers of a list.
    number: Option<usize>,
    title: Option<usize>,
    amount: Option<usize>,
    fields: Vec<usize>,
    /// The codes make a tree: `2`, `2.3`, `2.3.10`.
    has_tree: bool,
    /// Economic accounts stand among other codes.
    has_accounts: bool,
    /// The villages of the list stand in its chapters alone, and several do.
    pub has_villages: bool,
    /// The last row with a code was an account: rows without one are its details.
    is_in_account: bool,
}

impl Chapters {
    /// `sample` are the first rows below the heading that are not empty.
    pub fn new(heading: &[Meaning], sample: &[&Record]) -> Self {
        let of_field = |field: Field| heading.iter().position(|meaning| meaning.field == Some(field));
        let is_code = |meaning: &Meaning| {
            matches!(meaning.field, Some(Field::BudgetLine | Field::ActivityCode))
                || CODES.contains(&fold_heading(&meaning.name).as_str())
        };
        let mut chapters = Self {
            codes: (0..heading.len()).filter(|at| is_code(&heading[*at])).collect(),
            number: heading.iter().position(|meaning| NUMBERS.contains(&fold_heading(&meaning.name).as_str())),
            title: of_field(Field::Title),
            amount: of_field(Field::Budget),
            fields: (0..heading.len()).filter(|at| heading[*at].field.is_some()).collect(),
            ..Self::default()
        };
        chapters.has_tree = sample.windows(2).any(|rows| chapters.is_above(rows[0], rows[1]));
        let with_code = sample.iter().filter(|record| !chapters.code(record).is_empty());
        let (accounts, others): (Vec<&Record>, Vec<&Record>) =
            with_code.copied().partition(|record| chapters.is_account(record));
        chapters.has_accounts = !accounts.is_empty() && !others.is_empty();
        chapters
    }

    /// Whether [`Chapters::is_one`] is to be asked, with the rows below.
    pub fn may_be_one(&self, record: &Record, next: Option<&Record>) -> bool {
        let says_less = |next: &Record| self.count_filled(record) < self.count_filled(next);
        self.has_tree || self.has_accounts || next.is_some_and(says_less)
    }

    /// Whether a row is a chapter or an account; `below` are up to [`BELOW`] rows below it. Rows are asked in their order.
    pub fn is_one(&mut self, record: &Record, below: &[&Record]) -> bool {
        let code = self.code(record);
        if self.has_accounts {
            if !code.is_empty() {
                self.is_in_account = self.is_account(record);
            }
            if self.is_in_account {
                return true;
            }
        }
        let is_above =
            || below.iter().find(|next| !self.is_account(next)).is_some_and(|next| self.is_above(record, next));
        if self.has_tree && ((1..=2).contains(&code.len()) || is_above()) {
            return true;
        }
        self.is_sum(record, below)
            || below.first().is_some_and(|next| {
                self.is_title_alone(record, next)
                    || self.is_name_alone(record, next)
                    || self.is_numbered_above(record, next)
            })
    }

    /// The parts of a code: `02.3.10.` is 2, 3, 10. Empty where there is none.
    fn code(&self, record: &Record) -> Vec<u32> {
        let mut filled = self.codes.iter().filter_map(|at| record.cells.get(*at)).filter(|text| !is_blank(text));
        let text = filled.next().unwrap_or_default();
        let parts = text.trim().trim_end_matches('.').split('.').map(|part| part.trim().parse().ok());
        parts.collect::<Option<Vec<u32>>>().unwrap_or_default()
    }

    /// Whether the code of the next row continues this one's, and the money does not contradict.
    fn is_above(&self, record: &Record, next: &Record) -> bool {
        let (code, below) = (self.code(record), self.code(next));
        let fits = || self.amount(record).zip(self.amount(next)).is_none_or(|(sum, part)| sum >= part);
        !code.is_empty() && below.len() > code.len() && below.starts_with(&code) && fits()
    }

    /// An account of expenditure (Permendagri 20/2018: `5.1` wages to `5.4` unforeseen, such as `5.3.5.02`).
    fn is_account(&self, record: &Record) -> bool {
        let code = self.code(record);
        let is_called =
            || fold(self.title.and_then(|at| record.cells.get(at)).unwrap_or_default()).starts_with("belanja");
        matches!(code.as_slice(), [5, 1..=4, rest @ ..] if is_called() || matches!(rest, [1..=9, _]))
    }

    /// Whether the money of this row is that of at least two rows right below, each of which says more than this one.
    fn is_sum(&self, record: &Record, below: &[&Record]) -> bool {
        let Some(sum) = self.amount(record).filter(|sum| *sum > 0) else { return false };
        let filled = self.count_filled(record);
        let mut total = 0_i64;
        for (rows, next) in (1..).zip(below) {
            let Some(amount) = self.amount(next).filter(|amount| *amount > 0) else { return false };
            total = total.saturating_add(amount);
            if total > sum || self.count_filled(next) <= filled {
                return false;
            }
            if total == sum {
                return rows > 1;
            }
        }
        false
    }

    /// `A | PEKERJAAN JALAN` above rows that say more than a title.
    fn is_title_alone(&self, record: &Record, next: &Record) -> bool {
        let Some(title) = self.title.and_then(|at| record.cells.get(at)).filter(|title| !is_blank(title)) else {
            return false;
        };
        let is_alone = self.count_filled(record) == 1;
        let more = self.count_filled(next);
        let is_upper = |text: &str| text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase);
        let next_title = self.title.and_then(|at| next.cells.get(at)).unwrap_or_default();
        let is_loud = is_upper(title) && !is_upper(next_title);
        let others = record.cells.iter().enumerate().filter(|(at, cell)| Some(*at) != self.title && !is_blank(cell));
        let is_numbered = others.clone().next().is_some() && others.clone().all(|(_, cell)| is_ordinal(cell));
        let folded = fold(title);
        let is_called = ["bidang ", "sub bidang ", "subbidang "].iter().any(|word| folded.starts_with(word))
            || (self.has_villages && village_of(record).is_some());
        is_alone && ((more > FILLED && (is_loud || is_numbered)) || (more >= FILLED && is_called))
    }

    /// `Desa Tambong` in the first column, above rows that have a title: a name that is no title of a work.
    fn is_name_alone(&self, record: &Record, next: &Record) -> bool {
        let has_title =
            |record: &Record| self.title.is_some_and(|at| record.cells.get(at).is_some_and(|c| !is_blank(c)));
        let mut filled = record.cells.iter().filter(|cell| !is_blank(cell));
        let (first, is_alone) = (filled.next().unwrap_or_default(), filled.next().is_none());
        let is_name = first.chars().filter(|c| c.is_alphabetic()).count() > 2;
        is_alone && is_name && !has_title(record) && has_title(next) && self.count_filled(next) >= FILLED
    }

    /// `1 | Pekerjaan jalan` above `1.1 | Rabat beton | 100 m | 90.000.000`: the numbers of a list make a tree, and this row
    /// says less.
    fn is_numbered_above(&self, record: &Record, next: &Record) -> bool {
        let number = |record: &Record| {
            let text = record.cells.get(self.number?)?.trim().trim_end_matches(['.', ')']);
            text.split('.').map(|part| part.trim().parse().ok()).collect::<Option<Vec<u32>>>()
        };
        let (Some(above), Some(below)) = (number(record), number(next)) else { return false };
        below.len() == above.len() + 1
            && below.starts_with(&above)
            && self.count_filled(record) < self.count_filled(next)
    }

    fn amount(&self, record: &Record) -> Option<i64> {
        money("", record.cells.get(self.amount?)?, Decimal::Comma).ok()
    }

    fn count_filled(&self, record: &Record) -> usize {
        self.fields.iter().filter(|at| record.cells.get(**at).is_some_and(|cell| !is_blank(cell))).count()
    }
}

/// The village that a chapter names: `I | DESA TAMBONG`, `Kelurahan Kepatihan`. The word for it, and all of the cell.
pub fn village_of(record: &Record) -> Option<(&str, &str)> {
    const WORDS: [&str; 7] = ["desa", "kelurahan", "kalurahan", "nagari", "pekon", "gampong", "barangay"];
    let mut texts =
        record.cells.iter().map(str::trim).filter(|cell| cell.contains(char::is_alphabetic) && !is_ordinal(cell));
    let name = texts.next()?;
    let (word, rest) = name.split_once(char::is_whitespace)?;
    let is_name = !rest.trim().is_empty() && name.chars().count() <= NAME_CHARS;
    (is_name && WORDS.contains(&word.to_lowercase().as_str()) && texts.next().is_none()).then_some((word, name))
}

/// `A`, `b.`, `IV`: chapters are lettered where works are numbered.
fn is_ordinal(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(['.', ')']);
    let is_roman = !bare.is_empty() && bare.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    is_roman || (bare.chars().count() == 1 && bare.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::columns::Columns;

    /// The rows (from 1) that are chapters.
    fn chapters(heading: &str, rows: &[&str]) -> Vec<usize> {
        let cells = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
        let mut columns = Columns::new(&[], &[]).unwrap();
        let heading: Vec<Meaning> = cells(heading).iter().map(|name| columns.meaning(name).clone()).collect();
        let record = |line: &&str| Record { cells: cells(line).iter().collect(), ..Record::default() };
        let records: Vec<Record> = rows.iter().map(record).collect();
        let records: Vec<&Record> = records.iter().collect();
        let mut chapters = Chapters::new(&heading, &records);
        (0..rows.len()).filter(|at| chapters.is_one(records[*at], &records[at + 1..])).map(|at| at + 1).collect()
    }

    #[test]
    fn of_a_budget_tree_the_works_remain() {
        let rows = [
            "2;BIDANG PEMBANGUNAN;300.000.000;",
            "2.1;Sub Bidang Pendidikan;0;",
            "02.3;Sub Bidang Jalan;300.000.000;",
            "2.3.10;Jalan Desa;250.000.000;DDS",
            "2.3.10.01;Rabat beton Krajan;250.000.000;DDS",
            "5.3.5.02;Belanja Modal Upah;90.000.000;DDS",
            "5.3.5.03.;Bahan;160.000.000;DDS",
            "2.3.11;Talud Wetan;50.000.000;DDS",
            "5.2;Belanja Barang;50.000.000;DDS",
        ];
        assert_eq!(chapters("KODE REKENING;URAIAN;ANGGARAN;SUMBER DANA", &rows), [1, 2, 3, 4, 6, 7, 9]);
    }

    #[test]
    fn accounts_in_a_column_of_their_own_are_passed_over_with_their_details() {
        let rows = [
            "2.3.10;;Rabat beton;90",
            ";5.3.5.02;Upah;40",
            ";;Tukang 5 HOK;40",
            ";5.3.5.03;Bahan;50",
            "2.3.11;;Talud;5",
        ];
        assert_eq!(chapters("Kode Kegiatan;Kode Rekening;Uraian;Anggaran", &rows), [2, 3, 4]);
    }

    #[test]
    fn a_list_of_works_under_one_account_or_one_activity_keeps_all() {
        let accounts = ["5.3.5.02;Rabat beton;90.000.000", "5.3.5.02;Talud;60.000.000", "5.3.5.03;Gapura;5.000.000"];
        assert_eq!(chapters("Kode Rekening;Kegiatan;Anggaran", &accounts), [0; 0]);
        let activities = ["2.3.10;Rabat beton;90.000.000", "2.3.10;Talud;60.000.000", "2.3.14;Gapura;5.000.000"];
        assert_eq!(chapters("Kode Kegiatan;Kegiatan;Anggaran", &activities), [0; 0]);
    }

    #[test]
    fn a_sum_of_the_rows_below_that_says_less_than_they_is_a_chapter() {
        let rows = [
            "Pekerjaan jalan;150.000.000;;",
            "Rabat;100.000.000;50;m",
            "Talud;50.000.000;20;m",
            "Gapura;150.000.000;;",
        ];
        assert_eq!(chapters("Kegiatan;Anggaran;Volume;Satuan", &rows), [1]);
        let works = ["Rabat;200.000.000;50;m", "Talud;100.000.000;20;m", "Gapura;100.000.000;1;unit"];
        assert_eq!(chapters("Kegiatan;Anggaran;Volume;Satuan", &works), [0; 0]);
    }

    #[test]
    fn a_numbered_row_above_those_of_its_number_is_a_chapter_where_it_says_less() {
        let rows =
            ["1;Jalan;;;", "1.1;Rabat beton;100;50;m", "1.2;Paving;90;40;m", "2;Talud;80;9;m", "2.1;Pasangan;80;9;m"];
        assert_eq!(chapters("No;Kegiatan;Anggaran;Volume;Satuan", &rows), [1]);
    }

    #[test]
    fn a_title_alone_is_a_chapter_where_it_looks_like_one() {
        let works = "1;Rabat beton;100;50;m";
        for (row, is_one) in [
            ("A;Pekerjaan jalan;;;", true),
            (";PEKERJAAN JALAN;;;", true),
            (";Sub Bidang Jalan;;;", true),
            ("2;Talud Krajan;;;", false),
            (";Talud Krajan;;;", false),
            ("Desa Tambong;;;;", true),
            ("3;;;;", false),
        ] {
            assert_eq!(!chapters("No;Kegiatan;Anggaran;Volume;Satuan", &[row, works]).is_empty(), is_one, "{row}");
        }
    }
}
