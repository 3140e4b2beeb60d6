//! A whole service on a random port, on either engine. What is queued is run by the test, and must be done at its end.

pub mod chain;
pub mod command;
pub mod contract;
mod data;
mod engine;
pub mod kept;
pub mod made;
pub mod odd;
pub mod people;
pub mod recorded;
pub mod s3;
pub mod telephone;

pub use data::*;
pub use engine::{Engine, skipped, variable};

use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tapak::accounts::password;
use tapak::actions::add_user::{UserInput, add_user};
use tapak::actions::sign_in::{Attempt, Opening, Peer};
use tapak::app::App;
use tapak::atlas::Atlas;
use tapak::clock::Clock;
use tapak::config::Config;
use tapak::domain::job::JobKind;
use tapak::domain::person::Person;
use tapak::domain::post::Role;
use tapak::http::listen;
use tapak::jobs::worker;
use tapak::store::{jobs, to_text};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// After this a test has failed; nothing is measured by it.
pub const NEVER: Duration = Duration::from_secs(60);

/// The password of every account made by [`TestApp::sign_in_as`].
pub const PASSWORD: &str = "a long enough password";

/// A test for each engine: `on_both_engines!(name, |app| { … })`, or with settings `name, [("key", "value")], |app| { … }`.
macro_rules! on_both_engines {
    ($name:ident, |$app:ident| $body:block) => {
        on_both_engines!($name, [], |$app| $body);
    };
    ($name:ident, [$($setting:expr),* $(,)?], |$app:ident| $body:block) => {
        async fn $name(engine: crate::common::Engine) {
            let settings: &[(&str, &str)] = &[$($setting),*];
            let $app = crate::common::TestApp::start(engine, settings).await;
            $body
            $app.finish().await;
        }

        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(crate::common::Engine::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(engine) = crate::common::Engine::postgres().await {
                    super::$name(engine).await;
                }
            }
        }
    };
}
pub(crate) use on_both_engines;

/// A running service.
pub struct TestApp {
    pub app: App,
    pub url: String,
    pub client: Client,
    pub folder: TempDir,
    pub engine: Engine,
    stop: watch::Sender<bool>,
    handle: axum_server::Handle<SocketAddr>,
    tasks: Vec<JoinHandle<()>>,
    ending: Ending,
}

/// Whether a test ended as it should: one that forgets to look at what is left over would pass whatever is left.
struct Ending {
    is_looked_at: bool,
}

impl Drop for Ending {
    fn drop(&mut self) {
        assert!(
            self.is_looked_at || std::thread::panicking(),
            "a test with a service ends with finish(), or with stop() where jobs are meant to be left"
        );
    }
}

impl TestApp {
    /// Starts one with two villages side by side. Jobs wait for [`TestApp::work`].
    pub async fn start(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let test = Self::start_bare(engine, settings).await;
        test.import_villages(&two_villages()).await;
        test
    }

