//! A program that is killed with work in hand, and started again.

use super::mail::register_twice;
use crate::common::{TestApp, on_both_engines};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tapak::jobs::worker;
use tapak::store::jobs;
use tokio::net::{TcpListener, TcpStream};

/// `tapak serve` on the database of a test, with a mail server that never says a word: a mail is in hand as long as it runs.
struct Server(Child);

impl Server {
    fn start(app: &TestApp, mail: &TcpListener) -> Self {
        let smtp = format!("smtp=smtp://{}", mail.local_addr().unwrap());
        let database = app.engine.url(app.folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_tapak"));
        command.current_dir(app.folder.path()).args(["--data", "data", "--database", &database, "--set", &smtp]);
        command.args(["--set", "smtp_timeout_s=600", "serve", "--listen", "127.0.0.1:0"]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

/// As `kill -9` does it: nothing of it runs any more.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

on_both_engines!(
    what_a_killed_program_had_in_hand_goes_on_as_soon_as_it_is_started_again,
    [("alert_settle_s", "0.001")],
    |app| {
        app.sign_in_as("inspector", Some("35.10")).await;
        register_twice(&app, "Mawar", -8.21).await;
        while !is_mail_waiting(&app).await {
            if !worker::run_one(&app.app).await.unwrap() {
                app.app.clock.advance(Duration::from_secs(1));
            }
        }
        let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();

        let first = Server::start(&app, &mail);
        let _silent = connection(&mail).await;
        drop(first);
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(jobs::list_owners(&mut tx).await.unwrap().len(), 1, "it could give nothing back");
        drop(tx);

        let second = Server::start(&app, &mail);
        let _silent = connection(&mail).await;
        drop(second);
    }
);

/// The next connection to the mail server. A lease would last five minutes; after one the test has failed.
async fn connection(mail: &TcpListener) -> TcpStream {
    let accepted = tokio::time::timeout(Duration::from_secs(60), mail.accept()).await;
    accepted.expect("the mail is not sent").unwrap().0
}

async fn is_mail_waiting(app: &TestApp) -> bool {
    let mut tx = app.app.store.read().await.unwrap();
    let waiting = jobs::list(&mut tx, false, 100).await.unwrap();
    waiting.iter().any(|job| job.kind == "send_mail")
}
