//! Workbooks: XLSX, XLSM, XLSB and XLS by calamine; ODS, SpreadsheetML and tables of a page by readers of our own.

use super::evenings::{Evenings, is_evening};
use super::sheet::{Budget, Merge, NewSheet, Sheet};
use super::{html, ods, spreadsheet_ml, unpacked};
use crate::import::error::ImportError;
use crate::import::formats::input::Input;
use crate::import::formats::kind::Kind;
use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Sheets, Xlsx, open_workbook_auto_from_rs,
};
use chrono::NaiveDateTime;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most sheets of one workbook: a province keeps one for each village.
const SHEETS: usize = 2_000;
/// Maximum size of a workbook: it is unpacked in memory.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

type Book<'a> = Sheets<Cursor<&'a [u8]>>;

/// The sheets of a workbook that are not empty; an error for more than 2,000. Memory: their cells.
pub fn sheets(input: &Input) -> Result<Vec<Sheet>, ImportError> {
    let kind = input.kind()?;
    let broken = |reason: String| match kind {
        Kind::Zip | Kind::Html => input.other_kind(kind),
        _ => ImportError::NotWorkbook { file: input.name().to_owned(), reason },
    };
    let mut bytes = Vec::new();
    input.open()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| input.unreadable(cause))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(broken(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
    }
    let read = match kind {
        Kind::Html => html::sheets(&bytes),
        _ => unpacked::refuse_bomb(&bytes).and_then(|()| {
            ods::sheets(&bytes).or_else(|| spreadsheet_ml::sheets(&bytes)).unwrap_or_else(|| {
                // The workbook reader makes some assumptions and panics if a file violates them: an error of the file.
                let read = catch_unwind(AssertUnwindSafe(|| read_sheets(&bytes)));
                read.unwrap_or_else(|_| Err("its parts contradict each other".to_owned()))
            })
        }),
    };
    let sheets = read.map_err(broken)?;
    if sheets.len() > SHEETS {
        return Err(broken(format!("it has over {SHEETS} sheets")));
    }
    if sheets.is_empty() {
        return Err(match kind {
            Kind::Html => input.other_kind(kind),
            _ => ImportError::Empty { file: input.name().to_owned() },
        });
    }
    Ok(sheets)
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let (mut sheets, mut budget) = (Vec::new(), Budget::default());
    let is_shown = |about: &calamine::Sheet| about.visible == SheetVisible::Visible;
    let hidden: Vec<String> =
        book.sheets_metadata().iter().filter(|about| !is_shown(about)).map(|about| about.name.clone()).collect();
    for name in book.sheet_names() {
        let mut sheet = sheet(&mut book, &name, &mut budget).map_err(|reason| format!("{name}: {reason}"))?;
        sheet.is_hidden = hidden.contains(&name);
        if !sheet.is_empty() {
            sheets.push(sheet.finish(name, &mut budget)?);
        }
    }
    Ok(sheets)
}

/// Cell by cell if the format allows it: the full rectangle up to a single cell in the last corner would not fit in
/// memory.
fn sheet(book: &mut Book<'_>, name: &str, budget: &mut Budget) -> Result<NewSheet, String> {
    let mut sheet = NewSheet::default();
    match book {
        Sheets::Xlsx(book) => read_xlsx(book, name, &mut sheet, budget)?,
        Sheets::Xlsb(book) => {
            let mut reader = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
            let mut evenings = Evenings::default();
            while let Some(found) = reader.next_cell().map_err(|e| e.to_string())? {
                let (place, data) = (found.get_position(), Data::from(found.get_value().clone()));
                add_by_column(&mut sheet, place, &data, &mut evenings, budget)?;
            }
            add_evenings(&mut sheet, evenings, budget)?;
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name).map_err(|e| e.to_string())?;
            let (row, column) = range.start().unwrap_or_default();
            let mut evenings = Evenings::default();
            for (down, right, data) in range.used_cells() {
                let place = |from: u32, by: usize| from.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
                let place = (place(row, down), place(column, right));
                add_by_column(&mut sheet, place, data, &mut evenings, budget)?;
            }
            add_evenings(&mut sheet, evenings, budget)?;
        }
    }
    if let Sheets::Xls(book) = book {
        sheet.merges =
            book.merge_cells_by_sheet_name(name).map_err(|e| e.to_string())?.into_iter().map(merge).collect();
    }
    Ok(sheet)
}

fn read_xlsx(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut NewSheet,
    budget: &mut Budget,
) -> Result<(), String> {
    // Times of an evening, as programs write a day in UTC; real ones too, which their format shows.
    let mut evenings: Vec<((u32, u32), NaiveDateTime)> = Vec::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(|e| e.to_string())? {
        match &found.value {
            DataRef::Empty if found.formula.is_some() => sheet.formulas.push(found.pos),
            DataRef::String(text) if text.is_empty() && found.formula.is_some() => {}
            DataRef::DateTime(moment) if evening(moment).is_some() => {
                evenings.extend(evening(moment).map(|at| (found.pos, at)))
            }
            value => add(sheet, found.pos, &Data::from(value.clone()), budget)?,
        }
    }
    drop(reader);
    sheet.merges = book.merge_cells_by_sheet_name(name).map_err(|e| e.to_string())?.into_iter().map(merge).collect();
    if evenings.is_empty() {
        return Ok(());
    }
    let styles = book.worksheet_style(name).map_err(|e| e.to_string())?;
    for (place, at) in evenings {
        let format = styles.get(place).and_then(|style| style.number_format.as_ref());
        let has_hours = format.is_some_and(|format| format.format_code.to_lowercase().contains('h'));
        sheet.add_evening(place, at, !has_hours, budget)?;
    }
    Ok(())
}

fn evening(moment: &ExcelDateTime) -> Option<NaiveDateTime> {
    moment.as_datetime().filter(|at| is_evening(*at))
}

/// As [`add`], of a format whose cells do not say how they are shown: evenings wait for their whole column.
fn add_by_column(
    sheet: &mut NewSheet,
    place: (u32, u32),
    data: &Data,
    evenings: &mut Evenings,
    budget: &mut Budget,
) -> Result<(), String> {
    match data {
        Data::DateTime(moment) if moment.as_datetime().is_some_and(|at| evenings.take(place, at)) => Ok(()),
        data => add(sheet, place, data, budget),
    }
}

fn add_evenings(sheet: &mut NewSheet, evenings: Evenings, budget: &mut Budget) -> Result<(), String> {
    evenings.told().try_for_each(|(place, at, is_next_day)| sheet.add_evening(place, at, is_next_day, budget))
}

fn merge(dimensions: Dimensions) -> Merge {
    let Dimensions { start, end } = dimensions;
    Merge { rows: (start.0, end.0), columns: (start.1, end.1) }
}

fn add(sheet: &mut NewSheet, place: (u32, u32), data: &Data, budget: &mut Budget) -> Result<(), String> {
    let (text, is_number) = match data {
        Data::Empty => return Ok(()),
        // An error is no value, which is told by its column.
        Data::Error(error) => (error.to_string(), false),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => (text.clone(), false),
        Data::Int(number) => (number.to_string(), true),
        Data::Bool(yes) => (yes.to_string(), false),
        // 1.0 is written as 1: to a spreadsheet, codes and years are floats too.
        Data::Float(number) => (number.to_string(), true),
        Data::DateTime(moment) => match moment.as_datetime() {
            Some(moment) => (moment.date().to_string(), false),
            None => (moment.as_f64().to_string(), true),
        },
    };
    sheet.add(place, &text, is_number, budget)
}
