//! Every setting, its default and its unit. Nothing else reads the environment.
//!
//! In this order: command-line option, `TAPAK_…` variable, `tapak.toml`, default. An unknown key is an error.

mod daily;
mod keys;
mod language;

pub use daily::Daily;
pub use keys::Origin;
pub use language::terminal_language;

use crate::accounts::password::Cost;
use crate::accounts::session_limits::SessionLimits;
use crate::backup::{Recipients, S3};
use crate::domain::Invalid;
use crate::domain::person::Language;
use crate::domain::text::line_at;
use crate::duplicates::{Judge, Settings, Weights, WeightsError};
use crate::limits::{Limits, parse_networks};
use crate::rates::Quotas;
use crate::spatial::country::{Country, OutlineError};
use keys::{KEYS, Origins, S3_VARIABLES, TEST_PREFIXES, set};
use language::locale_language;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

crate::domain::closed_set! {
    /// How log lines are written: for people, or one JSON object a line.
    LogFormat { Text = "text", Json = "json" }
}

crate::domain::closed_set! {
    /// Whether inspectors and administrators must have a second factor: their rights sleep without.
    SecondFactorRule { Required = "required", Offered = "offered" }
}

/// All settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub database: String,
    pub listen: SocketAddr,
    /// Where `/metrics` is served, for who watches the service.
    pub metrics_listen: Option<SocketAddr>,
    pub log: LogFormat,
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
    /// The largest file to be imported in the page, bytes, and how long one is kept that nobody goes on with.
    pub upload_bytes: usize,
    pub upload_kept: Duration,
    pub limits: Limits,
    /// How long a session lasts; the same for posts that answer for more than a village.
    pub session: SessionLimits,
    pub staff_session: SessionLimits,
    pub second_factor: SecondFactorRule,
    pub password_cost: Cost,
    /// Where backups go by themselves, when, how many are kept, and who may read them.
    pub backup: Option<String>,
    pub backup_at: Daily,
    pub backup_keep: NonZeroUsize,
    pub backup_recipients: Recipients,
    /// The file of the secret keys by which encrypted backups are read.
    pub backup_identity: Option<PathBuf>,
    pub s3: S3,
    origins: Origins,
}

impl Config {
    /// Reads the environment and `file` (by default `tapak.toml` in the working folder, if it exists); `options` are
    /// those of the command line, by key.
    pub fn load(options: &[(&str, String)], file: Option<&Path>) -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
        let (own, others): (Vec<(String, String)>, Vec<_>) =
            std::env::vars().partition(|(name, _)| name.starts_with("TAPAK_"));
        // As other programs are told of S3-compatible storage; our own come behind them and count.
        let known = |(name, value)| {
            let own = S3_VARIABLES.iter().find(|(theirs, _)| *theirs == name)?.1;
            Some((own.to_owned(), value))
        };
        let variables: Vec<(String, String)> = others.into_iter().filter_map(known).chain(own).collect();
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
        let mut origins: Origins =
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

    fn parse(origins: Origins) -> Result<Self, ConfigError> {
        let text = |name: &'static str| origins.get(name).map_or("", |(value, _)| value.trim());
        let some = |name: &'static str| Some(text(name).to_owned()).filter(|value| !value.is_empty());
        let data = PathBuf::from(text("data"));
        let database = some("database").unwrap_or_else(|| format!("sqlite:{}", data.join("tapak.db").display()));
        let listen: SocketAddr = number(&origins, "listen", "address_and_port")?;
        let metrics_listen =
            some("metrics_listen").map(|_| number(&origins, "metrics_listen", "address_and_port")).transpose()?;
        let second_factor = SecondFactorRule::parse(text("second_factor")).ok_or_else(|| ConfigError::Value {
            key: "second_factor",
            given: text("second_factor").to_owned(),
            expected: "second_factor_rule",
        })?;
        let log = LogFormat::parse(text("log")).ok_or_else(|| ConfigError::Value {
            key: "log",
            given: text("log").to_owned(),
            expected: "log_format",
        })?;
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
            metrics_listen,
            log,
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
            upload_bytes: number(&origins, "upload_bytes", "bytes")?,
            upload_kept: days(&origins, "upload_days")?,
            limits: limits(&origins)?,
            session: SessionLimits {
                most: days(&origins, "session_days")?,
                idle: days(&origins, "session_idle_days")?,
            },
            second_factor,
            staff_session: SessionLimits {
                most: days(&origins, "staff_session_days")?,
                idle: Duration::from_secs_f64(3_600.0 * positive(&origins, "staff_idle_hours", "hours")?),
            },
            password_cost: Cost {
                memory_kib: number(&origins, "password_memory_kib", "kibibytes")?,
                passes: number(&origins, "password_passes", "whole")?,
            },
            backup: some("backup"),
            backup_at: Daily::parse(text("backup_at")).ok_or_else(|| ConfigError::Value {
                key: "backup_at",
                given: text("backup_at").to_owned(),
                expected: "time_and_zone",
            })?,
            backup_keep: number(&origins, "backup_keep", "count")?,
            backup_recipients: Recipients::parse(text("backup_recipients")).map_err(|_| ConfigError::Value {
                key: "backup_recipients",
                given: text("backup_recipients").to_owned(),
                expected: "recipients",
            })?,
            backup_identity: some("backup_identity").map(PathBuf::from),
            s3: S3 {
                endpoint: some("s3_endpoint"),
                region: some("s3_region"),
                key_id: some("s3_access_key_id"),
                secret: some("s3_secret_access_key"),
            },
            origins,
        })
    }

    /// The database as it may be shown: without user and password.
    pub fn database_shown(&self) -> String {
        hide(&self.database)
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

/// The settings file requested, or the one in the working folder, if it exists.
fn settings_file(asked: Option<&Path>) -> Option<PathBuf> {
    match asked {
        Some(path) => Some(path.to_owned()),
        None => Some(PathBuf::from("tapak.toml")).filter(|path| path.exists()),
    }
}

fn read_file(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })
}

fn number<T: std::str::FromStr>(
    origins: &Origins,
    key: &'static str,
    expected: &'static str,
) -> Result<T, ConfigError> {
    let given = origins.get(key).map_or("", |(value, _)| value.trim());
    given.parse().map_err(|_| ConfigError::Value { key, given: given.to_owned(), expected })
}

/// A setting in whole days.
fn days(origins: &Origins, key: &'static str) -> Result<Duration, ConfigError> {
    Ok(Duration::from_secs(86_400 * u64::from(number::<u32>(origins, key, "days")?)))
}

/// The settings of the judge, with the same bounds as `tapak whatif --set`.
fn judge(origins: &Origins) -> Result<Settings, ConfigError> {
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
fn limits(origins: &Origins) -> Result<Limits, ConfigError> {
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
        rates: Quotas {
            address: number(origins, "requests_per_address", "count")?,
            person: number(origins, "requests_per_person", "count")?,
        },
        streams: size("event_streams")?,
        streams_of_one: size("event_streams_of_one")?,
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

fn positive(origins: &Origins, key: &'static str, expected: &'static str) -> Result<f64, ConfigError> {
    let value: f64 = number(origins, key, expected)?;
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(ConfigError::Value { key, given: value.to_string(), expected })
}

/// An address with its user and password removed; anything else is hidden completely.
pub fn hide(value: &str) -> String {
    match (value.split_once("://"), value.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        (Some(_), None) => value.to_owned(),
        _ if value.starts_with("sqlite:") => value.to_owned(),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests;
