//! Regions and villages: codes, and where a place lies with respect to a border that is only good to some metres.

use super::{Day, Invalid, closed_set};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

closed_set! {
    /// How deep a region lies in province › regency › district › village.
    Level { Province = "province", Regency = "regency", District = "district", Village = "village" }
}

closed_set! {
    /// Where a place lies. Never a hard yes: borders are good to 15–20 m, overlap in slivers and leave gaps.
    Relation { In = "in", Near = "near", Outside = "outside" }
}

closed_set! {
    /// The slip of the pen that would explain a place far from its village.
    Slip { SignLost = "sign_lost", Swapped = "swapped", Digit = "digit" }
}

/// A Kemendagri code: `35`, `35.10`, `35.10.01` or `35.10.01.2001`, in dotted form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct RegionCode(String);

impl RegionCode {
    /// Reads the dotted form and the bare digits (`3510012001`).
    pub fn parse(field: &str, given: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("not_a_region_code", field).with("given", given);
        let digits: String = given.trim().chars().filter(|c| *c != '.').collect();
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(wrong());
        }
        let widths: &[usize] = match digits.len() {
            2 => &[2],
            4 => &[2, 2],
            6 => &[2, 2, 2],
            10 => &[2, 2, 2, 4],
            _ => return Err(wrong()),
        };
        let mut rest = digits.as_str();
        let groups: Vec<&str> = widths
            .iter()
            .map(|width| {
                let (group, tail) = rest.split_at(*width);
                rest = tail;
                group
            })
            .collect();
        let dotted = groups.join(".");
        if given.trim().contains('.') && given.trim() != dotted {
            return Err(wrong());
        }
        if groups.iter().any(|group| group.chars().all(|c| c == '0')) {
            return Err(wrong());
        }
        Ok(Self(dotted))
    }

    /// Reads the code of a village (ten digits).
    pub fn parse_village(field: &str, given: &str) -> Result<Self, Invalid> {
        let code =
            Self::parse(field, given).map_err(|_| Invalid::new("not_a_village_code", field).with("given", given))?;
        if code.level() != Level::Village {
            return Err(Invalid::new("not_a_village_code", field).with("given", given));
        }
        Ok(code)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Province,
            5 => Level::Regency,
            8 => Level::District,
            _ => Level::Village,
        }
    }

    /// The code of the region above, `None` for a province.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('.').map(|(above, _)| Self(above.to_owned()))
    }

    /// Desa have `2xxx`, kelurahan `1xxx` as their last group.
    pub fn kind(&self) -> &'static str {
        match (self.level(), self.0.as_bytes().get(9)) {
            (Level::Village, Some(b'1')) => "kelurahan",
            (Level::Village, _) => "desa",
            _ => "region",
        }
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Digits of a village's code, of Kemendagri and of BPS alike.
pub const BPS_DIGITS: usize = 10;

/// Whether ten digits are a code of BPS (province 2, regency 2, district 3, village 3) rather than one of Kemendagri (2, 2,
/// 2, 4), whose villages begin with 1 or 2. A code of BPS whose district does not end with 0 is not seen by its digits.
pub fn is_bps_like(given: &str) -> bool {
    let digits = given.trim().as_bytes();
    digits.len() == BPS_DIGITS && digits.iter().all(u8::is_ascii_digit) && digits[6] == b'0'
}

/// A village as it is called today.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Village {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    /// `desa` or `kelurahan`.
    pub kind: String,
    pub district: String,
    pub regency: String,
    /// lon, lat of a point inside.
    pub centre: [f64; 2],
    /// The outline is a drawing around the centre, not a border.
    pub schematic: bool,
}

/// One dated version of a village.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct VillageVersion {
    pub code: String,
    pub name: String,
    #[schema(value_type = String, format = Date)]
    pub valid_from: Day,
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_to: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_dotted_and_bare_and_nothing_else() {
        assert_eq!(RegionCode::parse_village("code", "3510012001").unwrap().as_str(), "35.10.01.2001");
        assert_eq!(RegionCode::parse("code", "35.10").unwrap().level(), Level::Regency);
        for given in ["", "35.1", "35.10.1.2001", "35.10.01.20011", "35-10-01-2001", "00.10.01.2001", "３５.10"] {
            assert!(RegionCode::parse("code", given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_code_of_bps_is_no_code_of_kemendagri() {
        assert!(is_bps_like("3510010001") && is_bps_like(" 9471040012 "));
        for given in ["3510012001", "3510161001", "35.10.01.0001", "351001", "", "351001000A"] {
            assert!(!is_bps_like(given), "{given}");
        }
    }

    #[test]
    fn a_kelurahan_is_known_by_its_code() {
        assert_eq!(RegionCode::parse("code", "35.10.16.1001").unwrap().kind(), "kelurahan");
    }
}
