//! What the program does as it starts.

use crate::common::command::Server;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

#[test]
fn what_a_process_that_died_left_half_written_goes_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let left = ["data/photos/incoming/dead.part", "data/outbox/dead.part"].map(|name| folder.path().join(name));
    for path in &left {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        File::create(path).unwrap().set_modified(long_ago).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
    command.current_dir(folder.path()).args(["--data", "data", "serve", "--listen", "127.0.0.1:0"]);
    let mut server = Server(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    // It is done beside the start; after a minute the test has failed.
    for _ in 0..3_000 {
        if left.iter().all(|path| !path.exists()) {
            return;
        }
        assert!(server.0.try_wait().unwrap().is_none(), "it does not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("they stay");
}
