//! Every setting, its default and its unit. Nothing else reads the environment.
//!
//! In this order: command-line option, `TAPAK_…` variable, `tapak.toml`, default. An unknown key is an error.

use crate::accounts::password::Cost;
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::domain::text::line_at;
use crate::duplicates::{Judge, Settings, Weights, WeightsError};
use crate::limits::{Limits, parse_networks};
use crate::spatial::country::{Country, OutlineError};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A setting: its key in `tapak.toml`; as a variable it is `TAPAK_` and the key in capitals. Its description is in
/// the catalogue, under `settings.about`.
struct Key {
    name: &'static str,
    default: &'static str,
    /// Shown as `…` by `tapak config`.
    secret: bool,
}

const fn key(name: &'static str, default: &'static str) -> Key {
    Key { name, default, secret: false }
}

const fn secret(name: &'static str, default: &'static str) -> Key {
    Key { name, default, secret: true }
}

const KEYS: &[Key] = &[
    key("data", "data"),
    secret("database", ""),
    key("language", ""),
    key("listen", "127.0.0.1:8080"),
    key("base_url", ""),
    key("tls_cert", ""),
    key("tls_key", ""),
    secret("smtp", ""),
    key("smtp_timeout_s", "20"),
    key("mail_from", "Tapak <tapak@localhost>"),
    key("alerts", ""),
    key("alert_settle_s", "20"),
    key("basemap", ""),
    key("headings", ""),
    key("border_tolerance_m", "50"),
    key("country", "indonesia"),
    key("far_place_km", "10"),
    key("village_alerts", "20"),
    key("judge_radius_m", "250"),
    key("judge_corridor_m", "15"),
    key("judge_angle_deg", "30"),
    key("judge_stacked", "5"),
    key("judge_life_years", "10"),
    key("judge_alert", "0.8"),
    key("judge_review", "0.35"),
    key("judge_weights", ""),
    key("workers", "2"),
    key("photo_bytes", "26214400"),
    key("trusted_proxies", ""),
    key("connections", "2000"),
    key("connections_per_address", "200"),
    key("requests", "1000"),
    key("header_timeout_s", "20"),
    key("idle_timeout_s", "120"),
    key("body_idle_s", "30"),
    key("body_bytes_s", "500"),
    key("body_grace_s", "60"),
    key("body_memory", "50331648"),
    key("bodies_per_person", "16"),
    key("photo_memory", "134217728"),
    key("checks_at_once", "2"),
    key("checks_per_minute", "60"),
    key("whatifs_per_minute", "6"),
    key("request_timeout_s", "300"),
    key("session_days", "30"),
    key("password_memory_kib", "19456"),
    key("password_passes", "2"),
];

/// Variables that only tests and the e2e runner read.
const TEST_PREFIXES: &[&str] = &["TAPAK_TEST_", "TAPAK_E2E_"];

/// The origin of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Option,
    Variable,
    File,
    Default,
}

impl Origin {
    /// The key of its name in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Variable => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// Why the settings are refused. Sentences are in the catalogue (`settings.error`, `settings.expected`).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `near` is the known key that was probably meant; `file` the file that contains it, if any.
    #[error("{given} is not a setting")]
    Unknown { given: String, near: Option<String>, file: Option<PathBuf> },
    #[error("{key} = {given:?}: not {expected}")]
    Value { key: &'static str, given: String, expected: &'static str },
    /// A setting of the judge.
    #[error("{0}")]
    Judge(Invalid),
    #[error("{path}: {cause}")]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("{path}, line {line}: {text}")]
    NotToml { path: PathBuf, line: usize, text: String },
    #[error("{path}: {cause}")]
    Weights { path: PathBuf, cause: WeightsError },
    #[error("{path}: {cause}")]
    Country { path: PathBuf, cause: OutlineError },
}

