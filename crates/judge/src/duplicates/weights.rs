//! Bits of each level of each comparison, from a versioned file.

use crate::domain::text::line_at;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// A version of the weights.
#[derive(Clone, Debug)]
pub struct Weights {
    pub version: String,
    /// log2 of the prior odds.
    pub prior: f64,
    /// Comparisons, their levels and bits: few enough for a linear search.
    bits: Vec<(String, Vec<(String, f64)>)>,
}

/// Why a weights file is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WeightsError {
    #[error("line {line}: {text}")]
    NotToml { line: usize, text: String },
    #[error("no version")]
    NoVersion,
    #[error("no prior")]
    NoPrior,
    #[error("{name} = {given} is not a number of bits")]
    NotBits { name: String, given: String },
    #[error("{name} is not a table of levels")]
    NotATable { name: String },
    #[error("{name} is not a comparison")]
    UnknownComparison { name: String, known: Vec<String> },
    #[error("{name}.{level} is not a level")]
    UnknownLevel { name: String, level: String, known: Vec<String> },
}

impl WeightsError {
    /// The key of its sentence in the catalogue.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotToml { .. } => "not_toml",
            Self::NoVersion => "no_version",
            Self::NoPrior => "no_prior",
            Self::NotBits { .. } => "not_bits",
            Self::NotATable { .. } => "not_a_table",
            Self::UnknownComparison { .. } => "unknown_comparison",
            Self::UnknownLevel { .. } => "unknown_level",
        }
    }

    /// The values of that sentence, by name.
    pub fn values(&self) -> Value {
        match self {
            Self::NotToml { line, text } => json!({ "line": line, "text": text }),
            Self::NoVersion | Self::NoPrior => Value::Null,
            Self::NotBits { name, given } => json!({ "name": name, "given": given, "most": MOST_BITS }),
            Self::NotATable { name } => json!({ "name": name }),
            Self::UnknownComparison { name, known } => json!({ "name": name, "known": known }),
            Self::UnknownLevel { name, level, known } => json!({ "name": name, "level": level, "known": known }),
        }
    }
}

/// The built-in version.
const START: &str = include_str!("../../../../weights/start.toml");

static SHIPPED: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(START).expect("the shipped weights parse: a test reads them"));

/// Maximum bits of a level, either way: a million times as frequent in true pairs as in others, or the reverse.
const MOST_BITS: f64 = 20.0;

