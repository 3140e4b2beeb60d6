//! Every failure in words: the one place that words errors for the terminal.

use crate::actions::ActionError;
use crate::actions::import_projects::ImportFailure;
use crate::app::StartError;
use crate::backup::{BackupError, Cause};
use crate::config::ConfigError;
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::evaluate::PairsError;
use crate::http::file_words::with_kind;
use crate::http::problem::Problem;
use crate::import::ImportError;
use crate::photos::PhotoError;
use crate::spatial::country::OutlineError;
use crate::store::{StoreError, Trouble};
use crate::words::Words;
use serde_json::{Map, Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// Why a verb failed.
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
    Backup(#[from] BackupError),
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
    /// An unexpected fault of the program or of the machine.
    #[error("{0}")]
    Fault(String),
    /// A message in the language of the terminal.
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
            Self::Backup(e) => backup(language, e),
            Self::Import(e) => import(language, &e),
            Self::Pairs(e) => pairs(language, &e),
            Self::Invalid(invalid) => refusal(language, &invalid),
            Self::File(path, e) => file(language, &path, &e),
            Self::Sample(folder, e) => {
                render(language, "error.sample", &json!({ "folder": folder, "reason": e.sentence(language) }))
            }
            Self::Fault(reason) => fault(language, &reason),
            Self::Message(sentence) => sentence,
        }
    }
}

/// The error in an input.
pub fn refusal(language: Language, invalid: &Invalid) -> String {
    let mut values = invalid.values.clone();
    values.insert("field".to_owned(), invalid.field.clone().into());
    by_code(language, invalid.code, values)
}

/// Why an action was refused: by the code of the API, except for details that only the server's operators may read.
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

/// The reason for an I/O error, by its number if it has no common kind; a library's own message is kept.
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
    render(language, &format!("reason.{key}"), &json!({ "number": e.raw_os_error() }))
}

fn import(language: Language, e: &ImportError) -> String {
    let mut values = e.values();
    if let ImportError::Unreadable { cause, .. } | ImportError::NotCopied { cause, .. } = e {
        values.insert("reason".to_owned(), reason(language, cause).into());
    }
    by_code(language, e.code(), with_kind(language, values))
}

/// Why a pair is excluded from the figures, or a file of pairs is refused.
pub fn pairs(language: Language, e: &PairsError) -> String {
    let mut values = e.values();
    if let PairsError::Unreadable { cause, .. } = e {
        values["reason"] = reason(language, cause).into();
    }
    Words::render(language, &format!("pairs.{}", e.code()), &values)
}

/// An invalid setting, with what is accepted.
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
            render(language, "error.folder", &json!({ "folder": folder, "reason": reason(language, &cause) }))
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
        StoreError::NoDatabase => ("none", Value::Null),
        StoreError::CopyUnderWay => ("copy_under_way", Value::Null),
        StoreError::UnknownType { column, kind } => ("unknown_type", json!({ "column": column, "kind": kind })),
    };
    render(language, &format!("database.{key}"), &values)
}

fn backup(language: Language, e: BackupError) -> String {
    match e {
        BackupError::Store(e) => store(language, &e),
        BackupError::Photo(e) => photo(language, &e),
        BackupError::Storage { place, cause: Cause::Io(e) } => {
            let values = json!({ "place": place, "reason": reason(language, &e) });
            render(language, "backup.error.storage", &values)
        }
        other => render(language, &format!("backup.error.{}", other.code()), &other.values()),
    }
}

/// The message of the database itself, without that of the library around it.
fn of_database(language: Language, e: &sqlx::Error) -> String {
    match e {
        sqlx::Error::Io(e) => reason(language, e),
        sqlx::Error::Database(e) => e.message().to_owned(),
        sqlx::Error::PoolTimedOut => render(language, "reason.timed_out", &Value::Null),
        other => other.to_string(),
    }
}

fn photo(language: Language, e: &PhotoError) -> String {
    by_code(language, e.code(), e.values())
}

fn file(language: Language, path: &Path, e: &io::Error) -> String {
    render(language, "error.file", &json!({ "file": path, "reason": reason(language, e) }))
}

fn fault(language: Language, reason: &str) -> String {
    render(language, "error.fault", &json!({ "reason": reason }))
}

