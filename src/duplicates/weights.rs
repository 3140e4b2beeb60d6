//! Bits for each level of each comparison, from a versioned file.

use std::sync::LazyLock;

/// A version of the weights.
#[derive(Clone, Debug)]
pub struct Weights {
    pub version: String,
    /// log2 of the odds before anything is compared.
    pub prior: f64,
    /// Comparison, its levels and their bits: few enough to be looked through.
    bits: Vec<(String, Vec<(String, f64)>)>,
}

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
    let table: toml::Table =
        include_str!("../../weights/start.toml").parse().expect("the shipped weights parse: a test reads them");
    let bits = table
        .iter()
        .filter_map(|(name, levels)| {
            let levels = levels.as_table()?.iter().filter_map(|(level, bits)| Some((level.clone(), bits.as_float()?)));
            Some((name.clone(), levels.collect()))
        })
        .collect();
    Weights {
        version: table.get("version").and_then(toml::Value::as_str).unwrap_or_default().to_owned(),
        prior: table.get("prior").and_then(toml::Value::as_float).unwrap_or_default(),
        bits,
    }
});

impl Weights {
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// The bits of a level; 0 where the file says nothing of it.
    pub fn of(&self, name: &str, level: &str) -> f64 {
        self.levels_of(name).iter().find(|(known, _)| known == level).map_or(0.0, |(_, bits)| *bits)
    }

    /// The most that a comparison can speak for one work.
    pub fn most(&self, name: &str) -> f64 {
        self.levels_of(name).iter().map(|(_, bits)| *bits).fold(0.0, f64::max)
    }

    fn levels_of(&self, name: &str) -> &[(String, f64)] {
        self.bits.iter().find(|(known, _)| known == name).map_or(&[], |(_, levels)| levels)
    }

    /// Every comparison with its levels.
    #[cfg(test)]
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
    fn every_level_has_a_sentence_in_both_languages() {
        let levels = Weights::shipped().levels();
        assert!(levels.len() > 40);
        for (name, level) in levels {
            for language in Language::ALL {
                let key = format!("evidence.{name}.{level}");
                assert!(Words::find(*language, &key, &serde_json::Value::Null).is_some(), "{key} in {language}");
            }
        }
    }
}
