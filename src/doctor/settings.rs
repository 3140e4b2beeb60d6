//! Settings that are dangerous where others reach the service.

use super::{Line, State};
use crate::config::Config;
use serde_json::json;

pub fn examine(config: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |state, code| {
        lines.push(Line::new("settings", state, code, json!({ "url": config.base_url, "listen": config.listen })));
    };
    let is_reached = !config.listen.ip().is_loopback();
    if is_reached && config.tls.is_none() && config.limits.trusted_proxies.is_empty() {
        add(State::Wrong, "no_tls");
    }
    if config.limits.trusted_proxies.is_empty() && config.is_https() && config.tls.is_none() {
        add(State::Note, "no_proxy");
    }
    if config.base_url.contains("://127.0.0.1") && is_reached {
        add(State::Note, "loopback_url");
    }
    if config.s3.key_id.is_some() != config.s3.secret.is_some() {
        add(State::Wrong, "half_s3");
    }
    if lines.is_empty() {
        lines.push(Line::new("settings", State::Ok, "safe", json!({})));
    }
    lines
}
