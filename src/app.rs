//! The whole service: built once, cloned cheaply.

use crate::accounts::password;
use crate::accounts::password_line::PasswordLine;
use crate::allowance::Allowance;
use crate::atlas::Atlas;
use crate::atlas::follow::Follower;
use crate::atlas::snapshot;
use crate::budget::Budget;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::Time;
use crate::domain::doer::Doer;
use crate::findings::Gathering;
use crate::mail::transport::Transport;
use crate::metrics::Metrics;
use crate::news::Marks;
use crate::photos::decoding::Decoding;
use crate::photos::keep::PhotoStore;
use crate::rates::Rates;
use crate::readiness::{Pulse, Readiness, Subjects};
use crate::store::Store;
use crate::store::process::Process;
use crate::turns::Turns;
use std::sync::Arc;
use tokio::sync::{OnceCell, Semaphore, watch};

/// What-ifs that may run or wait at once.
const WHATIF_LINE: usize = 4;

/// Everything that a request or a job needs.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub store: Store,
    /// The owner of the jobs that this process claims.
    pub process: Arc<Process>,
    pub atlas: Arc<Atlas>,
    pub clock: Clock,
    pub photos: PhotoStore,
    pub mailer: Arc<Transport>,
    pub readiness: Readiness,
    /// The sign of life of the worker of this process.
    pub pulse: Pulse,
    pub metrics: Metrics,
    /// Limits the number of concurrent requests.
    pub requests: Arc<Semaphore>,
    /// Requests of each person and address.
    pub rates: Arc<Rates>,
    /// Event streams: of all, of one person or address, and the seal of their marks, made when it is first needed.
    pub streams: Arc<Semaphore>,
    pub streams_of_one: Allowance,
    pub marks: Arc<OnceCell<Arc<Marks>>>,
    /// Turns true at the signal to stop: what would go on for ever ends.
    pub stopping: watch::Sender<bool>,
    /// CPU work that a person waits for: live checks, large footprints.
    pub live_turns: Turns,
    /// CPU work that nobody waits for: screenings.
    pub screening_turns: Turns,
    /// Reading of files to be imported.
    pub import_turns: Turns,
    /// Memory for the bodies of requests.
    pub bodies: Budget,
    /// Decodes pictures within limits of memory and number.
    pub pictures: Decoding,
    /// Concurrent bodies of one person.
    pub bodies_of_one: Allowance,
    /// Live checks of one person.
    pub checks_of_one: Allowance,
    /// What-ifs of one person, their queue, and the one that runs: it takes all cores for some seconds.
    pub whatifs_of_one: Allowance,
    pub whatif_line: Arc<Semaphore>,
    pub whatif_turns: Turns,
    /// The queue for hashing passwords.
    pub passwords: PasswordLine,
    /// Compared with the password of an unknown login, so that it takes as long as a known one.
    pub decoy_hash: Arc<str>,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data folder {0}: {1}")]
    Folder(std::path::PathBuf, std::io::Error),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error("photos: {0}")]
    Photos(#[from] crate::photos::PhotoError),
    #[error("smtp: {0}")]
    Mail(String),
    #[error(transparent)]
    Password(#[from] password::HashError),
}

impl App {
    /// The follower that keeps the Atlas in line with the database.
    pub fn follower(&self) -> Follower {
        Follower {
            store: self.store.clone(),
            atlas: Arc::clone(&self.atlas),
            clock: self.clock.clone(),
            snapshot: snapshot::path(&self.config.data).into(),
        }
    }

    /// Opens the database, the photo folder and the mailer. The Atlas is still empty: see [`Follower::load`].
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        std::fs::create_dir_all(&config.data).map_err(|e| StartError::Folder(config.data.clone(), e))?;
        let store = Store::open(&config.database).await?;
        let process = Arc::new(Process::begin(&store, clock.id()).await?);
        let photos = PhotoStore::folder(&config.data.join("photos"))?;
        let mailer = Transport::from_settings(config.smtp.as_deref(), config.smtp_timeout, &config.data.join("outbox"))
            .map_err(|e| StartError::Mail(e.to_string()))?;
        let judge = config.judge();
        let decoy_hash = password::hash("a password that nobody has", config.password_cost)?.into();
        Ok(Self {
            requests: Arc::new(Semaphore::new(config.limits.requests)),
            rates: Arc::new(Rates::new(config.limits.rates)),
            streams: Arc::new(Semaphore::new(config.limits.streams)),
            streams_of_one: Allowance::at_once(config.limits.streams_of_one),
            marks: Arc::default(),
            stopping: watch::channel(false).0,
            bodies: Budget::new(config.limits.body_memory),
            pictures: Decoding::new(config.limits.photo_memory),
            checks_of_one: Allowance::per_minute(config.limits.checks_at_once, config.limits.checks_per_minute),
            whatifs_of_one: Allowance::per_minute(1, config.limits.whatifs_per_minute),
            whatif_line: Arc::new(Semaphore::new(WHATIF_LINE)),
            whatif_turns: Turns::new(1),
            bodies_of_one: Allowance::at_once(config.limits.bodies_per_person),
            config: Arc::new(config),
            store,
            process,
            atlas: Arc::new(Atlas::new(judge)),
            clock,
            readiness: Readiness::default(),
            pulse: Pulse::default(),
            metrics: Metrics::default(),
            photos,
            mailer: Arc::new(mailer),
            live_turns: Turns::of_half_the_cores(),
            screening_turns: Turns::of_half_the_cores(),
            import_turns: Turns::of_half_the_cores(),
            passwords: PasswordLine::default(),
            decoy_hash,
        })
    }

    /// The parts of the service that cannot do their work now.
    pub async fn lacks(&self) -> Vec<&'static str> {
        let of = Subjects { store: &self.store, atlas: &self.atlas, photos: &self.photos, pulse: &self.pulse };
        self.readiness.lacks(of, self.clock.now()).await
    }

    /// The parameters for gathering pairs into findings.
    pub fn gathering<'a>(&'a self, now: Time, by: &'a Doer) -> Gathering<'a> {
        Gathering { clock: &self.clock, now, village_day: self.config.village_alerts, by }
    }

    /// Closes all connections, and releases the identity of this process.
    pub async fn close(&self) {
        self.process.end().await;
        self.store.close().await;
    }
}
