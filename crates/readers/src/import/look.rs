//! What a file is, before its rows are read: its layers, and the columns of one of them with some of their cells. Also of a
//! file that cannot be read as it stands, so that a person can say what is missing.

use super::error::ImportError;
use super::formats::input::{Input, Progress};
use super::formats::kind::Kind;
use super::formats::layer_rows::LayerRows;
use super::formats::layers::Layers;
use super::formats::tables::rows::TableRows;
use super::options::ReadOptions;
use super::projects::ProjectFile;
use super::rows::carried::is_own;
use super::rows::columns::{Columns, MatchedBy};
use super::rows::fields::Field;

/// Rows whose cells are looked at.
const ROWS: usize = 50;
/// Different cells of a column that are shown, and how much of each.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 60;
/// More columns than any list of works has.
const MOST_COLUMNS: usize = 500;

/// A file, looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub kind: Kind,
    /// Empty where the format has none.
    pub layers: Vec<String>,
    /// The layer whose columns these are; `None` where a person has to choose.
    pub layer: Option<String>,
    pub columns: Vec<LookedColumn>,
}

/// A column with some of its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct LookedColumn {
    pub name: String,
    /// What it is read as.
    pub field: Option<(Field, MatchedBy)>,
    pub samples: Vec<String>,
}

/// Looks at a file and opens it: the error of the second is what keeps its rows from being read. Unpacks it once.
pub fn look_and_open(
    input: &Input,
    options: &ReadOptions,
) -> Result<(Look, Result<ProjectFile, ImportError>), ImportError> {
    let (progress, columns) = (Progress::default(), options.columns()?);
    let kind = input.kind()?;
    let layers = Layers::open(input, &progress)?;
    let at = layers.choose(options.layer.as_deref(), &|headings| columns.fit(headings));
    let looked = match &at {
        Ok(at) => look_at(&layers, *at, columns.clone())?,
        Err(_) => Vec::new(),
    };
    let names: Vec<String> = layers.names().into_iter().filter(|name| !name.is_empty()).collect();
    let layer = at.ok().and_then(|at| names.get(at).cloned());
    let look = Look { kind, layers: names, layer, columns: looked };
    Ok((look, ProjectFile::open_chosen(&layers, columns, options, progress)))
}

fn look_at(layers: &Layers, at: usize, columns: Columns) -> Result<Vec<LookedColumn>, ImportError> {
    let (mut looked, columns) = match layers.rows(at, columns)? {
        LayerRows::Table(rows) => (cells_of_table(*rows)?, None),
        LayerRows::Features(rows) => (Vec::new(), Some(rows.columns)),
    };
    if let Some(mut columns) = columns {
        looked = properties(layers, at, &mut columns)?;
        match_fields(&mut looked, &columns);
    }
    looked.retain(|column| !column.name.is_empty() && !is_own(&column.name));
    looked.truncate(MOST_COLUMNS);
    Ok(looked)
}

fn cells_of_table(mut rows: TableRows) -> Result<Vec<LookedColumn>, ImportError> {
    let column = |name| LookedColumn { name, field: None, samples: Vec::new() };
    let mut looked: Vec<LookedColumn> = rows.heading().into_iter().map(column).collect();
    for _ in 0..ROWS {
        let Some(read) = rows.next_cells() else { break };
        let (_, cells) = read?;
        for (column, cell) in looked.iter_mut().zip(cells.iter()) {
            column.add(cell);
        }
    }
    match_fields(&mut looked, &rows.columns);
    Ok(looked)
}

fn properties(layers: &Layers, at: usize, columns: &mut Columns) -> Result<Vec<LookedColumn>, ImportError> {
    let mut looked: Vec<LookedColumn> = columns.names().into_iter().map(LookedColumn::new).collect();
    for feature in layers.features(at)?.take(ROWS) {
        for (name, value) in feature?.properties {
            columns.meaning(&name);
            let place = looked.iter().position(|column| column.name == name.trim());
            let place = place.unwrap_or_else(|| {
                looked.push(LookedColumn::new(name.trim().to_owned()));
                looked.len() - 1
            });
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !value.is_null()
                && let Some(column) = looked.get_mut(place)
            {
                column.add(&text);
            }
        }
    }
    Ok(looked)
}

/// Of columns with one heading the first is meant.
fn match_fields(looked: &mut [LookedColumn], columns: &Columns) {
    for matched in columns.matched() {
        if let Some(column) = looked.iter_mut().find(|column| column.name == matched.column) {
            column.field = Some((matched.field, matched.by));
        }
    }
}

impl LookedColumn {
    fn new(name: String) -> Self {
        Self { name, field: None, samples: Vec::new() }
    }

    fn add(&mut self, cell: &str) {
        let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let short = match cell.char_indices().nth(SAMPLE_CHARS) {
            Some((end, _)) => format!("{}…", &cell[..end]),
            None => cell,
        };
        if self.samples.len() < SAMPLES && !short.is_empty() && !self.samples.contains(&short) {
            self.samples.push(short);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(name: &str, text: &str) -> (Look, Option<&'static str>) {
        let input = Input::bytes(name, text.as_bytes());
        let (look, opened) = look_and_open(&input, &ReadOptions::default()).unwrap();
        (look, opened.err().map(|e| e.code()))
    }

    #[test]
    fn a_table_that_cannot_be_read_as_it_stands_shows_its_columns_all_the_same() {
        let (look, error) = look("a.csv", "kode;Nama Paket;Uraian\n1;Talud;lama\n2;Jalan;lama\n3;Talud;baru\n");
        assert_eq!(error, Some("missing_column"));
        assert_eq!((look.kind, look.layers.len(), &look.layer), (Kind::Text, 0, &None));
        let columns: Vec<(&str, Option<Field>, Vec<&str>)> = look
            .columns
            .iter()
            .map(|column| {
                let samples = column.samples.iter().map(String::as_str).collect();
                (column.name.as_str(), column.field.map(|(field, _)| field), samples)
            })
            .collect();
        assert_eq!(columns[1], ("Nama Paket", Some(Field::Title), vec!["Talud", "Jalan"]));
        assert_eq!(columns[2].2, ["lama", "baru"]);
    }

    #[test]
    fn properties_of_features_are_columns() {
        let feature = r#"{"type":"Feature","properties":{"title":"Talud","warna":3},"geometry":null}"#;
        let (look, _) = look("a.geojson", &format!("{{\"type\":\"FeatureCollection\",\"features\":[{feature}]}}"));
        let found = |name: &str| look.columns.iter().find(|column| column.name == name).unwrap();
        assert_eq!(found("title").field, Some((Field::Title, MatchedBy::Name)));
        assert_eq!((found("warna").field, &found("warna").samples[..]), (None, &["3".to_owned()][..]));
    }
}
