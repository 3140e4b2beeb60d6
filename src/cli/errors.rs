//! Every failure in words: the one place that decides how the terminal says what went wrong.

use crate::actions::ActionError;
use crate::actions::import_projects::ImportFailure;
use crate::app::StartError;
use crate::config::ConfigError;
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::evaluate::PairsError;
use crate::http::problem::Problem;
use crate::import::ImportError;
use crate::photos::PhotoError;
use crate::spatial::country::OutlineError;
use crate::store::{StoreError, Trouble};
use crate::words::Words;
use serde_json::{Map, Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// Why a verb did not work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Action(#[from] ActionError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Pairs(#[from] PairsError),
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// A file that cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    #[error("the sample data in {0}: {1}")]
    Sample(PathBuf, Box<CliError>),
    /// A fault of the program or of the machine that no sentence foresees.
    #[error("{0}")]
    Fault(String),
    /// A sentence in the language of the terminal.
    #[error("{0}")]
    Message(String),
}

impl From<ImportFailure> for CliError {
    fn from(e: ImportFailure) -> Self {
        match e {
            ImportFailure::File(e) => e.into(),
            ImportFailure::Action(e) => e.into(),
        }
    }
}

impl CliError {
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |e| Self::File(path, e)
    }

    pub fn sentence(self, language: Language) -> String {
        match self {
            Self::Config(e) => setting(language, &e),
            Self::Start(e) => start(language, e),
            Self::Store(e) => store(language, &e),
            Self::Action(e) => action(language, e),
            Self::Import(e) => import(language, &e),
            Self::Pairs(e) => pairs(language, &e),
            Self::Invalid(invalid) => refusal(language, &invalid),
            Self::File(path, e) => file(language, &path, &e),
            Self::Sample(folder, e) => {
                say(language, "error.sample", &json!({ "folder": folder, "reason": e.sentence(language) }))
            }
            Self::Fault(reason) => fault(language, &reason),
            Self::Message(sentence) => sentence,
        }
    }
}

/// What is wrong with an input.
pub fn refusal(language: Language, invalid: &Invalid) -> String {
    let mut values = invalid.values.clone();
    values.insert("field".to_owned(), invalid.field.clone().into());
    by_code(language, invalid.code, values)
}

/// Why something was not done: by the code that the API answers, but for what only the server's own people may read.
fn action(language: Language, e: ActionError) -> String {
    match e {
        ActionError::Store(e) => store(language, &e),
        ActionError::Photo(e) => photo(language, &e),
        ActionError::Internal(reason) => fault(language, &reason),
        ActionError::Invalid(invalid) => refusal(language, &invalid),
        other => {
            let problem = Problem::from(other);
            by_code(language, problem.code, problem.values)
        }
    }
}

/// What the system says of a file or a connection, by its number where it is nothing usual; a library's own words stay.
pub fn reason(language: Language, e: &io::Error) -> String {
    use io::ErrorKind::{
        AddrInUse, AddrNotAvailable, AlreadyExists, ConnectionRefused, ConnectionReset, HostUnreachable, InvalidData,
        InvalidFilename, IsADirectory, NetworkUnreachable, NotADirectory, NotFound, PermissionDenied,
        ReadOnlyFilesystem, StorageFull, TimedOut, UnexpectedEof,
    };
    let key = match e.kind() {
        NotFound => "not_found",
        PermissionDenied => "permission_denied",
        AlreadyExists => "already_exists",
        IsADirectory => "is_a_folder",
        NotADirectory => "is_no_folder",
        StorageFull => "disk_full",
        ReadOnlyFilesystem => "read_only",
        InvalidData => "no_text",
        UnexpectedEof => "breaks_off",
        AddrInUse => "address_in_use",
        AddrNotAvailable => "address_of_others",
        ConnectionRefused => "connection_refused",
        ConnectionReset => "connection_reset",
        HostUnreachable | NetworkUnreachable => "unreachable",
        TimedOut => "timed_out",
        InvalidFilename => "no_name",
        _ if e.raw_os_error().is_some() => "of_system",
        _ => return e.to_string(),
    };
    say(language, &format!("reason.{key}"), &json!({ "number": e.raw_os_error() }))
}

fn import(language: Language, e: &ImportError) -> String {
    let mut values = e.values();
    if let ImportError::Unreadable { cause, .. } | ImportError::NotCopied { cause, .. } = e {
        values.insert("reason".to_owned(), reason(language, cause).into());
    }
    if let ImportError::OtherKind { kind, .. } | ImportError::NotBorders { kind, .. } = e {
        for part in ["is", "right"] {
            let said = say(language, &format!("file.{kind}.{part}"), &Value::Object(values.clone()));
            values.insert(part.to_owned(), said.into());
        }
    }
    by_code(language, e.code(), values)
}

/// Why a pair has no part in the figures, or a file of pairs is not read.
pub fn pairs(language: Language, e: &PairsError) -> String {
    let mut values = e.values();
    if let PairsError::Unreadable { cause, .. } = e {
        values["reason"] = reason(language, cause).into();
    }
    Words::render(language, &format!("pairs.{}", e.code()), &values)
}

