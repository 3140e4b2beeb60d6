//! Which column of a file is which field: by name, by the usual Indonesian and English headings, or by the user's
//! choice.

use super::carried::{TAKEN_KEY, is_own};
use super::fields::{Field, TIMES_OF_FORMS, fold_heading, fold_whole};
use super::headings::{Headings, field_named};
use super::raw::RawCell;
use crate::import::cells::writing::Writing;
use crate::import::error::ImportError;
use std::collections::HashMap;
use std::sync::Arc;

/// One column that was recognised, for showing how a file was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    pub field: Field,
    pub column: String,
    pub by: MatchedBy,
}

/// Why a column is read as a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// The user named the column.
    User,
    /// It has the field's own name.
    Name,
    /// Its heading is one that usually means the field.
    Guess,
}

/// The rank of a column that the user named: before every heading.
const NAMED: u16 = 0;
/// The rank of a column with the field's own name, or a heading of the user's table; the usual headings follow it.
const OWN_NAME: u16 = 1;
/// The rank of a column whose heading is known by its last word alone.
const BY_ITS_END: u16 = u16::MAX - 2;
/// The rank of a column that is known by its cells alone.
const BY_ITS_CELLS: u16 = u16::MAX - 1;

/// Ends of headings that survey apps put behind the name of a question: `lokasi-Latitude`, `_lokasi_longitude`.
const ENDS: [(&str, Field); 4] = [
    ("latitude", Field::Lat),
    ("longitude", Field::Lon),
    ("accuracy", Field::Accuracy),
    ("precision", Field::Accuracy),
];
/// Columns that survey apps add to each form, folded.
const OF_FORMS: [&str; 8] = [
    "submissiondate",
    "submissiontime",
    "metainstanceid",
    "instanceid",
    "formhubuuid",
    "submittername",
    "submittedby",
    "validationstatus",
];

/// What a survey app keeps of the record itself; `status` without the mark is a question.
const STATE_OF_FORM: &str = "_status";

/// Bytes of a column's name in a shapefile.
const SHAPEFILE_NAME: usize = 10;
/// Added to the rank of a heading that was cut.
const CUT: u16 = 1_000;

/// Shorter headings stand in many words.
const TELLING: usize = 4;

/// The field of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    pub name: Arc<str>,
    pub field: Option<Field>,
    pub rank: u16,
    /// Read though it may be no field: part of the key that the user named, or the key that another row has.
    pub is_key: bool,
}

impl Meaning {
    const fn matched_by(&self) -> MatchedBy {
        match self.rank {
            NAMED => MatchedBy::User,
            OWN_NAME => MatchedBy::Name,
            _ => MatchedBy::Guess,
        }
    }
}

/// The columns of one file, in the order in which they are first seen.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The user's choice: column folded, column as written, field.
    named: Vec<(String, String, Field)>,
    keys: Vec<String>,
    seen: HashMap<String, usize>,
    all: Vec<Meaning>,
    by_heading: HashMap<String, (Field, u16)>,
    /// Columns that the user sets aside: folded, and as written.
    ignored: Vec<(String, String)>,
    /// Cells that the user states for every row.
    values: Vec<RawCell>,
    /// It is the table of a survey app.
    is_form: bool,
    /// It has columns called LS and BT: latitudes of the south and longitudes of the east. Alone, LS is a unit.
    has_halves_of_earth: bool,
}

impl Columns {
    /// `map` holds (field, column) as the user wrote them, `key` the names that make the key: fields or columns.
    pub fn new(map: &[(String, String)], key: &[String]) -> Result<Self, ImportError> {
        let mut columns = Self { keys: key.iter().map(|name| fold_heading(name)).collect(), ..Self::default() };
        for (name, column) in map {
            let (folded, field) = (fold_heading(column), field_named(name)?);
            if columns.named.iter().any(|(other, _, _)| *other == folded) {
                return Err(ImportError::MappedTwice { column: column.clone() });
            }
            columns.named.push((folded, column.clone(), field));
        }
        for field in Field::ALL {
            columns.by_heading.insert(fold_heading(field.as_str()), (*field, OWN_NAME));
        }
        for (rank, (field, heading)) in (OWN_NAME + 1..BY_ITS_END).zip(Headings::shipped().iter()) {
            columns.by_heading.entry(fold_heading(heading)).or_insert((field, rank));
        }
        Ok(columns)
    }

