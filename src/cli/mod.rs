//! The command line: `tapak serve`, `tapak import …`, `tapak user …`, `tapak jobs …`, `tapak audit …`, `tapak config`.

mod ask_password;
mod audit;
mod backup;
mod calibrate;
mod commands;
mod config;
mod doctor;
mod errors;
mod evaluate;
mod import;
mod jobs;
mod moving;
mod openapi;
mod permissions;
mod photos;
mod post;
mod reading;
mod restore;
mod scan;
mod serve;
mod table;
mod user;
mod whatif;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{self as settings, Config, ConfigError, LogFormat};
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::evaluate::PairsError;
use crate::words::Words;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use errors::CliError;
use serde_json::json;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The command line. The texts of commands and options are in the catalogue (`help.toml`), added by `commands.rs`.
#[derive(Debug, Parser)]
#[command(name = "tapak", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    settings: SettingArguments,
    #[command(subcommand)]
    verb: Verb,
}

/// Settings that take precedence over the environment and `tapak.toml`.
#[derive(Debug, Args)]
struct SettingArguments {
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<String>,
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
    #[arg(long, global = true, value_name = "LANGUAGE")]
    language: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Serve),
    #[command(subcommand)]
    Import(import::Import),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Post(post::PostVerb),
    Jobs(jobs::Jobs),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    Photos(photos::Photos),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Move(moving::Move),
    Doctor(doctor::Doctor),
    Scan(scan::Scan),
    Whatif(whatif::WhatIf),
    Evaluate(evaluate::Evaluate),
    Calibrate(calibrate::Calibrate),
    Config,
    Openapi,
    Permissions,
}

/// The exit code for an invalid command line.
const MISTYPED: u8 = 2;

/// The exit code after Ctrl-C: 128 plus the number of the signal.
const INTERRUPTED: i32 = 130;

/// How long dispensable threads may take at the end.
const LAST_THREADS: std::time::Duration = std::time::Duration::from_secs(1);

/// Threads for files, pictures, passwords and judging. Each keeps memory for a while after its work, so many keep
/// much: with the runtime's 512 the picture test (docs/limits.md) needed half as much again. The kinds of work that
/// take turns add up to three threads a core plus two; the rest is for files.
fn blocking_threads() -> usize {
    8 + 4 * std::thread::available_parallelism().map_or(1, usize::from)
}

/// The context of every verb.
struct Context {
    config: Config,
    language: Language,
}

impl Context {
    async fn open(&self) -> Result<App, CliError> {
        Ok(App::open(self.config.clone(), Clock::default()).await?)
    }

    /// A verb that only reads does not create a database: a mistyped folder would yield one without projects.
    async fn open_existing(&self) -> Result<App, CliError> {
        self.require_database()?;
        self.open().await
    }

    /// Refuses where the database is a file that is not there.
    fn require_database(&self) -> Result<(), CliError> {
        self.require_file_of(&self.config.database)
    }

    fn require_file_of(&self, database: &str) -> Result<(), CliError> {
        let file = database.strip_prefix("sqlite:").map(std::path::Path::new);
        match file {
            Some(file) if !file.exists() => Err(CliError::Message(self.render("no_database", json!({ "file": file })))),
            _ => Ok(()),
        }
    }

    /// A sentence for the terminal, by its key in `terminal.toml`.
    fn render(&self, key: &str, values: serde_json::Value) -> String {
        Words::render(self.language, &format!("terminal.{key}"), &values)
    }

    /// The error in an input, in words.
    fn refusal(&self, invalid: &Invalid) -> String {
        errors::refusal(self.language, invalid)
    }
}

/// Writes the result to the standard output. The reader may close it early (`| head`): that is no failure.
fn print(text: &str) -> Result<(), CliError> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(CliError::File("/dev/stdout".into(), e)),
        _ => Ok(()),
    }
}

/// Warns of labelled pairs that are excluded from the figures.
fn warn_skipped_pairs(context: &Context, left_out: &[PairsError]) {
    if let Some(first) = left_out.first() {
        let first = errors::pairs(context.language, first);
        let values = json!({ "count": left_out.len(), "first": first });
        eprintln!("{}", context.render("left_out", values));
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (language, file) = commands::asked(&arguments);
    let language = settings::terminal_language(language.as_deref(), file.as_deref());
    let cli = match parse(&arguments, language) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match start(cli, language) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("tapak: {}", e.sentence(language));
            ExitCode::FAILURE
        }
    }
}

/// The command line, or an exit code if nothing remains to be done: after help, or an error message.
fn parse(arguments: &[OsString], language: Language) -> Result<Cli, ExitCode> {
    let mut command = commands::in_language(Cli::command(), language);
    let read = command.try_get_matches_from_mut(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|e| {
        match e.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                // The reader may close it early.
                let _ = e.print();
            }
            _ => eprintln!("tapak: {}", commands::mistake(&command, arguments, language, &e)),
        }
        if e.use_stderr() { ExitCode::from(MISTYPED) } else { ExitCode::SUCCESS }
    })
}

