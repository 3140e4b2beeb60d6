//! A setting that cannot be so is refused in the language of the terminal, with what would be right.

use crate::common::command::{in_both_languages, text};
use std::process::Command;

/// Arguments, and what the refusal says in Indonesian and in English.
const WRONG: &[(&[&str], &str, &str)] = &[
    (&["config", "--set", "listen"], "KUNCI=NILAI", "KEY=VALUE"),
    (&["config", "--set", "listem=x"], "listem bukan setelan Tapak; apakah maksudnya listen?", "did you mean listen?"),
    (&["config", "--set", "listen=here"], "alamat dan porta", "an address and a port"),
    (&["config", "--set", "workers=many"], "bilangan bulat mulai dari 1", "a whole number from 1"),
    (&["config", "--set", "session_days=x"], "dalam hari", "number of days"),
    (&["config", "--set", "alerts=Camat"], "alamat surel saja", "mail addresses alone"),
    (&["config", "--set", "tls_key=a"], "diisi bersama", "together"),
    (&["config", "--set", "base_url=x"], "diawali http://", "begins with http://"),
    (&["config", "--set", "country=1,2,3"], "empat angka", "four numbers"),
    (&["config", "--set", "country=none.json"], "none.json: tidak ada", "none.json: it is not there"),
    (&["config", "--set", "country=bad.json"], "bukan GeoJSON yang utuh", "no whole GeoJSON"),
    (
        &["config", "--set", "judge_alert=2"],
        "judge_alert tidak dapat diisi 2. Angka dari 0.001",
        "judge_alert cannot be 2",
    ),
    (&["config", "--set", "judge_review=0.9"], "tidak boleh di atas alert", "must not be over alert"),
    (&["config", "--set", "judge_weights=bad.toml"], "baris 2 tidak dapat dibaca: prior =", "line 2 cannot be read"),
    (&["config", "--settings", "bad.toml"], "bad.toml, baris 2,", "bad.toml, line 2,"),
    (
        &["whatif", "--set", "corridor_m=wide", "x.csv"],
        "corridor_m tidak dapat diisi wide. Angka dari 1",
        "from 1 to 200",
    ),
    (&["whatif", "--set", "stacked=0", "x.csv"], "Bilangan bulat dari 2", "A whole number from 2"),
    (&["whatif", "--set", "colour=red", "x.csv"], "colour bukan setelan Tapak", "colour is no setting"),
    (&["scan", "works.csv", "--map", "title"], "ISIAN=KOLOM", "FIELD=COLUMN"),
    (&["scan", "none.csv"], "none.csv tidak dapat dibaca: tidak ada", "none.csv cannot be read: it is not there"),
    (&["scan", "works.csv", "--html", "no/r.html"], "no/r.html: tidak ada", "no/r.html: it is not there"),
    (&["evaluate", "--titles-only", "--pairs", "works.csv"], "tidak punya kolom title_a", "no column title_a"),
    (&["evaluate", "--titles-only", "--pairs", "none.csv"], "tidak dapat dibaca: tidak ada", "it is not there"),
    (&["--database", "mysql://x", "user", "list"], "Basis data mysql tidak dikenal", "database mysql is not known"),
    (&["--data", "works.csv/data", "serve", "--listen", "127.0.0.1:0"], "bukan folder", "is no folder"),
    (&["serve", "--listen", "192.0.2.1:9"], "bukan milik komputer ini", "not one of this computer"),
];

#[test]
fn a_wrong_setting_is_refused_in_one_language_with_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("bad.json", "{\"type\": ");
    write("bad.toml", "version = 'a'\nprior = \n");
    write("works.csv", "judul\nTalud\n");
    for (arguments, indonesian, english) in WRONG {
        let [(code, id), (en_code, en)] = in_both_languages(folder.path(), arguments);
        assert_eq!((code, en_code), (Some(1), Some(1)), "{arguments:?}: {id}{en}");
        assert!(id.contains(indonesian), "{arguments:?}: {id}");
        assert!(en.contains(english), "{arguments:?}: {en}");
        assert!(id.starts_with("tapak: ") && en.starts_with("tapak: "), "{id}{en}");
        for word in ["expected", "is no ", "cannot", "must", "(os error", "No such", "error", "invalid", " the "] {
            assert!(!id.contains(word), "{arguments:?}: {word} in {id}");
        }
    }
}

#[test]
fn the_language_of_a_refusal_is_found_where_every_setting_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tapak.toml"), "language = 'id'\nworkers = 'x'\n").unwrap();
    std::fs::write(folder.path().join("english.toml"), "language = 'en'\nworkers = 'x'\n").unwrap();
    let said = |arguments: &[&str], variable: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
        command.current_dir(folder.path()).env("LC_ALL", "en_GB.UTF-8").env_remove("TAPAK_LANGUAGE");
        command.envs(variable.map(|language| ("TAPAK_LANGUAGE", language)));
        text(&command.args(arguments).arg("config").output().unwrap().stderr)
    };
    let is_indonesian = |said: String| {
        assert!(said.contains("workers"), "{said}");
        said.contains("bilangan bulat")
    };
    assert!(is_indonesian(said(&[], None)), "tapak.toml is not asked");
    assert!(!is_indonesian(said(&[], Some("en"))), "the variable goes before the file");
    assert!(is_indonesian(said(&["--language", "id"], Some("en"))), "the option goes before the variable");
    assert!(!is_indonesian(said(&["--settings", "english.toml"], None)), "another file is not asked");
}

#[test]
fn every_setting_and_where_it_came_from_is_shown_in_the_language_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let [(_, id), (_, en)] = in_both_languages(folder.path(), &["config", "--set", "workers=3"]);
    for (said, parts) in [
        (&id, ["bawaan", "opsi", "folder basis data, foto, dan kotak keluar"]),
        (&en, ["default", "option", "folder of the database, the photos and the outbox"]),
    ] {
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        let starts: Vec<_> = said.lines().map(|line| line.find("  ")).collect();
        assert!(starts.iter().all(Option::is_some) && !said.lines().any(|line| line.ends_with(' ')), "{said}");
    }
    assert!(!id.contains("default") && !id.contains("seconds"), "{id}");
}
