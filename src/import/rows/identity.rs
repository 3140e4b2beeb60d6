//! How rows of different readings are recognized as one project: decided once for a file, from its columns and the
//! user's options.

use super::columns::Columns;
use super::fields::Field;
use super::raw::{Identity, Needs};
use crate::import::error::ImportError;

/// The identity of a file's rows; an error where a column that each project needs is missing.
pub fn identity(name: &str, columns: &Columns, key: &[String], needs: Needs) -> Result<Identity, ImportError> {
    let file = name.to_owned();
    if let Some((field, column)) = columns.first_absent() {
        let (field, column) = (field.as_str().to_owned(), column.to_owned());
        return Err(ImportError::UnknownColumn { file, field, column, columns: columns.names() });
    }
    let needed: &[Field] = match needs {
        // A village is known by its code, or by its name (with its district's, where several have that name).
        Needs::Registration if columns.has(Field::VillageName) => &[Field::Title, Field::FiscalYear],
        Needs::Registration => &[Field::Title, Field::VillageCode, Field::FiscalYear],
        Needs::Comparison => &[Field::Title],
    };
    for field in needed {
        if !columns.has(*field) {
            return Err(ImportError::MissingColumn {
                file,
                field: field.as_str().to_owned(),
                columns: columns.names(),
                near: columns.near(*field),
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
        let matched = columns.matched().into_iter().find(|matched| matched.field == *field)?;
        Some(if matched.column.contains(',') { field.as_str().to_owned() } else { matched.column })
    };
    Err(ImportError::NoKeyColumn {
        file,
        columns: columns.names(),
        suggested: suggested.filter_map(column_of).collect(),
    })
}
