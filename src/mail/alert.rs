//! The mail that tells of findings. It asks people to look, it never accuses.

use super::MailError;
use super::picture::Picture;
use crate::domain::person::Language;
use crate::words::Words;
use base64::Engine;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;
use serde_json::json;
use std::sync::LazyLock;

/// One message to one person.
#[derive(Clone, Debug)]
pub struct AlertMail {
    pub address: String,
    pub name: Option<String>,
    pub language: Language,
    pub base_url: String,
    /// Most money first; those beyond the limit are only counted.
    pub findings: Vec<AlertFinding>,
    pub more: usize,
    /// Of all findings, those beyond the limit too.
    pub rupiah: i64,
}

/// One finding in words.
#[derive(Clone, Debug)]
pub struct AlertFinding {
    pub headline: String,
    /// What the kind means and what is asked.
    pub sentence: String,
    /// For one work recorded twice, strongest first.
    pub evidence: Vec<String>,
    /// Against it, strongest first.
    pub against: Vec<String>,
    pub rupiah: i64,
    pub cross_border: bool,
    pub members: Vec<AlertMember>,
    pub url: String,
    pub picture: Option<Picture>,
}

/// One project of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct AlertMember {
    pub title: String,
    pub village: String,
    pub district: String,
    pub year: i64,
    pub funds: String,
    /// In words: `Rp150 juta`.
    pub budget: String,
    pub url: String,
}

/// Where the HTML finds its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// Parts of the mail, by Content-ID.
    Attached,
    /// In the HTML itself.
    Inline,
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates
        .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    let lines = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(lines.expect("the usual syntax"));
    for (name, source) in
        [("alert.html", include_str!("templates/alert.html")), ("alert.txt", include_str!("templates/alert.txt"))]
    {
        templates.add_template(name, source).expect("the templates of this program parse: a test renders them");
    }
    templates
});

impl AlertMail {
    fn say(&self, key: &str, values: serde_json::Value) -> String {
        Words::render(self.language, &format!("mail.{key}"), &values)
    }

    /// One line: how many, how much, where.
    pub fn subject(&self) -> String {
        let first = self.findings.first();
        let village = first.and_then(|finding| finding.members.first()).map(|member| member.village.clone());
        let headline = first.map(|finding| finding.headline.as_str());
        let values = json!({ "count": self.count(), "rupiah": self.rupiah, "village": village, "headline": headline });
        one_line(&self.say("subject", values))
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

    fn render(&self, template: &str, pictures: Pictures) -> Result<String, MailError> {
        let findings: Vec<minijinja::Value> = self
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| {
                let source = finding.picture.as_ref().map(|picture| match pictures {
                    Pictures::Attached => format!("cid:{}", content_id(at)),
                    Pictures::Inline => {
                        format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(&picture.png))
                    }
                });
                context! {
                    number => at + 1,
                    headline => finding.headline.clone(),
                    sentence => finding.sentence.clone(),
                    evidence => finding.evidence.clone(),
                    against => finding.against.clone(),
                    members => minijinja::Value::from(Serde(&finding.members)),
                    is_drawn => finding.picture.is_some(),
                    url => finding.url.clone(),
                    cross_border => finding.cross_border,
                    at_stake => self.say("at_stake", json!({ "rupiah": finding.rupiah })),
                    picture => source,
                    legend => finding.picture.as_ref().map(|picture| self.say("legend", json!({ "metres": picture.scale_m }))),
                }
            })
            .collect();
        let values = json!({ "count": self.count(), "more": self.more, "rupiah": self.rupiah, "name": self.name });
        let words = |key: &str| self.say(key, values.clone());
        let page = context! {
            language => self.language.as_str(),
            subject => self.subject(),
            greeting => words("greeting"),
            lead => words("lead"),
            look => words("look"),
            why => words("why"),
            cross_border => words("cross_border"),
            evidence_heading => words("evidence_heading"),
            against_heading => words("against_heading"),
            more_text => (self.more > 0).then(|| words("more")),
            queue_url => format!("{}/findings", self.base_url),
            queue => words("queue"),
            footer => words("footer"),
            base_url => self.base_url.clone(),
            findings => findings,
        };
        Ok(TEMPLATES.get_template(template)?.render(page)?)
    }
}

/// Text as a header may hold it: a name with a line break must not write a header of its own.
pub(super) fn one_line(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The Content-ID of the picture of finding number `at`.
pub fn content_id(at: usize) -> String {
    format!("finding-{}@tapak", at + 1)
}