    /// Starts one on an empty database.
    pub async fn start_bare(engine: Engine, settings: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), engine, settings).await
    }

    /// Starts one on what is in this folder, or on the server.
    pub async fn start_in(folder: TempDir, engine: Engine, settings: &[(&str, &str)]) -> Self {
        let url = engine.url(folder.path());
        let app = open(folder.path(), &url, settings).await;
        app.follower().load().await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let follower = tokio::spawn(app.follower().run(stopped.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let handle = axum_server::Handle::new();
        let server = tokio::spawn({
            let (app, handle) = (app.clone(), handle.clone());
            async move { listen::serve(&app, listener, None, handle).await.unwrap() }
        });
        let client = client().cookie_store(true).build().unwrap();
        let url = format!("http://{address}");
        Self {
            app,
            url,
            client,
            folder,
            engine,
            stop,
            handle,
            tasks: vec![follower, server],
            ending: Ending { is_looked_at: false },
        }
    }

    /// Another process's service on the same database, with its own Atlas.
    pub async fn another(&self, settings: &[(&str, &str)]) -> App {
        let app = open(self.folder.path(), &self.engine.url(self.folder.path()), settings).await;
        app.follower().load().await.unwrap();
        app
    }

    /// As [`TestApp::another`], of a version of the program that counts its rules so.
    pub async fn another_version(&self, rules: u32, settings: &[(&str, &str)]) -> App {
        let mut app = open(self.folder.path(), &self.engine.url(self.folder.path()), settings).await;
        app.atlas = Arc::new(Atlas::new(app.config.judge().counted_as(rules)));
        app.follower().load().await.unwrap();
        app
    }

    /// Stops, and fails where a job is left or was given up.
    pub async fn finish(self) {
        self.work().await;
        let mut tx = self.app.store.read().await.unwrap();
        let waiting = jobs::list(&mut tx, false, 100).await.unwrap();
        let failed = jobs::list(&mut tx, true, 100).await.unwrap();
        drop(tx);
        assert!(waiting.is_empty() && failed.is_empty(), "left over: {waiting:?} {failed:?}");
        self.stop().await;
    }

    /// Stops without looking at the jobs. Fails where the follower or the server panicked meanwhile.
    pub async fn stop(self) {
        self.rest().await.engine.drop_database().await;
    }

    /// Stops likewise and leaves what is there.
    pub async fn rest(mut self) -> recorded::Home {
        self.ending.is_looked_at = true;
        self.stop.send_replace(true);
        self.handle.shutdown();
        for task in self.tasks {
            task.abort();
            if let Err(e) = task.await
                && e.is_panic()
            {
                std::panic::resume_unwind(e.into_panic());
            }
        }
        self.app.close().await;
        recorded::Home { folder: self.folder, engine: self.engine }
    }

    /// Runs what is queued, what settles included: the clock is set forward for it.
    pub async fn work(&self) -> usize {
        let mut run = 0;
        for _ in 0..20 {
            run += worker::run_due(&self.app).await.unwrap();
            let mut tx = self.app.store.read().await.unwrap();
            let Some(due) = jobs::next_due(&mut tx).await.unwrap() else { break };
            drop(tx);
            if due > to_text(self.app.clock.now()) {
                self.app.clock.advance(Duration::from_secs(30));
            }
        }
        run
    }

    /// Runs what is queued, what settles included, until a job of this kind waits. That one is not run.
    pub async fn work_until(&self, kind: JobKind) {
        for _ in 0..1_000 {
            let mut tx = self.app.store.read().await.unwrap();
            let waiting = jobs::list(&mut tx, false, 100).await.unwrap();
            drop(tx);
            if waiting.iter().any(|job| job.kind == kind.as_str()) {
                return;
            }
            if !worker::run_one(&self.app).await.unwrap() {
                self.app.clock.advance(Duration::from_secs(1));
            }
        }
        panic!("nobody asks for {kind}");
    }

    pub async fn import_villages(&self, geojson: &str) {
        let input = tapak::import::Input::bytes("villages.geojson", geojson.as_bytes().to_vec());
        let options = tapak::actions::import_villages::VillageImportOptions {
            reading: tapak::import::VillageReading::default(),
            valid_from: self.app.clock.now().date_naive(),
            keep_good: false,
            dry_run: false,
        };
        let report =
            tapak::actions::import_villages::import_villages(&self.app, input, &options, |_, _| {}).await.unwrap();
        assert!(report.stored, "{:?}", report.refused);
        while self.app.follower().catch_up().await.unwrap() {}
    }

    /// Makes an account of this role and region and signs this client in with it.
    pub async fn sign_in_as(&self, role: &str, region: Option<&str>) -> Value {
        let login = format!("{role}-{}", region.unwrap_or("all"));
        let input = UserInput {
            login: login.clone(),
            name: format!("Tes {role}"),
            role: role.to_owned(),
            region_code: region.map(str::to_owned),
            email: Some(format!("{role}@example.org")),
            language: "id".to_owned(),
        };
        match add_user(&self.app, input.clone(), PASSWORD.to_owned(), false).await {
            Err(tapak::actions::ActionError::Invalid(invalid)) if invalid.code == "login_taken" => {}
            Err(tapak::actions::ActionError::Invalid(invalid))
                if matches!(invalid.code, "region_missing" | "unknown_region") =>
            {
                self.keep_unchecked(input).await;
            }
            other => {
                other.unwrap();
            }
        }
        let answer = self.post("/api/v1/session", &json!({ "login": login, "password": PASSWORD })).await;
        answer.is(StatusCode::OK)
    }

    /// The mails to this address, the parts of each as they were encoded, without broken lines.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        let outbox = self.folder.path().join("data/outbox");
        let files = std::fs::read_dir(outbox).map(|files| files.map(|file| file.unwrap().path()).collect::<Vec<_>>());
        // Long lines are broken with `=` at their end.
        let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap().replace("=\r\n", "");
        files.unwrap_or_default().into_iter().map(read).filter(|mail| mail.contains(address)).collect()
    }

    /// A person of no region, or of one that is not here, cannot be added (any more), and may be in an older database.
    async fn keep_unchecked(&self, input: UserInput) {
        let role = Role::parse(&input.role).unwrap();
        let rights = people::right(role, input.region_code.as_deref()).into_iter().collect();
        let (name, email) = (input.name, input.email);
        let person = Person { name, email, rights, ..people::a_person(&input.login) };
        let password_hash = password::hash(PASSWORD, self.app.config.password_cost).unwrap();
        people::keep(self, person, password_hash).await;
    }

    pub async fn sign_out(&self) {
        self.send(self.request(Method::DELETE, "/api/v1/session")).await.is(StatusCode::NO_CONTENT);
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        // With the client that it was made by: some tests have one of their own, which holds other cookies.
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = Answer::read(client.execute(request).await.unwrap()).await;
        contract::keeps(method.as_str(), &path, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn put_bytes(&self, path: &str, kind: &str, bytes: Vec<u8>) -> Answer {
        self.send(self.request(Method::PUT, path).header("content-type", kind).body(bytes)).await
    }

    /// The id of the village with this code.
    pub async fn village(&self, code: &str) -> Uuid {
        let mut tx = self.app.store.read().await.unwrap();
        let village = tapak::store::regions::find_village_by_code(&mut tx, code).await.unwrap();
        village.unwrap_or_else(|| panic!("no village {code}")).id
    }

    /// Registers a project and gives it back.
    pub async fn register(&self, draft: &Value) -> Value {
        self.post("/api/v1/projects", draft).await.is(StatusCode::CREATED)
    }

    /// Registers two works that are alike enough to be looked at, and not so much that a strict judge finds them.
    pub async fn register_doubles(&self) -> [Value; 2] {
        self.sign_in_as("inspector", Some("35.10")).await;
        let west = self.village(WEST).await;
        let first = self.register(&draft(west, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
        let mut alike = draft(west, "Paving Gang Masjid dan Mawar", road(114.305, -8.21));
        alike["funding"][0]["amount_rupiah"] = 60_000_000.into();
        [first, self.register(&alike).await]
    }
}

async fn open(folder: &Path, database: &str, settings: &[(&str, &str)]) -> App {
    let mut options = vec![
        ("data", folder.join("data").display().to_string()),
        ("database", database.to_owned()),
        // One test runs at production cost; the others need not be slow to be right.
        ("password_memory_kib", "8".to_owned()),
        ("password_passes", "1".to_owned()),
        ("base_url", "http://tapak.example.org".to_owned()),
        ("second_factor", "offered".to_owned()),
    ];
    options.extend(settings.iter().map(|(key, value)| (*key, (*value).to_owned())));
    let config = Config::from_layers(&options, &[], None).unwrap();
    App::open(config, Clock::default()).await.unwrap()
}

/// A client. The process has its TLS first, as the program does: reqwest asks for it where plain HTTP is spoken, too. It reads no
/// certificates of this machine, which takes a tenth of a second each time.
pub fn client() -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().tls_certs_only([])
}

/// A sign-in with the password of all test accounts, from this address.
pub fn attempt(login: &str, address: &str) -> Attempt {
    let address = address.parse().unwrap();
    Attempt {
        login: login.to_owned(),
        password: PASSWORD.to_owned(),
        opening: Opening { from: Peer { address, counted: address }, device: None, agent: None, before: None },
        second_factor: None,
    }
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        // An event stream has no end.
        let is_endless = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_endless { Vec::new() } else { response.bytes().await.unwrap().to_vec() };
        Self { status, headers, bytes }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn is(&self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// [`Answer::refuses`] without the number of the request: what two refusals have in common.
    #[track_caller]
    pub fn refuses_alike(&self, status: u16, code: &str, field: Option<&str>) -> Value {
        let mut body = self.refuses(status, code, field);
        body["request_id"].take();
        body
    }

    /// A problem with this status, code and field, well formed.
    #[track_caller]
    pub fn refuses(&self, status: u16, code: &str, field: Option<&str>) -> Value {
        let body = self.is(StatusCode::from_u16(status).unwrap());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!((body["code"].as_str(), body["field"].as_str()), (Some(code), field), "{body}");
        assert_ne!(body["detail"].as_str(), Some(code), "the catalogue has no sentence: {body}");
        body
    }
}
