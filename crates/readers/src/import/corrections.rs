//! Cells that a person corrected by hand: read in the place of what the file has, which stays as it came.

use super::cells::writing::Writing;
use super::rows::columns::Columns;
use super::rows::fields::Field;
use super::rows::raw::{RawCell, RawRow, RawShape};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The fields that hold the place of a row.
const PLACE: [Field; 7] =
    [Field::Lat, Field::Lon, Field::EndLat, Field::EndLon, Field::Coordinates, Field::EndCoordinates, Field::Geometry];

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    pub row: u64,
    /// As the file calls it; `geometry`, or the columns of the place as a refusal names them, for the place of the row.
    pub column: String,
    pub text: String,
}

/// The corrections of one file, while it is read.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    by_row: HashMap<u64, Vec<Correction>>,
    /// Rows whose place far from their village is read as the one that fits.
    readings: HashSet<u64>,
    unused: Vec<u64>,
}

impl Corrections {
    /// Of two corrections of one cell the later one holds.
    pub fn new(cells: &[Correction], readings: &[u64]) -> Self {
        let mut by_row: HashMap<u64, Vec<Correction>> = HashMap::new();
        for cell in cells {
            by_row.entry(cell.row).or_default().push(cell.clone());
        }
        Self { by_row, readings: readings.iter().copied().collect(), unused: Vec::new() }
    }

    /// Corrects the cells of a row. `place` names the columns of its place.
    pub fn apply(&mut self, row: &mut RawRow, columns: &Columns, place: impl FnOnce() -> String) {
        let Some(given) = self.by_row.remove(&row.row) else { return };
        let place = place();
        for Correction { column, text, .. } in given {
            if column == Field::Geometry.as_str() || column == place {
                set_place(row, &column, text);
            } else if !set_cell(row, columns, &column, text) {
                self.unused.push(row.row);
            }
        }
    }

    /// Whether the place of this row is read as the one that fits.
    pub fn takes_reading(&self, row: u64) -> bool {
        self.readings.contains(&row)
    }

    /// Rows of corrections that met no cell so far.
    pub fn unused(&self) -> Vec<u64> {
        let mut rows: Vec<u64> = self.by_row.keys().chain(&self.unused).copied().collect();
        rows.sort_unstable();
        rows
    }
}

/// In the place of whatever says where the row is.
fn set_place(row: &mut RawRow, column: &str, text: String) {
    row.cells.retain(|cell| cell.field.is_none_or(|field| !PLACE.contains(&field)));
    row.shape = RawShape::None;
    row.cells.push(RawCell {
        field: Some(Field::Coordinates),
        rank: 0,
        column: Arc::from(column),
        text,
        is_number: false,
        writing: Writing::default(),
    });
}

/// `false` where the column means nothing.
fn set_cell(row: &mut RawRow, columns: &Columns, column: &str, text: String) -> bool {
    let of_column = row.cells.iter_mut().filter(|cell| &*cell.column == column);
    if let Some(cell) = of_column.min_by_key(|cell| cell.rank) {
        (cell.text, cell.is_number) = (text, false);
        return true;
    }
    // A feature names its own columns, and may lack one that others have.
    let meaning = columns.meaning_of(column);
    if meaning.field.is_some() {
        let (field, rank, column) = (meaning.field, meaning.rank, meaning.name);
        row.cells.push(RawCell { field, rank, column, text, is_number: false, writing: Writing::default() });
    }
    meaning.field.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Input, ProjectFile, ProjectRow, ReadOptions, Row};

    fn read(name: &str, text: &str, cells: &[(u64, &str, &str)]) -> (Vec<ProjectRow>, Vec<(u64, String)>, Vec<u64>) {
        let correction = |(row, column, text): &(u64, &str, &str)| Correction {
            row: *row,
            column: (*column).to_owned(),
            text: (*text).to_owned(),
        };
        let options = ReadOptions { corrections: cells.iter().map(correction).collect(), ..ReadOptions::default() };
        let mut file = ProjectFile::open(&Input::bytes(name, text.as_bytes()), &options).unwrap();
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        for row in file.by_ref() {
            match row.unwrap() {
                Row::Good(row) => good.push(*row),
                Row::Refused(cells) => refused.extend(cells.into_iter().map(|cell| (cell.row, cell.column))),
            }
        }
        (good, refused, file.unused_corrections())
    }

    const TABLE: &str = "id;judul;kode_desa;tahun;pagu;lat;lon\n1;Talud;35.10.01.2001;2026;x;-8,21;114,3\n\
        2;Jalan;35.10.01.2001;;75000000;-8,21;\n";

    #[test]
    fn a_corrected_cell_is_read_in_the_place_of_the_one_in_the_file() {
        let (good, refused, _) = read("a.csv", TABLE, &[]);
        assert_eq!((good[0].budget_rupiah, refused[0].0), (None, 3));
        let cells = [(2, "pagu", "Rp 80.000.000"), (3, "tahun", "2026"), (3, "lat, lon", "-8,215; 114,305")];
        let (good, refused, unused) = read("a.csv", TABLE, &cells);
        assert_eq!((refused, unused), (vec![], vec![]));
        assert_eq!((good[0].budget_rupiah, good[1].fiscal_year), (Some(80_000_000), Some(2026)));
        let part = &good[1].footprint.as_ref().unwrap().parts[0].geometry;
        assert_eq!(*part, geo::Geometry::Point(geo::Point::new(114.305, -8.215)));
        // Of a column read as nothing, or of a row that is not there: told, not lost.
        let (_, _, unused) = read("a.csv", TABLE, &[(2, "warna", "merah"), (99, "pagu", "1")]);
        assert_eq!(unused, [2, 99]);
    }

    #[test]
    fn a_feature_gets_a_property_that_it_lacks_and_another_place() {
        let text = r#"{"type":"Feature","properties":{"id":"1","title":"Talud","village_code":"35.10.01.2001"},"geometry":{"type":"Point","coordinates":[-8.21,114.3]}}"#;
        let other = text.replace("\"id\":\"1\"", "\"id\":\"2\",\"year\":2026");
        let file = format!("{text}\n{other}\n");
        let cells = [(1, "year", "2026"), (1, "geometry", "-8.21, 114.3"), (2, "geometry", "")];
        let (good, refused, unused) = read("a.geojsonl", &file, &cells);
        assert_eq!((refused, unused), (vec![], vec![]));
        assert_eq!((good[0].fiscal_year, good[0].footprint.is_some()), (Some(2026), true));
        assert!(good[1].footprint.is_none());
    }
}
