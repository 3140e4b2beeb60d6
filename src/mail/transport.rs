//! Delivery of mails: over SMTP, or as files in the outbox folder until SMTP is configured.

use super::message::mailbox;
use lettre::address::Envelope;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub enum Transport {
    /// A server, and its response timeout.
    Smtp(AsyncSmtpTransport<Tokio1Executor>, Duration),
    /// The folder of `.eml` files.
    Outbox(PathBuf),
}

/// The outcome of a try.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Accepted by the server.
    Sent,
    /// Written to the outbox.
    Kept,
    /// May succeed later: the server is unreachable, busy (4xx), or silent.
    Retry(String),
    /// Will never succeed: the server refuses it (5xx), or the address is invalid.
    Refused(String),
}

impl Transport {
    /// `smtp` is an address such as `smtp://user:password@host:587?tls=required` or `smtps://…`; without it, mails go
    /// to `outbox`.
    pub fn from_settings(
        smtp: Option<&str>,
        timeout: Duration,
        outbox: &Path,
    ) -> Result<Self, lettre::transport::smtp::Error> {
        Ok(match smtp {
            Some(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(timeout)).build();
                Self::Smtp(server, timeout)
            }
            None => Self::Outbox(outbox.to_owned()),
        })
    }

    /// One try with the bytes of a message.
    pub async fn send(&self, to: &str, from: &str, message_id: &str, eml: &[u8]) -> Outcome {
        match self {
            Self::Outbox(folder) => {
                let (folder, message_id, eml) = (folder.clone(), message_id.to_owned(), eml.to_vec());
                // Waits for the disk, so it runs off the request threads.
                tokio::task::spawn_blocking(move || write_to_outbox(&folder, &message_id, &eml))
                    .await
                    .unwrap_or_else(|e| Outcome::Retry(format!("the outbox: {e}")))
            }
            Self::Smtp(server, timeout) => {
                let addresses = (mailbox(from), to.parse());
                let (Ok(from), Ok(to)) = addresses else {
                    return Outcome::Refused(format!("{to} or {from} is no mail address"));
                };
                let envelope = match Envelope::new(Some(from.email), vec![to]) {
                    Ok(envelope) => envelope,
                    Err(e) => return Outcome::Refused(e.to_string()),
                };
                match tokio::time::timeout(3 * *timeout, server.send_raw(&envelope, eml)).await {
                    Ok(Ok(_)) => Outcome::Sent,
                    Ok(Err(e)) if e.is_permanent() => Outcome::Refused(format!("the mail server refuses: {e}")),
                    Ok(Err(e)) => Outcome::Retry(format!("the mail server: {e}")),
                    Err(_) => Outcome::Retry("the mail server does not answer".to_owned()),
                }
            }
        }
    }
}

/// Writes `<message id>.eml` atomically, and waits until file and folder are on disk; the same message again replaces
/// the file.
fn write_to_outbox(folder: &Path, message_id: &str, eml: &[u8]) -> Outcome {
    let name: String =
        message_id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '@')).collect();
    let written = (|| {
        std::fs::create_dir_all(folder)?;
        let part = folder.join(format!(".{name}.part"));
        let mut file = std::fs::File::create(&part)?;
        file.write_all(eml)?;
        file.sync_all()?;
        std::fs::rename(&part, folder.join(format!("{name}.eml")))?;
        sync_folder(folder)
    })();
    match written {
        Ok(()) => Outcome::Kept,
        Err(e) => Outcome::Retry(format!("{}: {e}", folder.display())),
    }
}

/// A renamed file survives a power cut only once its folder is on disk. Only Unix can open folders.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
