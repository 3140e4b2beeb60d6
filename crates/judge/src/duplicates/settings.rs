//! Settings that an administrator may change.

use crate::domain::Invalid;
use serde::{Deserialize, Serialize};

/// The code of an invalid setting.
const WRONG: &str = "wrong_setting";

/// Distances in metres, probabilities 0 to 1, useful life in years.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Footprints within this distance are compared.
    pub radius_m: f64,
    /// Lines this near side by side are the same line.
    pub corridor_m: f64,
    /// Maximum difference of directions, degrees.
    pub angle_deg: f64,
    /// Number of works on one point from which the point is no evidence.
    pub stacked: usize,
    /// Useful life of a work in years: built again later, it is a renewal.
    pub life_years: i32,
    pub alert: f64,
    pub review: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            radius_m: 250.0,
            corridor_m: 15.0,
            angle_deg: 30.0,
            stacked: 5,
            life_years: 10,
            alert: 0.8,
            review: 0.35,
        }
    }
}

impl Settings {
    /// A copy with some settings replaced, by name and as typed. The error names the invalid one and what is
    /// accepted.
    pub fn with(&self, changes: &[(String, String)]) -> Result<Self, Invalid> {
        let mut settings = self.clone();
        for (name, value) in changes {
            settings.set(name, value)?;
        }
        if settings.review > settings.alert {
            let wrong = Invalid::new(WRONG, "review");
            return Err(wrong.with("review", settings.review).with("alert", settings.alert));
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Invalid> {
        let wrong = || Invalid::new(WRONG, name).with("given", value.trim());
        let number = |least: f64, most: f64| {
            let given: Option<f64> = value.trim().replace(',', ".").parse().ok();
            let within = given.filter(|given| (least..=most).contains(given));
            within.ok_or_else(|| wrong().with("least", least.to_string()).with("most", most.to_string()))
        };
        let whole = |least: u32, most: u32| {
            let given: Option<u32> = value.trim().parse().ok();
            let within = given.filter(|given| (least..=most).contains(given));
            within.ok_or_else(|| wrong().with("least", least).with("most", most).with("whole", true))
        };
        match name {
            "radius_m" => self.radius_m = number(1.0, 5_000.0)?,
            "corridor_m" => self.corridor_m = number(1.0, 200.0)?,
            "angle_deg" => self.angle_deg = number(1.0, 90.0)?,
            "alert" => self.alert = number(0.001, 0.999)?,
            "review" => self.review = number(0.001, 0.999)?,
            "stacked" => self.stacked = whole(2, 1_000_000)? as usize,
            "life_years" => self.life_years = whole(1, 100)?.cast_signed(),
            _ => return Err(Invalid::new(WRONG, name).with("names", Self::NAMES.to_vec())),
        }
        Ok(())
    }

    /// The names that [`Settings::with`] knows.
    pub const NAMES: [&str; 7] = ["radius_m", "corridor_m", "angle_deg", "stacked", "life_years", "alert", "review"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_set_by_its_name_and_bounded() {
        let with = |changes: &[(&str, &str)]| {
            let changes: Vec<_> =
                changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Settings::default().with(&changes)
        };
        let settings = with(&[("corridor_m", "20"), ("alert", "0,3"), ("review", "0.2")]).unwrap();
        assert!((settings.corridor_m - 20.0).abs() < 1e-9 && (settings.alert - 0.3).abs() < 1e-9);
        let wrong = [
            ("corridor_m", "wide"),
            ("corridor_m", "-1"),
            ("alert", "1.5"),
            ("review", "0.95"),
            ("colour", "1"),
            ("radius_m", "NaN"),
            ("stacked", "1"),
            ("life_years", "0"),
        ];
        for (name, value) in wrong {
            assert_eq!(with(&[(name, value)]).unwrap_err().field, name, "{value}");
        }
    }
}
