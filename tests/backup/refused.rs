//! What no backup, restore or verify does: write over something, trust what was changed, guess what a later program means.

use super::target::{flip, lists, name, pieces};
use crate::common::recorded::{Home, Recorded, refuses, succeeds};
use crate::common::{TestApp, on_both_engines, skipped};
use std::path::Path;
use std::process::Command;

/// A service with one backup in `cadangan`.
async fn backed_up(app: &TestApp) -> Recorded {
    let recorded = Recorded::make(app, 2).await;
    app.runs(&["backup", "cadangan"]);
    recorded
}

on_both_engines!(nothing_is_restored_over_what_is_there, |app| {
    let recorded = backed_up(&app).await;
    refuses(app.run(&["restore", "cadangan"]), "is not empty");
    recorded.is_in(&app).await;
    // Neither a database nor photos alone.
    let target = app.folder.path().join("cadangan").display().to_string();
    let photos = Home::empty(&app.engine).await;
    let shelf = photos.folder.path().join("data/photos/originals/ab/cd");
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join("abcd"), b"a photo").unwrap();
    refuses(photos.run(&["restore", &target]), "photos is not empty");
    assert_eq!(std::fs::read(shelf.join("abcd")).unwrap(), b"a photo");
    photos.engine.drop_database().await;
    let database = Home::empty(&app.engine).await;
    let database = database.open().await;
    refuses(database.run(&["restore", &target]), "is not empty");
    database.finish().await;
});

on_both_engines!(a_place_without_a_backup_is_named_and_none_is_made_by_looking, |app| {
    refuses(app.run(&["backup"]), "set backup (TAPAK_BACKUP)");
    for verb in [&["restore", "tidak-ada"][..], &["backup", "verify", "tidak-ada"], &["backup", "prune", "tidak-ada"]] {
        refuses(app.run(verb), "There is no whole backup in tidak-ada");
    }
    assert!(!app.folder.path().join("tidak-ada").exists());
    refuses(app.run(&["backup", "ftp://example.org/x"]), "Right would be a folder, or s3://bucket/prefix");
    std::fs::write(app.folder.path().join("berkas"), b"").unwrap();
    refuses(app.run(&["backup", "berkas"]), "berkas");
    let nothing = Home::empty(&app.engine).await;
    let (code, said) = nothing.run(&["backup", "cadangan"]);
    assert_eq!(code, Some(1), "{said}");
    nothing.engine.drop_database().await;
});

on_both_engines!(a_backup_of_a_later_program_is_refused_and_says_which_one_is_needed, |app| {
    backed_up(&app).await;
    let place = app.folder.path().join("cadangan");
    // Another form of backups, by a program of the future.
    let list = lists(&place).remove(0);
    let known = std::fs::read(&list).unwrap();
    let later = b"TAPAK BACKUP 2 9.0.0\nwhatever this holds".to_vec();
    let moment = list.file_name().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
    let written = list.with_file_name(format!("{moment}-{}", tapak::digest::sha256_hex(&later)));
    std::fs::remove_file(&list).unwrap();
    std::fs::write(&written, later).unwrap();
    let to = Home::empty(&app.engine).await;
    let target = place.to_str().unwrap();
    refuses(to.run(&["restore", target]), "made by a later version of the program (tapak 9.0.0)");
    refuses(to.run(&["backup", "verify", target]), "made by a later version of the program (tapak 9.0.0)");
    std::fs::remove_file(&written).unwrap();
    std::fs::write(&list, known).unwrap();
    // The same form with tables that this program does not know.
    app.engine.execute(app.folder.path(), LATER).await;
    app.runs(&["backup", "cadangan"]);
    let version = env!("CARGO_PKG_VERSION");
    refuses(to.run(&["restore", target]), &format!("made by a later version of the program (tapak {version})"));
    to.engine.drop_database().await;
});

const LATER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
    VALUES (9999, 'later', true, 'x', 0)";

