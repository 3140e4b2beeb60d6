//! People and their sessions.

use super::{Result, StoreError, Tx, sql, to_text};
use crate::domain::Time;
use crate::domain::person::{Language, Person, Role};
use uuid::Uuid;

/// A person to be stored.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub person: Person,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    pub demo: bool,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: Uuid,
    login: String,
    name: String,
    role: String,
    email: Option<String>,
    password_hash: String,
    region_code: Option<String>,
    language: String,
}

impl UserRow {
    fn parse(self) -> Result<(Person, String)> {
        let person = Person {
            id: self.id,
            role: Role::parse(&self.role).ok_or(StoreError::Corrupt("users.role", self.id))?,
            language: Language::parse(&self.language).ok_or(StoreError::Corrupt("users.language", self.id))?,
            login: self.login,
            name: self.name,
            email: self.email,
            region_code: self.region_code,
        };
        Ok((person, self.password_hash))
    }
}

/// Adds a person; `false` where the login is taken.
pub async fn insert(tx: &mut Tx, user: &NewUser, now: Time) -> Result<bool> {
    const ADD: &str =
        "INSERT INTO users (id, login, name, role, email, password_hash, region_code, language, demo, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (login) DO NOTHING";
    let p = &user.person;
    let binds = sql!(
        tx,
        ADD,
        [
            p.id,
            p.login.as_str(),
            p.name.as_str(),
            p.role.as_str(),
            p.email.as_deref(),
            user.password_hash.as_str(),
            p.region_code.as_deref(),
            p.language.as_str(),
            i64::from(user.demo),
            to_text(now)
        ],
        execute
    )?;
    Ok(binds == 1)
}

/// The person who signs in with this name, with the hash of the password.
pub async fn find_by_login(tx: &mut Tx, login: &str) -> Result<Option<(Person, String)>> {
    const FIND: &str = "SELECT id, login, name, role, email, password_hash, region_code, language FROM users
        WHERE login = $1 AND disabled_at IS NULL";
    sql!(tx, FIND, [login], fetch_optional as UserRow)?.map(UserRow::parse).transpose()
}

/// The person with this id.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Person>> {
    const FIND: &str = "SELECT id, login, name, role, email, password_hash, region_code, language FROM users
        WHERE id = $1 AND disabled_at IS NULL";
    sql!(tx, FIND, [id], fetch_optional as UserRow)?.map(|row| Ok(row.parse()?.0)).transpose()
}

/// Everybody with an account, by login.
pub async fn list(tx: &mut Tx) -> Result<Vec<Person>> {
    const LIST: &str = "SELECT id, login, name, role, email, password_hash, region_code, language FROM users
        WHERE disabled_at IS NULL ORDER BY login";
    sql!(tx, LIST, [], fetch_all as UserRow)?.into_iter().map(|row| Ok(row.parse()?.0)).collect()
}

/// The accounts of the demo, by login.
pub async fn list_demo(tx: &mut Tx) -> Result<Vec<Person>> {
    const LIST: &str = "SELECT id, login, name, role, email, password_hash, region_code, language FROM users
        WHERE demo = 1 AND disabled_at IS NULL ORDER BY login";
    sql!(tx, LIST, [], fetch_all as UserRow)?.into_iter().map(|row| Ok(row.parse()?.0)).collect()
}

/// Opens a session and sweeps away those that are over.
pub async fn open_session(tx: &mut Tx, token_hash: &str, user_id: Uuid, now: Time, until: Time) -> Result<()> {
    const SWEEP: &str = "DELETE FROM sessions WHERE expires_at <= $1";
    const OPEN: &str = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    sql!(tx, SWEEP, [to_text(now)], execute)?;
    sql!(tx, OPEN, [token_hash, user_id, to_text(now), to_text(until)], execute)?;
    Ok(())
}

/// Who holds this session.
pub async fn find_by_session(tx: &mut Tx, token_hash: &str, now: Time) -> Result<Option<Person>> {
    const FIND: &str = "SELECT u.id AS id, u.login AS login, u.name AS name, u.role AS role, u.email AS email,
            u.password_hash AS password_hash, u.region_code AS region_code, u.language AS language
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL";
    let row = sql!(tx, FIND, [token_hash, to_text(now)], fetch_optional as UserRow)?;
    row.map(|row| Ok(row.parse()?.0)).transpose()
}

pub async fn close_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    const CLOSE: &str = "DELETE FROM sessions WHERE token_hash = $1";
    sql!(tx, CLOSE, [token_hash], execute)?;
    Ok(())
}
