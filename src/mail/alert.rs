//! The mail about findings. It asks people to look, it never accuses.

use super::MailError;
use super::layout::{MailMember, letter, one_line, render};
use super::picture::Drawing;
use crate::domain::person::Language;
use crate::words::Words;
use base64::Engine;
use minijinja::context;
use minijinja::value::Serde;
use serde_json::json;

/// One message to one person.
#[derive(Clone, Debug)]
pub struct AlertMail {
    pub name: Option<String>,
    pub language: Language,
    pub base_url: String,
    /// Highest amounts first; those beyond the limit are only counted.
    pub findings: Vec<AlertFinding>,
    pub more: usize,
    /// Sum over all findings, including those beyond the limit.
    pub rupiah: i64,
}

/// One finding in words.
#[derive(Clone, Debug)]
pub struct AlertFinding {
    pub headline: String,
    /// The meaning of the kind, and the request.
    pub sentence: String,
    /// Number of works.
    pub works: i64,
    /// The works in the picture, and in the evidence if they are two: counted from 1.
    pub drawn: Vec<i64>,
    /// Evidence for one work recorded twice, strongest first.
    pub evidence: Vec<String>,
    /// Evidence against it, strongest first.
    pub against: Vec<String>,
    pub rupiah: i64,
    pub cross_border: bool,
    pub members: Vec<MailMember>,
    pub url: String,
    pub picture: Option<Drawing>,
}

/// The source of the pictures in the HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// Parts of the mail, by Content-ID.
    Attached,
    /// In the HTML itself.
    Inline,
}

impl AlertMail {
    fn sentence(&self, key: &str, values: serde_json::Value) -> String {
        Words::render(self.language, &format!("mail.{key}"), &values)
    }

    /// One line: how many, how much, where.
    pub fn subject(&self) -> String {
        let first = self.findings.first();
        let village = first.and_then(|finding| finding.members.first()).map(|member| member.village.clone());
        let headline = first.map(|finding| finding.headline.as_str());
        let values = json!({ "count": self.count(), "rupiah": self.rupiah, "village": village, "headline": headline });
        one_line(&self.sentence("subject", values))
    }

    fn count(&self) -> usize {
        self.findings.len() + self.more
    }

    pub fn text(&self) -> Result<String, MailError> {
        self.render("alert.txt", Pictures::Attached)
    }

    pub fn html(&self, pictures: Pictures) -> Result<String, MailError> {
        self.render("alert.html", pictures)
    }

    /// The pictures with their Content-IDs.
    pub fn pictures(&self) -> Vec<(String, Vec<u8>)> {
        let drawn = self.findings.iter().enumerate().filter_map(|(at, one)| Some((at, one.picture.as_ref()?)));
        drawn.map(|(at, picture)| (content_id(at), picture.png.clone())).collect()
    }

    fn render(&self, template: &str, pictures: Pictures) -> Result<String, MailError> {
        let findings: Vec<minijinja::Value> = self
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| {
                let source = finding.picture.as_ref().map(|picture| match pictures {
                    Pictures::Attached => format!("cid:{}", content_id(at)),
                    Pictures::Inline => {
                        format!(
                            "data:image/png;base64,{}",
                            base64::engine::general_purpose::STANDARD.encode(&picture.png)
                        )
                    }
                });
                let [a, b] = [0, 1].map(|place| finding.drawn.get(place).map(|number| letter(*number)));
                let pair = json!({ "works": finding.works, "a": a, "b": b });
                let legend = finding.picture.as_ref().map(|picture| {
                    self.sentence(
                        "legend",
                        json!({ "a": a, "b": b, "shared": picture.shows_shared, "metres": picture.scale_m }),
                    )
                });
                context! {
                    number => at + 1,
                    headline => finding.headline.clone(),
                    sentence => finding.sentence.clone(),
                    evidence => finding.evidence.clone(),
                    evidence_heading => self.sentence("evidence_heading", pair.clone()),
                    against => finding.against.clone(),
                    against_heading => self.sentence("against_heading", pair),
                    members => minijinja::Value::from(Serde(&finding.members)),
                    drawn => finding.picture.as_ref().map_or_else(Vec::new, |_| finding.drawn.clone()),
                    url => finding.url.clone(),
                    cross_border => finding.cross_border,
                    at_stake => self.sentence("at_stake", json!({ "rupiah": finding.rupiah })),
                    picture => source,
                    legend => legend,
                }
            })
            .collect();
        let values = json!({ "count": self.count(), "more": self.more, "rupiah": self.rupiah, "name": self.name });
        let words = |key: &str| self.sentence(key, values.clone());
        let page = context! {
            language => self.language.as_str(),
            subject => self.subject(),
            greeting => words("greeting"),
            lead => words("lead"),
            look => words("look"),
            why => words("why"),
            cross_border => words("cross_border"),
            more_text => (self.more > 0).then(|| words("more")),
            queue_url => format!("{}/findings", self.base_url),
            queue => words("queue"),
            footer => words("footer"),
            base_url => self.base_url.clone(),
            findings => findings,
        };
        render(template, page)
    }
}

/// The Content-ID of the picture of the finding at index `at`.
fn content_id(at: usize) -> String {
    format!("finding-{}@tapak", at + 1)
}