/// A wrong setting, with what would be right.
fn setting(language: Language, e: &ConfigError) -> String {
    let settings = |key: &str, values: &Value| Words::render(language, &format!("settings.{key}"), values);
    match e {
        ConfigError::Unknown { given, near, file } => {
            settings("error.unknown", &json!({ "given": given, "near": near, "file": file }))
        }
        ConfigError::Value { key, given, expected } => {
            let expected = settings(&format!("expected.{expected}"), &Value::Null);
            settings("error.value", &json!({ "key": key, "given": given, "expected": expected }))
        }
        ConfigError::Judge(invalid) => refusal(language, invalid),
        ConfigError::Unreadable { path, cause } => file(language, path, cause),
        ConfigError::NotToml { path, line, text } => {
            settings("error.not_toml", &json!({ "file": path, "line": line, "text": text }))
        }
        ConfigError::Weights { path, cause } => {
            let reason = Words::render(language, &format!("weights.{}", cause.code()), &cause.values());
            settings("error.content", &json!({ "file": path, "reason": reason }))
        }
        ConfigError::Country { path, cause } => {
            let line = if let OutlineError::NotJson { line } = cause { *line } else { 0 };
            let reason = settings(&format!("country.{}", cause.code()), &json!({ "line": line }));
            settings("error.content", &json!({ "file": path, "reason": reason }))
        }
    }
}

fn start(language: Language, e: StartError) -> String {
    match e {
        StartError::Folder(folder, cause) => {
            say(language, "error.folder", &json!({ "folder": folder, "reason": reason(language, &cause) }))
        }
        StartError::Store(e) => store(language, &e),
        StartError::Photos(e) => photo(language, &e),
        StartError::Mail(_) => setting(
            language,
            &ConfigError::Value { key: "smtp", given: "…".to_owned(), expected: "address_of_a_mail_server" },
        ),
        StartError::Password(e) => fault(language, &e.to_string()),
    }
}

fn store(language: Language, e: &StoreError) -> String {
    let (key, values) = match e {
        StoreError::Database(cause) => {
            let key = match e.trouble() {
                Trouble::Full => "full",
                Trouble::Busy => "away",
                Trouble::Fault => "refuses",
            };
            (key, json!({ "reason": of_database(language, cause) }))
        }
        StoreError::Migration(cause) => ("migration", json!({ "reason": cause.to_string() })),
        StoreError::Lock(path, cause) => return file(language, path, cause),
        StoreError::Corrupt(column, id) => ("corrupt", json!({ "column": column, "id": id.to_string() })),
        StoreError::LeaseLost(id) => ("lease_lost", json!({ "id": id.to_string() })),
        StoreError::UnknownDatabase(given) => ("unknown", json!({ "given": given })),
    };
    say(language, &format!("database.{key}"), &values)
}

/// The words of the database itself, without those of the library around them.
fn of_database(language: Language, e: &sqlx::Error) -> String {
    match e {
        sqlx::Error::Io(e) => reason(language, e),
        sqlx::Error::Database(e) => e.message().to_owned(),
        sqlx::Error::PoolTimedOut => say(language, "reason.timed_out", &Value::Null),
        other => other.to_string(),
    }
}

fn photo(language: Language, e: &PhotoError) -> String {
    by_code(language, e.code(), e.values())
}

fn file(language: Language, path: &Path, e: &io::Error) -> String {
    say(language, "error.file", &json!({ "file": path, "reason": reason(language, e) }))
}

fn fault(language: Language, reason: &str) -> String {
    say(language, "error.fault", &json!({ "reason": reason }))
}

/// The sentence of a stable code, with what would be right.
fn by_code(language: Language, code: &str, values: Map<String, Value>) -> String {
    let values = Value::Object(values);
    let part = |part: &str| Words::find(language, &format!("problem.{code}.{part}"), &values);
    match (part("detail"), part("expected")) {
        (Some(detail), Some(expected)) => format!("{detail} {expected}"),
        (Some(detail), None) => detail,
        _ => code.to_owned(),
    }
}

fn say(language: Language, key: &str, values: &Value) -> String {
    Words::render(language, &format!("terminal.{key}"), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_answers_by_a_code_the_terminal_says_in_its_words() {
        for (language, said) in [(Language::Id, "Ini akun Anda sendiri"), (Language::En, "This is your own account")] {
            let sentence = CliError::from(ActionError::Conflict("own_account")).sentence(language);
            assert!(sentence.contains(said), "{sentence}");
        }
    }

    #[test]
    fn every_failure_has_words_of_its_own_in_both_languages() {
        let failures = || -> Vec<CliError> {
            vec![
                ActionError::NotFound("person").into(),
                ActionError::Denied(crate::accounts::permission::Denied::Role).into(),
                ActionError::WrongLogin.into(),
                ActionError::PasswordsBusy.into(),
                ActionError::SignInWait { retry_after_s: 3 }.into(),
                ActionError::Photo(PhotoError::NotAnImage).into(),
                ActionError::Internal("x".to_owned()).into(),
                StoreError::Database(sqlx::Error::PoolTimedOut).into(),
                StoreError::Database(sqlx::Error::RowNotFound).into(),
                StoreError::UnknownDatabase("mysql:x".to_owned()).into(),
                StoreError::LeaseLost(uuid::Uuid::nil()).into(),
                StoreError::Corrupt("role", uuid::Uuid::nil()).into(),
                StartError::Mail("x".to_owned()).into(),
                StartError::Folder("a".into(), io::ErrorKind::NotADirectory.into()).into(),
                CliError::Sample("a".into(), Box::new(CliError::Fault("x".to_owned()))),
                CliError::File("a".into(), io::ErrorKind::PermissionDenied.into()),
                CliError::File("a".into(), io::Error::from_raw_os_error(40)),
                CliError::File("a".into(), io::ErrorKind::InvalidFilename.into()),
            ]
        };
        let said = |language| failures().into_iter().map(move |failure| failure.sentence(language));
        for (indonesian, english) in said(Language::Id).zip(said(Language::En)) {
            assert!(indonesian.contains(' ') && !indonesian.contains("terminal."), "{indonesian}");
            assert!(!indonesian.contains("(os error"), "{indonesian}");
            assert_ne!(indonesian, english);
        }
    }
}
