//! The mail that carries a one-time code.

use super::MailError;
use super::layout::{one_line, render};
use crate::accounts::code::Code;
use crate::domain::person::Language;
use crate::words::Words;
use chrono::{DateTime, FixedOffset};
use minijinja::context;
use serde_json::{Value, json};

/// An invitation, or the way back to an account of which the password was lost.
#[derive(Clone, Debug)]
pub struct CodeMail {
    pub name: String,
    pub login: String,
    pub language: Language,
    pub base_url: String,
    pub invites: bool,
    pub code: Code,
    /// The moment at which it opens nothing any more, in the person's own zone.
    pub until: DateTime<FixedOffset>,
}

/// The address of the page at which a code is used. The code stands behind `#`: no server and no log on the way sees it.
pub fn enter_url(base_url: &str, code: &Code) -> String {
    format!("{base_url}/enter#{code}")
}

impl CodeMail {
    fn words(&self, key: &str) -> String {
        let values = json!({
            "name": self.name, "login": self.login, "code": self.code.to_string(), "invites": self.invites,
            "day": self.until.format("%Y-%m-%d").to_string(), "clock": self.until.format("%H:%M").to_string(),
        });
        self.sentence(key, &values)
    }

    fn sentence(&self, key: &str, values: &Value) -> String {
        Words::render(self.language, &format!("mail.{key}"), values)
    }

    pub fn subject(&self) -> String {
        one_line(&self.words("code.subject"))
    }

    pub fn text(&self) -> Result<String, MailError> {
        self.render("code.txt")
    }

    pub fn html(&self) -> Result<String, MailError> {
        self.render("code.html")
    }

    fn render(&self, template: &str) -> Result<String, MailError> {
        let page = context! {
            language => self.language.as_str(),
            subject => self.subject(),
            greeting => self.words("greeting"),
            lead => self.words("code.lead"),
            login_word => self.words("code.login"),
            login => self.login.clone(),
            code_word => self.words("code.code"),
            code => self.code.to_string(),
            until => self.words("code.until"),
            look => self.words("code.look"),
            url => enter_url(&self.base_url, &self.code),
            why => self.words("code.why"),
            footer => self.words("footer"),
            base_url => self.base_url.clone(),
        };
        render(template, page)
    }
}
