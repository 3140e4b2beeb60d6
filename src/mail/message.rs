//! The message in its wire format.

use super::{Head, MailError};
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

/// The bytes of a multipart message: text and HTML, with its pictures by Content-ID.
pub fn build(
    head: &Head,
    subject: &str,
    text: &str,
    html: String,
    pictures: Vec<(String, Vec<u8>)>,
) -> Result<Vec<u8>, MailError> {
    let png: ContentType = ContentType::parse("image/png").expect("a media type");
    let mut related = MultiPart::related().singlepart(SinglePart::html(html));
    for (content_id, picture) in pictures {
        related = related.singlepart(Attachment::new_inline(content_id).body(picture, png.clone()));
    }
    let address = head
        .to
        .parse()
        .map_err(|e: lettre::address::AddressError| MailError::Address(head.to.clone(), e.to_string()))?;
    let mut message = Message::builder()
        .from(mailbox(&head.from)?)
        .to(Mailbox::new(head.name.clone(), address))
        .subject(subject)
        .date(SystemTime::from(head.at))
        .message_id(Some(head.message_id.clone()))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(before) = &head.answers {
        message = message.in_reply_to(before.clone()).references(before.clone());
    }
    let body = MultiPart::alternative().singlepart(SinglePart::plain(text.to_owned())).multipart(related);
    Ok(message.multipart(body)?.formatted())
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
