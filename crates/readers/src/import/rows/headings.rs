//! Headings of columns as offices and programs write them: the table `headings.toml`, and one that a user adds.

use super::fields::{Field, field_of, fold_heading};
use crate::import::error::ImportError;
use std::sync::LazyLock;

const SHIPPED: &str = include_str!("headings.toml");

static TABLE: LazyLock<Headings> =
    LazyLock::new(|| Headings::parse(SHIPPED).expect("the shipped table is right: a test reads it"));

/// Headings with their fields, the surest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headings(Vec<(Field, String)>);

impl Headings {
    /// Those that the program knows.
    pub fn shipped() -> &'static Self {
        &TABLE
    }

    /// Reads a table: `[[source]]` with `field = ["heading", …]`. The error names the field that is none, or says why it is
    /// no table.
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let wrong = |reason: String| ImportError::NotHeadings { reason };
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| wrong(e.message().to_owned()))?;
        let sources = table.get("source").and_then(toml::Value::as_array);
        let sources = sources.ok_or_else(|| wrong("[[source]] is missing".to_owned()))?;
        let mut all = Vec::new();
        for source in sources.iter().filter_map(toml::Value::as_table) {
            for (name, headings) in source.iter().filter(|(name, _)| *name != "name") {
                let field = field_of(name)?;
                let headings = headings.as_array().ok_or_else(|| wrong(format!("{name} is no list")))?;
                for heading in headings {
                    let heading =
                        heading.as_str().ok_or_else(|| wrong(format!("{name} holds something else than text")))?;
                    all.push((field, heading.to_owned()));
                }
            }
        }
        Ok(Self(all))
    }

    /// Every heading with its field.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, heading)| (*field, heading.as_str()))
    }

    /// The headings of a field.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(of, _)| *of == field).map(|(_, heading)| heading)
    }
}

/// A field by its own name or one of its usual headings.
pub fn field_named(name: &str) -> Result<Field, ImportError> {
    let folded = fold_heading(name);
    let by_heading = || Headings::shipped().iter().find(|(_, heading)| fold_heading(heading) == folded);
    field_of(name).or_else(|unknown| by_heading().map(|(field, _)| field).ok_or(unknown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_heading_means_two_fields_and_none_stands_twice() {
        let mut seen: HashMap<String, Field> = HashMap::new();
        for (field, heading) in Headings::shipped().iter() {
            assert_eq!(seen.insert(fold_heading(heading), field), None, "{heading}");
        }
        // The name of one field is no heading of another.
        for field in Field::ALL {
            let other = seen.get(&fold_heading(field.as_str()));
            assert!(other.is_none_or(|other| other == field), "{field}");
        }
    }

    #[test]
    fn a_table_of_a_user_names_fields_and_is_told_what_is_wrong_with_it() {
        let own = Headings::parse("[[source]]\nname = \"Dinas\"\ntitle = [\"Nm Pekerjaan\"]\n").unwrap();
        assert_eq!(own.iter().collect::<Vec<_>>(), [(Field::Title, "Nm Pekerjaan")]);
        for text in
            ["title = 1", "[[source]]\ntitle = \"x\"", "[[source]]\ntitle = [1]", "=", "[[source]]\njudul = [\"x\"]"]
        {
            assert!(Headings::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn accents_marks_and_units_make_no_difference() {
        for (name, field) in [
            ("DESCRIPCIÓN", Field::Title),
            ("Nama_Paket", Field::Title),
            ("Pagu Anggaran (Rp)", Field::Budget),
            ("KDEPUM", Field::VillageCode),
            ("desa_id", Field::VillageCode),
            ("length_km", Field::Volume),
            ("budget_rupiah", Field::Budget),
        ] {
            assert_eq!(field_named(name).ok(), Some(field), "{name}");
        }
        assert!(field_named("warna").is_err());
    }
}
