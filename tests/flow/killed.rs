//! A program that is killed with work in hand, and started again.

use super::mail::register_twice;
use crate::common::command::Server;
use crate::common::{TestApp, on_both_engines};
use std::time::Duration;
use tapak::domain::job::JobKind;
use tapak::store::jobs;
use tokio::net::{TcpListener, TcpStream};

/// `tapak serve` on the database of a test, with a mail server that never says a word: a mail is in hand as long as it runs.
fn serve(app: &TestApp, mail: &TcpListener) -> Server {
    let smtp = format!("smtp=smtp://{}", mail.local_addr().unwrap());
    let database = app.engine.url(app.folder.path());
    let arguments = ["--data", "data", "--database", &database, "--set", &smtp, "--set", "smtp_timeout_s=600"];
    Server::start(app.folder.path(), &arguments)
}

on_both_engines!(work_of_a_killed_program_resumes_as_soon_as_it_is_restarted, [("alert_settle_s", "0.001")], |app| {
    app.sign_in_as("inspector", Some("35.10")).await;
    register_twice(&app, "Mawar", -8.21).await;
    app.work_until(JobKind::SendMail).await;
    let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();

    let first = serve(&app, &mail);
    let _silent = connection(&mail).await;
    drop(first);
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(jobs::list_owners(&mut tx).await.unwrap().len(), 1, "it could give nothing back");
    drop(tx);

    let second = serve(&app, &mail);
    let _silent = connection(&mail).await;
    drop(second);
});

/// The next connection to the mail server. A lease would last five minutes; after one the test has failed.
async fn connection(mail: &TcpListener) -> TcpStream {
    let accepted = tokio::time::timeout(Duration::from_secs(60), mail.accept()).await;
    accepted.expect("the mail is not sent").unwrap().0
}
