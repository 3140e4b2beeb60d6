//! `tapak backup`: makes one while the service runs; `verify` reads all of them again, `prune` removes old ones, `key`
//! makes the keys of encrypted ones.

use super::{CliError, Context, print, reading};
use crate::backup::{self, BackupError, Identities, Made, Source, Target, Verified};
use crate::clock::Clock;
use crate::photos::keep::PhotoStore;
use crate::store::Store;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde_json::json;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The exit code where something is missing or damaged.
const WRONG: u8 = 3;
/// Maximum number of pieces listed.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    /// Where to; the setting `backup` if it is left out.
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Verify(Verify),
    Prune(Prune),
    Key(Key),
}

#[derive(Debug, Args)]
struct Verify {
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Prune {
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[arg(long, value_name = "N")]
    keep: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
struct Key {
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub async fn run(context: &Context, backup: Backup) -> Result<ExitCode, CliError> {
    match backup.verb {
        None => make(context, backup.target).await,
        Some(Verb::Verify(verb)) => verify(context, verb).await,
        Some(Verb::Prune(verb)) => prune(context, verb).await,
        Some(Verb::Key(verb)) => key(context, &verb.file),
    }
}

/// The place that is named, or that of the settings.
fn address(context: &Context, given: Option<String>) -> Result<String, CliError> {
    given
        .or_else(|| context.config.backup.clone())
        .ok_or_else(|| CliError::Message(context.render("backup.no_target", json!({}))))
}

/// The place of backups that are there.
pub fn existing_target(context: &Context, given: Option<String>) -> Result<Target, CliError> {
    Ok(Target::open_existing(&address(context, given)?, &context.config.s3)?)
}

/// The keys of the option or of the settings; none if neither names a file.
pub fn identities(context: &Context, given: Option<PathBuf>) -> Result<Identities, CliError> {
    match given.or_else(|| context.config.backup_identity.clone()) {
        Some(file) => Ok(Identities::read(&file)?),
        None => Ok(Identities::default()),
    }
}

pub fn bar(context: &Context, what: &str) -> ProgressBar {
    let bar = reading::progress_bar(context);
    bar.set_message(context.render(&format!("backup.{what}"), json!({})));
    bar
}

async fn make(context: &Context, target: Option<String>) -> Result<ExitCode, CliError> {
    let address = address(context, target)?;
    context.require_database()?;
    // As it stands: a program that is to be installed makes the backup before it, without changing anything.
    let store = Store::open_as_it_is(&context.config.database).await?;
    let photos = PhotoStore::folder(&context.config.data.join("photos")).map_err(BackupError::from)?;
    let source = Source { store: store.clone(), photos, clock: Clock::default() };
    let bar = bar(context, "making");
    let step = |done: u64, all: u64| {
        bar.set_length(all.max(1));
        bar.set_position(done);
    };
    let made = backup::make(&source, &address, &context.config.s3, &context.config.backup_recipients, &step).await;
    bar.finish_and_clear();
    store.close().await;
    let made = made?;
    print(&as_text(context, &made, &address))?;
    Ok(if made.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

fn as_text(context: &Context, made: &Made, address: &str) -> String {
    let values = json!({
        "target": address, "rows": made.rows, "photos": made.photos, "bytes": made.bytes, "sent": made.sent_bytes,
        "encrypted": !context.config.backup_recipients.is_empty(),
    });
    let mut text = context.render("backup.made", values) + "\n";
    if !made.lost.is_empty() {
        text += &(context.render("backup.lost", json!({ "count": made.lost.len() })) + "\n");
    }
    text
}

async fn verify(context: &Context, verb: Verify) -> Result<ExitCode, CliError> {
    let target = existing_target(context, verb.target)?;
    let keys = identities(context, verb.identity)?;
    let bar = bar(context, "verifying");
    let step = |done: u64, all: u64| {
        bar.set_length(all.max(1));
        bar.set_position(done);
    };
    let found = backup::verify(&target, &keys, &step).await;
    bar.finish_and_clear();
    let found = found?;
    print(&verified_text(context, &found, target.shown()))?;
    Ok(if found.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

fn verified_text(context: &Context, found: &Verified, target: &str) -> String {
    let mut text = String::new();
    for broken in found.broken.iter().take(SHOWN) {
        text += &(context.render("backup.error.broken", broken.values()) + "\n");
    }
    if found.broken.len() > SHOWN {
        text += &(context.render("more", json!({ "count": found.broken.len() - SHOWN })) + "\n");
    }
    let values = json!({
        "target": target, "backups": found.backups, "pieces": found.pieces, "bytes": found.bytes,
        "broken": found.broken.len(), "newest": found.newest, "rows": found.rows, "photos": found.photos, "lost": found.lost,
    });
    text + &context.render("backup.verified", values) + "\n"
}

async fn prune(context: &Context, verb: Prune) -> Result<ExitCode, CliError> {
    let target = existing_target(context, verb.target)?;
    let keep = verb.keep.unwrap_or(context.config.backup_keep);
    let pruned = backup::prune(&target, keep, &Clock::default().id().to_string()).await?;
    let values = json!({
        "removed": pruned.removed, "left": pruned.left, "pieces": pruned.pieces, "bytes": pruned.bytes,
    });
    print(&format!("{}\n", context.render("backup.pruned", values)))?;
    Ok(ExitCode::SUCCESS)
}

/// A new pair of keys: the secret one into a file that only this user can read.
fn key(context: &Context, file: &Path) -> Result<ExitCode, CliError> {
    let (secret, public) = backup::make_keys();
    let mut options = std::fs::File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut new| new.write_all(secret.as_bytes()).and_then(|()| new.sync_all()));
    written.map_err(CliError::file(file))?;
    print(&format!("{}\n", context.render("backup.key", json!({ "file": file, "public": public }))))?;
    Ok(ExitCode::SUCCESS)
}
