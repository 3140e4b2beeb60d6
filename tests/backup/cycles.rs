//! Backups under load, again and again, and single bits of them turned round: `make soak-backup` runs many more of both.

use super::target::{flip, name, pieces};
use crate::common::recorded::{Home, Recorded, announce, id, refuses, succeeds};
use crate::common::{Engine, TestApp, WEST, draft, jpeg, road, variable};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::StatusCode;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tapak::digest::sha256_hex;
use tapak::jobs::worker;
use uuid::Uuid;

/// People who record at once.
const PEOPLE: u32 = 3;

/// How many, unless the environment says another number.
fn number(variable_name: &str, usual: usize) -> usize {
    variable(variable_name).map_or(usual, |number| number.parse().unwrap())
}

/// What the service has acknowledged.
#[derive(Clone, Default)]
struct Acknowledged {
    projects: Vec<Uuid>,
    /// With the hash of their bytes.
    photos: Vec<(Uuid, String)>,
}

/// People who register works, report from them and send photos until they are told to stop.
struct Load {
    app: Arc<TestApp>,
    acknowledged: Arc<Mutex<Acknowledged>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    async fn begin(app: TestApp) -> Self {
        app.sign_in_as("officer", Some(WEST)).await;
        let app = Arc::new(app);
        let mut load = Self { app, acknowledged: Arc::default(), stop: Arc::default(), tasks: Vec::new() };
        let numbers = Arc::new(AtomicU64::new(0));
        for _ in 0..PEOPLE {
            let (app, acknowledged) = (load.app.clone(), load.acknowledged.clone());
            let (stop, numbers) = (load.stop.clone(), numbers.clone());
            load.tasks.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    record(&app, &acknowledged, numbers.fetch_add(1, Ordering::Relaxed)).await;
                }
            }));
        }
        let (app, stop) = (load.app.clone(), load.stop.clone());
        load.tasks.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                worker::run_due(&app.app).await.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }));
        load
    }

    async fn end(self) -> TestApp {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        Arc::try_unwrap(self.app).ok().unwrap()
    }
}

/// A work with a report and a photo; what is refused for lack of room in the queue is no acknowledgement.
async fn record(app: &TestApp, acknowledged: &Mutex<Acknowledged>, number: u64) {
    #[expect(clippy::cast_precision_loss, reason = "a place somewhere in the village")]
    let (lon, lat) = (114.301 + (number % 170) as f64 * 1e-4, -8.219 + (number / 170 % 180) as f64 * 1e-4);
    let village = app.village(WEST).await;
    let answer = app.post("/api/v1/projects", &draft(village, &format!("Kegiatan {number}"), road(lon, lat))).await;
    if answer.status != StatusCode::CREATED {
        return;
    }
    let project = id(&answer.json());
    acknowledged.lock().unwrap().projects.push(project);
    let size = u32::try_from(number % 1_000).unwrap();
    let bytes = jpeg(16 + size, 16 + u32::try_from(number / 1_000).unwrap());
    let Ok(photo) = announce(app, project, bytes.len()).await else { return };
    let sent = app.put_bytes(&format!("/api/v1/photos/{photo}/original"), "image/jpeg", bytes.clone()).await;
    if sent.status == StatusCode::CREATED {
        acknowledged.lock().unwrap().photos.push((photo, sha256_hex(&bytes)));
    }
}

