//! `tapak scan FILE…`: finds duplicates in files, without a server and without a database.

use super::{CliError, Context, reading};
use crate::collection::{Collection, drop_far_places, read_collection};
use crate::domain::verdict::Band;
use crate::import::{KnownVillages, Limits, Needs, Progress, VillageReading, read_villages};
use crate::scan::{Outcome, output, scan};
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// The exit code of `--fail-on alert` if there is an alert.
const FOUND: u8 = 3;

/// Bytes of a file inspected before it is overwritten.
const BEGINNING: u64 = 1_000;

#[derive(Debug, Args)]
pub struct Scan {
    #[arg(required_unless_present = "json", value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: reading::Reading,
    #[arg(long, value_name = "FILE")]
    villages: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    json: Option<PathBuf>,
    #[arg(long)]
    strict: bool,
    #[arg(long, value_name = "BAND", value_parser = ["alert"])]
    fail_on: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 200)]
    per_village: usize,
}

pub fn run(context: &Context, mut verb: Scan) -> Result<ExitCode, CliError> {
    sort_out_json(context, &mut verb)?;
    // Fails before the work if a file cannot be written.
    let mut files = Vec::new();
    let wanted = [
        (&verb.html, Form::Html),
        (&verb.csv, Form::Csv),
        (&verb.pairs, Form::Pairs),
        (&verb.geojson, Form::GeoJson),
        (&verb.json, Form::Json),
    ];
    for (path, form) in wanted {
        if let Some(path) = path.as_deref().filter(|path| *path != Path::new("-")) {
            if verb.files.iter().any(|input| is_same_file(input, path)) {
                return Err(CliError::Message(context.render("scan.is_input", json!({ "file": path }))));
            }
            if matches!(form, Form::Json) && !may_be_written_over(path) {
                return Err(CliError::Message(context.render("scan.no_report", json!({ "file": path }))));
            }
            let file = output::WholeFile::create(path).map_err(CliError::file(path))?;
            files.push((path.to_owned(), form, file));
        }
    }
    let inputs = reading::inputs(&verb.files)?;
    let bar = reading::progress_bar(context);
    let mut options = verb.reading.options(context, Needs::Comparison)?;
    options.villages = read_known_villages(context, verb.villages.as_deref())?;
    let mut collection = read_collection(&inputs, &options, |input, progress| reading::show(&bar, input, progress))?;
    drop_far_places(&mut collection, &context.config.country, context.config.far_place_m);
    reading::show_read(context, &options, &collection)?;
    let wrong = collection.refused.len() + collection.unknown.len();
    if verb.strict && wrong > 0 {
        return Err(CliError::Message(context.render("scan.strict", json!({ "count": wrong }))));
    }
    // An empty input must not pass for an empty result: a script that waits for alerts must fail.
    if let (Some(message), true) = (reading::nothing_left(context, &collection), verb.fail_on.is_some()) {
        return Err(CliError::Message(message));
    }
    bar.set_message(context.render("comparing", json!({})));
    bar.set_length(collection.records.len().max(1) as u64);
    let outcome =
        scan(&mut collection, &context.config.judge(), verb.per_village, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    for (path, form, file) in files {
        let text = write(context, form, &collection, &outcome).map_err(CliError::file(&path))?;
        file.finish(&text).map_err(CliError::file(&path))?;
        eprintln!("{}", context.render("written", json!({ "file": path })));
    }
    if verb.json.as_deref() == Some(Path::new("-")) {
        super::print(&format!("{:#}\n", output::json(&collection, &outcome, context.language)))?;
    } else {
        let text = output::summary(&collection, &outcome, context.language);
        let reviews = outcome.findings.len() - outcome.alerts();
        let values = json!({
            "projects": collection.records.len(), "files": collection.files.len(), "alerts": outcome.alerts(),
            "reviews": reviews, "totals": collection.count_totals(),
        });
        super::print(&format!("{text}{}\n", context.render("scan.outcome", values)))?;
    }
    let found = outcome.findings.iter().any(|finding| finding.band == Band::Alert);
    Ok(if verb.fail_on.is_some() && found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// The villages of a boundary file; what of it is refused is told.
fn read_known_villages(context: &Context, path: Option<&Path>) -> Result<Option<Arc<KnownVillages>>, CliError> {
    let Some(path) = path else { return Ok(None) };
    let file = read_villages(&reading::input(path), &VillageReading::default(), &Progress::default())?;
    if !file.refused.is_empty() {
        let values = json!({ "file": path, "count": file.refused.len() });
        eprintln!("{}", context.render("scan.villages_refused", values));
        reading::show_cells(context, &file.refused)?;
    }
    let limits = Limits { far_m: context.config.far_place_m, border_m: context.config.border_tolerance_m };
    Ok(Some(Arc::new(KnownVillages::of_file(file, limits))))
}

/// `--json FILE` writes that file, `--json` alone prints. If no other file is given, FILE is the input.
fn sort_out_json(context: &Context, verb: &mut Scan) -> Result<(), CliError> {
    if !verb.files.is_empty() {
        return Ok(());
    }
    match verb.json.replace(PathBuf::from("-")) {
        Some(path) if path != Path::new("-") => verb.files.push(path),
        _ => return Err(CliError::Message(context.render("scan.no_file", json!({})))),
    }
    Ok(())
}

/// Whether a file may be overwritten: it is not a regular file, is empty, or starts with a list like a report of
/// findings. A project file never does, and may follow `--json` by mistake for printing.
fn may_be_written_over(path: &Path) -> bool {
    let mut beginning = Vec::new();
    if path.is_file()
        && let Ok(file) = File::open(path)
        && file.take(BEGINNING).read_to_end(&mut beginning).is_ok()
    {
        return beginning.trim_ascii_start().first().is_none_or(|first| *first == b'[');
    }
    true
}

#[derive(Clone, Copy)]
enum Form {
    Html,
    Csv,
    Pairs,
    GeoJson,
    Json,
}

fn write(context: &Context, form: Form, collection: &Collection, outcome: &Outcome) -> std::io::Result<Vec<u8>> {
    let language = context.language;
    Ok(match form {
        Form::Html => output::html(collection, outcome, language).into_bytes(),
        Form::Csv => output::csv(collection, outcome, language).map_err(std::io::Error::other)?,
        Form::Pairs => output::pairs(collection, outcome).map_err(std::io::Error::other)?,
        Form::GeoJson => serde_json::to_vec(&output::geojson(collection, outcome))?,
        Form::Json => {
            let mut text = serde_json::to_vec_pretty(&output::json(collection, outcome, language))?;
            text.push(b'\n');
            text
        }
    })
}

/// Whether both names lead to the same existing file.
fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
