//! Mail: its content (`alert`, `acts`, `account`, in one `layout`), its pictures (`picture`) and its delivery (`transport`).
//! Knows no SQL.

pub mod account;
pub mod acts;
pub mod alert;
pub mod code;
mod layout;
pub mod message;
pub mod picture;
pub mod transport;

pub use acts::{ActText, ActsFinding, ActsMail};
pub use alert::{AlertFinding, AlertMail};
pub use layout::{MailMember, letter};

use crate::domain::Time;

/// Sender, recipient, date and threading of a mail.
#[derive(Clone, Debug)]
pub struct Head {
    pub from: String,
    /// An address.
    pub to: String,
    pub name: Option<String>,
    /// Fixed before the first try, with its angle brackets.
    pub message_id: String,
    /// The `Message-ID` of the mail that this one replies to.
    pub answers: Option<String>,
    pub at: Time,
}

/// A mail ready to be stored and sent.
#[derive(Clone, Debug)]
pub struct Composed {
    pub subject: String,
    pub text: String,
    /// HTML with inline pictures (`data:`), for the page.
    pub html: String,
    /// The whole message in bytes.
    pub eml: Vec<u8>,
}

/// Why a mail cannot be composed: an invalid address, a broken template.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("{0:?} is not a mail address: {1}")]
    Address(String, String),
    #[error("mail: {0}")]
    Build(#[from] lettre::error::Error),
    #[error("template: {0}")]
    Template(#[from] minijinja::Error),
}

/// Composes the mail about findings: subject, text, HTML, pictures, headers.
pub fn compose_alert(alert: &AlertMail, head: &Head) -> Result<Composed, MailError> {
    let (subject, text) = (alert.subject(), alert.text()?);
    let eml = message::build(head, &subject, &text, alert.html(alert::Pictures::Attached)?, alert.pictures())?;
    Ok(Composed { subject, text, html: alert.html(alert::Pictures::Inline)?, eml })
}

/// Composes the mail about comments and decisions.
pub fn compose_acts(acts: &ActsMail, head: &Head) -> Result<Composed, MailError> {
    let (subject, text, html) = (acts.subject(), acts.text()?, acts.html()?);
    let eml = message::build(head, &subject, &text, html.clone(), Vec::new())?;
    Ok(Composed { subject, text, html, eml })
}
