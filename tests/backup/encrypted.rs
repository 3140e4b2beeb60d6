//! Encrypted backups: nobody without a key reads one, and keys may change.

use super::target::pieces;
use crate::common::recorded::{Home, Recorded, refuses, succeeds};
use crate::common::{TestApp, on_both_engines};

/// Makes a pair of keys; gives the public one.
fn key(app: &TestApp, file: &str) -> String {
    let said = app.runs(&["backup", "key", file]);
    said.split_whitespace().find(|word| word.starts_with("age1")).unwrap().to_owned()
}

/// A backup for these keys.
fn back_up(app: &TestApp, recipients: &str) {
    let said = app.runs(&["--set", &format!("backup_recipients={recipients}"), "backup", "cadangan"]);
    assert!(said.contains("encrypted"), "{said}");
}

on_both_engines!(an_encrypted_backup_comes_back_by_its_key_and_by_no_other, |app| {
    let recorded = Recorded::make(&app, 2).await;
    let public = key(&app, "kunci");
    key(&app, "lain");
    refuses(app.run(&["backup", "key", "kunci"]), "kunci");
    back_up(&app, &public);
    let place = app.folder.path().join("cadangan");
    let (secrets, names) =
        (["Rabat beton", "Tes officer"], recorded.photos.iter().map(|(_, b)| tapak::digest::sha256_hex(b)));
    let names: Vec<String> = names.collect();
    for piece in pieces(&place) {
        let bytes = std::fs::read(&piece).unwrap();
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
        assert!(!secrets.iter().any(|secret| holds(secret.as_bytes())), "{}", piece.display());
        assert!(!recorded.photos.iter().any(|(_, photo)| holds(&photo[20..60])), "{}", piece.display());
        assert!(!names.iter().any(|name| piece.ends_with(name)), "a name tells whose photo it is");
    }
    let at = |file: &str| app.folder.path().join(file).display().to_string();
    let target = place.to_str().unwrap();
    let to = Home::empty(&app.engine).await;
    for verb in [&["restore", target][..], &["backup", "verify", target]] {
        refuses(to.run(verb), "This backup is encrypted. Name the file with its secret key: --identity FILE");
        refuses(to.run(&[verb, &["--identity", &at("lain")]].concat()), "None of these keys opens this backup");
        refuses(to.run(&[verb, &["--identity", &at("test.toml")]].concat()), "test.toml");
    }
    succeeds(to.run(&["backup", "verify", target, "--identity", &at("kunci")]));
    succeeds(to.run(&["restore", target, "--identity", &at("kunci")]));
    let other = to.open().await;
    recorded.is_in(&other).await;
    other.finish().await;
});

on_both_engines!(a_backup_for_new_keys_counts_on_no_piece_that_they_cannot_read, |app| {
    let recorded = Recorded::make(&app, 2).await;
    let (first, second) = (key(&app, "pertama"), key(&app, "kedua"));
    back_up(&app, &first);
    let before = pieces(&app.folder.path().join("cadangan")).len();
    back_up(&app, &first);
    let again = pieces(&app.folder.path().join("cadangan")).len();
    assert!(again < before + 8, "{before} pieces, then {again}: all is sent again for the same key");
    back_up(&app, &second);
    let to = Home::empty(&app.engine).await;
    let at = |file: &str| app.folder.path().join(file).display().to_string();
    succeeds(to.run(&["restore", &at("cadangan"), "--identity", &at("kedua")]));
    let other = to.open().await;
    recorded.is_in(&other).await;
    other.finish().await;
});