    /// With headings of the user's own table, which come before the usual ones.
    #[must_use]
    pub fn with_headings(mut self, headings: &Headings) -> Self {
        for (field, heading) in headings.iter() {
            self.by_heading.insert(fold_heading(heading), (field, OWN_NAME));
        }
        self
    }

    /// Without these columns, by their headings.
    #[must_use]
    pub fn without(mut self, ignored: &[String]) -> Self {
        self.ignored = ignored.iter().map(|name| (fold_heading(name), name.clone())).collect();
        self
    }

    /// With these values, (field, text), in every row; they come before every column.
    pub fn with_values(mut self, values: &[(String, String)]) -> Result<Self, ImportError> {
        for (name, text) in values {
            let field = field_named(name)?;
            self.values.push(RawCell {
                field: Some(field),
                rank: NAMED,
                column: Arc::from(field.as_str()),
                text: text.clone(),
                is_number: false,
                writing: Writing::default(),
            });
        }
        Ok(self)
    }

    /// The cells that the user states for every row.
    pub fn values(&self) -> &[RawCell] {
        &self.values
    }

    fn is_value(&self, field: Field) -> bool {
        self.values.iter().any(|cell| cell.field == Some(field))
    }

    /// Looks at a whole line of headings before the meaning of one of them: a form of a survey app has columns of its own.
    pub fn look_at(&mut self, line: &[String]) {
        let folded: Vec<String> = line.iter().map(|name| fold_heading(name)).collect();
        self.is_form = folded.iter().any(|name| OF_FORMS.contains(&name.as_str()));
        self.has_halves_of_earth = ["ls", "bt"].iter().all(|half| folded.iter().any(|name| name == half));
    }

    /// The meaning of a column, found on first sight and remembered.
    pub fn meaning(&mut self, name: &str) -> &Meaning {
        let at = match self.seen.get(name) {
            Some(at) => *at,
            None => {
                let meaning = self.find_meaning(name);
                self.all.push(meaning);
                self.seen.insert(name.to_owned(), self.all.len() - 1);
                self.all.len() - 1
            }
        };
        &self.all[at]
    }

    /// As [`Columns::meaning`], of a column that may not be there.
    pub fn meaning_of(&self, name: &str) -> Meaning {
        self.find_meaning(name)
    }

    fn find_meaning(&self, name: &str) -> Meaning {
        let folded = fold_heading(name);
        let by_user = self.named.iter().find(|(column, _, _)| *column == folded).map(|(_, _, field)| (*field, NAMED));
        let is_of_form = TIMES_OF_FORMS.contains(&folded.as_str()) || name.trim() == STATE_OF_FORM;
        let is_ignored = self.is_ignored(&folded) || (self.is_form && is_of_form);
        // A field that the user named a column or a value for has no other column.
        let is_taken = |field: Field| self.is_value(field) || self.named.iter().any(|(_, _, named)| *named == field);
        let by_heading = self
            .by_heading
            .get(&fold_whole(name))
            .or_else(|| self.by_heading.get(&folded))
            .copied()
            .or_else(|| self.half_of_earth(&folded))
            .or_else(|| self.sum_in_rupiah(name, &folded))
            .or_else(|| self.by_its_end(name, &folded))
            .or_else(|| self.numbered(name))
            .or_else(|| self.cut_heading(name, &folded))
            .filter(|(field, _)| !is_ignored && !is_taken(*field));
        let found = by_user.or(by_heading);
        let (field, rank) = found.map_or((None, u16::MAX), |(field, rank)| (Some(field), rank));
        let is_key = name == TAKEN_KEY
            || self.keys.contains(&folded)
            || field.is_some_and(|field| self.keys.contains(&fold_heading(field.as_str())));
        Meaning { name: Arc::from(name.trim()), field, rank, is_key }
    }

    /// The field of a column of a survey app, whose headings have groups and questions in front.
    fn by_its_end(&self, name: &str, folded: &str) -> Option<(Field, u16)> {
        let is_height = folded.contains("altitude");
        if let Some((_, field)) = ENDS.iter().find(|(end, _)| folded.ends_with(end)).filter(|_| !is_height) {
            return Some((*field, BY_ITS_END));
        }
        let (_, last) = name.rsplit_once(['/', '-', ':']).filter(|_| self.is_form)?;
        self.by_heading.get(&fold_heading(last)).map(|(field, _)| (*field, BY_ITS_END))
    }

