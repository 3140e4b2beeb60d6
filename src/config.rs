//! Every setting, its default and its unit. Nothing else reads the environment.
//!
//! In this order: command-line option, `TAPAK_…` variable, `tapak.toml`, default. An unknown key is an error.

use crate::domain::person::Language;
use crate::duplicates::{Judge, Settings, Weights};
use crate::limits::{Limits, parse_networks};
use crate::spatial::country::Country;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A setting: its key in `tapak.toml`; as a variable it is `TAPAK_` and the key in capitals.
struct Key {
    name: &'static str,
    default: &'static str,
    /// One line for `tapak config` and the documentation.
    about: &'static str,
    /// Shown as `…` by `tapak config`.
    secret: bool,
}

const fn key(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, default, about, secret: false }
}

const fn secret(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, default, about, secret: true }
}

const KEYS: &[Key] = &[
    key("data", "data", "folder of the database, the photos and the outbox"),
    secret("database", "", "sqlite:FILE or postgres://…; empty: tapak.db in the data folder"),
    key("language", "", "language of the terminal: id or en; empty: as LC_ALL, LC_MESSAGES or LANG say"),
    key("listen", "127.0.0.1:8080", "address and port to serve on"),
    key("base_url", "", "address that people open, for links in mails; empty: http(s):// and the listen address"),
    key("tls_cert", "", "PEM file with the certificate chain: serve https by itself"),
    key("tls_key", "", "PEM file with the private key of tls_cert"),
    secret("smtp", "", "smtp://user:password@host:port or smtps://…; empty: mails become files in the outbox folder"),
    key("smtp_timeout_s", "20", "seconds after which a mail server that says nothing is away"),
    key("mail_from", "Tapak <tapak@localhost>", "sender of mails"),
    key("alerts", "", "further addresses that get every alert, separated by commas"),
    key("alert_settle_s", "20", "seconds that alerts are gathered into one mail"),
    key("basemap", "", "address of a MapLibre style drawn under the villages; empty: the boundaries are the map"),
    key("border_tolerance_m", "50", "metres that a village border may be wrong"),
    key(
        "country",
        "indonesia",
        "outline of the country: indonesia, a GeoJSON file, or west,south,east,north in degrees; works outside become a finding",
    ),
    key("far_place_km", "10", "kilometres from the named village from which on a place must be confirmed"),
    key("village_alerts", "20", "alerts of one village and day told one by one; the rest are one summary"),
    key("judge_radius_m", "250", "metres within which works are compared"),
    key("judge_corridor_m", "15", "metres within which two lines beside each other are one line"),
    key("judge_angle_deg", "30", "degrees that the directions of one line drawn twice may differ"),
    key("judge_stacked", "5", "works on one point from which on the point says nothing"),
    key("judge_life_years", "10", "years that a work lasts: built again later, it is renewed"),
    key("judge_alert", "0.8", "probability, 0 to 1, from which a pair is an alert"),
    key("judge_review", "0.35", "probability, 0 to 1, from which a pair is worth a look"),
    key(
        "judge_weights",
        "",
        "TOML file of weights, such as `tapak calibrate --out` writes; empty: those of the program",
    ),
    key("workers", "2", "jobs done at the same time by this process"),
    key("photo_bytes", "26214400", "largest photo, bytes"),
    key(
        "trusted_proxies",
        "",
        "reverse proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas",
    ),
    key("connections", "2000", "connections at once"),
    key("connections_per_address", "200", "of them from one address; loopback and trusted proxies are not counted"),
    key("requests", "1000", "requests answered at once; further ones are asked to come again"),
    key("header_timeout_s", "20", "seconds for the header of a request, or until the next one on the same connection"),
    key("idle_timeout_s", "120", "seconds without a byte in either direction after which a connection is closed"),
    key("body_idle_s", "30", "seconds without a byte of a body after which the request is given up"),
    key("body_bytes_s", "500", "slowest body, bytes a second on average; the first minute is free"),
    key("body_memory", "50331648", "bytes of bodies, and of what is read from them, in memory at once"),
    key("bodies_per_person", "16", "bodies that one person may be sending at once"),
    key("photo_memory", "134217728", "bytes that photos take while they are decoded, all together"),
    key("checks_at_once", "2", "live checks of one person at once"),
    key("checks_per_minute", "60", "live checks of one person in a minute"),
    key("whatifs_per_minute", "6", "what-ifs of one person in a minute; one runs at a time"),
    key("request_timeout_s", "300", "seconds for a request, beside those that its body may take"),
    key("session_days", "30", "days that a sign-in lasts"),
    key("password_memory_kib", "19456", "memory of argon2id, KiB (OWASP 2024: 19 MiB)"),
    key("password_passes", "2", "passes of argon2id"),
];