on_both_engines!(two_backups_at_once_do_not_meet, |app| {
    backed_up(&app).await;
    let lock = std::fs::File::options().write(true).open(app.folder.path().join("cadangan/lock")).unwrap();
    lock.lock().unwrap();
    refuses(app.run(&["backup", "cadangan"]), "Another backup or prune is at work in cadangan");
    refuses(app.run(&["backup", "prune", "cadangan", "--keep", "1"]), "Another backup or prune is at work");
    app.runs(&["backup", "verify", "cadangan"]);
    drop(lock);
    app.runs(&["backup", "cadangan"]);
});

on_both_engines!(a_piece_that_is_missing_or_changed_is_named_with_what_is_lost, |app| {
    backed_up(&app).await;
    let place = app.folder.path().join("cadangan");
    let target = place.to_str().unwrap();
    for (part, means) in
        [("backups", "this backup cannot be restored"), ("rows", "rows of the table"), ("files", "the photo")]
    {
        let piece = pieces(&place).into_iter().find(|piece| piece.starts_with(place.join(part))).unwrap();
        let whole = std::fs::read(&piece).unwrap();
        for is_missing in [false, true] {
            if is_missing {
                std::fs::remove_file(&piece).unwrap()
            } else {
                flip(&piece, 77)
            }
            let (code, said) = app.run(&["backup", "verify", "cadangan"]);
            if is_missing && part == "backups" {
                refuses((code, said), "There is no whole backup");
            } else {
                let how = if is_missing { "is missing" } else { "is damaged" };
                assert_eq!(code, Some(3), "{said}");
                let named = format!("{} {how}: {means}", name(&place, &piece));
                assert!(said.contains(&named), "{named} is not in: {said}");
            }
            let to = Home::empty(&app.engine).await;
            let (code, said) = to.run(&["restore", target]);
            assert_eq!(code, Some(1), "{said}");
            // What was written so far is put into service by nobody.
            let (code, _) = to.run(&["user", "list"]);
            assert!(code != Some(0) || part == "backups", "a half restored database is in service");
            to.engine.drop_database().await;
            std::fs::write(&piece, &whole).unwrap();
        }
    }
    app.runs(&["backup", "verify", "cadangan"]);
    // A piece that was removed because it was damaged is sent again by the next backup.
    let piece = pieces(&place).into_iter().find(|piece| piece.starts_with(place.join("files"))).unwrap();
    std::fs::remove_file(&piece).unwrap();
    app.runs(&["backup", "cadangan"]);
    app.runs(&["backup", "verify", "cadangan"]);
});

/// A disk of its own of 4 MiB; `None` (said aloud) where this user may not mount one.
fn small_disk(folder: &Path) -> Option<()> {
    std::fs::create_dir(folder).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(folder).output();
    if mount.is_ok_and(|answer| answer.status.success()) {
        return Some(());
    }
    skipped("a full disk for backups: a tmpfs cannot be mounted here");
    None
}

on_both_engines!(a_full_disk_is_said_and_the_backup_before_stays_whole, |app| {
    let mut recorded = Recorded::make(&app, 2).await;
    let place = app.folder.path().join("cadangan");
    if small_disk(&place).is_some() {
        app.runs(&["backup", "cadangan"]);
        std::fs::write(place.join("ballast"), vec![1; 8 << 20]).unwrap_err();
        recorded.photograph(&app, recorded.projects[0].0, crate::common::jpeg(300, 300)).await;
        recorded.settle(&app).await;
        refuses(app.run(&["backup", "cadangan"]), "The disk of cadangan is full");
        app.runs(&["backup", "verify", "cadangan"]);
        std::fs::remove_file(place.join("ballast")).unwrap();
        app.runs(&["backup", "cadangan"]);
        let to = Home::empty(&app.engine).await;
        succeeds(to.run(&["restore", place.to_str().unwrap()]));
        let other = to.open().await;
        recorded.is_in(&other).await;
        other.finish().await;
        let _ = Command::new("umount").arg("--lazy").arg(&place).status();
    }
});
