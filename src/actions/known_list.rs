//! Whether a file without a stated source is a list that is recorded already under another name: the workbook that was
//! copied, renamed and sent once more.

use crate::app::App;
use crate::import::{ImportError, ProjectRow};
use crate::store::{Result, imports, references};

/// Rows that are looked at: one list in two files agrees from its beginning.
const LOOKED_AT: usize = 200;

/// Key and title of the first good rows of a file.
#[derive(Debug, Default)]
pub struct Head(Vec<(String, String)>);

impl Head {
    /// Takes a row while few are held.
    pub fn add(&mut self, row: &ProjectRow) {
        if self.0.len() < LOOKED_AT {
            self.0.push((row.external_id.clone(), row.title.clone()));
        }
    }
}

/// Why a file whose name makes it a new source is to be refused: another source has half of its rows or more, by key and title;
/// running numbers alone agree between any two lists. An explicit source answers the question. One query a source.
pub async fn find_elsewhere(app: &App, file: &str, source: &str, head: &Head) -> Result<Option<ImportError>> {
    let mut tx = app.store.read().await?;
    let sources = imports::list_sources(&mut tx).await?;
    if head.0.is_empty() || sources.iter().any(|known| known == source) {
        return Ok(None);
    }
    let ids: Vec<&str> = head.0.iter().map(|(id, _)| id.as_str()).collect();
    for other in sources {
        let titles = references::find_titles(&mut tx, &other, &ids).await?;
        let same = head.0.iter().filter(|(id, title)| titles.get(id) == Some(title)).count();
        if same * 2 >= head.0.len() {
            let (file, assumed, of) = (file.to_owned(), source.to_owned(), head.0.len());
            return Ok(Some(ImportError::KnownElsewhere { file, assumed, other, same, of }));
        }
    }
    Ok(None)
}
