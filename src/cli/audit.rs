//! The audit chain: `tapak audit head` prints its newest entry to be kept elsewhere, `verify` names the first broken one, `show`
//! lists what was done to something and who read of it, `erase` takes out what law lets nobody keep.

use super::reading::progress_bar;
use super::table::columns;
use super::{CliError, Context, print};
use crate::actions::ActionError;
use crate::actions::erase_history::erase_history;
use crate::app::App;
use crate::store::audit::{self, Head};
use crate::store::audit_verify::{Verified, verify};
use crate::store::{AuditEntry, users};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};
use std::process::ExitCode;
use uuid::Uuid;

/// The exit code if the chain is broken.
const BROKEN: u8 = 3;
/// Digits of a hash.
const HASH_DIGITS: usize = 64;
/// Digits written together where a hash is printed: one can compare them by eye.
const GROUP: usize = 8;
/// Entries that are shown, the last ones.
const SHOWN: i64 = 1_000;

#[derive(Debug, Subcommand)]
pub enum Audit {
    Head(HeadOptions),
    Verify(Verify),
    Show(Show),
    Erase(Erase),
}

#[derive(Debug, Args)]
pub struct HeadOptions {
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Show {
    #[arg(value_name = "ID")]
    subject: String,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Erase {
    #[arg(value_name = "ID")]
    subject: String,
    #[arg(long)]
    json: bool,
}

pub async fn run(context: &Context, verb: Audit) -> Result<ExitCode, CliError> {
    let app = context.open_existing().await?;
    let code = match verb {
        Audit::Head(options) => head(context, &app, options).await?,
        Audit::Verify(options) => verify_chain(context, &app, options).await?,
        Audit::Show(options) => show(context, &app, options).await?,
        Audit::Erase(options) => erase(context, &app, options).await?,
    };
    app.close().await;
    Ok(code)
}

async fn head(context: &Context, app: &App, options: HeadOptions) -> Result<ExitCode, CliError> {
    let mut tx = app.store.read().await?;
    let Some(head) = audit::find_head(&mut tx).await? else {
        return Err(CliError::Message(context.render("audit.empty", json!({}))));
    };
    if options.json {
        print_json(&head)?;
    } else {
        print(&format!("{}\n", context.render("audit.head", values_of(&head))))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn values_of(head: &Head) -> Value {
    json!({ "number": head.number, "at": head.at, "hash": grouped(&head.hash) })
}

async fn verify_chain(context: &Context, app: &App, options: Verify) -> Result<ExitCode, CliError> {
    let wanted = options.expect.map(|given| read_hash(context, &given)).transpose()?;
    let bar = progress_bar(context);
    bar.set_message(context.render("audit.verifying", json!({})));
    let mut tx = app.store.read().await?;
    let newest = audit::find_head(&mut tx).await?;
    bar.set_length(newest.map_or(1, |head| head.number.unsigned_abs()));
    let found = verify(&mut tx, wanted.as_deref(), |entries| bar.set_position(entries.unsigned_abs())).await?;
    drop(tx);
    bar.finish_and_clear();
    if options.json {
        print_json(&found)?;
    } else {
        print(&as_text(context, &found, wanted.as_deref()))?;
    }
    Ok(if found.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) })
}

fn as_text(context: &Context, found: &Verified, wanted: Option<&str>) -> String {
    let mut lines = Vec::new();
    match &found.broken {
        Some(broken) => {
            let fault = context.render(&format!("audit.fault.{}", broken.fault), json!({}));
            let values = json!({ "number": broken.number, "right": found.entries, "fault": fault });
            lines.push(context.render("audit.broken", values));
        }
        None => lines.push(context.render("audit.whole", json!({ "entries": found.entries }))),
    }
    if let (Some(wanted), Some(holds)) = (wanted, found.holds_head) {
        let key = if holds { "audit.holds_head" } else { "audit.lacks_head" };
        lines.push(context.render(key, json!({ "hash": grouped(wanted) })));
    }
    if let Some(head) = found.head.as_ref().filter(|_| found.broken.is_none()) {
        lines.push(context.render("audit.head", values_of(head)));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A hash as it was given, or as it stands in a file that `tapak audit head` wrote, with or without spaces.
fn read_hash(context: &Context, given: &str) -> Result<String, CliError> {
    if let Some(hash) = find_hash(given) {
        return Ok(hash);
    }
    let unknown = || CliError::Message(context.render("audit.no_hash", json!({ "given": given })));
    let text = std::fs::read_to_string(given).map_err(CliError::file(given.as_ref()))?;
    find_hash(&text).ok_or_else(unknown)
}

/// The first hash in a text: 64 hexadecimal digits, be there spaces between groups of them.
fn find_hash(text: &str) -> Option<String> {
    let mut digits = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c == '"' || c == ',');
    for word in words.filter(|word| !word.is_empty()) {
        let is_part = (word.len() == GROUP || word.len() == HASH_DIGITS) && word.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_part {
            digits.clear();
            continue;
        }
        digits.push_str(&word.to_ascii_lowercase());
        if digits.len() == HASH_DIGITS {
            return Some(digits);
        }
        if digits.len() > HASH_DIGITS {
            digits.clear();
        }
    }
    None
}

fn grouped(hash: &str) -> String {
    let groups: Vec<&str> =
        (0..hash.len()).step_by(GROUP).filter_map(|at| hash.get(at..(at + GROUP).min(hash.len()))).collect();
    groups.join(" ")
}

async fn show(context: &Context, app: &App, options: Show) -> Result<ExitCode, CliError> {
    let about = find_about(context, app, &options.subject).await?;
    let mut tx = app.store.read().await?;
    let mut entries = audit::list_about(&mut tx, about, SHOWN).await?;
    drop(tx);
    entries.reverse();
    if options.json {
        let all: Vec<Value> = entries.iter().map(as_json).collect();
        print_json(&all)?;
    } else {
        let rows: Vec<Vec<String>> = entries
            .into_iter()
            .map(|entry| vec![entry.number.to_string(), entry.at, entry.action, entry.who, entry.changes])
            .collect();
        print(&columns(&rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(entry: &AuditEntry) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "number": entry.number,
        "at": entry.at,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "action": entry.action,
        "who": parsed(&entry.who),
        "changes": parsed(&entry.changes),
        "reason": entry.reason,
        "hash": entry.hash,
    })
}

async fn erase(context: &Context, app: &App, options: Erase) -> Result<ExitCode, CliError> {
    let about = find_about(context, app, &options.subject).await?;
    let erased = erase_history(app, about).await.map_err(|e| match e {
        ActionError::NotFound(_) => unknown(context, &options.subject),
        other => other.into(),
    })?;
    if options.json {
        print_json(&erased)?;
    } else {
        print(&format!("{}\n", context.render("audit.erased", json!(erased))))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is meant: by its id, or a person by their login.
async fn find_about(context: &Context, app: &App, given: &str) -> Result<Uuid, CliError> {
    if let Ok(id) = given.parse() {
        return Ok(id);
    }
    let mut tx = app.store.read().await?;
    let found = users::find_id(&mut tx, &given.trim().to_lowercase()).await?;
    found.ok_or_else(|| unknown(context, given))
}

fn unknown(context: &Context, given: &str) -> CliError {
    CliError::Message(context.render("audit.unknown", json!({ "given": given })))
}

fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value).map_err(|e| CliError::Fault(e.to_string()))?;
    print(&format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_hash_is_found_again_in_every_form_in_which_it_was_printed() {
        let hash = "0123456789abcdef".repeat(4);
        for text in [
            hash.clone(),
            grouped(&hash),
            format!("entry 12345678\nhash\n  {}\n", grouped(&hash).to_uppercase()),
            format!("{{\n  \"number\": 7,\n  \"hash\": \"{hash}\"\n}}"),
        ] {
            assert_eq!(find_hash(&text), Some(hash.clone()), "{text}");
        }
        assert_eq!(find_hash(&hash[1..]), None);
        assert_eq!(find_hash("2026-11-30T01:02:03.000004Z"), None);
    }
}
