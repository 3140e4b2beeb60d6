//! The table of settings, and where a value comes from.

use super::ConfigError;
use std::collections::BTreeMap;
use std::path::Path;

/// A setting: its key in `tapak.toml`; as a variable it is `TAPAK_` and the key in capitals. Its description is in
/// the catalogue, under `settings.about`.
pub(super) struct Key {
    pub name: &'static str,
    pub default: &'static str,
    /// Shown as `…` by `tapak config`.
    pub secret: bool,
}

const fn key(name: &'static str, default: &'static str) -> Key {
    Key { name, default, secret: false }
}

const fn secret(name: &'static str, default: &'static str) -> Key {
    Key { name, default, secret: true }
}

pub(super) const KEYS: &[Key] = &[
    key("data", "data"),
    secret("database", ""),
    key("language", ""),
    key("listen", "127.0.0.1:8080"),
    key("base_url", ""),
    key("metrics_listen", ""),
    key("log", "text"),
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
    key("upload_bytes", "268435456"),
    key("upload_days", "7"),
    key("trusted_proxies", ""),
    key("connections", "2000"),
    key("connections_per_address", "200"),
    key("requests", "1000"),
    key("requests_per_person", "3000"),
    key("requests_per_address", "6000"),
    key("event_streams", "1000"),
    key("event_streams_of_one", "20"),
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
    key("session_days", "90"),
    key("session_idle_days", "30"),
    key("staff_session_days", "7"),
    key("staff_idle_hours", "12"),
    key("second_factor", "required"),
    key("password_memory_kib", "19456"),
    key("password_passes", "2"),
    key("backup", ""),
    key("backup_at", "01:00+07:00"),
    key("backup_keep", "14"),
    key("backup_recipients", ""),
    key("backup_identity", ""),
    key("s3_endpoint", ""),
    key("s3_region", ""),
    secret("s3_access_key_id", ""),
    secret("s3_secret_access_key", ""),
];

/// Variables by which other programs are told of S3-compatible storage, and ours.
pub(super) const S3_VARIABLES: &[(&str, &str)] = &[
    ("AWS_ENDPOINT_URL", "TAPAK_S3_ENDPOINT"),
    ("AWS_REGION", "TAPAK_S3_REGION"),
    ("AWS_ACCESS_KEY_ID", "TAPAK_S3_ACCESS_KEY_ID"),
    ("AWS_SECRET_ACCESS_KEY", "TAPAK_S3_SECRET_ACCESS_KEY"),
];

/// Variables that only tests and the e2e runner read.
pub(super) const TEST_PREFIXES: &[&str] = &["TAPAK_TEST_", "TAPAK_E2E_"];

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

/// The value of each setting, as text, with its origin.
pub(super) type Origins = BTreeMap<&'static str, (String, Origin)>;

/// Sets one by its name; an unknown one is refused, with the nearest that is known.
pub(super) fn set(
    origins: &mut Origins,
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
