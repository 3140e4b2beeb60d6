//! The templates of mails: one layout around all of them.

use super::MailError;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Value};
use serde::Serialize;
use std::sync::LazyLock;

/// One work of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct MailMember {
    pub title: String,
    pub village: String,
    pub district: String,
    pub year: i64,
    pub funds: String,
    /// In words: `Rp150 juta`.
    pub budget: String,
    pub url: String,
}

const SOURCES: [(&str, &str); 11] = [
    ("layout.html", include_str!("templates/layout.html")),
    ("members.html", include_str!("templates/members.html")),
    ("members.txt", include_str!("templates/members.txt")),
    ("alert.html", include_str!("templates/alert.html")),
    ("alert.txt", include_str!("templates/alert.txt")),
    ("acts.html", include_str!("templates/acts.html")),
    ("acts.txt", include_str!("templates/acts.txt")),
    ("account.html", include_str!("templates/account.html")),
    ("account.txt", include_str!("templates/account.txt")),
    ("code.html", include_str!("templates/code.html")),
    ("code.txt", include_str!("templates/code.txt")),
];

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates
        .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    let lines = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(lines.expect("the usual syntax"));
    templates.add_function("letter", letter);
    for (name, source) in SOURCES {
        templates.add_template(name, source).expect("the templates of this program parse: a test renders them");
    }
    templates
});

/// Renders the template of this name within the layout.
pub(super) fn render(template: &str, page: Value) -> Result<String, MailError> {
    Ok(TEMPLATES.get_template(template)?.render(page)?)
}

/// The letter of a work, counted from 1, as on the page.
pub fn letter(number: i64) -> String {
    match u8::try_from(number) {
        Ok(at @ 1..=26) => char::from(b'A' + at - 1).to_string(),
        _ => number.to_string(),
    }
}

/// Text for a header: a line break in a name must not start a header of its own.
pub(super) fn one_line(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}
