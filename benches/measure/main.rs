//! `make bench`: what things cost, printed beside what was aimed at. No clock decides anything here.
//!
//! `cargo bench --bench measure` measures the spine, `… -- scan` scans of files. `TAPAK_BENCH_PROJECTS` sets the numbers
//! of projects (`100000`, and `10000,100000` for scans), `… -- formats` the reading of the same works in several formats.
//! `… -- atlas FOLDER` measures the Atlas of a data folder alone, in a
//! process of its own, from its snapshot where it has one; `… -- keep FOLDER` leaves the data of the spine there; `… -- tangles` measures shapes that no map shows,
//! `… -- crowds` a thousand records of one work.

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod crowded;
mod crowds;
mod finding;
mod formats;
mod generate;
mod import;
mod reads;
mod scan;
mod table;
mod tangles;

use table::Table;
use tapak::app::App;
use tapak::clock::Clock;
use tapak::config::Config;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    // reqwest asks for the TLS of the process where plain HTTP is spoken, too.
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a bench is a program of its own: this is its one setting")]
    let given = std::env::var("TAPAK_BENCH_PROJECTS").ok();
    let arguments: Vec<String> = std::env::args().collect();
    // `write 100000 FILE`: the generated projects alone, for others to be measured on; `write-crowded` those of the other
    // world.
    if let Some([word, count, file]) = arguments.windows(3).find(|words| words[0].starts_with("write")) {
        let (count, seed) = (count.parse()?, generate::SEED);
        let text = match word.as_str() {
            "write-crowded" => crowded::generate(count, seed),
            _ => generate::generate(count, seed).projects,
        };
        return Ok(std::fs::write(file, text)?);
    }
    let behind = |word: &str| {
        let at = arguments.iter().position(|argument| argument == word)?;
        arguments.get(at + 1).map(std::path::PathBuf::from)
    };
    if let Some([_, file, what]) = arguments.windows(3).find(|words| words[0] == "scan-file") {
        return scan::measure(what, std::path::Path::new(file));
    }
    if let Some(data) = behind("atlas") {
        return runtime()?.block_on(import::atlas_alone(&data));
    }
    if arguments.iter().any(|argument| argument == "formats") {
        return formats::formats(given.map_or(Ok(100_000), |count| count.parse())?);
    }
    if arguments.iter().any(|argument| argument == "tangles") {
        let folder = tempfile::tempdir()?;
        let mut table = Table::new(0);
        runtime()?.block_on(tangles::tangles(&mut table, folder.path()))?;
        table.print();
        return Ok(());
    }
    if arguments.iter().any(|argument| argument == "crowds") {
        let folder = tempfile::tempdir()?;
        let mut table = Table::new(crowds::RECORDS);
        runtime()?.block_on(crowds::crowds(&mut table, folder.path()))?;
        table.print();
        return Ok(());
    }
    let keep = behind("keep");
    let is_scan = arguments.iter().any(|argument| argument == "scan");
    let given = given.unwrap_or_else(|| if is_scan { "10000,100000" } else { "100000" }.to_owned());
    let counts: Vec<usize> = given.split(',').map(|count| count.trim().parse()).collect::<Result<_, _>>()?;
    if is_scan { scan::scans(&counts) } else { counts.into_iter().try_for_each(|count| spine(count, keep.as_deref())) }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn spine(count: usize, keep: Option<&std::path::Path>) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let files = generate::generate(count, generate::SEED);
    let villages = folder.path().join("villages.geojson");
    let projects = folder.path().join("projects.csv");
    std::fs::write(&villages, &files.villages)?;
    std::fs::write(&projects, &files.projects)?;
    let places = files.places;
    let mut table = Table::new(count);
    runtime()?.block_on(async {
        let data = keep.map_or_else(|| folder.path().join("data"), std::path::Path::to_owned);
        import::import(&mut table, &data, &villages, &projects, count).await?;
        import::atlas(&mut table, &data, &places, count).await?;
        finding::finding(&mut table, &data).await?;
        reads::reads(&mut table, &data).await
    })?;
    table.print();
    Ok(())
}

/// The service on the SQLite file of this folder, as `tapak serve` opens it.
async fn open(data: &std::path::Path) -> Result<App, Failure> {
    let options = [
        ("data", data.display().to_string()),
        ("password_memory_kib", "8".to_owned()),
        ("password_passes", "1".to_owned()),
        // One client asks more than a person would.
        ("checks_at_once", "16".to_owned()),
        ("checks_per_minute", "1000000".to_owned()),
        // Mails off: alerts settle when the bench is long over.
        ("alert_settle_s", "86400".to_owned()),
    ];
    Ok(App::open(Config::from_layers(&options, &[], None)?, Clock::default()).await?)
}
