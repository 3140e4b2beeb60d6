//! `tapak jobs`: waiting and failed jobs with their reasons; `--retry` runs a failed job again.

use super::{CliError, Context};
use crate::actions::ActionError;
use crate::actions::retry_job::{retry_all_jobs, retry_job};
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
        let count = match which.as_str() {
            "all" => retry_all_jobs(&app, None).await?,
            id => {
                let no_id = |_| CliError::Message(context.render("jobs.no_id", json!({ "id": id })));
                let id: Uuid = id.parse().map_err(no_id)?;
                retry_job(&app, None, id).await.map_err(|e| match e {
                    ActionError::NotFound(_) => {
                        CliError::Message(context.render("jobs.not_given_up", json!({ "id": id.to_string() })))
                    }
                    other => other.into(),
                })?;
                1
            }
        };
        println!("{}", context.render("jobs.again", json!({ "count": count })));
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