/// Variables that only tests and the e2e runner read.
const TEST_PREFIXES: &[&str] = &["TAPAK_TEST_", "TAPAK_E2E_"];

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Option,
    Variable,
    File,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Option => "option",
            Self::Variable => "environment",
            Self::File => "tapak.toml",
            Self::Default => "default",
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} is no setting of Tapak. `tapak config` lists those that are{1}")]
    Unknown(String, String),
    #[error("{path}: {problem}")]
    File { path: PathBuf, problem: String },
    #[error("{key} = {given:?}: {expected}")]
    Value { key: &'static str, given: String, expected: String },
}

/// Everything that is in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub database: String,
    pub listen: SocketAddr,
    /// Of what the program says in the terminal.
    pub language: Language,
    pub base_url: String,
    pub tls: Option<(PathBuf, PathBuf)>,
    pub smtp: Option<String>,
    pub mail_from: String,
    pub alerts: Vec<String>,
    pub alert_settle: Duration,
    pub smtp_timeout: Duration,
    pub basemap: Option<String>,
    pub border_tolerance_m: f64,
    /// Works outside of it become a finding.
    pub country: Country,
    /// How far a place may lie from the village that the record names before somebody has to confirm it, metres.
    pub far_place_m: f64,
    /// Alerts of one village and day that are told one by one.
    pub village_alerts: usize,
    pub judge: Settings,
    pub weights: Weights,
    pub workers: usize,
    pub photo_bytes: usize,
    pub limits: Limits,
    pub session: Duration,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    origins: BTreeMap<&'static str, (String, Origin)>,
}

