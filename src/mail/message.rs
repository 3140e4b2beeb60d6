//! The message as it goes over the wire.

use super::MailError;
use super::alert::{AlertMail, content_id};
use crate::domain::Time;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use std::time::SystemTime;
use uuid::Uuid;

/// The Message-ID of a message, in the domain of the sender: fixed before the first try.
pub fn message_id(id: Uuid, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain.trim_end_matches('>').trim());
    format!("<{id}@{domain}>")
}

/// The bytes of a multipart message: text beside HTML with its pictures.
pub fn build(
    alert: &AlertMail,
    from: &str,
    message_id: &str,
    subject: &str,
    text: &str,
    html: &str,
    now: Time,
) -> Result<Vec<u8>, MailError> {
    let png: ContentType = ContentType::parse("image/png").expect("a media type");
    let mut related = MultiPart::related().singlepart(SinglePart::html(html.to_owned()));
    for (at, finding) in alert.findings.iter().enumerate() {
        if let Some(picture) = &finding.picture {
            related = related.singlepart(Attachment::new_inline(content_id(at)).body(picture.png.clone(), png.clone()));
        }
    }
    let address = alert
        .address
        .parse()
        .map_err(|e: lettre::address::AddressError| MailError::Address(alert.address.clone(), e.to_string()))?;
    let message = Message::builder()
        .from(mailbox(from)?)
        .to(Mailbox::new(alert.name.clone(), address))
        .subject(subject)
        .date(SystemTime::from(now))
        .message_id(Some(message_id.to_owned()))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(MultiPart::alternative().singlepart(SinglePart::plain(text.to_owned())).multipart(related))?;
    Ok(message.formatted())
}

/// `Name <address>` or an address.
pub fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    text.parse().map_err(|e: lettre::address::AddressError| MailError::Address(text.to_owned(), e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_in_the_domain_of_the_sender() {
        assert_eq!(message_id(Uuid::nil(), "Tapak <tapak@example.org>"), format!("<{}@example.org>", Uuid::nil()));
    }
}
