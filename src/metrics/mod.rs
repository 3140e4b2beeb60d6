//! What a monitoring system asks for, in the text format of OpenMetrics. No label names a person or is without bound:
//! routes are templates, methods, statuses, kinds and parts closed sets.

mod levels;

pub use levels::Levels;

use crate::domain::job::JobKind;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The content type of the answer.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Bounds of the times of answers, seconds: from a list of the page to a what-if.
const BOUNDS_S: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];
/// The label of a job of a newer program.
const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: String,
    method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Jobs {
    kind: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    of: &'static str,
}

/// No label: of a level that is left out where there is nothing to be said.
type Bare = [(&'static str, &'static str); 0];

/// The counters of this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    running: Gauge,
    jobs: Family<Jobs, Gauge>,
    atlas_projects: Gauge,
    atlas_lag: Gauge,
    backup_age: Family<Bare, Gauge>,
    connections: Family<Of, Gauge>,
    ready: Family<Of, Gauge>,
    memory: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

fn histogram() -> Histogram {
    Histogram::new(BOUNDS_S)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut inner = Inner {
            registry: Registry::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            running: Gauge::default(),
            jobs: Family::default(),
            atlas_projects: Gauge::default(),
            atlas_lag: Gauge::default(),
            backup_age: Family::default(),
            connections: Family::default(),
            ready: Family::default(),
            memory: Gauge::default(),
        };
        inner.register();
        Self(Arc::new(inner))
    }
}

impl Inner {
    fn register(&mut self) {
        let resident = "Memory that the system holds for the process";
        self.registry.register_with_unit("process_resident_memory", resident, Unit::Bytes, self.memory.clone());
        let own = self.registry.sub_registry_with_prefix("tapak");
        own.register("requests", "Answered requests", self.requests.clone());
        let time = "Time from a request to the begin of its answer";
        own.register_with_unit("request_duration", time, Unit::Seconds, self.seconds.clone());
        own.register("requests_running", "Requests being answered", self.running.clone());
        own.register("jobs", "Jobs that wait or were given up", self.jobs.clone());
        own.register("atlas_projects", "Projects in the Atlas of this process", self.atlas_projects.clone());
        own.register("atlas_lag_entries", "Entries of the change log that it has not yet", self.atlas_lag.clone());
        let age = "Time since the last whole backup began; left out where there never was one";
        own.register_with_unit("backup_age", age, Unit::Seconds, self.backup_age.clone());
        own.register("database_connections", "Connections of this process", self.connections.clone());
        own.register("ready", "1: this part can do its work; 0: it cannot", self.ready.clone());
    }
}

impl Metrics {
    /// Counts an answered request.
    pub fn answered(&self, route: String, method: &'static str, status: u16, time: Duration) {
        let status = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let asked = Asked { route: route.clone(), method };
        self.0.seconds.get_or_create(&asked).observe(time.as_secs_f64());
        self.0.requests.get_or_create(&Answered { route, method, status }).inc();
    }

    /// All of it as text, with the levels of now. O(labels).
    pub fn text(&self, levels: &Levels) -> Result<String, fmt::Error> {
        let inner = &self.0;
        inner.running.set(count(levels.requests_running));
        inner.atlas_projects.set(count(levels.atlas_projects));
        if let Some(lag) = levels.atlas_lag {
            inner.atlas_lag.set(lag);
        }
        if let Some(jobs) = &levels.jobs {
            // What is none any more is zero, and does not stay as it was.
            inner.jobs.clear();
            for kind in JobKind::ALL.iter().map(|kind| kind.as_str()).chain([OTHER]) {
                for state in ["waiting", "failed"] {
                    let of = |row: &&(String, String, i64)| {
                        let known = JobKind::parse(&row.0).map_or(OTHER, JobKind::as_str);
                        known == kind && row.1 == state
                    };
                    let sum = jobs.iter().filter(of).map(|row| row.2).sum();
                    inner.jobs.get_or_create(&Jobs { kind, state }).set(sum);
                }
            }
        }
        if let Some(age) = levels.backup_age {
            inner.backup_age.clear();
            if let Some(age) = age {
                inner.backup_age.get_or_create(&[]).set(i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
            }
        }
        inner.connections.get_or_create(&Of { of: "idle" }).set(count(levels.connections_idle));
        let in_use = levels.connections.saturating_sub(levels.connections_idle);
        inner.connections.get_or_create(&Of { of: "in_use" }).set(count(in_use));
        for (part, is_ready) in &levels.ready {
            inner.ready.get_or_create(&Of { of: part }).set((*is_ready).into());
        }
        if let Some(bytes) = levels.memory_bytes {
            inner.memory.set(count(bytes));
        }
        let mut text = String::new();
        encode(&mut text, &inner.registry)?;
        Ok(text)
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
