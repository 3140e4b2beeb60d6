//! What an administrator may turn.

use serde::{Deserialize, Serialize};

/// Distances in metres, probabilities 0 to 1, lives in years.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How near two footprints must come to be compared.
    pub radius_m: f64,
    /// Lines that run this near beside each other are the same line.
    pub corridor_m: f64,
    /// How far directions may differ, degrees.
    pub angle_deg: f64,
    /// Works on one point from which on the point says nothing.
    pub stacked: usize,
    /// Years that a work lasts: built again later, it is renewed.
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
    /// These with others in place of some, by name and as a person types them. Says what would be right where one is not.
    pub fn with(&self, changes: &[(String, String)]) -> Result<Self, String> {
        let mut settings = self.clone();
        for (name, value) in changes {
            settings.set(name, value)?;
        }
        if settings.review > settings.alert {
            return Err(format!("review ({}) must not be over alert ({})", settings.review, settings.alert));
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let number = |least: f64, most: f64| {
            let wrong = || format!("{name} = {value}: a number from {least} to {most} is expected");
            let given: f64 = value.trim().replace(',', ".").parse().map_err(|_| wrong())?;
            if (least..=most).contains(&given) { Ok(given) } else { Err(wrong()) }
        };
        match name {
            "radius_m" => self.radius_m = number(1.0, 5_000.0)?,
            "corridor_m" => self.corridor_m = number(1.0, 200.0)?,
            "angle_deg" => self.angle_deg = number(1.0, 90.0)?,
            "alert" => self.alert = number(0.001, 0.999)?,
            "review" => self.review = number(0.001, 0.999)?,
            "stacked" => {
                let wrong = || format!("stacked = {value}: a whole number from 2 to 1000000 is expected");
                let given: usize = value.trim().parse().map_err(|_| wrong())?;
                self.stacked = Some(given).filter(|works| (2..=1_000_000).contains(works)).ok_or_else(wrong)?;
            }
            "life_years" => {
                let wrong = || format!("life_years = {value}: a whole number from 1 to 100 is expected");
                let given: i32 = value.trim().parse().map_err(|_| wrong())?;
                self.life_years = Some(given).filter(|years| (1..=100).contains(years)).ok_or_else(wrong)?;
            }
            _ => return Err(format!("{name} is no setting of the judge; those are {}", Self::NAMES.join(", "))),
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
            assert!(with(&[(name, value)]).unwrap_err().contains(name), "{name} {value}");
        }
    }
}
