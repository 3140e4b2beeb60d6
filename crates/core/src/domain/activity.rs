//! Activity codes of the village budget (Permendagri 20/2018): `bidang.sub-bidang.kegiatan`, canonical `02.03.10`.

use super::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// A code in its canonical form. Unknown codes are taken: regencies add their own (90 and above).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(into = "String", try_from = "String")]
#[schema(value_type = String, example = "02.03.10")]
pub struct ActivityCode(pub [u8; 3]);

impl ActivityCode {
    /// Reads `02.03.10`, `02.03.10.`, `2.3.10`, `2 3 10` and `5.2.3.10`-like account codes (`5.` before it is dropped).
    pub fn parse(field: &str, given: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("not_an_activity_code", field).with("given", given);
        let groups: Vec<&str> = given.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        let groups = match groups.as_slice() {
            ["5", rest @ ..] if rest.len() == 3 => rest,
            all => all,
        };
        let [a, b, c] = groups else { return Err(wrong()) };
        let number = |group: &str| group.parse::<u8>().ok().filter(|n| *n < 100);
        match (number(a), number(b), number(c)) {
            (Some(a @ 1..=9), Some(b), Some(c)) => Ok(Self([a, b, c])),
            _ => Err(wrong()),
        }
    }
}

/// The codes of the regulation with their names, in order.
pub fn list() -> &'static [(&'static str, &'static str)] {
    static LIST: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let lines = include_str!("activity_codes.tsv").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once('\t')).collect()
    });
    &LIST
}

impl fmt::Display for ActivityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.0;
        write!(f, "{a:02}.{b:02}.{c:02}")
    }
}

impl From<ActivityCode> for String {
    fn from(code: ActivityCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for ActivityCode {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse("activity_code", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_the_field_is_one_code() {
        for given in ["02.03.10", "02.03.10.", "2.3.10", "2 3 10", "5.2.3.10"] {
            assert_eq!(ActivityCode::parse("activity_code", given).unwrap().to_string(), "02.03.10", "{given}");
        }
    }

    #[test]
    fn every_listed_code_is_canonical_and_the_gang_road_is_among_them() {
        for (code, _) in list() {
            assert_eq!(ActivityCode::parse("activity_code", code).unwrap().to_string(), *code);
        }
        assert!(list().len() > 230 && list().iter().any(|(code, _)| *code == "02.03.11"));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for given in ["", "02.03", "2.3.100", "0.3.1", "jalan"] {
            assert!(ActivityCode::parse("activity_code", given).is_err(), "{given}");
        }
    }
}
