//! Disk, photo folder, mail server.

use super::{Fault, Line, State, Word};
use crate::config::Config;
use crate::mail::transport::Transport;
use serde_json::json;
use std::io;
use std::path::Path;

/// Below this much room on the disk of the data, somebody should know; below the second, photos will soon be refused.
const LITTLE: u64 = 5 << 30;
const HARDLY: u64 = 1 << 30;

pub fn disk(config: &Config, word: Word<'_>) -> Line {
    match free_bytes(&config.data) {
        Ok(free) => {
            let (state, code) = match free {
                ..HARDLY => (State::Wrong, "hardly"),
                HARDLY..LITTLE => (State::Note, "little"),
                _ => (State::Ok, "enough"),
            };
            Line::new("disk", state, code, json!({ "folder": config.data, "free": free }))
        }
        Err(e) => {
            let values = json!({ "folder": config.data, "reason": word(Fault::Io(e)) });
            Line::new("disk", State::Note, "unknown", values)
        }
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> io::Result<u64> {
    // One that is not there yet will be made on this disk.
    let folder = std::path::absolute(folder)?;
    let disk = rustix::fs::statvfs(folder.ancestors().find(|above| above.exists()).unwrap_or(&folder))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes a file into the photo folder and removes it.
pub fn photos(config: &Config, word: Word<'_>) -> Line {
    let folder = config.data.join("photos");
    let probe = folder.join(format!(".doctor-{}.part", std::process::id()));
    let tried = std::fs::write(&probe, b"tapak").and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Line::new("photos", State::Ok, "writable", json!({ "folder": folder })),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            Line::new("photos", State::Note, "none", json!({ "folder": folder }))
        }
        Err(e) => {
            let values = json!({ "folder": folder, "reason": word(Fault::Io(e)) });
            Line::new("photos", State::Wrong, "not_writable", values)
        }
    }
}

/// Connects to the mail server and greets it; no mail is sent.
pub async fn mail(config: &Config, word: Word<'_>) -> Line {
    let outbox = config.data.join("outbox");
    if config.smtp.is_none() {
        return Line::new("mail", State::Note, "outbox", json!({ "outbox": outbox }));
    }
    match Transport::from_settings(config.smtp.as_deref(), config.smtp_timeout, &outbox) {
        Err(e) => Line::new("mail", State::Wrong, "no_address", json!({ "reason": e.to_string() })),
        Ok(server) => match server.reach().await {
            Ok(()) => Line::new("mail", State::Ok, "answers", json!({})),
            Err(e) => Line::new("mail", State::Wrong, "silent", json!({ "reason": word(Fault::Io(e)) })),
        },
    }
}