/// Works, reports and photos that are acknowledged before a backup begins are in it, whatever is recorded meanwhile.
async fn nothing_acknowledged_is_missing(engine: Engine) {
    let cycles = number("TAPAK_TEST_BACKUP_CYCLES", 3);
    let load = Load::begin(TestApp::start(engine, &[]).await).await;
    let (mut all, mut most) = (0, 0);
    for cycle in 0..cycles {
        // Something is recorded between any two.
        let known = load.acknowledged.lock().unwrap().photos.len();
        while load.acknowledged.lock().unwrap().photos.len() < known + 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let before = load.acknowledged.lock().unwrap().clone();
        let folder = load.app.folder.path().to_owned();
        tokio::task::block_in_place(|| load.app.runs(&["backup", "cadangan"]));
        tokio::task::block_in_place(|| load.app.runs(&["backup", "prune", "cadangan", "--keep", "3"]));
        let meanwhile = load.acknowledged.lock().unwrap().projects.len() - before.projects.len();
        let to = Home::empty(&load.app.engine).await;
        let target = folder.join("cadangan").display().to_string();
        tokio::task::block_in_place(|| succeeds(to.run(&["restore", &target])));
        tokio::task::block_in_place(|| succeeds(to.run(&["photos", "check", "--repair"])));
        let there = to.engine.ids(to.folder.path(), "projects").await;
        let missing = before.projects.iter().filter(|id| !there.contains(id)).count();
        let photos: HashSet<Uuid> = to.engine.ids(to.folder.path(), "photos").await;
        let lost = before.photos.iter().filter(|(id, sha256)| !photos.contains(id) || !is_whole(&to, sha256)).count();
        assert_eq!(
            (missing, lost),
            (0, 0),
            "cycle {cycle}: works and photos that were acknowledged before it are missing"
        );
        all += meanwhile;
        most = before.projects.len();
        to.engine.drop_database().await;
    }
    println!("{cycles} cycles: {most} works before the last one, {all} recorded while backups ran; none missing");
    load.end().await.stop().await;
}

fn is_whole(home: &Home, sha256: &str) -> bool {
    let path = home.folder.path().join("data/photos/originals").join(&sha256[..2]).join(&sha256[2..4]).join(sha256);
    std::fs::read(path).is_ok_and(|bytes| sha256_hex(bytes) == sha256)
}

/// One bit of one file, anywhere: verify says which file, and no restore makes anything of it.
async fn every_flipped_bit_is_refused(engine: Engine, encrypted: bool) {
    let flips = number("TAPAK_TEST_BACKUP_FLIPS", 12);
    let app = TestApp::start(engine, &[]).await;
    Recorded::make(&app, 2).await;
    let mut setting = Vec::new();
    let mut key = Vec::new();
    if encrypted {
        let said = app.runs(&["backup", "key", "kunci"]);
        let public = said.split_whitespace().find(|word| word.starts_with("age1")).unwrap();
        setting = vec!["--set".to_owned(), format!("backup_recipients={public}")];
        key = vec!["--identity".to_owned(), app.folder.path().join("kunci").display().to_string()];
    }
    let given = |words: &[&str], rest: &[String]| -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).chain(rest.iter().cloned()).collect()
    };
    let run = |arguments: Vec<String>| app.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    setting.extend(given(&["backup", "cadangan"], &[]));
    succeeds(run(setting));
    let place = app.folder.path().join("cadangan");
    let target = place.display().to_string();
    let pieces = pieces(&place);
    let mut random = StdRng::seed_from_u64(2_026);
    for at in 0..flips {
        // Every file in turn, and its ends as often as its middle.
        let piece = &pieces[at % pieces.len()];
        let bits = std::fs::metadata(piece).unwrap().len() * 8;
        let bit = match at % 3 {
            0 => random.random_range(0..bits),
            1 => random.random_range(0..bits.min(256)),
            _ => bits - 1 - random.random_range(0..bits.min(256)),
        };
        flip(piece, bit);
        let what = format!("bit {bit} of {}", name(&place, piece));
        let (code, said) = run(given(&["backup", "verify", "cadangan"], &key));
        let named = said.contains(&format!("{} is damaged", name(&place, piece)));
        assert_eq!((code, named), (Some(3), true), "{what}: {said}");
        let to = Home::empty(&app.engine).await;
        let arguments = given(&["restore", &target], &key);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        refuses(to.run(&arguments), &format!("{} is damaged", name(&place, piece)));
        to.engine.drop_database().await;
        flip(piece, bit);
    }
    succeeds(run(given(&["backup", "verify", "cadangan"], &key)));
    println!("{flips} flipped bits in {} files: all refused", pieces.len());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_before_a_backup_is_missing_on_sqlite() {
    nothing_acknowledged_is_missing(Engine::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_before_a_backup_is_missing_on_postgres() {
    let Some(engine) = Engine::postgres().await else { return };
    nothing_acknowledged_is_missing(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_flipped_bit_of_a_plain_backup_is_refused() {
    every_flipped_bit_is_refused(Engine::sqlite(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_flipped_bit_of_an_encrypted_backup_is_refused() {
    every_flipped_bit_is_refused(Engine::sqlite(), true).await;
}
