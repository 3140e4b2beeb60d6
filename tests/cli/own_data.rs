//! People and samples on data that somebody has imported.

use crate::common::command::{Server, tapak, tapak_reads};
use crate::common::two_villages;
use std::path::Path;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

fn import_villages(folder: &Path) {
    std::fs::write(folder.join("villages.geojson"), two_villages()).unwrap();
    assert!(tapak(folder, &["import", "villages", "villages.geojson"]).status.success());
}

#[test]
fn a_person_is_added_to_a_region_that_is_here_and_one_without_is_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    import_villages(folder.path());
    let add = |login: &str, further: &[&str]| {
        let arguments = [&["user", "add", login, "--name", "Siti R."], further].concat();
        tapak_reads(folder.path(), &arguments, "empat kuda di sawah\nempat kuda di sawah\n")
    };
    let unknown = add("siti", &["--role", "inspector", "--region", "35.11"]);
    assert!(unknown.contains("35.11") && unknown.contains("35.10"), "{unknown}");
    let nowhere = add("siti", &["--role", "officer"]);
    assert!(nowhere.contains("answers for a region"), "{nowhere}");
    let listed = tapak(folder.path(), &["user", "list"]);
    assert!(!String::from_utf8_lossy(&listed.stdout).contains("siti"), "a refused person was added");
    assert!(add("siti", &["--role", "inspector", "--region", "35.10"]).contains("can sign in"));
    assert!(add("adi", &["--role", "administrator"]).contains("can sign in"));
}

#[test]
fn sample_data_is_not_loaded_beside_data_of_ones_own_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    import_villages(folder.path());
    let server = Server::start(folder.path(), &["--sample-data", SAMPLE]);
    assert!(server.greeting.contains("holds data of your own"), "{}", server.greeting);
    drop(server);
    let people = tapak(folder.path(), &["user", "list"]);
    assert!(!String::from_utf8_lossy(&people.stdout).contains("inspektur"), "people of the demo can sign in");
}
