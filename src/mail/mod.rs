//! Mail: what a message says (`alert`, `acts`, in one `layout`), how it is drawn (`picture`), how it goes out (`transport`). Knows no SQL.

pub mod acts;
pub mod alert;
mod layout;
pub mod message;
pub mod picture;
pub mod transport;

pub use acts::{ActsFinding, ActsMail, ToldAct};
pub use alert::{AlertFinding, AlertMail};
pub use layout::{MailMember, letter};

use crate::domain::Time;

/// From whom a mail comes, to whom it goes, and when.
#[derive(Clone, Debug)]
pub struct Head {
    pub from: String,
    /// An address.
    pub to: String,
    pub name: Option<String>,
    /// Fixed before the first try, with its angle brackets.
    pub message_id: String,
    /// The `Message-ID` of the mail that this one follows.
    pub answers: Option<String>,
    pub at: Time,
}

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

/// Writes the mail about findings: subject, text, HTML, pictures, headers.
pub fn compose_alert(alert: &AlertMail, head: &Head) -> Result<Composed, MailError> {
    let (subject, text) = (alert.subject(), alert.text()?);
    let eml = message::build(head, &subject, &text, alert.html(alert::Pictures::Attached)?, alert.pictures())?;
    Ok(Composed { subject, text, html: alert.html(alert::Pictures::Inline)?, eml })
}

/// Writes the mail about comments and decisions.
pub fn compose_acts(acts: &ActsMail, head: &Head) -> Result<Composed, MailError> {
    let (subject, text, html) = (acts.subject(), acts.text()?, acts.html()?);
    let eml = message::build(head, &subject, &text, html.clone(), Vec::new())?;
    Ok(Composed { subject, text, html, eml })
}