/// The sentence of a stable code, with what is accepted.
fn by_code(language: Language, code: &str, mut values: Map<String, Value>) -> String {
    // Some sentences name an option, which only the terminal has.
    values.insert("in_terminal".to_owned(), json!(true));
    let values = Value::Object(values);
    let part = |part: &str| Words::try_render(language, &format!("problem.{code}.{part}"), &values);
    match (part("detail"), part("expected")) {
        (Some(detail), Some(expected)) => format!("{detail} {expected}"),
        (Some(detail), None) => detail,
        _ => code.to_owned(),
    }
}

fn render(language: Language, key: &str, values: &Value) -> String {
    Words::render(language, &format!("terminal.{key}"), values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::{Broken, Means};

    #[test]
    fn the_terminal_words_what_the_api_answers_by_code() {
        for (language, expected) in
            [(Language::Id, "Ini akun Anda sendiri"), (Language::En, "This is your own account")]
        {
            let sentence = CliError::from(ActionError::Conflict("own_account")).sentence(language);
            assert!(sentence.contains(expected), "{sentence}");
        }
    }

    fn broken(means: Means) -> CliError {
        BackupError::from(Broken { piece: "rows/ab/abc".to_owned(), is_missing: true, means }).into()
    }

    #[test]
    fn every_failure_has_words_of_its_own_in_both_languages() {
        let failures = || -> Vec<CliError> {
            vec![
                ActionError::NotFound("person").into(),
                ActionError::Denied(crate::permission::Denied::Role).into(),
                ActionError::WrongLogin.into(),
                ActionError::PasswordsBusy.into(),
                ActionError::SignInWait { retry_after_s: 3 }.into(),
                ActionError::Photo(PhotoError::NotAnImage).into(),
                ActionError::Internal("x".to_owned()).into(),
                StoreError::Database(sqlx::Error::PoolTimedOut).into(),
                StoreError::Database(sqlx::Error::RowNotFound).into(),
                StoreError::UnknownDatabase("mysql:x".to_owned()).into(),
                StoreError::LeaseLost(uuid::Uuid::nil()).into(),
                StoreError::NoDatabase.into(),
                StoreError::CopyUnderWay.into(),
                StoreError::UnknownType { column: "a.b".to_owned(), kind: "json".to_owned() }.into(),
                BackupError::UnknownTarget("ftp://x".to_owned()).into(),
                BackupError::Storage { place: "x".to_owned(), cause: Cause::Other("y".to_owned()) }.into(),
                BackupError::Storage { place: "x".to_owned(), cause: io::Error::from_raw_os_error(13).into() }.into(),
                BackupError::Full("x".to_owned()).into(),
                BackupError::NotKept { place: "x".to_owned(), piece: "y".to_owned() }.into(),
                BackupError::Busy("x".to_owned()).into(),
                BackupError::LockLost("x".to_owned()).into(),
                BackupError::NoBackup("x".to_owned()).into(),
                BackupError::NotFound("x".to_owned()).into(),
                BackupError::Later(Some("9.0.0".to_owned())).into(),
                BackupError::Later(None).into(),
                BackupError::NeedsKey.into(),
                BackupError::WrongKey.into(),
                BackupError::NoKey("x".to_owned()).into(),
                BackupError::NotEmpty("x".to_owned()).into(),
                BackupError::OtherCopy("x".to_owned()).into(),
                BackupError::Differs("x".to_owned()).into(),
                BackupError::Dangling("x".to_owned()).into(),
                BackupError::Running("x".to_owned()).into(),
                broken(Means::Backup),
                broken(Means::Rows("projects".to_owned())),
                broken(Means::Photo("ab".to_owned())),
                broken(Means::Upload("ab".to_owned())),
                StoreError::Corrupt("role", uuid::Uuid::nil()).into(),
                StartError::Mail("x".to_owned()).into(),
                StartError::Folder("a".into(), io::ErrorKind::NotADirectory.into()).into(),
                CliError::Sample("a".into(), Box::new(CliError::Fault("x".to_owned()))),
                CliError::File("a".into(), io::ErrorKind::PermissionDenied.into()),
                CliError::File("a".into(), io::Error::from_raw_os_error(40)),
                CliError::File("a".into(), io::ErrorKind::InvalidFilename.into()),
            ]
        };
        let sentences = |language| failures().into_iter().map(move |failure| failure.sentence(language));
        for (indonesian, english) in sentences(Language::Id).zip(sentences(Language::En)) {
            assert!(indonesian.contains(' ') && !indonesian.contains("terminal."), "{indonesian}");
            assert!(!indonesian.contains("(os error"), "{indonesian}");
            assert_ne!(indonesian, english);
        }
    }
}
