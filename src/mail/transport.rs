//! Delivery of mails: over SMTP, or as files in the outbox folder until SMTP is configured.

use super::message::{address, mailbox};
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

    /// Connects to the server and greets it, without a mail. The outbox is always there.
    pub async fn reach(&self) -> std::io::Result<()> {
        let Self::Smtp(server, timeout) = self else { return Ok(()) };
        match tokio::time::timeout(*timeout, server.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(std::io::ErrorKind::ConnectionReset.into()),
            Ok(Err(e)) => Err(of_system(&e)),
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        }
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
                let addresses = (mailbox(from), address(to));
                let (Ok(from), Ok(recipient)) = addresses else {
                    return Outcome::Refused(format!("{to} or {from} is no mail address"));
                };
                // Its name has no other form.
                let is_ascii = recipient.user().is_ascii();
                let envelope = match Envelope::new(Some(from.email), vec![recipient]) {
                    Ok(envelope) => envelope,
                    Err(e) => return Outcome::Refused(e.to_string()),
                };
                match tokio::time::timeout(3 * *timeout, server.send_raw(&envelope, eml)).await {
                    Ok(Ok(_)) => Outcome::Sent,
                    Ok(Err(e)) if e.is_permanent() => Outcome::Refused(format!("the mail server refuses: {e}")),
                    Ok(Err(e)) if e.is_client() && !is_ascii => Outcome::Refused(format!(
                        "{to} has letters beyond ASCII before the @, and this mail server takes none (no SMTPUTF8): {e}"
                    )),
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

/// The error of the system behind the library's words for it, or those words.
fn of_system(e: &lettre::transport::smtp::Error) -> std::io::Error {
    let causes = std::iter::successors(std::error::Error::source(e), |e| e.source());
    match causes.filter_map(|e| e.downcast_ref::<std::io::Error>()).last() {
        Some(io) => io.raw_os_error().map_or_else(|| io.kind().into(), std::io::Error::from_raw_os_error),
        None => std::io::Error::other(e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    /// One conversation of a server without SMTPUTF8; whom it was to write to.
    async fn converse(stream: TcpStream) -> std::io::Result<Vec<String>> {
        let (read, mut write) = stream.into_split();
        let (mut lines, mut recipients, mut in_data) = (BufReader::new(read).lines(), Vec::new(), false);
        write.write_all(b"220 kecil.example\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let verb = line.get(..4).unwrap_or_default().to_uppercase();
            let answer: &[u8] = match verb.as_str() {
                _ if in_data && line != "." => continue,
                _ if in_data => b"250 kept\r\n",
                "EHLO" => b"250-kecil.example\r\n250 8BITMIME\r\n",
                "DATA" => b"354 go on\r\n",
                "QUIT" => b"221 bye\r\n",
                _ => b"250 fine\r\n",
            };
            in_data = verb == "DATA";
            if let Some(to) = line.strip_prefix("RCPT TO:") {
                recipients.push(to.to_owned());
            }
            write.write_all(answer).await?;
            if verb == "QUIT" || line == "." {
                break;
            }
        }
        Ok(recipients)
    }

    async fn send(to: &str) -> (Outcome, Vec<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            converse(stream).await.unwrap_or_default()
        });
        let transport = Transport::from_settings(Some(&url), Duration::from_secs(20), Path::new("")).unwrap();
        let outcome =
            transport.send(to, "Tapak <tapak@example.org>", "<1@example.org>", b"Subject: x\r\n\r\nx\r\n").await;
        drop(transport);
        (outcome, server.await.unwrap())
    }

    #[tokio::test]
    async fn an_address_beyond_ascii_is_written_to_or_given_up_and_never_tried_for_hours() {
        let (outcome, recipients) = send("kepala@d\u{e9}so.example").await;
        assert_eq!((outcome, recipients), (Outcome::Sent, vec!["<kepala@xn--dso-bma.example>".to_owned()]));
        let (outcome, recipients) = send("d\u{e9}so@example.org").await;
        assert!(matches!(&outcome, Outcome::Refused(why) if why.contains("SMTPUTF8")), "{outcome:?}");
        assert_eq!(recipients, Vec::<String>::new());
    }
}