    fn half_of_earth(&self, folded: &str) -> Option<(Field, u16)> {
        let half = match folded {
            "ls" => Field::Lat,
            "bt" => Field::Lon,
            _ => return None,
        };
        self.has_halves_of_earth.then_some((half, BY_ITS_END))
    }

    /// `Jumlah (Rp)`: what is counted is money.
    fn sum_in_rupiah(&self, name: &str, folded: &str) -> Option<(Field, u16)> {
        let is_sum = ["jumlah", "total", "besar", "besaran", "harga", "jumlahharga"].contains(&folded);
        let in_brackets = name.trim().strip_suffix(')').and_then(|name| name.rsplit_once('('));
        let is_rupiah = in_brackets.is_some_and(|(_, unit)| {
            let unit = unit.to_lowercase();
            unit.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "rp" | "rupiah" | "idr"))
        });
        (is_sum && is_rupiah).then_some((Field::Budget, BY_ITS_END))
    }

    /// A question of a form with its number: `1. Nama Kegiatan`, `3_Kode_Desa`; of Epicollect also `lat_4_Lokasi`.
    fn numbered(&self, name: &str) -> Option<(Field, u16)> {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (first, rest) = name.trim().split_once(['_', '.', ')', ' '])?;
        if is_digits(first) && first.len() <= 3 {
            return self.by_heading.get(&fold_heading(rest)).map(|(field, _)| (*field, BY_ITS_END));
        }
        let half = match first {
            "lat" => Field::Lat,
            "long" => Field::Lon,
            "accuracy" => Field::Accuracy,
            _ => return None,
        };
        rest.split_once('_').filter(|(number, _)| is_digits(number)).map(|_| (half, BY_ITS_END))
    }

    /// Whether the user set the column of this folded heading aside.
    fn is_ignored(&self, folded: &str) -> bool {
        self.ignored.iter().any(|(ignored, _)| ignored == folded)
    }

    /// Takes a column without a meaning for a field, by what its cells hold. `None` where the user set it aside.
    pub fn take_for(&mut self, name: &str, field: Field) -> Option<Meaning> {
        let at = *self.seen.get(name)?;
        let is_free = self.all[at].field.is_none() && !self.is_ignored(&fold_heading(name));
        let meaning = &mut self.all[at];
        is_free.then(|| {
            (meaning.field, meaning.rank) = (Some(field), BY_ITS_CELLS);
            meaning.clone()
        })
    }

    /// A column that the file has not, for what its chapters say; `None` where the user set one of this name aside.
    pub fn take_chapters_for(&mut self, name: &str, field: Field) -> Option<Meaning> {
        let is_free = !self.seen.contains_key(name) && !self.is_ignored(&fold_heading(name));
        is_free.then(|| {
            let meaning = Meaning { name: Arc::from(name), field: Some(field), rank: BY_ITS_CELLS, is_key: false };
            self.seen.insert(name.to_owned(), self.all.len());
            self.all.push(meaning.clone());
            meaning
        })
    }

    /// Whether a heading names a field.
    pub fn is_known(&self, heading: &str) -> bool {
        self.find_meaning(heading).field.is_some()
    }

    /// A heading that a shapefile cut to ten bytes, `NAMA_KEGIA`: one that begins so, if all that do mean one field. It comes
    /// behind every whole one.
    fn cut_heading(&self, name: &str, folded: &str) -> Option<(Field, u16)> {
        if name.trim().len() != SHAPEFILE_NAME {
            return None;
        }
        let mut longer =
            self.by_heading.iter().filter(|(heading, _)| heading.starts_with(folded)).map(|(_, found)| found);
        let (field, mut rank) = *longer.next()?;
        for (other, others) in longer {
            if *other != field {
                return None;
            }
            rank = rank.min(*others);
        }
        Some((field, rank.saturating_add(CUT)))
    }

    /// How many different fields a line of headings names, of sums by fund each: this distinguishes a heading from a title
    /// above the table.
    pub fn count_fields<'a>(&self, headings: impl Iterator<Item = &'a str>) -> usize {
        let mut fields: Vec<Field> = headings.filter_map(|heading| self.find_meaning(heading).field).collect();
        fields.sort_unstable();
        fields.dedup_by(|one, other| one == other && *one != Field::FundAmount);
        fields.len()
    }

    /// Names of all columns seen, as the file writes them.
    pub fn names(&self) -> Vec<String> {
        self.all.iter().map(|meaning| meaning.name.to_string()).filter(|name| !name.is_empty()).collect()
    }

    /// For each field the column that is read for it, and every column of sums by fund.
    pub fn matched(&self) -> Vec<Matched> {
        let matched = |field: &Field| {
            let mut columns: Vec<&Meaning> = self.all.iter().filter(|m| m.field == Some(*field)).collect();
            if *field != Field::FundAmount {
                columns = columns.into_iter().min_by_key(|m| m.rank).into_iter().collect();
            }
            let matched = |m: &Meaning| Matched { field: *field, column: m.name.to_string(), by: m.matched_by() };
            columns.into_iter().map(matched).collect::<Vec<_>>()
        };
        Field::ALL.iter().flat_map(matched).collect()
    }

    /// Columns that nothing is read from.
    pub fn unread(&self) -> Vec<String> {
        let read: Vec<String> = self.matched().into_iter().map(|matched| matched.column).collect();
        self.all
            .iter()
            .filter(|m| !m.is_key && !read.iter().any(|name| **name == *m.name))
            .map(|m| m.name.to_string())
            .filter(|name| !name.is_empty() && !is_own(name))
            .collect()
    }

    /// How well headings fit a list of works: the number of fields that they name; 0 without a title.
    pub fn fit(&self, headings: &[String]) -> usize {
        let has_title = headings.iter().any(|heading| self.find_meaning(heading).field == Some(Field::Title));
        if has_title { self.count_fields(headings.iter().map(String::as_str)) } else { 0 }
    }

    pub fn has(&self, field: Field) -> bool {
        self.is_value(field) || self.all.iter().any(|meaning| meaning.field == Some(field))
    }

    /// The column with this heading.
    pub fn called(&self, heading: &str) -> Option<Arc<str>> {
        let folded = fold_heading(heading);
        self.all.iter().find(|meaning| fold_heading(&meaning.name) == folded).map(|meaning| meaning.name.clone())
    }

    /// The column of a key's name: a column of the file, or the column of a field of ours.
    pub fn key_column(&self, name: &str) -> Option<Arc<str>> {
        let folded = fold_heading(name);
        let by_field = || {
            let own = |field: &Field| fold_heading(field.as_str()) == folded;
            let field =
                Field::ALL.iter().copied().find(own).or(self.by_heading.get(&folded).map(|(field, _)| *field))?;
            let all = self.all.iter().filter(|meaning| meaning.field == Some(field));
            all.min_by_key(|meaning| meaning.rank).map(|meaning| meaning.name.clone())
        };
        let stated =
            || self.values.iter().find(|cell| fold_heading(&cell.column) == folded).map(|cell| cell.column.clone());
        self.called(name).or_else(by_field).or_else(stated)
    }

    /// A column without a meaning whose heading holds one of this field's (of a village also of its name): "Lokasi Desa".
    /// The field that it would be, and the column.
    pub fn near(&self, field: Field) -> Option<(String, String)> {
        let fields = if field == Field::VillageCode { vec![field, Field::VillageName] } else { vec![field] };
        let unread: Vec<(String, &Meaning)> = self
            .all
            .iter()
            .filter(|meaning| meaning.field.is_none() && !is_own(&meaning.name))
            .map(|meaning| (fold_heading(&meaning.name), meaning))
            .collect();
        fields.into_iter().find_map(|field| {
            let mut headings =
                Headings::shipped().of(field).map(fold_heading).filter(|heading| heading.len() >= TELLING);
            let found = headings.find_map(|heading| unread.iter().find(|(folded, _)| folded.contains(&heading)));
            found.map(|(_, meaning)| (field.to_string(), meaning.name.to_string()))
        })
    }

    /// A column that the user named and the file does not have, as (field, column).
    pub fn first_absent(&self) -> Option<(Field, &str)> {
        self.named
            .iter()
            .find(|(folded, ..)| !self.has_column(folded))
            .map(|(_, column, field)| (*field, column.as_str()))
    }

    /// Columns that the user sets aside and that no row had so far, as the user wrote them.
    pub fn ignored_in_vain(&self) -> impl Iterator<Item = &str> {
        self.ignored.iter().filter(|(folded, _)| !self.has_column(folded)).map(|(_, written)| written.as_str())
    }

    fn has_column(&self, folded: &str) -> bool {
        self.all.iter().any(|meaning| fold_heading(&meaning.name) == folded)
    }
}
