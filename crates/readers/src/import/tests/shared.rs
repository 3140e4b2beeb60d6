//! The shared files, where `TAPAK_TEST_DATA` says they are.

use super::*;
use crate::domain::project::Sensitivity;

/// The folder of the shared files, or `None` said aloud.
fn shared(file: &str) -> Option<Input> {
    #[expect(clippy::disallowed_methods, reason = "a test asks where the shared data is")]
    let folder = std::env::var("TAPAK_TEST_DATA").ok();
    if folder.is_none() {
        eprintln!("skipped: TAPAK_TEST_DATA is not set");
    }
    folder.map(|folder| Input::path(format!("{folder}/{file}")))
}

#[test]
fn every_shared_village_is_accepted() {
    let mut read = 0;
    for (name, count) in [("boundaries/banyuwangi.geojson", 217), ("boundaries/neighbours.geojson", 603)] {
        let Some(input) = shared(name) else { return };
        let file = read_villages(&input, &VillageReading::default(), &Progress::default()).unwrap();
        assert_eq!((file.refused.as_slice(), file.good.len()), (&[][..], count));
        read += file.good.len();
        for village in &file.good {
            use geo::Contains;
            assert!(village.border.boundary.contains(&geo::Point::from(village.border.centre)), "{}", village.code);
        }
    }
    assert_eq!(read, 820);
}

#[test]
fn every_shared_project_is_accepted_without_options() {
    let Some(input) = shared("duplicates/projects.geojson") else {
        return;
    };
    let mut file = ProjectFile::open(&input, &ReadOptions { owner_of, ..ReadOptions::default() }).unwrap();
    assert_eq!(file.source(), "file:projects");
    let rows: Vec<Row> = file.by_ref().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 299);
    for row in &rows {
        let Row::Good(row) = row else { panic!("{row:?}") };
        assert!(
            row.footprint.is_some() && !row.photo_marks.is_empty() && row.funding[0].amount_rupiah == row.budget_rupiah
        );
    }
    let houses =
        rows.iter().filter(|row| matches!(row, Row::Good(row) if row.sensitivity == Sensitivity::Hamlet)).count();
    assert_eq!(houses, 10);
    assert_eq!(file.unread(), ["kind"]);
}
