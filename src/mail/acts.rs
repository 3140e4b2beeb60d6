//! The mail that notifies of comments and decisions on findings.

use super::MailError;
use super::layout::{MailMember, one_line, render};
use crate::domain::person::Language;
use crate::words::Words;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::{Value, json};

/// Maximum length of a title in a subject.
const TITLE_CHARS: usize = 80;

/// One message to one person.
#[derive(Clone, Debug)]
pub struct ActsMail {
    pub name: Option<String>,
    pub language: Language,
    pub base_url: String,
    pub comments: usize,
    pub decisions: usize,
    pub taken_back: usize,
    pub findings: Vec<ActsFinding>,
    /// Findings beyond the limit, which are only counted.
    pub more: usize,
}

/// A finding with its new comments and decisions.
#[derive(Clone, Debug)]
pub struct ActsFinding {
    pub headline: String,
    /// Its first works.
    pub members: Vec<MailMember>,
    /// Number of its works.
    pub works: usize,
    /// Oldest first.
    pub acts: Vec<ActText>,
    /// Older ones, which are only counted.
    pub earlier: usize,
    /// Open or closed, in words, if a decision was made.
    pub state: Option<String>,
    pub url: String,
}

/// A comment or decision in words.
#[derive(Clone, Debug, Serialize)]
pub struct ActText {
    /// Who did it and what it was.
    pub what: String,
    /// The same, short enough for a subject.
    pub short: String,
    /// The comment, or the reason of the decision, verbatim.
    pub text: Option<String>,
    /// The record that the others were merged into, in words.
    pub kept: Option<String>,
}

impl ActsMail {
    fn sentence(&self, key: &str, values: &Value) -> String {
        Words::render(self.language, &format!("mail.acts.{key}"), values)
    }

    fn count(&self) -> usize {
        self.comments + self.decisions + self.taken_back
    }

    /// One line: what happened, and to which works.
    pub fn subject(&self) -> String {
        let first = self.findings.first();
        let work = first.and_then(|finding| finding.members.first());
        let act = first.and_then(|finding| finding.acts.last());
        let values = json!({
            "count": self.count(),
            "findings": self.findings.len() + self.more,
            "what": act.map(|act| &act.short),
            "title": work.map(|work| shortened(&work.title)).or_else(|| first.map(|finding| finding.headline.clone())),
            "village": work.map(|work| &work.village),
            "others": first.map_or(0, |finding| finding.works.saturating_sub(1)),
        });
        one_line(&self.sentence("subject", &values))
    }

    pub fn text(&self) -> Result<String, MailError> {
        self.render("acts.txt")
    }

    pub fn html(&self) -> Result<String, MailError> {
        self.render("acts.html")
    }

    fn render(&self, template: &str) -> Result<String, MailError> {
        let findings: Vec<minijinja::Value> = self
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| {
                context! {
                    number => at + 1,
                    headline => finding.headline.clone(),
                    members => minijinja::Value::from(Serde(&finding.members)),
                    drawn => Vec::<i64>::new(),
                    acts => minijinja::Value::from(Serde(&finding.acts)),
                    earlier => (finding.earlier > 0).then(|| self.sentence("earlier", &json!({ "count": finding.earlier }))),
                    state => finding.state.clone(),
                    url => finding.url.clone(),
                }
            })
            .collect();
        let values = json!({
            "name": self.name, "more": self.more, "findings": self.findings.len() + self.more,
            "comments": self.comments, "decisions": self.decisions, "taken_back": self.taken_back,
        });
        let words = |key: &str| Words::render(self.language, &format!("mail.{key}"), &values);
        let page = context! {
            language => self.language.as_str(),
            subject => self.subject(),
            greeting => words("greeting"),
            lead => words("acts.lead"),
            look => words("acts.look"),
            why => words("acts.why"),
            more_text => (self.more > 0).then(|| words("more")),
            queue_url => format!("{}/findings", self.base_url),
            queue => words("queue"),
            footer => words("acts.footer"),
            base_url => self.base_url.clone(),
            findings => findings,
        };
        render(template, page)
    }
}

/// A title shortened to leave room for the rest of a subject.
fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE_CHARS {
        return title.to_owned();
    }
    let kept: String = title.chars().take(TITLE_CHARS - 1).collect();
    format!("{}…", kept.trim_end())
}
