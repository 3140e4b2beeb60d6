//! The message in its wire format.

use super::{Head, MailError};
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::SystemTime;
use uuid::Uuid;

/// The Message-ID of a message, in the domain of the sender: fixed before the first try.
pub fn message_id(id: Uuid, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain.trim_end_matches('>').trim());
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    format!("<{id}@{domain}>")
}

/// An address in the form that every mail server takes: its domain in letters of ASCII (`xn--…`, RFC 5891).
pub fn address(text: &str) -> Result<Address, MailError> {
    let wrong = |e: AddressError| MailError::Address(text.to_owned(), e.to_string());
    let typed: Address = text.parse().map_err(wrong)?;
    match idna::domain_to_ascii(typed.domain()) {
        Ok(domain) if domain != typed.domain() => Address::new(typed.user(), domain).map_err(wrong),
        // What is no such domain, such as an IP address in brackets, stays.
        _ => Ok(typed),
    }
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
    let mut message = Message::builder()
        .from(mailbox(&head.from)?)
        .to(Mailbox::new(head.name.clone(), address(&head.to)?))
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
    let wrong = |e: AddressError| MailError::Address(text.to_owned(), e.to_string());
    let mailbox: Mailbox = text.parse().map_err(wrong)?;
    Ok(Mailbox::new(mailbox.name, address(mailbox.email.as_ref())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_in_the_domain_of_the_sender() {
        assert_eq!(message_id(Uuid::nil(), "Tapak <tapak@example.org>"), format!("<{}@example.org>", Uuid::nil()));
    }

    #[test]
    fn a_domain_beyond_ascii_is_written_as_every_server_takes_it() {
        for (typed, written) in [
            ("kepala@déso.example", "kepala@xn--dso-bma.example"),
            ("kepala@DÉSO.example", "kepala@xn--dso-bma.example"),
            ("kepala@desa.example", "kepala@desa.example"),
        ] {
            assert_eq!(address(typed).unwrap().to_string(), written);
        }
        assert_eq!(mailbox("Kepala <a@déso.example>").unwrap().to_string(), "Kepala <a@xn--dso-bma.example>");
    }
}
