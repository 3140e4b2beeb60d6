//! A raw row parsed: each cell once into a type that cannot be wrong, every fault of the row reported at once.

use super::carried::TAKEN_KEY;
use super::cells::{Canonical, Cells};
use super::fields::{Field, is_of_tender, metres_of_length, unit_in_brackets};
use super::places::Accuracy;
use super::project_row::{FOOTPRINT, ProjectRow, RefusedRow};
use super::raw::{Identity, Needs, RawCell, RawRow, Reading};
use super::refusals::RefusedCell;
use super::village_cell::{plain_code, village_code};
use super::{key, places};
use crate::domain::Invalid;
use crate::domain::activity::ActivityCode;
use crate::domain::footprint::NewFootprint;
use crate::domain::project::{Sensitivity, Status, fiscal_year};
use crate::domain::text::{NAME_CHARS, TITLE_CHARS, line, required};
use crate::import::cells::dates::year;
use crate::import::cells::numbers::{is_blank, number};
use crate::import::cells::quantities::quantity;
use crate::import::cells::words;
use crate::import::cells::writing::{Decimal, two_readings};
use std::collections::BTreeMap;

/// The most photo marks of one row, and the longest one.
const PHOTO_MARKS: usize = 500;
const PHOTO_MARK_CHARS: usize = 128;

/// Parses a row, or reports everything that is wrong with it. Touches nothing outside: rows may be parsed on many
/// threads. O(n log n) in the corners of its geometry.
pub fn parse_row(row: &RawRow, reading: &Reading) -> Result<ProjectRow, RefusedRow> {
    // Rows that are only compared are never imported again, so nobody needs their canonical text, except for a key.
    let remembers = reading.needs == Needs::Registration || matches!(reading.identity, Identity::Made(_));
    let mut cells =
        Cells { row, reading, refused: Vec::new(), unknown: Vec::new(), canonical: BTreeMap::new(), remembers };
    let parsed = cells.parse();
    // Last: a key is made from cells that are understood.
    let external_id = cells.external_id();
    cells.refuse_taken(external_id.as_deref());
    if let Some((column, invalid, given)) = &row.fault {
        cells.refused = vec![RefusedCell::new(row.row, column, invalid.clone(), given)];
    }
    match (parsed, external_id) {
        (Some(parsed), Some(external_id)) if cells.refused.is_empty() => {
            Ok(ProjectRow { external_id, cells: cells.canonical, unknown: cells.unknown, ..parsed })
        }
        (_, external_id) => Err(RefusedRow { cells: cells.refused, external_id }),
    }
}

