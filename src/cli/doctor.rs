//! `tapak doctor`: what is wrong with this installation, and what to do.

use super::{CliError, Context, errors, print};
use crate::backup;
use crate::clock::Clock;
use crate::doctor::{Fault, Line, State, examine, sentence};
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

/// The exit code where something is wrong.
const WRONG: u8 = 3;

#[derive(Debug, Args)]
pub struct Doctor {
    #[arg(long)]
    json: bool,
}

pub async fn run(context: &Context, verb: Doctor) -> Result<ExitCode, CliError> {
    let word = |fault| match fault {
        Fault::Store(e) => CliError::from(e).sentence(context.language),
        Fault::Io(e) => errors::reason(context.language, &e),
        Fault::Backup(kept) => backup::sentence(context.language, &kept),
    };
    let lines = examine(&context.config, Clock::default().now(), &word).await;
    let text = if verb.json { as_json(context, &lines)? } else { as_text(context, &lines) };
    print(&text)?;
    let is_wrong = lines.iter().any(|line| line.state == State::Wrong);
    Ok(if is_wrong { ExitCode::from(WRONG) } else { ExitCode::SUCCESS })
}

fn as_text(context: &Context, lines: &[Line]) -> String {
    let word = |state| match state {
        State::Ok => "doctor.ok",
        State::Note => "doctor.note",
        State::Wrong => "doctor.wrong",
    };
    let shown = |line: &Line| {
        let word = context.render(word(line.state), json!({}));
        format!("{word:8} {}\n", sentence(context.language, line))
    };
    lines.iter().map(shown).collect()
}

fn as_json(context: &Context, lines: &[Line]) -> Result<String, CliError> {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| {
            json!({ "check": line.check, "state": line.state, "code": line.code, "values": line.values,
                "sentence": sentence(context.language, line) })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "checks": lines })).map_err(|e| CliError::Fault(e.to_string()))?;
    Ok(text + "\n")
}