/// From here on, Ctrl-C removes half-written files and ends the program.
#[cfg(unix)]
fn stop_when_interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    // Subscribed before anything is written, not when the task is first polled.
    let Ok(mut interrupt) = signal(SignalKind::interrupt()) else { return };
    tokio::spawn(async move {
        while interrupt.recv().await.is_some() {
            end_unless_asking();
        }
    });
}

/// From here on, Ctrl-C removes half-written files and ends the program.
#[cfg(not(unix))]
fn stop_when_interrupted() {
    tokio::spawn(async {
        while tokio::signal::ctrl_c().await.is_ok() {
            end_unless_asking();
        }
    });
}

fn end_unless_asking() {
    if !ask_password::is_asking() {
        crate::whole_file::discard_all();
        std::process::exit(INTERRUPTED);
    }
}

/// The log goes to the standard error. Commands run by hand show only their own messages, not the English log of the
/// libraries, unless `RUST_LOG` asks for it.
fn write_log(verb: &Verb, format: LogFormat) {
    let usual = match verb {
        Verb::Serve(_) => Targets::new().with_default(LevelFilter::INFO).with_target("sqlx", LevelFilter::WARN),
        _ => Targets::new().with_target("tapak", LevelFilter::WARN),
    };
    #[expect(clippy::disallowed_methods, reason = "a setting of the log, none of Tapak's")]
    let asked = std::env::var("RUST_LOG").ok().and_then(|targets| targets.parse::<Targets>().ok());
    let lines = tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(asked.unwrap_or(usual)).with(lines).init();
}

fn start(cli: Cli, language: Language) -> Result<ExitCode, CliError> {
    let mut options: Vec<(&str, String)> = Vec::new();
    let mut judge: Vec<(String, String)> = Vec::new();
    for pair in &cli.settings.set {
        let wrong = || ConfigError::Value { key: "--set", given: pair.clone(), expected: "key_and_value" };
        let (key, value) = pair.split_once('=').ok_or_else(wrong)?;
        // `tapak whatif` accepts settings of the judge that are not settings of the service.
        if matches!(cli.verb, Verb::Whatif(_)) && crate::duplicates::Settings::NAMES.contains(&key) {
            judge.push((key.to_owned(), value.to_owned()));
        } else {
            options.push((key, value.to_owned()));
        }
    }
    if let Some(data) = cli.settings.data {
        options.push(("data", data));
    }
    if let Some(database) = cli.settings.database {
        options.push(("database", database));
    }
    if let Verb::Serve(serve) = &cli.verb
        && let Some(listen) = &serve.listen
    {
        options.push(("listen", listen.clone()));
    }
    if let Some(language) = cli.settings.language {
        options.push(("language", language));
    }
    let config = Config::load(&options, cli.settings.settings.as_deref())?;
    write_log(&cli.verb, config.log);
    let restarted = match cli.verb {
        Verb::Serve(_) => crate::allocator::give_back_at_once(),
        Verb::Scan(_) => crate::allocator::keep_until_the_end(),
        _ => Ok(()),
    };
    if let Err(e) = restarted {
        tracing::warn!("free memory will be kept for a second: {e}");
    }
    let context = Context { config, language };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(blocking_threads())
        .build()
        .map_err(|e| CliError::Fault(e.to_string()))?;
    let outcome = runtime.block_on(async {
        // The service finishes its requests first; every other verb stops at once and leaves nothing half written.
        if !matches!(cli.verb, Verb::Serve(_)) {
            stop_when_interrupted();
        }
        match cli.verb {
            Verb::Serve(verb) => serve::run(&context, verb).await,
            Verb::Import(verb) => import::run(&context, verb).await,
            Verb::User(verb) => user::run(&context, verb).await,
            Verb::Post(verb) => post::run(&context, verb).await,
            Verb::Jobs(verb) => jobs::run(&context, verb).await,
            Verb::Audit(verb) => audit::run(&context, verb).await,
            Verb::Photos(verb) => photos::run(&context, verb).await,
            Verb::Backup(verb) => backup::run(&context, verb).await,
            Verb::Restore(verb) => restore::run(&context, verb).await,
            Verb::Move(verb) => moving::run(&context, verb).await,
            Verb::Doctor(verb) => doctor::run(&context, verb).await,
            Verb::Scan(verb) => scan::run(&context, verb),
            Verb::Whatif(verb) => whatif::run(&context, verb, &judge).await,
            Verb::Evaluate(verb) => evaluate::run(&context, verb),
            Verb::Calibrate(verb) => calibrate::run(&context, verb).await,
            Verb::Config => config::run(&context),
            Verb::Openapi => openapi::run(),
            Verb::Permissions => permissions::run(),
        }
    });
    // A picture being decoded is processed again after the next start: nobody waits for it.
    runtime.shutdown_timeout(LAST_THREADS);
    outcome
}