/// All settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub database: String,
    pub listen: SocketAddr,
    /// The language of terminal output.
    pub language: Language,
    pub base_url: String,
    pub tls: Option<(PathBuf, PathBuf)>,
    pub smtp: Option<String>,
    pub mail_from: String,
    pub alerts: Vec<String>,
    pub alert_settle: Duration,
    pub smtp_timeout: Duration,
    pub basemap: Option<String>,
    /// A table of headings of columns beside the usual ones.
    pub headings: Option<PathBuf>,
    pub border_tolerance_m: f64,
    /// Works outside of it become a finding.
    pub country: Country,
    /// Distance from the stated village beyond which a person must confirm a place, metres.
    pub far_place_m: f64,
    /// Maximum number of alerts of one village and day that are reported one by one.
    pub village_alerts: usize,
    pub judge: Settings,
    pub weights: Weights,
    pub workers: usize,
    pub photo_bytes: usize,
    pub limits: Limits,
    pub session: Duration,
    pub password_cost: Cost,
    origins: BTreeMap<&'static str, (String, Origin)>,
}

impl Config {
    /// Reads the environment and `file` (by default `tapak.toml` in the working folder, if it exists); `options` are
    /// those of the command line, by key.
    pub fn load(options: &[(&str, String)], file: Option<&Path>) -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
        let variables: Vec<(String, String)> =
            std::env::vars().filter(|(name, _)| name.starts_with("TAPAK_")).collect();
        let text = match settings_file(file) {
            Some(path) => Some((path.clone(), read_file(&path)?)),
            None => None,
        };
        let mut config =
            Self::from_layers(options, &variables, text.as_ref().map(|(path, text)| (path.as_path(), text.as_str())))?;
        if config.origins.get("language").is_some_and(|(value, _)| value.is_empty()) {
            config.language = locale_language();
        }
        Ok(config)
    }

    /// The same from given layers.
    pub fn from_layers(
        options: &[(&str, String)],
        variables: &[(String, String)],
        file: Option<(&Path, &str)>,
    ) -> Result<Self, ConfigError> {
        let mut origins: BTreeMap<&'static str, (String, Origin)> =
            KEYS.iter().map(|key| (key.name, (key.default.to_owned(), Origin::Default))).collect();
        if let Some((path, text)) = file {
            let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
                let (line, text) = line_at(text, e.span().map_or(0, |span| span.start));
                ConfigError::NotToml { path: path.to_owned(), line, text }
            })?;
            for (name, value) in table {
                let value = match value {
                    toml::Value::String(text) => text,
                    toml::Value::Array(items) => items
                        .iter()
                        .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                        .collect::<Vec<_>>()
                        .join(","),
                    other => other.to_string(),
                };
                set(&mut origins, &name, value, Origin::File, &name, Some(path))?;
            }
        }
        for (variable, value) in variables {
            if TEST_PREFIXES.iter().any(|prefix| variable.starts_with(prefix)) {
                continue;
            }
            let name = variable.trim_start_matches("TAPAK_").to_lowercase();
            set(&mut origins, &name, value.clone(), Origin::Variable, variable, None)?;
        }
        for (name, value) in options {
            set(&mut origins, name, value.clone(), Origin::Option, name, None)?;
        }
        Self::parse(origins)
    }

    fn parse(origins: BTreeMap<&'static str, (String, Origin)>) -> Result<Self, ConfigError> {
        let text = |name: &'static str| origins.get(name).map_or("", |(value, _)| value.trim());
        let some = |name: &'static str| Some(text(name).to_owned()).filter(|value| !value.is_empty());
        let data = PathBuf::from(text("data"));
        let database = some("database").unwrap_or_else(|| format!("sqlite:{}", data.join("tapak.db").display()));
        let listen: SocketAddr = number(&origins, "listen", "address_and_port")?;
        let language = match some("language") {
            None => Language::En,
            Some(given) => {
                Language::parse(&given).ok_or(ConfigError::Value { key: "language", given, expected: "language" })?
            }
        };
        let tls = match (some("tls_cert"), some("tls_key")) {
            (Some(cert), Some(key)) => Some((PathBuf::from(cert), PathBuf::from(key))),
            (None, None) => None,
            (cert, _) => {
                let key = if cert.is_some() { "tls_key" } else { "tls_cert" };
                return Err(ConfigError::Value { key, given: "\"\"".to_owned(), expected: "tls_pair" });
            }
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base_url = some("base_url").unwrap_or_else(|| format!("{scheme}://{listen}"));
        if !base_url.starts_with("http://") && !base_url.starts_with("https://") {
            return Err(ConfigError::Value { key: "base_url", given: base_url, expected: "web_address" });
        }
        let country = country(text("country"))?;
        let judge = judge(&origins)?;
        let weights = match some("judge_weights").map(PathBuf::from) {
            None => Weights::shipped(),
            Some(path) => {
                let text = read_file(&path)?;
                Weights::parse(&text).map_err(|cause| ConfigError::Weights { path, cause })?
            }
        };
        Ok(Self {
            data,
            database,
            listen,
            language,
            base_url: base_url.trim_end_matches('/').to_owned(),
            tls,
            smtp: some("smtp"),
            mail_from: text("mail_from").to_owned(),
            alerts: addresses("alerts", text("alerts"))?,
            alert_settle: Duration::from_secs_f64(positive(&origins, "alert_settle_s", "seconds")?),
            smtp_timeout: Duration::from_secs_f64(positive(&origins, "smtp_timeout_s", "seconds")?),
            basemap: some("basemap"),
            headings: some("headings").map(PathBuf::from),
            border_tolerance_m: positive(&origins, "border_tolerance_m", "metres")?,
            country,
            far_place_m: 1_000.0 * positive(&origins, "far_place_km", "kilometres")?,
            village_alerts: number(&origins, "village_alerts", "count_or_none")?,
            judge,
            weights,
            workers: number::<usize>(&origins, "workers", "count")?.max(1),
            photo_bytes: number(&origins, "photo_bytes", "bytes")?,
            limits: limits(&origins)?,
            session: Duration::from_secs(86_400 * number::<u64>(&origins, "session_days", "days")?),
            password_cost: Cost {
                memory_kib: number(&origins, "password_memory_kib", "kibibytes")?,
                passes: number(&origins, "password_passes", "whole")?,
            },
            origins,
        })
    }

    /// The judge with these settings and weights.
    pub fn judge(&self) -> Judge {
        Judge::with(self.judge.clone(), self.weights.clone())
    }

    /// Cookies are only sent over https.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The settings in force and their origin, secrets hidden.
    pub fn lines(&self) -> Vec<Line> {
        KEYS.iter()
            .map(|key| {
                let (value, origin) = &self.origins[key.name];
                let shown = match (key.name, value.is_empty()) {
                    ("database", true) => self.database.clone(),
                    ("base_url", true) => self.base_url.clone(),
                    ("language", true) => self.language.to_string(),
                    (_, true) => "-".to_owned(),
                    (_, false) if key.secret => hide(value),
                    _ => value.clone(),
                };
                Line { key: key.name, value: shown, origin: *origin }
            })
            .collect()
    }
}

