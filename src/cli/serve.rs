//! `tapak serve`: the page, the API, and the jobs, until Ctrl-C or SIGTERM.

use super::{CliError, Context, errors};
use crate::actions::import_projects::ImportFailure;
use crate::actions::load_sample::{self, Sample};
use crate::actions::uploads::receive_upload::sweep_uploads;
use crate::app::App;
use crate::domain::post::Right;
use crate::http::{health, listen};
use crate::jobs::{backup, rejudge, retry, worker};
use crate::photos::sweep;
use crate::store::users;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct Serve {
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    #[arg(long, value_name = "FOLDER")]
    pub sample_data: Option<PathBuf>,
}

pub async fn run(context: &Context, verb: Serve) -> Result<ExitCode, CliError> {
    // The port first: without it nothing should be loaded.
    let listener = bind(context, context.config.listen)?;
    let watched = context.config.metrics_listen.map(|address| bind(context, address)).transpose()?;
    let app = context.open().await?;
    let sample = match &verb.sample_data {
        Some(folder) => {
            let failed = |e: ImportFailure| CliError::Sample(folder.clone(), Box::new(e.into()));
            Some(load_sample::load_sample(&app, folder).await.map_err(failed)?)
        }
        None => None,
    };
    sweep_behind(&app);
    if let Err(e) = sweep_uploads(&app).await {
        warn!("files to be imported cannot be swept: {e}");
    }
    app.follower().load().await?;
    rejudge::ask(&app).await?;
    backup::ask(&app).await?;
    let (stop, stopped) = watch::channel(false);
    if let Some(listener) = watched {
        let (app, stopped) = (app.clone(), stopped.clone());
        tokio::spawn(async move {
            if let Err(e) = health::serve(app, listener, stopped).await {
                warn!("/metrics is served no longer: {e}");
            }
        });
    }
    let mut follower = tokio::spawn(app.follower().run(stopped.clone()));
    let mut workers = tokio::spawn(worker::run(app.clone(), retry::LEASE, stopped));
    let handle = Handle::new();
    tokio::spawn(shut_down(app.clone(), handle.clone()));
    greet(context, &app, sample, verb.sample_data.as_deref()).await?;
    // Without its follower or its worker the server would keep answering, wrongly: it ends with an error.
    tokio::select! {
        served = serve(context, &app, listener, handle) => served?,
        ended = &mut follower => return Err(broke_off(context, "follower", ended)),
        ended = &mut workers => return Err(broke_off(context, "worker", ended)),
    }
    stop.send_replace(true);
    let ended = |e: tokio::task::JoinError| CliError::Fault(e.to_string());
    follower.await.map_err(ended)?;
    workers.await.map_err(ended)?;
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Removes half-written files of dead processes, in the background: a folder of a million photos takes a while.
fn sweep_behind(app: &App) {
    let (photos, outbox) = (app.photos.path().to_owned(), app.config.data.join("outbox"));
    let now = app.clock.now().into();
    tokio::task::spawn_blocking(move || {
        for (folder, swept) in [(&photos, sweep::sweep(&photos, now)), (&outbox, sweep::sweep_outbox(&outbox, now))] {
            match swept {
                Ok(0) => {}
                Ok(count) => {
                    info!("removed {count} half-written files of dead processes from {}", folder.display())
                }
                Err(e) => warn!("half-written files in {} cannot be listed: {e}", folder.display()),
            }
        }
    });
}

/// `part` is the failed background task: `follower` or `worker`.
fn broke_off(context: &Context, part: &str, ended: Result<(), tokio::task::JoinError>) -> CliError {
    let values = json!({ "part": part, "reason": ended.err().map(|e| e.to_string()) });
    CliError::Message(context.render("serve.broke_off", values))
}

fn bind(context: &Context, address: SocketAddr) -> Result<TcpListener, CliError> {
    let listener = TcpListener::bind(address).map_err(|e| {
        CliError::Message(match e.kind() {
            std::io::ErrorKind::AddrInUse => context.render("serve.in_use", json!({ "address": address })),
            _ => {
                let reason = errors::reason(context.language, &e);
                context.render("serve.cannot_listen", json!({ "address": address, "reason": reason }))
            }
        })
    })?;
    listener.set_nonblocking(true).map_err(|e| CliError::Fault(e.to_string()))?;
    Ok(listener)
}

async fn serve(
    context: &Context,
    app: &App,
    listener: TcpListener,
    handle: Handle<SocketAddr>,
) -> Result<(), CliError> {
    let tls = match &app.config.tls {
        None => None,
        Some((cert, key)) => {
            // One provider for the process, shared with mail and PostgreSQL.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let read = RustlsConfig::from_pem_file(cert, key).await;
            Some(read.map_err(|e| {
                let values = json!({ "cert": cert, "key": key, "reason": errors::reason(context.language, &e) });
                CliError::Message(context.render("serve.no_tls", values))
            })?)
        }
    };
    listen::serve(app, listener, tls, handle).await.map_err(|e| {
        let values = json!({ "reason": errors::reason(context.language, &e) });
        CliError::Message(context.render("serve.ended", values))
    })
}

async fn shut_down(app: App, handle: Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
    app.stopping.send_replace(true);
    handle.graceful_shutdown(Some(GRACE));
}

/// Prints the loaded data, who can sign in, the address, and the first steps.
async fn greet(context: &Context, app: &App, sample: Option<Sample>, folder: Option<&Path>) -> Result<(), CliError> {
    let sample_line = match sample {
        Some(Sample::Loaded(loaded)) => Some(context.render(
            "serve.loaded",
            json!({ "villages": loaded.villages, "projects": loaded.projects, "reports": loaded.reports, "photos": loaded.photos }),
        )),
        Some(Sample::LoadedBefore) => Some(context.render("serve.loaded_before", json!({ "data": app.config.data }))),
        Some(Sample::OwnData) => {
            Some(context.render("serve.own_data", json!({ "data": app.config.data, "folder": folder })))
        }
        None => None,
    };
    let mut lines: Vec<String> = sample_line.into_iter().collect();
    let mut tx = app.store.read().await?;
    let people = users::count(&mut tx).await?;
    let demo = users::list_demo(&mut tx, app.clock.now()).await?;
    drop(tx);
    if !demo.is_empty() {
        lines.push(context.render("serve.sign_in", json!({ "password": load_sample::DEMO_PASSWORD })));
        for person in demo {
            let role = |right: &Right| context.render(&format!("role.{}", right.role), json!({}));
            let roles: Vec<String> = person.rights.iter().map(role).collect();
            lines.push(format!("  {:10} {}, {}", person.login, person.name, roles.join(", ")));
        }
    }
    let (villages, projects) = app.atlas.with_picture(|picture| (picture.villages.len(), picture.len()));
    let data = &app.config.data;
    if villages == 0 {
        lines.push(context.render("serve.no_villages", json!({ "data": data })));
    }
    if people == 0 {
        lines.push(context.render("serve.no_people", json!({ "data": data })));
    }
    lines.push(context.render("serve.look", json!({ "projects": projects, "url": app.config.base_url })));
    if app.config.smtp.is_none() {
        lines.push(context.render("serve.outbox", json!({ "outbox": data.join("outbox") })));
    }
    super::print(&format!("{}\n", lines.join("\n")))
}