impl Config {
    /// Reads the environment and `file` (by default `tapak.toml` in the working folder, where there is one);
    /// `options` are what the command line says, by key.
    pub fn load(options: &[(&str, String)], file: Option<&Path>) -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let variables: Vec<(String, String)> =
            std::env::vars().filter(|(name, _)| name.starts_with("TAPAK_")).collect();
        let language = terminal_language();
        let text = match file {
            Some(path) => Some((path.to_owned(), read(path)?)),
            None => {
                let path = PathBuf::from("tapak.toml");
                if path.exists() { Some((path.clone(), read(&path)?)) } else { None }
            }
        };
        let mut config =
            Self::from_layers(options, &variables, text.as_ref().map(|(path, text)| (path.as_path(), text.as_str())))?;
        if config.origins.get("language").is_some_and(|(value, _)| value.is_empty()) {
            config.language = language;
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
            let table: toml::Table = text
                .parse()
                .map_err(|e: toml::de::Error| ConfigError::File { path: path.to_owned(), problem: e.to_string() })?;
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
                set(&mut origins, &name, value, Origin::File, &format!("{name} in {}", path.display()))?;
            }
        }
        for (variable, value) in variables {
            if TEST_PREFIXES.iter().any(|prefix| variable.starts_with(prefix)) {
                continue;
            }
            let name = variable.trim_start_matches("TAPAK_").to_lowercase();
            set(&mut origins, &name, value.clone(), Origin::Variable, variable)?;
        }
        for (name, value) in options {
            set(&mut origins, name, value.clone(), Origin::Option, name)?;
        }
        Self::parse(origins)
    }

    fn parse(origins: BTreeMap<&'static str, (String, Origin)>) -> Result<Self, ConfigError> {
        let text = |name: &'static str| origins.get(name).map_or("", |(value, _)| value.trim());
        let some = |name: &'static str| Some(text(name).to_owned()).filter(|value| !value.is_empty());
        let data = PathBuf::from(text("data"));
        let database = some("database").unwrap_or_else(|| format!("sqlite:{}", data.join("tapak.db").display()));
        let listen: SocketAddr = number(&origins, "listen", "an address and a port, such as 127.0.0.1:8080")?;
        let language = match some("language") {
            None => Language::En,
            Some(given) => Language::parse(&given).ok_or_else(|| ConfigError::Value {
                key: "language",
                given,
                expected: "id or en".to_owned(),
            })?,
        };
        let tls = match (some("tls_cert"), some("tls_key")) {
            (Some(cert), Some(key)) => Some((PathBuf::from(cert), PathBuf::from(key))),
            (None, None) => None,
            (cert, _) => {
                let key = if cert.is_some() { "tls_key" } else { "tls_cert" };
                return Err(ConfigError::Value {
                    key,
                    given: String::new(),
                    expected: "tls_cert and tls_key go together".to_owned(),
                });
            }
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base_url = some("base_url").unwrap_or_else(|| format!("{scheme}://{listen}"));
        if !base_url.starts_with("http://") && !base_url.starts_with("https://") {
            let expected = "an address that begins with http:// or https://".to_owned();
            return Err(ConfigError::Value { key: "base_url", given: base_url, expected });
        }
        let country = country(text("country"))?;
        let judge = judge(&origins)?;
        let weights = match some("judge_weights").map(PathBuf::from) {
            None => Weights::shipped(),
            Some(path) => {
                let text = read(&path)?;
                Weights::parse(&text).map_err(|problem| ConfigError::File { path, problem })?
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
            alert_settle: Duration::from_secs_f64(positive(&origins, "alert_settle_s", "seconds, 0 or more")?),
            smtp_timeout: Duration::from_secs_f64(positive(&origins, "smtp_timeout_s", "seconds, 0 or more")?),
            basemap: some("basemap"),
            border_tolerance_m: positive(&origins, "border_tolerance_m", "metres, 0 or more")?,
            country,
            far_place_m: 1_000.0 * positive(&origins, "far_place_km", "kilometres, 0 or more")?,
            village_alerts: number(&origins, "village_alerts", "a whole number, 0 or more")?,
            judge,
            weights,
            workers: number::<usize>(&origins, "workers", "a whole number from 1")?.max(1),
            photo_bytes: number(&origins, "photo_bytes", "a whole number of bytes")?,
            limits: limits(&origins)?,
            session: Duration::from_secs(86_400 * number::<u64>(&origins, "session_days", "a whole number of days")?),
            password_memory_kib: number(&origins, "password_memory_kib", "a whole number of KiB")?,
            password_passes: number(&origins, "password_passes", "a whole number")?,
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

    /// What is in force and where it came from, secrets hidden: key, value, origin, what it is.
    pub fn lines(&self) -> Vec<[String; 4]> {
        KEYS.iter()
            .map(|key| {
                let (value, origin) = &self.origins[key.name];
                let shown = match (key.name, value.is_empty()) {
                    ("database", true) => self.database.clone(),
                    ("base_url", true) => self.base_url.clone(),
                    (_, true) => "-".to_owned(),
                    (_, false) if key.secret => hide(value),
                    _ => value.clone(),
                };
                [key.name.to_owned(), shown, origin.to_string(), key.about.to_owned()]
            })
            .collect()
    }
}

/// The language of the terminal by the first locale that is set: Indonesian where it is so, else English.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn terminal_language() -> Language {
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

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|e| ConfigError::File { path: path.to_owned(), problem: e.to_string() })
}

fn set(
    origins: &mut BTreeMap<&'static str, (String, Origin)>,
    name: &str,
    value: String,
    origin: Origin,
    shown: &str,
) -> Result<(), ConfigError> {
    let Some(key) = KEYS.iter().find(|key| key.name == name) else {
        let near =
            KEYS.iter().map(|key| (strsim::jaro_winkler(key.name, name), key.name)).max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = match near {
            Some((likeness, near)) if likeness > 0.8 => {
                let near =
                    if origin == Origin::Variable { format!("TAPAK_{}", near.to_uppercase()) } else { near.to_owned() };
                format!("; did you mean {near}?")
            }
            _ => ".".to_owned(),
        };
        return Err(ConfigError::Unknown(shown.to_owned(), hint));
    };
    origins.insert(key.name, (value, origin));
    Ok(())
}

fn number<T: std::str::FromStr>(
    origins: &BTreeMap<&'static str, (String, Origin)>,
    key: &'static str,
    expected: &str,
) -> Result<T, ConfigError> {
    let given = origins.get(key).map_or("", |(value, _)| value.trim());
    given.parse().map_err(|_| ConfigError::Value { key, given: given.to_owned(), expected: expected.to_owned() })
}

/// The settings of the judge, bounded as `tapak whatif --set` bounds them.
fn judge(origins: &BTreeMap<&'static str, (String, Origin)>) -> Result<Settings, ConfigError> {
    let named =
        |key: &'static str| Some((key, key.strip_prefix("judge_").filter(|name| Settings::NAMES.contains(name))?));
    let given: Vec<_> = KEYS.iter().filter_map(|key| named(key.name)).collect();
    let changes: Vec<_> =
        given.iter().map(|(key, name)| ((*name).to_owned(), origins[key].0.trim().to_owned())).collect();
    Settings::default().with(&changes).map_err(|expected| {
        let key = given.iter().find(|(_, name)| expected.starts_with(name)).map_or("judge_review", |(key, _)| key);
        ConfigError::Value { key, given: origins[key].0.clone(), expected }
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
            expected: "four numbers: west,south,east,north".to_owned(),
        });
    }
    let path = PathBuf::from(given);
    let text = read(&path)?;
    Country::parse(&text).map_err(|problem| ConfigError::File { path, problem })
}

