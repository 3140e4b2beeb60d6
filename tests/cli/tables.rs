//! The tables of `evaluate`, `calibrate` and `user list`: in one language, and each column below its heading.

use crate::common::command::{in_both_languages, tapak_reads};
use std::path::Path;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

/// Words of the English tables that no identifier holds.
const ENGLISH: &[&str] = &[
    "ranked by",
    "best F1",
    "recall",
    "precision",
    "average",
    "nearness",
    "score",
    "came",
    "probability",
    "pairs,",
    "decided",
    "rounds",
    "of one work",
    "of others",
    "comparison",
    "level",
    "labelled",
    "Nothing was",
    "written",
];

/// Every line of a table is as wide as the others, so that its bars stand below each other.
fn is_aligned(said: &str) -> bool {
    let lines: Vec<&str> = said.lines().collect();
    let bars = |line: &str| line.chars().enumerate().filter(|(_, c)| *c == '|').map(|(at, _)| at).collect::<Vec<_>>();
    lines.windows(2).all(|two| !(two[0].starts_with('|') && two[1].starts_with('|')) || bars(two[0]) == bars(two[1]))
}

fn check(arguments: &[&str], indonesian: &[&str], english: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let [(code, id), (en_code, en)] = in_both_languages(folder.path(), arguments);
    assert_eq!((code, en_code), (Some(0), Some(0)), "{id}{en}");
    for (said, parts) in [(&id, indonesian), (&en, english)] {
        assert!(is_aligned(said), "{said}");
        assert!(!said.contains("terminal."), "a sentence is missing: {said}");
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    for word in ENGLISH {
        assert!(!id.contains(word), "{word} in {id}");
    }
}

#[test]
fn the_figures_of_the_judge_are_told_in_one_language() {
    let (projects, pairs) = (format!("{SAMPLE}/projects.geojson"), format!("{SAMPLE}/pairs.csv"));
    let told = ["evaluate", "--projects", &projects, "--pairs", &pairs];
    check(
        &told,
        &["dianggap pekerjaan ganda", "F1 terbaik", "Skor Brier 0,"],
        &["taken for a duplicate", "Brier score 0."],
    );
}

#[test]
fn estimated_weights_are_told_in_one_language_and_in_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let (projects, pairs) = (format!("{SAMPLE}/projects.geojson"), format!("{SAMPLE}/pairs.csv"));
    let told = ["calibrate", &projects, "--labelled", &projects, &pairs];
    check(
        &told,
        &["pembanding", "satu pekerjaan", "skor Brier", "Tidak ada yang dipakai"],
        &["comparison", "Brier score"],
    );
    in_both_languages(folder.path(), &["--language", "id", "calibrate", &projects, "--out", "ours.toml"]);
    let text = std::fs::read_to_string(folder.path().join("ours.toml")).unwrap();
    assert!(text.starts_with("# Diperkirakan oleh `tapak calibrate`"), "{text}");
}

#[test]
fn a_list_of_nobody_says_so_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("villages.geojson"), crate::common::two_villages()).unwrap();
    in_both_languages(folder.path(), &["--data", "my data", "import", "villages", "villages.geojson"]);
    let [(code, id), (_, en)] = in_both_languages(folder.path(), &["--data", "my data", "user", "list"]);
    assert_eq!(code, Some(0), "{id}");
    assert!(id.starts_with("Belum ada pengguna. ") && id.contains("--data 'my data' user add"), "{id}");
    assert!(en.contains("user add") && !en.contains("sign-in") && en.lines().count() == 1, "{en}");
}

fn add(folder: &Path, login: &str, role: &str) {
    let arguments = ["user", "add", login, "--name", "Siti R.", "--role", role];
    let said = tapak_reads(folder, &arguments, "empat kuda di sawah\n");
    assert!(said.contains("can sign in"), "{said}");
}

#[test]
fn people_are_listed_with_the_names_of_their_roles() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "administrator-of-all", "administrator");
    add(folder.path(), "siti", "administrator");
    let [(_, id), (_, en)] = in_both_languages(folder.path(), &["user", "list"]);
    let rows = |said: &str| said.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        rows(&id),
        [
            "nama masuk            peran  wilayah         nama",
            "administrator-of-all  admin  seluruh negara  Siti R.",
            "siti                  admin  seluruh negara  Siti R.",
        ]
    );
    assert_eq!(rows(&en)[1], "administrator-of-all  administrator  whole country  Siti R.");
    let [(_, id), (_, en)] = in_both_languages(folder.path(), &["user", "disable", "nobody"]);
    assert!(id.contains("Tidak ada akun") && en.contains("no account"), "{id}{en}");
    in_both_languages(folder.path(), &["user", "disable", "siti"]);
    let [(code, id), (_, en)] = in_both_languages(folder.path(), &["user", "disable", "administrator-of-all"]);
    assert_eq!(code, Some(1));
    assert!(id.contains("admin") && !id.contains("last_administrator"), "a code instead of words: {id}");
    assert!(!en.contains("last_administrator"), "{en}");
}
