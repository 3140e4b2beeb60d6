//! A mistake in typing is named in the language of the terminal, and so is every help.

use crate::common::command::in_both_languages;

/// Arguments, and what is said of them in Indonesian and in English.
const MISTAKES: &[(&[&str], &str, &str)] = &[
    (&["scan", "a.csv", "--jsn"], "--jsn tidak dikenal di sini. Apakah maksudnya --json?", "Did you mean --json?"),
    (&["--lang", "id"], "--lang tidak dikenal", "--lang is not known here"),
    (&["scna"], "scna bukan perintah. Apakah maksudnya scan?", "scna is no command. Did you mean scan?"),
    (&["user", "rename", "x"], "rename bukan perintah", "rename is no command"),
    (&["scan"], "Yang masih kurang: <BERKAS>", "Still missing: <FILE>"),
    (&["user", "add", "siti"], "--name <NAMA>, --role <PERAN>", "--name <NAME>, --role <ROLE>"),
    (&["--data", "x"], "Sebutkan perintahnya: ", "Name a command: "),
    (&["scan", "a.csv", "--html"], "--html <BERKAS> perlu isi", "--html <FILE> needs a value"),
    (&["scan", "a.csv", "--fail-on", "x"], "Salah satu dari: alert", "One of: alert"),
    (&["scan", "a.csv", "--per-village", "x"], "Yang benar: bilangan bulat", "Right would be a whole number"),
    (&["import", "villages", "a", "--valid-from", "17/8"], "hari seperti 2026-08-17", "a day, such as 2026-08-17"),
    (&["scan", "a.csv", "--strict=yes"], "--strict tidak memakai isi", "--strict takes no value"),
    (&["calibrate", "--labelled", "a"], "perlu 2 isi, yang ada 1", "needs 2 values, there are 1"),
    (&["--data", "a", "--data", "b", "config"], "--data <FOLDER> hanya boleh sekali", "may stand once only"),
    (
        &["evaluate", "--projects", "a", "--pairs", "b", "--titles-only"],
        "--projects <BERKAS> tidak dapat dipakai bersama --titles-only",
        "--projects <FILE> cannot be used with --titles-only",
    ),
    (&["openapi", "x"], "x tidak dikenal di sini", "x is not known here"),
];

/// Words of the parser's own, and of the English texts.
const ENGLISH: &[&str] = &[
    "error",
    "Usage",
    "unexpected",
    "argument",
    "possible values",
    "tip:",
    "For more",
    "similar",
    "[OPTIONS]",
    "COMMAND",
    "required",
    "provided",
    "invalid",
    "cannot",
    "[default",
    "Options",
    "Commands",
    "Print",
    "FILE>",
    " the ",
    "Did you",
];

/// Words of the Indonesian texts.
const INDONESIAN: &[&str] =
    &["Pemakaian", "tidak", "Yang", "Salah satu", "Opsi", "Perintah", "BERKAS", "bawaan", "kesalahan"];

fn hold_none(said: &str, words: &[&str], arguments: &[&str]) {
    for word in words {
        assert!(!said.contains(word), "{arguments:?}: {word} in {said}");
    }
}

#[test]
fn a_mistake_in_typing_is_named_in_one_language_with_the_usage_of_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, indonesian, english) in MISTAKES {
        let [(code, id), (en_code, en)] = in_both_languages(folder.path(), arguments);
        assert_eq!((code, en_code), (Some(2), Some(2)), "{arguments:?}: {id}{en}");
        assert!(id.contains(indonesian), "{arguments:?}: {id}");
        assert!(en.contains(english), "{arguments:?}: {en}");
        assert!(id.starts_with("tapak: ") && id.contains("\nPemakaian: tapak ") && id.ends_with("--help\n"), "{id}");
        hold_none(&id, ENGLISH, arguments);
        hold_none(&en, INDONESIAN, arguments);
        hold_none(&en, &["error:", "tip:", "unexpected argument", "\u{1b}"], arguments);
    }
    let [(_, id), _] = in_both_languages(folder.path(), &["--data", "scan", "user", "lst"]);
    assert!(id.contains("Keterangan lengkap: tapak user --help"), "{id}");
}

#[test]
fn help_speaks_one_language_wherever_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let asked: &[&[&str]] = &[
        &["--help"],
        &["help"],
        &["scan", "--help"],
        &["scan", "-h"],
        &["help", "scan"],
        &["import", "--help"],
        &["import", "villages", "--help"],
        &["import", "projects", "--help"],
        &["user", "add", "--help"],
        &["help", "user", "add"],
        &["calibrate", "--help"],
        &["evaluate", "--help"],
        &["photos", "check", "--help"],
    ];
    for arguments in asked {
        let [(code, id), (_, en)] = in_both_languages(folder.path(), arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {id}");
        assert!(id.contains("Pemakaian: tapak") && en.contains("Usage: tapak"), "{arguments:?}: {id}{en}");
        assert!(id.contains("Opsi umum:") && id.contains("--language <BAHASA>"), "{arguments:?}: {id}");
        hold_none(&id, ENGLISH, arguments);
        hold_none(&en, INDONESIAN, arguments);
        hold_none(&id, &["help.", "\u{1b}"], arguments);
    }
    let [(code, id), _] = in_both_languages(folder.path(), &[]);
    assert!(code == Some(2) && id.contains("Perintah:") && id.contains("Kode keluar:"), "{id}");
    let [(code, id), (_, en)] = in_both_languages(folder.path(), &["scan", "--version"]);
    assert!(code == Some(0) && id == en && id.contains(env!("CARGO_PKG_VERSION")), "{id}");
}

#[test]
fn formats_and_columns_are_listed_by_the_help_of_imports_and_scans() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["import", "--help"][..], &["import", "projects", "--help"], &["scan", "--help"]] {
        for (_, said) in in_both_languages(folder.path(), arguments) {
            for named in ["GeoPackage", ".mht", "ZIP", "village_code", "kdepum"] {
                assert!(said.contains(named), "{arguments:?} {named}: {said}");
            }
        }
    }
    let [(_, villages), _] = in_both_languages(folder.path(), &["import", "villages", "--help"]);
    assert!(villages.contains("GeoPackage") && !villages.contains("village_code"), "{villages}");
}
