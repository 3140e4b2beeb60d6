//! The service over TLS, with a certificate of one's own.

use crate::common::NEVER;
use crate::common::command::Server;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

/// A server with a certificate for `localhost`, and what a client must trust to believe it.
fn start(folder: &Path, settings: &[&str]) -> (Server, Arc<ClientConfig>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.key_pair.serialize_pem()).unwrap();
    let tls = ["--set", "tls_cert=cert.pem", "--set", "tls_key=key.pem"];
    (Server::start(folder, &[&tls, settings].concat()), trusting(made.cert.der()))
}

fn trusting(certificate: &CertificateDer<'static>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(versions.with_root_certificates(roots).with_no_client_auth())
}

fn client(trusting: &Arc<ClientConfig>) -> ClientConnection {
    ClientConnection::new(Arc::clone(trusting), "localhost".try_into().unwrap()).unwrap()
}

fn health(server: &Server, trusting: &Arc<ClientConfig>) -> String {
    let (mut tls, mut tcp) = (client(trusting), TcpStream::connect(server.address).unwrap());
    tcp.set_read_timeout(Some(NEVER)).unwrap();
    let mut stream = Stream::new(&mut tls, &mut tcp);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Clients that say nothing, the beginning of a hello, or half of one, and wait.
fn silent(server: &Server, trusting: &Arc<ClientConfig>) -> Vec<TcpStream> {
    let mut hello = Vec::new();
    client(trusting).write_tls(&mut hello).unwrap();
    let begin = |length: usize| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(&hello[..length]).unwrap();
        stream
    };
    [0, 1, hello.len() / 2].map(begin).into()
}

#[test]
fn who_agrees_on_no_tls_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (server, trusting) = start(folder.path(), &["--set", "header_timeout_s=3600"]);
    let _held: Vec<_> = (0..20).flat_map(|_| silent(&server, &trusting)).collect();
    let answer = health(&server, &trusting);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn who_agrees_on_no_tls_in_time_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let (server, trusting) = start(folder.path(), &["--set", "header_timeout_s=1", "--set", "idle_timeout_s=3600"]);
    for mut stream in silent(&server, &trusting) {
        stream.set_read_timeout(Some(NEVER)).unwrap();
        // Closed in an orderly way or by a reset.
        let ended = stream.read_to_end(&mut Vec::new());
        let waits = |e: &std::io::Error| matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        assert!(!ended.as_ref().is_err_and(waits), "it stays open: {ended:?}");
    }
}