/// A setting for display.
#[derive(Debug)]
pub struct Line {
    pub key: &'static str,
    pub value: String,
    pub origin: Origin,
}

/// The language of the terminal, determined before anything is validated, so that any error is reported in it. Same
/// precedence as every setting; errors are ignored here and reported by [`Config::load`].
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

/// The settings file requested, or the one in the working folder, if it exists.
fn settings_file(asked: Option<&Path>) -> Option<PathBuf> {
    match asked {
        Some(path) => Some(path.to_owned()),
        None => Some(PathBuf::from("tapak.toml")).filter(|path| path.exists()),
    }
}

/// The language by the first locale that is set: Indonesian if it is that, else English.
#[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
fn locale_language() -> Language {
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

fn read_file(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })
}

fn set(
    origins: &mut BTreeMap<&'static str, (String, Origin)>,
    name: &str,
    value: String,
    origin: Origin,
    shown: &str,
    file: Option<&Path>,
) -> Result<(), ConfigError> {
    let Some(key) = KEYS.iter().find(|key| key.name == name) else {
        let likeness = |key: &Key| strsim::jaro_winkler(key.name, name);
        let nearest = KEYS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let near = nearest.filter(|key| likeness(key) > 0.8).map(|key| match origin {
            Origin::Variable => format!("TAPAK_{}", key.name.to_uppercase()),
            _ => key.name.to_owned(),
        });
        return Err(ConfigError::Unknown { given: shown.to_owned(), near, file: file.map(Path::to_owned) });
    };
    origins.insert(key.name, (value, origin));
    Ok(())
}