impl Weights {
    /// Parses a weights file: `version`, `prior`, and for each comparison a table of levels with their bits. A
    /// missing level weighs nothing. The error names what is accepted instead of an unknown name or number.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let (line, text) = line_at(text, e.span().map_or(0, |span| span.start));
            WeightsError::NotToml { line, text }
        })?;
        let number = |name: &str, value: &toml::Value| {
            let bits = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
            let wrong = || WeightsError::NotBits { name: name.to_owned(), given: value.to_string() };
            bits.filter(|bits| bits.abs() <= MOST_BITS).ok_or_else(wrong)
        };
        let version = table.get("version").and_then(toml::Value::as_str).filter(|version| !version.trim().is_empty());
        let version = version.ok_or(WeightsError::NoVersion)?;
        let prior = table.get("prior").ok_or(WeightsError::NoPrior)?;
        let prior = number("prior", prior)?;
        let mut bits = Vec::new();
        for (name, value) in &table {
            if name == "version" || name == "prior" {
                continue;
            }
            let levels = value.as_table().ok_or_else(|| WeightsError::NotATable { name: name.clone() })?;
            let levels = levels
                .iter()
                .map(|(level, value)| Ok((level.clone(), number(&format!("{name}.{level}"), value)?)))
                .collect::<Result<Vec<_>, WeightsError>>()?;
            bits.push((name.clone(), levels));
        }
        let read = Self { version: version.to_owned(), prior, bits };
        if text != START {
            read.check_names()?;
        }
        Ok(read)
    }

    /// Every name must occur in the built-in weights.
    fn check_names(&self) -> Result<(), WeightsError> {
        let shipped = Self::shipped();
        for (name, levels) in &self.bits {
            let Some((_, there)) = shipped.bits.iter().find(|(other, _)| other == name) else {
                let known = shipped.bits.iter().map(|(name, _)| name.clone()).collect();
                return Err(WeightsError::UnknownComparison { name: name.clone(), known });
            };
            if let Some((level, _)) = levels.iter().find(|(level, _)| !there.iter().any(|(other, _)| other == level)) {
                let known = there.iter().map(|(level, _)| level.clone()).collect();
                return Err(WeightsError::UnknownLevel { name: name.clone(), level: level.clone(), known });
            }
        }
        Ok(())
    }

    /// A file that [`Weights::parse`] reads back.
    pub fn to_toml(&self, comment: &str) -> String {
        let mut text: String = comment.lines().map(|line| format!("# {line}\n")).collect();
        let version = toml::Value::from(self.version.as_str());
        text.push_str(&format!("version = {version}\nprior = {:.2}\n", self.prior));
        for (name, levels) in &self.bits {
            text.push_str(&format!("\n[{name}]\n"));
            for (level, bits) in levels {
                // Adding 0.0 avoids "-0.00".
                text.push_str(&format!("{level} = {:.2}\n", bits + 0.0));
            }
        }
        text
    }

    /// A copy in which `change` replaces some bits.
    #[must_use]
    pub fn changed(&self, version: &str, prior: f64, change: impl Fn(&str, &str) -> Option<f64>) -> Self {
        let mut changed = Self { version: version.to_owned(), prior, ..self.clone() };
        for (name, levels) in &mut changed.bits {
            for (level, bits) in levels {
                if let Some(new) = change(name, level) {
                    *bits = new.clamp(-MOST_BITS, MOST_BITS);
                }
            }
        }
        changed
    }

    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// The bits of a level; 0 if the file does not have it.
    pub fn bits(&self, name: &str, level: &str) -> f64 {
        self.levels_of(name).iter().find(|(known, _)| known == level).map_or(0.0, |(_, bits)| *bits)
    }

    /// The most bits that a comparison can contribute.
    pub fn most(&self, name: &str) -> f64 {
        self.levels_of(name).iter().map(|(_, bits)| *bits).fold(0.0, f64::max)
    }

    fn levels_of(&self, name: &str) -> &[(String, f64)] {
        self.bits.iter().find(|(known, _)| known == name).map_or(&[], |(_, levels)| levels)
    }

    /// Every comparison with its levels, in order.
    pub fn levels(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self
            .bits
            .iter()
            .flat_map(|(name, levels)| levels.iter().map(|(level, _)| (name.clone(), level.clone())))
            .collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Language;
    use crate::words::Words;

    #[test]
    fn a_file_of_weights_is_read_as_it_was_written_and_refused_by_name() {
        let shipped = Weights::shipped();
        let changed = shipped.changed("mine", -5.0, |name, level| (name == "title" && level == "same").then_some(3.25));
        let again = Weights::parse(&changed.to_toml("a comment")).unwrap();
        assert_eq!((again.version.as_str(), again.prior), ("mine", -5.0));
        assert!((again.bits("title", "same") - 3.25).abs() < 1e-9);
        assert!((again.bits("object", "different") - shipped.bits("object", "different")).abs() < 1e-9);
        for (text, part) in [
            ("prior = 1.0", "version"),
            ("version = 'a'", "prior"),
            ("version = 'a'\nprior = nan", "prior"),
            ("version = 'a'\nprior = -6.0\n[colour]\nsame = 1.0", "colour"),
            ("version = 'a'\nprior = -6.0\n[title]\nequal = 1.0", "equal"),
            ("version = 'a'\nprior = -6.0\n[title]\nsame = 'much'", "title.same"),
            ("version = 'a'\nprior = -6.0\n[title]\nsame = 100.0", "20"),
        ] {
            let refused = Weights::parse(text).unwrap_err();
            for language in Language::ALL {
                let sentence = Words::render(*language, &format!("weights.{}", refused.code()), &refused.values());
                assert!(sentence.contains(part), "{text}: {sentence}");
            }
        }
    }

    #[test]
    fn every_level_has_a_sentence_in_both_languages() {
        let levels = Weights::shipped().levels();
        assert!(levels.len() > 40);
        for (name, level) in levels {
            for language in Language::ALL {
                let key = format!("evidence.{name}.{level}");
                assert!(Words::try_render(*language, &key, &serde_json::Value::Null).is_some(), "{key} in {language}");
            }
        }
    }
}