impl Cells<'_> {
    /// All fields of the row but its key.
    fn parse(&mut self) -> Option<ProjectRow> {
        let given_title = match self.reading.needs {
            Needs::Registration => self.needed(Field::Title, |cell| required(&cell.column, &cell.text, TITLE_CHARS)),
            Needs::Comparison => Some(self.compared_title()),
        };
        let (title, owner) = self.title_and_owner(given_title);
        let any_village = |cell: &RawCell| match village_code(cell) {
            Ok(code) => Ok(Some(code)),
            Err(cut) if cut.code == "code_cut_by_spreadsheet" => Err(cut),
            Err(_) => line(&cell.column, plain_code(cell)?, NAME_CHARS),
        };
        let year = |cell: &RawCell| {
            let given = year(&cell.text)
                .ok_or_else(|| Invalid::new("not_a_year", cell.column.as_ref()).with("given", cell.text.as_str()))?;
            fiscal_year(&cell.column, given)
        };
        let (village_code, year) = match self.reading.needs {
            // `needed` reports a missing cell; the row is then refused as a whole.
            Needs::Registration => {
                let code = match (self.row.cell(Field::VillageCode), self.row.cell(Field::VillageName)) {
                    // Offices write the name in the column of the code, and the other way round.
                    (Some(code), name) if is_name(&code.text) && name.is_none_or(|name| is_blank(&name.text)) => None,
                    (code, Some(name))
                        if code.is_none_or(|code| is_blank(&code.text)) && village_code(name).is_ok() =>
                    {
                        self.needed(Field::VillageName, village_code)
                    }
                    (code, Some(name)) if code.is_none_or(|code| is_blank(&code.text)) && !is_blank(&name.text) => {
                        None // found by its name, by those who know the villages
                    }
                    (code, _) if self.reading.villages_by_place && code.is_none_or(|code| is_blank(&code.text)) => {
                        None // found by its place
                    }
                    (None, Some(name)) => {
                        self.refuse(name, Invalid::new("missing", name.column.as_ref()));
                        None
                    }
                    (None, None) => {
                        let either = format!("{}, {}", Field::VillageCode, Field::VillageName);
                        let invalid = Invalid::new("missing", either.as_str());
                        self.refused.push(RefusedCell::new(self.row.row, &either, invalid, ""));
                        None
                    }
                    (Some(_), _) => self.needed(Field::VillageCode, village_code),
                };
                (code, self.needed(Field::FiscalYear, year))
            }
            Needs::Comparison => (
                self.optional(Field::VillageCode, any_village),
                self.optional(Field::FiscalYear, |cell| year(cell).map(Some)),
            ),
        };
        let (village_name, district, regency) =
            (self.text(Field::VillageName), self.text(Field::District), self.text(Field::Regency));
        let in_its_place = || self.row.cell(Field::VillageCode).filter(|cell| is_name(&cell.text));
        let village_name = match (village_name, self.reading.needs) {
            (None, Needs::Registration) => in_its_place().map(|cell| cell.text.trim().to_owned()),
            (name, _) => name,
        };
        let activity_code = self
            .optional(Field::ActivityCode, |cell| ActivityCode::parse(&cell.column, code_part(&cell.text)).map(Some));
        let status = self.optional(Field::Status, |cell| status(cell).map(Some));
        let authority = self.optional(Field::Authority, |cell| words::authority(&cell.column, &cell.text).map(Some));
        let (rt, rw) = self.rt_and_rw();
        let (volume, volume_unit) = self.volume_and_unit();
        let (budget_rupiah, funding) = self.money();
        let footprint = self.footprint();
        let (executor, programme, agreement, hamlet) = (
            self.text(Field::Executor),
            self.text(Field::Programme),
            self.text(Field::Agreement),
            self.text(Field::Hamlet),
        );
        let (start_on, finish_on) = self.days(village_code.as_deref(), footprint.as_ref(), year);
        let photo_marks = self.photo_marks();
        let continues_external = self.text(Field::Continues);
        let title = title?;
        let is_house = owner.is_some() || words::is_house_grant(activity_code, &title);
        Some(ProjectRow {
            row: self.row.row,
            external_id: String::new(),
            village_code,
            village_name,
            district,
            regency,
            continues_external,
            title,
            activity_code,
            fiscal_year: year,
            status,
            authority,
            executor,
            programme,
            agreement,
            hamlet,
            rt,
            rw,
            owner,
            start_on,
            finish_on,
            volume,
            volume_unit,
            sensitivity: if is_house { Sensitivity::Hamlet } else { Sensitivity::Open },
            budget_rupiah,
            funding,
            photo_marks,
            footprint,
            takes_reading: false,
            unknown: Vec::new(),
            cells: BTreeMap::new(),
        })
    }

    /// The key of the row; none where a cell that makes it is refused.
    fn external_id(&mut self) -> Option<String> {
        match &self.reading.identity {
            Identity::Column => {
                let id = self.needed(Field::ExternalId, |cell| required(&cell.column, plain_code(cell)?, NAME_CHARS));
                self.canonical.remove(Field::ExternalId.as_str());
                id
            }
            Identity::Row => Some(self.row.row.to_string()),
            Identity::Made(columns) => {
                let key = key::made(self.row, columns, &self.canonical);
                // What makes the key cannot be unknown.
                let of_key = |cell: &mut RefusedCell| columns.iter().any(|column| **column == *cell.column);
                self.refused.extend(self.unknown.extract_if(.., of_key));
                let is_refused = |column: &str| self.refused.iter().any(|other| other.column == column);
                match key {
                    Ok(key) => (!columns.iter().any(|column| is_refused(column))).then_some(key),
                    Err(refused) => {
                        if !is_refused(&refused.column) {
                            self.refused.push(refused);
                        }
                        None
                    }
                }
            }
        }
    }

    /// Of a file of refused rows: one that still has the key for which it was refused would replace the row that has it.
    fn refuse_taken(&mut self, external_id: Option<&str>) {
        let taken = self.row.column(TAKEN_KEY).map(|cell| cell.text.trim()).filter(|key| !key.is_empty());
        if let (Some(taken), Some(key)) = (taken, external_id)
            && taken == key
        {
            let invalid = Invalid::new("key_of_another_row", TAKEN_KEY).with("key", key);
            self.refused.push(RefusedCell::new(self.row.row, TAKEN_KEY, invalid, key));
        }
    }

    /// The title of a row that is only compared: without one its other facts still count, of an endless one the beginning.
    fn compared_title(&mut self) -> String {
        let title = self.optional(Field::Title, |cell| line(&cell.column, &cell.text, usize::MAX)).unwrap_or_default();
        let Some((end, _)) = title.char_indices().nth(TITLE_CHARS) else { return title };
        if let Some(cell) = self.row.cell(Field::Title) {
            let invalid = Invalid::new("title_cut", cell.column.as_ref()).with("most", TITLE_CHARS);
            self.doubt(cell, invalid.with("given", title.chars().count()));
        }
        title[..end].to_owned()
    }

    /// "a.n. NAME" leaves the title for its own field; a column for the owner comes first.
    fn title_and_owner(&mut self, given: Option<String>) -> (Option<String>, Option<String>) {
        let in_column = self.text(Field::Owner);
        let Some(given) = given else { return (None, in_column) };
        let (title, in_title) = (self.reading.owner_of)(&given);
        let title = if title.trim().is_empty() { given } else { title };
        let owner = in_column.or(in_title);
        self.remember(Field::Title, title.clone());
        self.remember(Field::Owner, owner.clone().unwrap_or_default());
        (Some(title), owner)
    }

    /// RT and RW as text (`04` stays `04`), from their columns or from one for both.
    fn rt_and_rw(&mut self) -> (Option<String>, Option<String>) {
        let bare = |cell: &RawCell| {
            let text = cell.text.trim().trim_start_matches(['r', 'R', 't', 'T', 'w', 'W', '.', ' ', ':']);
            line(&cell.column, text, NAME_CHARS)
        };
        let (rt, rw) = (self.optional(Field::Rt, bare), self.optional(Field::Rw, bare));
        if let Some(cell) = self.row.cell(Field::RtRw).filter(|cell| !is_blank(&cell.text)) {
            let numbers: Vec<&str> =
                cell.text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
            match numbers.as_slice() {
                [first, rest @ ..] if rest.len() < 2 => {
                    let both =
                        (rt.or(Some((*first).to_owned())), rw.or(rest.first().map(|second| (*second).to_owned())));
                    self.remember(Field::Rt, both.0.clone().unwrap_or_default());
                    self.remember(Field::Rw, both.1.clone().unwrap_or_default());
                    return both;
                }
                _ => {
                    self.doubt(cell, Invalid::new("not_rt_rw", cell.column.as_ref()).with("given", cell.text.as_str()))
                }
            }
        }
        (rt, rw)
    }

    fn volume_and_unit(&mut self) -> (Option<f64>, Option<String>) {
        let mut unit = self.text(Field::VolumeUnit);
        // A length in a column of its own counts where there is no other volume.
        let row = self.row;
        let filled = row.cells.iter().filter(|cell| cell.field == Some(Field::Volume) && !is_blank(&cell.text));
        let Some(cell) = filled.min_by_key(|cell| cell.rank).or_else(|| row.cell(Field::Volume)) else {
            return (None, unit);
        };
        let length_m = metres_of_length(&cell.column);
        let unit_of_column = unit_in_brackets(&cell.column).filter(|_| length_m.is_none()).map(str::to_lowercase);
        let mut in_cell = None;
        let parsed =
            if is_blank(&cell.text) { Ok(None) } else { quantity(&cell.column, &cell.text, cell.decimal()).map(Some) };
        let volume = match parsed {
            Ok(found) => {
                let volume = found.map(|(volume, unit_of_cell)| {
                    // A length is in metres where neither cell nor column says another unit.
                    let factor = length_m.filter(|_| unit_of_cell.is_none() && unit.is_none());
                    in_cell = factor.map(|_| "m".to_owned()).or(unit_of_cell).or(unit_of_column.clone());
                    volume * factor.unwrap_or(1.0)
                });
                self.remember(Field::Volume, volume.map(|volume| volume.to_string()).unwrap_or_default());
                volume
            }
            Err(invalid) => {
                self.doubt(cell, invalid);
                None
            }
        };
        if let (None, Some(found)) = (&unit, in_cell) {
            self.remember(Field::VolumeUnit, found.clone());
            unit = Some(found);
        }
        (volume, unit)
    }

    /// Marks of photos are kept as text, each once.
    fn photo_marks(&mut self) -> Vec<String> {
        let marks = self.optional(Field::PhotoMarks, |cell| {
            let mut marks: Vec<String> = Vec::new();
            let parts = cell.text.split(|c: char| matches!(c, ';' | ',' | '|') || c.is_whitespace());
            for mark in parts.filter(|mark| !mark.is_empty()) {
                if let Some(mark) = line(&cell.column, mark, PHOTO_MARK_CHARS)?.filter(|mark| !marks.contains(mark)) {
                    marks.push(mark);
                }
                if marks.len() > PHOTO_MARKS {
                    return Err(Invalid::new("too_many_photos", cell.column.as_ref()).with("most", PHOTO_MARKS));
                }
            }
            Ok(Some(Marks(marks)))
        });
        marks.map(|marks| marks.0).unwrap_or_default()
    }

    fn footprint(&mut self) -> Option<NewFootprint> {
        let source = self.row.cell(Field::LocationSource).map_or("", |cell| cell.text.as_str());
        let (how, usual_m) = words::location_source(source);
        let stated = self.optional(Field::Accuracy, |cell| {
            let wrong = || Invalid::new("not_an_accuracy", cell.column.as_ref()).with("given", cell.text.as_str());
            let text = cell.text.trim().trim_end_matches(['m', ' ']).trim_start_matches(['±', ' ']);
            // Phones state thousandths of a metre; nobody states kilometres.
            let fraction = two_readings(text).map(|(_, fraction)| fraction);
            let found = fraction.or_else(|| number(text, cell.decimal() == Decimal::Point));
            found.map(Some).ok_or_else(wrong)
        });
        self.canonical.remove(Field::Accuracy.as_str());
        match places::footprint(self.row, how, Accuracy { stated_m: stated, usual_m }, self.reading) {
            Ok(footprint) => {
                if let Some(left_out) =
                    footprint.as_ref().map(|footprint| footprint.left_out.count).filter(|count| *count > 0)
                {
                    let invalid = Invalid::new("parts_without_size", "geometry").with("count", left_out);
                    self.unknown.push(RefusedCell::new(self.row.row, "geometry", invalid, ""));
                }
                if self.remembers && places::has_place_columns(self.row) {
                    self.canonical
                        .insert(FOOTPRINT.to_owned(), footprint.as_ref().map(places::digest).unwrap_or_default());
                }
                footprint
            }
            // A place that is none, or that is only compared, costs itself; one that may be meant otherwise costs the row,
            // and so do exchanged coordinates, which an option puts right.
            Err(refused) => {
                let is_none = NO_PLACE.contains(&refused.invalid.code);
                let is_turned = refused.invalid.code == "coordinates_swapped";
                if is_none || (self.reading.needs == Needs::Comparison && !is_turned) {
                    self.unknown.push(refused);
                } else {
                    self.refused.push(refused);
                }
                None
            }
        }
    }
}

/// Places that say nothing: of a device without a fix, without a corner, or without a length.
const NO_PLACE: [&str; 3] = ["null_island", "empty_geometry", "line_without_length"];

struct Marks(Vec<String>);

impl Canonical for Marks {
    fn canonical(&self) -> String {
        self.0.join(";")
    }
}

/// The status of a work; in a column of tenders, words of tenders.
fn status(cell: &RawCell) -> Result<Status, Invalid> {
    if is_of_tender(&cell.column) {
        words::tender_status(&cell.column, &cell.text)
    } else {
        words::status(&cell.column, &cell.text)
    }
}

/// Whether a cell for a code holds a name: letters and no digit.
fn is_name(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !text.contains(|c: char| c.is_ascii_digit())
}

/// The code in front of a name: `02.03.10 Pembangunan Jalan Desa`.
fn code_part(text: &str) -> &str {
    let text = text.trim().trim_start_matches('\'');
    &text[..text.find(char::is_alphabetic).filter(|at| *at > 0).unwrap_or(text.len())]
}