fn number<T: std::str::FromStr>(
    origins: &BTreeMap<&'static str, (String, Origin)>,
    key: &'static str,
    expected: &'static str,
) -> Result<T, ConfigError> {
    let given = origins.get(key).map_or("", |(value, _)| value.trim());
    given.parse().map_err(|_| ConfigError::Value { key, given: given.to_owned(), expected })
}

/// The settings of the judge, with the same bounds as `tapak whatif --set`.
fn judge(origins: &BTreeMap<&'static str, (String, Origin)>) -> Result<Settings, ConfigError> {
    let name = |key: &'static str| key.strip_prefix("judge_").filter(|name| Settings::NAMES.contains(name));
    let named = KEYS.iter().filter_map(|key| Some((name(key.name)?, &origins[key.name].0)));
    let changes: Vec<_> = named.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Settings::default().with(&changes).map_err(|invalid| {
        let field = format!("judge_{}", invalid.field);
        ConfigError::Judge(invalid.in_field(field))
    })
}

/// By name, as a box, or from a file.
fn country(given: &str) -> Result<Country, ConfigError> {
    if given.eq_ignore_ascii_case("indonesia") {
        return Ok(Country::indonesia());
    }
    let numbers: Result<Vec<f64>, _> = given.split(',').map(|part| part.trim().parse()).collect();
    if let Ok(numbers) = numbers {
        let sound = |[west, south, east, north]: &[f64; 4]| west < east && south < north;
        let corners = <[f64; 4]>::try_from(numbers).ok().filter(sound);
        return corners.map(Country::of_box).ok_or_else(|| ConfigError::Value {
            key: "country",
            given: given.to_owned(),
            expected: "box",
        });
    }
    let path = PathBuf::from(given);
    let text = read_file(&path)?;
    Country::parse(&text).map_err(|cause| ConfigError::Country { path, cause })
}

/// The limits. A limit of 0 would let nobody in.
fn limits(origins: &BTreeMap<&'static str, (String, Origin)>) -> Result<Limits, ConfigError> {
    let count = |key| number::<std::num::NonZeroU32>(origins, key, "count").map(|n| n.get());
    let size = |key| count(key).map(|n| n as usize);
    let seconds = |key| count(key).map(|n| Duration::from_secs(n.into()));
    let given = &origins["trusted_proxies"].0;
    Ok(Limits {
        trusted_proxies: parse_networks(given).ok_or_else(|| ConfigError::Value {
            key: "trusted_proxies",
            given: given.clone(),
            expected: "networks",
        })?,
        connections: size("connections")?,
        connections_per_address: size("connections_per_address")?,
        requests: size("requests")?,
        header: seconds("header_timeout_s")?,
        idle: seconds("idle_timeout_s")?,
        body_idle: seconds("body_idle_s")?,
        body_rate: count("body_bytes_s")?,
        body_grace: seconds("body_grace_s")?,
        body_memory: size("body_memory")?,
        bodies_per_person: size("bodies_per_person")?,
        photo_memory: size("photo_memory")?,
        checks_at_once: size("checks_at_once")?,
        checks_per_minute: count("checks_per_minute")?,
        whatifs_per_minute: count("whatifs_per_minute")?,
        request: seconds("request_timeout_s")?,
    })
}

/// Mail addresses separated by commas. An invalid one is refused at the start: later it would block a mail.
fn addresses(key: &'static str, given: &str) -> Result<Vec<String>, ConfigError> {
    let parse = |address: &str| match address.parse::<lettre::Address>() {
        Ok(_) => Ok(address.to_owned()),
        Err(_) => Err(ConfigError::Value { key, given: address.to_owned(), expected: "mail_addresses" }),
    };
    given.split(',').map(str::trim).filter(|address| !address.is_empty()).map(parse).collect()
}

