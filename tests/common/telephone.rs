//! The telephone of somebody, with an authenticator app.

use super::{PASSWORD, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use totp_rs::{Builder, Secret, Totp};

/// Where one's own second factor is set up.
pub const ACCOUNT: &str = "/api/v1/account/second-factor";
const HALF_MINUTE: Duration = Duration::from_secs(30);

pub struct Telephone(Totp);

impl Telephone {
    /// One in whose app the secret of this answer was typed.
    pub fn new(shown: &Value) -> Self {
        let typed = shown["secret"].as_str().unwrap().replace(' ', "");
        let secret = Secret::try_from_base32(typed).unwrap();
        Self(Builder::new().with_secret(secret).with_account_name("x").build().unwrap())
    }

    /// Sets up a second factor for whoever is signed in; with the recovery codes.
    pub async fn set_up(app: &TestApp) -> (Self, Vec<String>) {
        let shown = app.post(ACCOUNT, &json!({ "password": PASSWORD })).await.is(StatusCode::OK);
        let telephone = Self::new(&shown);
        let confirmed = app.request(Method::PUT, ACCOUNT).json(&json!({ "code": telephone.code(app) }));
        let set = app.send(confirmed).await.is(StatusCode::OK);
        let codes = set["recovery_codes"].as_array().unwrap();
        (telephone, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// The code that it shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.0.generate(u64::try_from(app.app.clock.now().timestamp()).unwrap()).to_string()
    }

    /// The code of the next half-minute, which nobody used yet.
    pub fn next_code(&self, app: &TestApp) -> String {
        app.app.clock.advance(HALF_MINUTE);
        self.code(app)
    }

    /// A code that none of the half-minutes around has.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let now = u64::try_from(app.app.clock.now().timestamp()).unwrap();
        let right: Vec<String> =
            [now - 60, now - 30, now, now + 30, now + 60].map(|at| self.0.generate(at).to_string()).into();
        (0..1_000_000).map(|number| format!("{number:06}")).find(|code| !right.contains(code)).unwrap()
    }
}
