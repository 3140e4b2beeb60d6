//! The language of the terminal.

use super::{read_file, settings_file};
use crate::domain::person::Language;
use std::path::Path;

/// The language of the terminal, determined before anything is validated, so that any error is reported in it. Same
/// precedence as every setting; errors are ignored here and reported by `Config::load`.
pub fn terminal_language(option: Option<&str>, file: Option<&Path>) -> Language {
    let parse = |given: &str| Language::parse(given.trim());
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
    let variable = || std::env::var("TAPAK_LANGUAGE").ok().as_deref().and_then(parse);
    let stated = || {
        let table: toml::Table = read_file(&settings_file(file)?).ok()?.parse().ok()?;
        parse(table.get("language")?.as_str()?)
    };
    option.and_then(parse).or_else(variable).or_else(stated).unwrap_or_else(locale_language)
}

/// The language by the first locale that is set: Indonesian if it is that, else English.
#[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
pub(super) fn locale_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    language_of(&locale.unwrap_or_default())
}

/// `id_ID.UTF-8` and `id` are Indonesian.
fn language_of(locale: &str) -> Language {
    let name = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
    if name.eq_ignore_ascii_case("id") { Language::Id } else { Language::En }
}