/// What is bounded. A limit of nothing would let nobody in.
fn limits(origins: &BTreeMap<&'static str, (String, Origin)>) -> Result<Limits, ConfigError> {
    let count = |key| number::<std::num::NonZeroU32>(origins, key, "a whole number from 1").map(|n| n.get());
    let size = |key| count(key).map(|n| n as usize);
    let seconds = |key| count(key).map(|n| Duration::from_secs(n.into()));
    let given = &origins["trusted_proxies"].0;
    let expected = "addresses or networks, such as 127.0.0.1, 10.0.0.0/8";
    Ok(Limits {
        trusted_proxies: parse_networks(given).ok_or_else(|| ConfigError::Value {
            key: "trusted_proxies",
            given: given.clone(),
            expected: expected.to_owned(),
        })?,
        connections: size("connections")?,
        connections_per_address: size("connections_per_address")?,
        requests: size("requests")?,
        header: seconds("header_timeout_s")?,
        idle: seconds("idle_timeout_s")?,
        body_idle: seconds("body_idle_s")?,
        body_rate: count("body_bytes_s")?,
        body_memory: size("body_memory")?,
        bodies_per_person: size("bodies_per_person")?,
        photo_memory: size("photo_memory")?,
        checks_at_once: size("checks_at_once")?,
        checks_per_minute: count("checks_per_minute")?,
        whatifs_per_minute: count("whatifs_per_minute")?,
        request: seconds("request_timeout_s")?,
    })
}

/// Mail addresses between commas. A wrong one is refused when the program starts: later it would hold up a mail.
fn addresses(key: &'static str, given: &str) -> Result<Vec<String>, ConfigError> {
    let parse = |address: &str| match address.parse::<lettre::Address>() {
        Ok(_) => Ok(address.to_owned()),
        Err(_) => {
            let expected =
                "mail addresses alone, between commas, such as camat@example.go.id,dpmd@example.go.id".to_owned();
            Err(ConfigError::Value { key, given: address.to_owned(), expected })
        }
    };
    given.split(',').map(str::trim).filter(|address| !address.is_empty()).map(parse).collect()
}

fn positive(
    origins: &BTreeMap<&'static str, (String, Origin)>,
    key: &'static str,
    expected: &str,
) -> Result<f64, ConfigError> {
    let value: f64 = number(origins, key, expected)?;
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(ConfigError::Value { key, given: value.to_string(), expected: expected.to_owned() })
}

/// An address with its user and password taken out; anything else is hidden whole.
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
        let origin = |key: &str| config.lines().into_iter().find(|line| line[0] == key).unwrap()[2].clone();
        assert_eq!((origin("listen").as_str(), origin("data").as_str()), ("option", "environment"));
        assert_eq!((origin("border_tolerance_m").as_str(), origin("smtp").as_str()), ("tapak.toml", "default"));
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_near_one() {
        let wrong = Config::from_layers(&[], &[variable("TAPAK_LISTEM", "x")], None).unwrap_err().to_string();
        assert!(wrong.contains("TAPAK_LISTEM") && wrong.contains("did you mean TAPAK_LISTEN"), "{wrong}");
    }

    #[test]
    fn every_variable_that_the_documentation_names_is_known() {
        for name in ["DATA", "DATABASE", "LISTEN", "BASE_URL", "SMTP", "MAIL_FROM", "BASEMAP", "TLS_CERT", "TLS_KEY"] {
            let key = name.to_lowercase();
            assert!(KEYS.iter().any(|known| known.name == key), "{name}");
        }
    }

    #[test]
    fn one_that_is_no_address_is_refused_at_the_start_and_named() {
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
