//! The catalogue: every sentence of the server, Indonesian and English, rendered from a key and named values.
//!
//! The page, the mail, the report and an audit years later show the same reason, because the evidence is stored as
//! data and becomes a sentence only here. A text is a minijinja template; its filters format numbers for the
//! language.

mod format;

pub use format::{add_filters, decimals, percent_of, shell_word, signed};

use crate::domain::finding::FindingKind;
use crate::domain::person::Language;
use crate::domain::verdict::{Evidence, Verdict, VerdictKind};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::{Value, json};
use std::sync::LazyLock;
use tracing::error;

/// The tables of each language: one file a subject.
const TABLES: [(Language, &[&str]); 2] = [
    (
        Language::Id,
        &[
            include_str!("id/evidence.toml"),
            include_str!("id/kind.toml"),
            include_str!("id/finding.toml"),
            include_str!("id/help.toml"),
            include_str!("id/mail.toml"),
            include_str!("id/problem.toml"),
            include_str!("id/report.toml"),
            include_str!("id/settings.toml"),
            include_str!("id/terminal.toml"),
            include_str!("id/upload.toml"),
        ],
    ),
    (
        Language::En,
        &[
            include_str!("en/evidence.toml"),
            include_str!("en/kind.toml"),
            include_str!("en/finding.toml"),
            include_str!("en/help.toml"),
            include_str!("en/mail.toml"),
            include_str!("en/problem.toml"),
            include_str!("en/report.toml"),
            include_str!("en/settings.toml"),
            include_str!("en/terminal.toml"),
            include_str!("en/upload.toml"),
        ],
    ),
];

static CATALOGUES: LazyLock<[Environment<'static>; 2]> =
    LazyLock::new(|| TABLES.map(|(language, tables)| catalogue(language, tables)));

fn catalogue(language: Language, tables: &[&'static str]) -> Environment<'static> {
    let mut catalogue = Environment::new();
    // A missing value counts as empty, as in `{% if region %}`: sentences omit parts.
    catalogue.set_undefined_behavior(UndefinedBehavior::Chainable);
    add_filters(&mut catalogue, language);
    for table in tables {
        let table: toml::Table = table.parse().expect("the catalogues of this program parse: a test reads them");
        add(&mut catalogue, "", &toml::Value::Table(table));
    }
    catalogue
}

/// Adds every text under its dotted key.
fn add(catalogue: &mut Environment<'static>, key: &str, value: &toml::Value) {
    match value {
        toml::Value::Table(table) => {
            for (name, inner) in table {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                add(catalogue, &key, inner);
            }
        }
        toml::Value::String(text) => {
            catalogue
                .add_template_owned(key.to_owned(), text.clone())
                .expect("the texts of this program parse: a test reads them");
        }
        _ => {}
    }
}

/// The catalogue of all languages.
#[derive(Clone, Copy, Debug)]
pub struct Words;

impl Words {
    /// The text of a key with these values; `None` if there is no such key.
    pub fn try_render(language: Language, key: &str, values: &Value) -> Option<String> {
        let at = Language::ALL.iter().position(|known| *known == language).unwrap_or(0);
        let template = CATALOGUES[at].get_template(key).ok()?;
        match template.render(minijinja::Value::from(Serde(values))) {
            Ok(text) => Some(text),
            Err(e) => {
                error!("the text {key} cannot be rendered: {e}");
                None
            }
        }
    }

    /// The text of a key; the key itself if it is missing, so that nothing is omitted.
    pub fn render(language: Language, key: &str, values: &Value) -> String {
        Self::try_render(language, key, values).unwrap_or_else(|| key.to_owned())
    }

    /// A piece of evidence as a sentence.
    pub fn evidence(language: Language, evidence: &Evidence) -> String {
        Self::render(language, &format!("evidence.{}.{}", evidence.name, evidence.level), &evidence.value)
    }

    /// The meaning of a kind and its request, for a finding with so many works: for more than two the sentence
    /// applies to all of them.
    pub fn kind_sentence(language: Language, kind: VerdictKind, works: i64) -> String {
        Self::render(language, &format!("kind_sentence.{kind}"), &json!({ "works": works }))
    }

    /// A short name of a kind, of a finding with so many works.
    pub fn kind_name(language: Language, kind: VerdictKind, works: i64) -> String {
        Self::render(language, &format!("kind.{kind}"), &json!({ "works": works }))
    }

    /// A short name of a finding and its leading sentence: for two works the strongest evidence for their being one;
    /// for more the meaning of the kind, since evidence concerns only two of them.
    pub fn finding(
        language: Language,
        kind: FindingKind,
        details: &Value,
        verdict: Option<&Verdict>,
        works: i64,
    ) -> (String, String) {
        match verdict {
            Some(verdict) => {
                let headline = Self::kind_name(language, verdict.kind, works);
                if works > 2 {
                    return (headline, Self::kind_sentence(language, verdict.kind, works));
                }
                let strongest = verdict.evidence.iter().max_by(|a, b| a.bits.total_cmp(&b.bits));
                (headline, strongest.map(|item| Self::evidence(language, item)).unwrap_or_default())
            }
            None => (
                Self::render(language, &format!("finding.{kind}.headline"), details),
                Self::render(language, &format!("finding.{kind}.sentence"), details),
            ),
        }
    }

    /// Every key, for tests.
    pub fn keys(language: Language) -> Vec<String> {
        let at = Language::ALL.iter().position(|known| *known == language).unwrap_or(0);
        let mut keys: Vec<String> = CATALOGUES[at].templates().map(|(key, _)| key.to_owned()).collect();
        keys.sort_unstable();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_sentences() {
        assert_eq!(Words::keys(Language::Id), Words::keys(Language::En));
    }

    #[test]
    fn a_refusal_is_worded_in_both_languages() {
        let values = json!({ "given": 10_000, "most": 300 });
        let render = |language| Words::render(language, "problem.too_long.expected", &values);
        assert_eq!(render(Language::Id), "Paling panjang 300 huruf.");
        assert_eq!(render(Language::En), "At most 300 characters.");
    }

    #[test]
    fn parts_of_a_sentence_without_a_value_are_left_out() {
        let sentence = Words::render(Language::Id, "problem.not_allowed.detail", &json!({}));
        assert_eq!(sentence, "Akun Anda tidak boleh melakukan ini di sini.");
    }
}
