//! Mail: what a message says (`alert`), how it is drawn (`picture`), how it goes out (`transport`). Knows no SQL.

pub mod alert;
pub mod message;
pub mod picture;
pub mod transport;

pub use alert::{AlertFinding, AlertMail, AlertMember};

use crate::domain::Time;

/// A mail ready to be kept and sent.
#[derive(Clone, Debug)]
pub struct Composed {
    pub subject: String,
    pub text: String,
    /// The same as HTML with its pictures inside (`data:`), for looking at it in the page.
    pub html: String,
    /// The whole message, to the byte.
    pub eml: Vec<u8>,
}

/// Why a mail cannot be written: an address that is none, a template that is broken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("{0:?} is no mail address: {1}")]
    Address(String, String),
    #[error("mail: {0}")]
    Build(#[from] lettre::error::Error),
    #[error("template: {0}")]
    Template(#[from] minijinja::Error),
}

/// Writes the mail: subject, text, HTML, pictures, headers.
pub fn compose(alert: &AlertMail, from: &str, message_id: &str, now: Time) -> Result<Composed, MailError> {
    let subject = alert.subject();
    let text = alert.text()?;
    let eml = message::build(alert, from, message_id, &subject, &text, &alert.html(alert::Pictures::Attached)?, now)?;
    Ok(Composed { subject, text, html: alert.html(alert::Pictures::Inline)?, eml })
}
