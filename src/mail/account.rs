//! The mail that tells the owner of an account what was done to its security.

use super::MailError;
use super::layout::{one_line, render};
use crate::domain::person::Language;
use crate::words::Words;
use chrono::{DateTime, FixedOffset};
use minijinja::context;
use serde_json::{Value, json};

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct AccountAct {
    /// As in the change log.
    pub action: String,
    /// In the owner's zone.
    pub at: DateTime<FixedOffset>,
    /// The name of who did it; `None`: at the terminal of the server.
    pub by: Option<String>,
    /// By a session or a code of the owner.
    pub by_owner: bool,
}

#[derive(Clone, Debug)]
pub struct AccountMail {
    pub name: String,
    pub login: String,
    pub language: Language,
    pub base_url: String,
    /// Oldest first.
    pub acts: Vec<AccountAct>,
}

impl AccountMail {
    fn words(&self, key: &str) -> String {
        self.sentence(key, &json!({ "name": self.name, "login": self.login, "count": self.acts.len() }))
    }

    fn sentence(&self, key: &str, values: &Value) -> String {
        Words::render(self.language, &format!("mail.{key}"), values)
    }

    fn did(&self, act: &AccountAct) -> String {
        let what = self.sentence(&format!("account.act.{}", act.action), &json!({}));
        let values = json!({
            "what": what, "by": act.by, "by_owner": act.by_owner,
            "day": act.at.format("%Y-%m-%d").to_string(), "clock": act.at.format("%H:%M").to_string(),
        });
        self.sentence("account.did", &values)
    }

    pub fn subject(&self) -> String {
        let what = self.acts.last().map(|act| self.sentence(&format!("account.act.{}", act.action), &json!({})));
        one_line(&self.sentence("account.subject", &json!({ "what": what, "count": self.acts.len() })))
    }

    pub fn text(&self) -> Result<String, MailError> {
        self.render("account.txt")
    }

    pub fn html(&self) -> Result<String, MailError> {
        self.render("account.html")
    }

    fn render(&self, template: &str) -> Result<String, MailError> {
        let acts: Vec<String> = self.acts.iter().map(|act| self.did(act)).collect();
        let page = context! {
            language => self.language.as_str(),
            subject => self.subject(),
            greeting => self.words("greeting"),
            lead => self.words("account.lead"),
            acts => acts,
            not_you => self.words("account.not_you"),
            look => self.words("account.look"),
            url => format!("{}/forgotten", self.base_url),
            why => self.words("account.why"),
            footer => self.words("footer"),
            base_url => self.base_url.clone(),
        };
        render(template, page)
    }
}
