//! Sign-in: argon2id passwords, server-side sessions.

use super::{ActionError, Result};
use crate::app::App;
use crate::config::Config;
use crate::domain::Time;
use crate::domain::person::Person;
use crate::store::users;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::Rng;

/// A session as it goes into the cookie.
#[derive(Debug)]
pub struct Session {
    /// 256 random bits, hex. Only its hash is stored.
    pub token: String,
    pub expires_at: Time,
    pub person: Person,
}

/// Opens a session. An unknown login costs as much time as a wrong password and says the same.
pub async fn sign_in(app: &App, login: &str, password: String) -> Result<Session> {
    let mut tx = app.store.read().await?;
    let found = users::find_by_login(&mut tx, &login.trim().to_lowercase()).await?;
    drop(tx);
    let stored = found.as_ref().map_or_else(|| app.decoy_hash.to_string(), |(_, hash)| hash.clone());
    // One hash takes 19 MiB: a flood of sign-ins waits in line instead of taking all memory.
    let turn = app.password_turns.clone().acquire_owned().await.map_err(|e| ActionError::Internal(e.to_string()))?;
    let right = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        PasswordHash::new(&stored)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(|e| ActionError::Internal(e.to_string()))?;
    let Some((person, _)) = found.filter(|_| right) else { return Err(ActionError::WrongLogin) };
    let now = app.clock.now();
    let token = random_hex();
    let expires_at = now + app.config.session;
    let mut tx = app.store.write().await?;
    users::open_session(&mut tx, &token_hash(&token), person.id, now, expires_at).await?;
    tx.commit().await?;
    Ok(Session { token, expires_at, person })
}

pub async fn sign_out(app: &App, token: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    users::close_session(&mut tx, &token_hash(token)).await?;
    Ok(tx.commit().await?)
}

/// Who holds this token.
pub async fn find_caller(app: &App, token: &str) -> Result<Option<Person>> {
    let mut tx = app.store.read().await?;
    Ok(users::find_by_session(&mut tx, &token_hash(token), app.clock.now()).await?)
}

fn token_hash(token: &str) -> String {
    crate::photos::sha256_hex(token.as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "a secret must be random; nothing depends on its value")]
fn random_hex() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The stored form of a password: argon2id with the configured cost.
pub fn hash_password(config: &Config, password: &str) -> Result<String> {
    let params = Params::new(config.password_memory_kib, config.password_passes, 1, None)
        .map_err(|e| ActionError::Internal(format!("password_memory_kib, password_passes: {e}")))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password(password.as_bytes()).map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(hash.to_string())
}
