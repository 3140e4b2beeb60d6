//! `tapak jobs`: waiting and failed jobs with their reasons; `--retry` runs a failed job again.

use super::{CliError, Context};
use crate::actions::ActionError;
use crate::actions::retry_job::retry_job;
use crate::store::jobs;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;
use uuid::Uuid;

#[derive(Debug, Args)]
pub struct Jobs {
    #[arg(long, value_name = "ID")]
    retry: Option<String>,
}

pub async fn run(context: &Context, verb: Jobs) -> Result<ExitCode, CliError> {
    let app = context.open().await?;
    if let Some(which) = verb.retry {
        let wanted: Vec<Uuid> = match which.as_str() {
            "all" => {
                let mut tx = app.store.read().await?;
                jobs::list(&mut tx, true, 10_000).await?.iter().map(|job| job.id).collect()
            }
            id => vec![id.parse().map_err(|_| CliError::Message(context.render("jobs.no_id", json!({ "id": id }))))?],
        };
        for id in &wanted {
            retry_job(&app, None, *id).await.map_err(|e| match e {
                ActionError::NotFound(_) => {
                    CliError::Message(context.render("jobs.not_given_up", json!({ "id": id.to_string() })))
                }
                other => other.into(),
            })?;
        }
        println!("{}", context.render("jobs.again", json!({ "count": wanted.len() })));
        return Ok(ExitCode::SUCCESS);
    }
    let mut tx = app.store.read().await?;
    for (heading, failed) in [("jobs.given_up", true), ("jobs.waiting", false)] {
        let jobs = jobs::list(&mut tx, failed, 200).await?;
        println!("{}", context.render(heading, json!({ "count": jobs.len() })));
        for job in jobs {
            let error = job.last_error.unwrap_or_default();
            let when = context.render("jobs.when", json!({ "tries": job.attempts, "due": job.run_at }));
            println!("  {}  {:15}  {}  {when}  {error}", job.id, job.kind, job.subject_id);
        }
    }
    Ok(ExitCode::SUCCESS)
}
