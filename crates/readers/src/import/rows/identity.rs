//! How rows of different readings are recognized as one project: decided once for a file, from its columns and the
//! user's options.

use super::columns::Columns;
use super::fields::Field;
use super::raw::{Identity, Needs};
use crate::domain::project::FISCAL_YEARS;
use crate::import::error::ImportError;

/// A column of OpenSID and OpenDK for the village.
const COUNTED_IN_VILLAGE: &str = "desa_id";

/// The one year that a text names.
pub fn year_in(text: &str) -> Option<i32> {
    let mut years: Vec<i32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .filter(|year| FISCAL_YEARS.contains(year))
        .collect();
    years.sort_unstable();
    years.dedup();
    match years.as_slice() {
        [year] => Some(*year),
        _ => None,
    }
}

/// What rows are to have.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub needs: Needs,
    /// Their places tell their villages.
    pub villages_by_place: bool,
}

/// The identity of a file's rows; an error where a column that each project needs is missing, with the year of the title
/// above the table, or of the file's name, where that is what is missing.
pub fn identity(
    name: &str,
    columns: &Columns,
    key: &[String],
    Wanted { needs, villages_by_place }: Wanted,
    year_above: Option<i32>,
) -> Result<Identity, ImportError> {
    let file = name.to_owned();
    if let Some((field, column)) = columns.first_absent() {
        let (field, column) = (field.as_str().to_owned(), column.to_owned());
        return Err(ImportError::UnknownColumn { file, field, column, columns: columns.names() });
    }
    let needed: &[Field] = match needs {
        // A village is known by its code, or by its name (with its district's, where several have that name).
        Needs::Registration if villages_by_place || columns.has(Field::VillageName) => {
            &[Field::Title, Field::FiscalYear]
        }
        Needs::Registration => &[Field::Title, Field::VillageCode, Field::FiscalYear],
        Needs::Comparison => &[Field::Title],
    };
    for field in needed {
        if !columns.has(*field) {
            return Err(ImportError::MissingColumn {
                file,
                field: field.as_str().to_owned(),
                columns: columns.names(),
                near: columns.near(*field).map(Box::new),
                year: year_above.or_else(|| year_in(name)).filter(|_| *field == Field::FiscalYear),
            });
        }
    }
    let mut made = Vec::with_capacity(key.len());
    for part in key {
        let column = columns.key_column(part).ok_or_else(|| ImportError::UnknownColumn {
            file: file.clone(),
            field: "key".to_owned(),
            column: part.clone(),
            columns: columns.names(),
        })?;
        made.push(column);
    }
    if !made.is_empty() {
        return Ok(Identity::Made(made));
    }
    // Numbers of OpenSID and OpenDK begin anew in each village.
    let counted = columns.called(COUNTED_IN_VILLAGE).zip(columns.called("id"));
    if let (Some((village, id)), Needs::Registration) = (counted, needs) {
        return Ok(Identity::Made(vec![village, id]));
    }
    if columns.has(Field::ExternalId) {
        return Ok(Identity::Column);
    }
    if needs == Needs::Comparison {
        return Ok(Identity::Row);
    }
    let village: &[Field] =
        if columns.has(Field::VillageCode) { &[Field::VillageCode] } else { &[Field::District, Field::VillageName] };
    let suggested = village.iter().chain(&[Field::FiscalYear, Field::Title]);
    // A comma parts the columns of a key: a column that has one goes by the name of its field.
    let column_of = |field: &Field| {
        let Some(matched) = columns.matched().into_iter().find(|matched| matched.field == *field) else {
            return columns.has(*field).then(|| field.as_str().to_owned());
        };
        Some(if matched.column.contains(',') { field.as_str().to_owned() } else { matched.column })
    };
    Err(ImportError::NoKeyColumn {
        file,
        columns: columns.names(),
        suggested: suggested.filter_map(column_of).collect(),
    })
}
