//! What the program does as it starts.

use crate::common::client;
use crate::common::command::Server;
use std::fs::File;
use std::time::{Duration, SystemTime};

#[test]
fn what_a_process_that_died_left_half_written_goes_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let path = folder.path().join("data").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        (File::create(&path).unwrap(), path)
    };
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let left = ["photos/incoming/dead.part", "outbox/dead.part"].map(|name| {
        let (file, path) = make(name);
        file.set_modified(long_ago).unwrap();
        path
    });
    let (_, fresh) = make("photos/incoming/another.part");
    let _server = Server::start(folder.path(), &[]);
    // It is done beside the start, the outbox last; after a minute the test has failed.
    for _ in 0..3_000 {
        if left.iter().all(|path| !path.exists()) {
            assert!(fresh.exists(), "another process may be writing it");
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("they stay");
}

#[tokio::test]
async fn where_the_system_lets_it_open_too_few_files_it_says_how_many_connections_there_are_and_what_to_raise() {
    let folder = tempfile::tempdir().unwrap();
    for (wished, told) in [("2000", true), ("50", false)] {
        let server = Server::start_with_files(256, folder.path(), &["--set", &format!("connections={wished}")]);
        // Whoever is answered finds it as it is going to be.
        assert_eq!(
            client().build().unwrap().get(format!("http://{}/healthz", server.address)).send().await.unwrap().status(),
            200
        );
        let logged = server.end();
        assert_eq!(logged.contains("at most 56 connections at once instead of 2000"), told, "{logged}");
        assert_eq!(logged.contains("LimitNOFILE= in the systemd unit, or ulimit -n"), told, "{logged}");
    }
}