fn positive(
    origins: &BTreeMap<&'static str, (String, Origin)>,
    key: &'static str,
    expected: &'static str,
) -> Result<f64, ConfigError> {
    let value: f64 = number(origins, key, expected)?;
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(ConfigError::Value { key, given: value.to_string(), expected })
}

/// An address with its user and password removed; anything else is hidden completely.
fn hide(value: &str) -> String {
    match (value.split_once("://"), value.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        (Some(_), None) => value.to_owned(),
        _ if value.starts_with("sqlite:") => value.to_owned(),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    fn variable(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn an_option_goes_before_a_variable_before_the_file_before_the_default() {
        let file = (Path::new("tapak.toml"), "listen = '127.0.0.1:1'\ndata = 'a'\nborder_tolerance_m = 40");
        let config = Config::from_layers(
            &[("listen", "127.0.0.1:3".to_owned())],
            &[variable("TAPAK_LISTEN", "127.0.0.1:2"), variable("TAPAK_DATA", "b")],
            Some(file),
        )
        .unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.data, Path::new("b"));
        assert!((config.border_tolerance_m - 40.0).abs() < f64::EPSILON);
        let origin = |key: &str| config.lines().into_iter().find(|line| line.key == key).unwrap().origin;
        assert_eq!((origin("listen"), origin("data")), (Origin::Option, Origin::Variable));
        assert_eq!((origin("border_tolerance_m"), origin("smtp")), (Origin::File, Origin::Default));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_near_one() {
        let wrong = Config::from_layers(&[], &[variable("TAPAK_LISTEM", "x")], None).unwrap_err();
        let ConfigError::Unknown { given, near, file: None } = wrong else { panic!("{wrong:?}") };
        assert_eq!((given.as_str(), near.as_deref()), ("TAPAK_LISTEM", Some("TAPAK_LISTEN")));
    }

    #[test]
    fn every_setting_is_explained_in_both_languages() {
        for language in Language::ALL {
            let known = Words::keys(*language);
            let explained = |key: &Key| known.contains(&format!("settings.about.{}", key.name));
            let silent: Vec<_> = KEYS.iter().filter(|key| !explained(key)).map(|key| key.name).collect();
            assert!(silent.is_empty(), "{language}: {silent:?}");
            assert_eq!(known.iter().filter(|key| key.starts_with("settings.about.")).count(), KEYS.len());
        }
    }

    #[test]
    fn every_variable_that_the_documentation_names_is_known() {
        for name in ["DATA", "DATABASE", "LISTEN", "BASE_URL", "SMTP", "MAIL_FROM", "BASEMAP", "TLS_CERT", "TLS_KEY"] {
            let key = name.to_lowercase();
            assert!(KEYS.iter().any(|known| known.name == key), "{name}");
        }
    }

    #[test]
    fn an_invalid_address_is_refused_at_the_start_and_named() {
        let of = |value: &str| Config::from_layers(&[], &[variable("TAPAK_ALERTS", value)], None);
        assert_eq!(of("camat@example.go.id, dpmd@example.go.id,").unwrap().alerts.len(), 2);
        for wrong in ["Admin Kabupaten", "camat@", "@example.go.id", "Camat <camat@example.go.id>", "a b@example.go.id"]
        {
            let refused = of(&format!("pengawas@example.go.id,{wrong}")).unwrap_err().to_string();
            assert!(refused.contains("alerts") && refused.contains(wrong), "{refused}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let config = Config::from_layers(
            &[],
            &[
                variable("TAPAK_DATABASE", "postgres://u:geheim@db.example.org/tapak"),
                variable("TAPAK_SMTP", "smtps://u:geheim@mail.example.org"),
            ],
            None,
        )
        .unwrap();
        let shown = format!("{:?}", config.lines());
        assert!(!shown.contains("geheim") && shown.contains("postgres://…@db.example.org/tapak"), "{shown}");
    }
}
