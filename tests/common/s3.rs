//! A server of S3 for a test of its own: moto, which `tools/setup-tests` installs.

use super::{NEVER, client, skipped, variable};
use reqwest::{Method, RequestBuilder};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Runs until it is dropped. It keeps objects in memory.
pub struct S3 {
    program: Child,
    pub endpoint: String,
}

/// The bucket that is there.
pub const BUCKET: &str = "cadangan";

impl S3 {
    /// `None` (said aloud) where it is not installed.
    pub async fn start() -> Option<Self> {
        let Some(python) = variable("TAPAK_TEST_S3_PYTHON") else {
            skipped("backups in S3-compatible storage: TAPAK_TEST_S3_PYTHON is not set");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let program = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { program, endpoint: format!("http://127.0.0.1:{port}") };
        let begun = Instant::now();
        while server.request(Method::PUT, "").send().await.is_err() {
            assert!(begun.elapsed() < NEVER, "the server of S3 does not come up");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Some(server)
    }

    /// A request past the program, as somebody who has the keys.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        const SIGNED: &str =
            "AWS4-HMAC-SHA256 Credential=tapak/20261130/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let request = client().build().unwrap().request(method, format!("{}/{BUCKET}{path}", self.endpoint));
        request.header("authorization", SIGNED)
    }

    /// The settings by which the program reaches it.
    pub fn settings(&self) -> [String; 4] {
        [
            format!("s3_endpoint={}", self.endpoint),
            "s3_region=us-east-1".to_owned(),
            "s3_access_key_id=tapak".to_owned(),
            "s3_secret_access_key=rahasia".to_owned(),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
