//! A table that sets the codes of BPS beside those of Kemendagri, as both publish it.

use super::columns::{Attributes, VillageColumns, VillageField};
use crate::domain::Invalid;
use crate::domain::village::{BPS_DIGITS, RegionCode};
use crate::import::error::ImportError;
use crate::import::formats::input::{Input, Progress};
use crate::import::formats::layer_rows::LayerRows;
use crate::import::formats::layers::Layers;
use crate::import::rows::columns::Columns;
use crate::import::rows::refusals::RefusedCell;
use std::collections::HashMap;

/// The contents of such a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crosswalk {
    /// Row, code of Kemendagri, code of BPS. No code of either kind stands here twice.
    pub good: Vec<(u64, RegionCode, String)>,
    pub refused: Vec<RefusedCell>,
    pub rows: u64,
    pub matched: Vec<(VillageField, String)>,
}

/// Reads a table (CSV, a workbook) with a column for each of the two codes; other columns are passed over. A row without
/// either code, as those of a district, is none.
pub fn read_crosswalk(input: &Input, columns: &VillageColumns, layer: Option<&str>) -> Result<Crosswalk, ImportError> {
    let layers = Layers::open(input, &Progress::default())?;
    let mut attributes = Attributes::new(columns);
    let at = layers.choose(layer, &|names| attributes.fit(names))?;
    let LayerRows::Table(mut rows) = layers.rows(at, Columns::new(&[], &[])?)? else {
        return Err(ImportError::NotCrosswalk { file: input.name().to_owned(), kind: input.kind()? });
    };
    let heading = rows.heading();
    heading.iter().for_each(|name| _ = attributes.meaning(name));
    let place = |field: VillageField, named: &Option<String>| {
        let column = attributes.column_of(field);
        let at = column.and_then(|column| heading.iter().position(|name| name == column));
        let column = named.clone().unwrap_or_else(|| field.to_string());
        let (file, field, columns) = (input.name().to_owned(), field.to_string(), heading.clone());
        at.ok_or(ImportError::UnknownColumn { file, field, column, columns })
    };
    let (code_at, bps_at) =
        (place(VillageField::Code, &columns.code)?, place(VillageField::BpsCode, &columns.bps_code)?);
    let mut found = Crosswalk { matched: attributes.matched(), ..Crosswalk::default() };
    found.matched.retain(|(field, _)| matches!(field, VillageField::Code | VillageField::BpsCode));
    while let Some(read) = rows.next_cells() {
        let (row, cells) = read?;
        let cell = |at: usize| cells.get(at).unwrap_or_default().trim().trim_end_matches(".0").to_owned();
        let (code, bps_code) = (cell(code_at), cell(bps_at));
        if code.is_empty() || bps_code.is_empty() {
            continue;
        }
        found.rows += 1;
        let read = RegionCode::parse_village(&heading[code_at], &code).and_then(|code| {
            let wrong = || Invalid::new("not_a_bps_code", &heading[bps_at]).with("given", bps_code.as_str());
            let is_bps = bps_code.len() == BPS_DIGITS && bps_code.bytes().all(|digit| digit.is_ascii_digit());
            is_bps.then_some(code).ok_or_else(wrong)
        });
        match read {
            Ok(code) => found.good.push((row, code, bps_code)),
            Err(invalid) => {
                let column = invalid.field.clone();
                let given = if column == heading[code_at] { code } else { bps_code };
                found.refused.push(RefusedCell::new(row, &column, invalid, &given));
            }
        }
    }
    refuse_repeated(&mut found, &heading[code_at], |(_, code, _)| code.to_string());
    refuse_repeated(&mut found, &heading[bps_at], |(_, _, bps_code)| bps_code.clone());
    found.refused.sort_by_key(|refused| refused.row);
    Ok(found)
}

/// A code that stands in several rows says nothing certain: all of them are refused, each names all.
fn refuse_repeated(found: &mut Crosswalk, column: &str, key: impl Fn(&(u64, RegionCode, String)) -> String) {
    let mut rows: HashMap<String, Vec<u64>> = HashMap::new();
    for pair in &found.good {
        rows.entry(key(pair)).or_default().push(pair.0);
    }
    found.good.retain(|pair| {
        let given = key(pair);
        let all = &rows[&given];
        if all.len() > 1 {
            let invalid = Invalid::new("repeated_code", column).with("rows", all.clone());
            found.refused.push(RefusedCell::new(pair.0, column, invalid, &given));
        }
        all.len() == 1
    });
}
