//! What is wrong with an installation, and what to do: one line a matter, for `tapak doctor`. It changes nothing but a
//! file that it writes and removes in the photo folder. Sentences are in the catalogue (`terminal.doctor`).

mod data;
mod machine;
mod settings;

use crate::config::Config;
use crate::domain::Time;
use crate::domain::person::Language;
use crate::store::{Store, StoreError};
use crate::words::Words;
use serde::Serialize;
use serde_json::{Value, json};

/// How a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Ok,
    /// It works, and somebody should know.
    Note,
    /// Something is lost or will be, or somebody is not told.
    Wrong,
}

/// One matter.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub check: &'static str,
    pub state: State,
    /// Of the sentence, within its check.
    pub code: &'static str,
    pub values: Value,
}

impl Line {
    const fn new(check: &'static str, state: State, code: &'static str, values: Value) -> Self {
        Self { check, state, code, values }
    }
}

/// Why something cannot be looked at.
#[derive(Debug)]
pub enum Fault {
    Store(StoreError),
    Io(std::io::Error),
    /// Why a backup failed, as it is kept.
    Backup(String),
}

/// Words a fault in the language of the reader.
pub type Word<'a> = &'a (dyn Fn(Fault) -> String + Sync);

/// Looks at everything; what cannot be looked at is a line of its own.
pub async fn examine(config: &Config, now: Time, word: Word<'_>) -> Vec<Line> {
    let mut lines = vec![machine::disk(config, word), machine::photos(config, word)];
    match Store::open_as_it_is(&config.database).await {
        Ok(store) => {
            lines.push(Line::new("database", State::Ok, "opens", json!({ "database": config.database_shown() })));
            lines.extend(data::examine(&store, config, now, word).await);
            store.close().await;
        }
        Err(e) => {
            let code = match &e {
                StoreError::NoDatabase => "none",
                StoreError::CopyUnderWay => "unfinished",
                _ => "closed",
            };
            let values = json!({ "database": config.database_shown(), "reason": word(Fault::Store(e)) });
            lines.push(Line::new("database", State::Wrong, code, values));
        }
    }
    lines.push(machine::mail(config, word).await);
    lines.extend(settings::examine(config));
    lines
}

/// The sentence of a line.
pub fn sentence(language: Language, line: &Line) -> String {
    Words::render(language, &format!("terminal.doctor.{}.{}", line.check, line.code), &line.values)
}
