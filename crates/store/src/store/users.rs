//! People and their sessions. What a person may do is looked up with them: see `posts.rs`.

use super::posts::list_rights;
use super::sight::in_regions;
use super::{Result, StoreError, Tx, list, sql, to_text, to_time};
use crate::domain::Time;
use crate::domain::person::{Language, Person};
use crate::domain::scope::Scope;
use uuid::Uuid;

/// A person to be stored.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub person: Person,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    pub demo: bool,
    /// Since when a first password is awaited.
    pub invited_at: Option<Time>,
}

/// A session to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    pub token_hash: &'a str,
    pub user_id: Uuid,
    pub until: Time,
    /// Where it was opened from.
    pub address: &'a str,
    /// The browser as it names itself.
    pub agent: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: Uuid,
    login: String,
    name: String,
    email: Option<String>,
    password_hash: String,
    language: String,
}

/// The columns of a [`UserRow`] and `$more`, from `$rest`.
macro_rules! select {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT u.id AS id, u.login AS login, u.name AS name, u.email AS email, u.password_hash AS password_hash,
            u.language AS language",
            $more,
            " FROM ",
            $rest
        )
    };
}

impl UserRow {
    /// The person, whose rights are to be filled in, and the hash of the password.
    fn parse(self) -> Result<(Person, String)> {
        let person = Person {
            id: self.id,
            language: Language::parse(&self.language).ok_or(StoreError::Corrupt("users.language", self.id))?,
            login: self.login,
            name: self.name,
            email: self.email,
            rights: Vec::new(),
            address: None,
        };
        Ok((person, self.password_hash))
    }
}

/// People with what they may do at this moment.
async fn with_rights(tx: &mut Tx, rows: Vec<UserRow>, now: Time) -> Result<Vec<(Person, String)>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut rights = list_rights(tx, &ids, now).await?;
    let with = |row: UserRow| {
        let (mut person, hash) = row.parse()?;
        person.rights = rights.remove(&person.id).unwrap_or_default();
        Ok((person, hash))
    };
    rows.into_iter().map(with).collect()
}

/// Adds a person; `false` where the login is taken.
pub async fn insert(tx: &mut Tx, user: &NewUser, now: Time) -> Result<bool> {
    const ADD: &str =
        "INSERT INTO users (id, login, name, email, password_hash, language, demo, created_at, invited_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login) DO NOTHING";
    let p = &user.person;
    let binds = sql!(
        tx,
        ADD,
        [
            p.id,
            p.login.as_str(),
            p.name.as_str(),
            p.email.as_deref(),
            user.password_hash.as_str(),
            p.language.as_str(),
            i64::from(user.demo),
            to_text(now),
            user.invited_at.map(to_text)
        ],
        execute
    )?;
    Ok(binds == 1)
}

/// The person who signs in with this name, with the hash of the password.
pub async fn find_by_login(tx: &mut Tx, login: &str, now: Time) -> Result<Option<(Person, String)>> {
    const FIND: &str = select!("", "users u WHERE u.login = $1 AND u.disabled_at IS NULL");
    let rows = sql!(tx, FIND, [login], fetch_optional as UserRow)?.into_iter().collect();
    Ok(with_rights(tx, rows, now).await?.pop())
}

/// The person with this id.
pub async fn find(tx: &mut Tx, id: Uuid, now: Time) -> Result<Option<Person>> {
    const FIND: &str = select!("", "users u WHERE u.id = $1 AND u.disabled_at IS NULL");
    let rows = sql!(tx, FIND, [id], fetch_optional as UserRow)?.into_iter().collect();
    Ok(with_rights(tx, rows, now).await?.pop().map(|(person, _)| person))
}

/// Everybody with an account, by login. No limit: each may be a recipient of what is to be told.
pub async fn list(tx: &mut Tx, now: Time) -> Result<Vec<Person>> {
    const LIST: &str = select!("", "users u WHERE u.disabled_at IS NULL ORDER BY u.login");
    let rows = sql!(tx, LIST, [], fetch_all as UserRow)?;
    Ok(with_rights(tx, rows, now).await?.into_iter().map(|(person, _)| person).collect())
}

/// How many have an account that is not shut.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM users WHERE disabled_at IS NULL";
    Ok(sql!(tx, COUNT, [], fetch_one as (i64,))?.0)
}

/// Somebody with an account, be it shut.
#[derive(Clone, Debug)]
pub struct StoredPerson {
    pub person: Person,
    pub disabled_at: Option<String>,
    /// Since when a first password is awaited.
    pub invited_at: Option<String>,
    /// How many are open.
    pub sessions: i64,
    /// Whether their sign-in asks for a second factor.
    pub second_factor: bool,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    #[sqlx(flatten)]
    user: UserRow,
    disabled_at: Option<String>,
    invited_at: Option<String>,
    sessions: i64,
    second_factor: bool,
}

/// People with what they may do at this moment, shut accounts too.
async fn stored(tx: &mut Tx, rows: Vec<PersonRow>, now: Time) -> Result<Vec<StoredPerson>> {
    let (users, kept): (Vec<UserRow>, Vec<_>) = rows
        .into_iter()
        .map(|row| (row.user, (row.disabled_at, row.invited_at, row.sessions, row.second_factor)))
        .unzip();
    let people = with_rights(tx, users, now).await?.into_iter().map(|(person, _)| person);
    let stored = |(person, (disabled_at, invited_at, sessions, second_factor))| StoredPerson {
        person,
        disabled_at,
        invited_at,
        sessions,
        second_factor,
    };
    Ok(people.zip(kept).map(stored).collect())
}

/// Everybody who ever held a post in these regions and whose login comes after this one, shut accounts too, by login. Who
/// never held any belongs to the country.
pub async fn list_in(tx: &mut Tx, scope: &Scope, after: &str, now: Time, limit: i64) -> Result<Vec<StoredPerson>> {
    const OPEN: &str = select!(
        ", u.disabled_at AS disabled_at, u.invited_at AS invited_at, COALESCE(o.open, 0) AS sessions,
        EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.secret IS NOT NULL) AS second_factor",
        "users u LEFT JOIN (SELECT user_id, COUNT(*) AS open FROM sessions WHERE expires_at > "
    );
    let rows = list!(tx, PersonRow, |q| {
        q.push(OPEN).push_bind(to_text(now)).push(" GROUP BY user_id) AS o ON o.user_id = u.id WHERE ");
        if *scope != Scope::all() {
            q.push("EXISTS (SELECT 1 FROM post_holders h JOIN post_grants g ON g.post_id = h.post_id");
            q.push(" WHERE h.user_id = u.id AND ");
            in_regions!(q, "g.region_code", scope);
            q.push(") AND ");
        }
        q.push("u.login > ").push_bind(after.to_owned()).push(" ORDER BY u.login LIMIT ").push_bind(limit);
    })?;
    stored(tx, rows, now).await
}

/// The person with this id, be their account shut.
pub async fn find_anyone(tx: &mut Tx, id: Uuid, now: Time) -> Result<Option<StoredPerson>> {
    const FIND: &str = select!(
        ", u.disabled_at AS disabled_at, u.invited_at AS invited_at, CAST(0 AS BIGINT) AS sessions,
        EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.secret IS NOT NULL) AS second_factor",
        "users u WHERE u.id = $1"
    );
    let rows = sql!(tx, FIND, [id], fetch_optional as PersonRow)?.into_iter().collect();
    Ok(stored(tx, rows, now).await?.pop())
}

/// Whether this account is one of the demo, with the password that its sign-in page shows.
pub async fn is_demo(tx: &mut Tx, id: Uuid) -> Result<bool> {
    const FIND: &str = "SELECT COUNT(*) FROM users WHERE id = $1 AND demo = 1";
    Ok(sql!(tx, FIND, [id], fetch_one as (i64,))?.0 == 1)
}

/// Whether this person has still to choose their first password.
pub async fn is_invited(tx: &mut Tx, id: Uuid) -> Result<bool> {
    const FIND: &str = "SELECT COUNT(*) FROM users WHERE id = $1 AND invited_at IS NOT NULL";
    Ok(sql!(tx, FIND, [id], fetch_one as (i64,))?.0 == 1)
}

/// The one person who signs in with this name, or to whom mails go at this address, given in small letters.
pub async fn find_by_name_or_mail(tx: &mut Tx, name: &str, now: Time) -> Result<Option<Person>> {
    const FIND: &str = select!(
        "",
        "users u WHERE (u.login = $1 OR LOWER(u.email) = $1) AND u.disabled_at IS NULL
        ORDER BY CASE WHEN u.login = $1 THEN 0 ELSE 1 END, u.login LIMIT 3"
    );
    let rows = sql!(tx, FIND, [name], fetch_all as UserRow)?;
    let mut people = with_rights(tx, rows, now).await?.into_iter().map(|(person, _)| person);
    let first = people.next();
    // An address that several share says not whose password it is.
    Ok(first.filter(|first| first.login == name || people.next().is_none()))
}

/// The id of the account with this name, be it shut.
pub async fn find_id(tx: &mut Tx, login: &str) -> Result<Option<Uuid>> {
    const FIND: &str = "SELECT id FROM users WHERE login = $1";
    Ok(sql!(tx, FIND, [login], fetch_optional as (Uuid,))?.map(|(id,)| id))
}

/// Shuts an account, or opens it again.
pub async fn set_disabled(tx: &mut Tx, id: Uuid, at: Option<Time>) -> Result<()> {
    const SET: &str = "UPDATE users SET disabled_at = $2 WHERE id = $1";
    sql!(tx, SET, [id, at.map(to_text)], execute)?;
    Ok(())
}

/// Keeps another password; `false` where the account is shut or the hash is not `was` any more. The sign-in page shows the
/// password of the demo no longer.
pub async fn change_password(tx: &mut Tx, id: Uuid, was: Option<&str>, hash: &str) -> Result<bool> {
    const CHANGE: &str = "UPDATE users SET password_hash = $2, demo = 0, invited_at = NULL
        WHERE id = $1 AND password_hash = COALESCE($3, password_hash) AND ($3 IS NULL OR disabled_at IS NULL)";
    Ok(sql!(tx, CHANGE, [id, hash, was], execute)? == 1)
}

/// A session that is open.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// Half of the token's hash, which leads nobody to the token.
    pub id: Uuid,
    pub token_hash: String,
    pub created_at: String,
    /// When it was used last, to some minutes.
    pub used_at: String,
    pub expires_at: String,
    pub address: Option<String>,
    pub agent: Option<String>,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    token_hash: String,
    created_at: String,
    used_at: String,
    expires_at: String,
    address: Option<String>,
    agent: Option<String>,
}

impl SessionRow {
    fn parse(self, user: Uuid) -> Result<StoredSession> {
        Ok(StoredSession {
            id: self.id.parse().map_err(|_| StoreError::Corrupt("sessions.token_hash", user))?,
            token_hash: self.token_hash,
            created_at: self.created_at,
            used_at: self.used_at,
            expires_at: self.expires_at,
            address: self.address,
            agent: self.agent,
        })
    }
}

/// The open sessions of a person, newest first, at most a hundred.
pub async fn list_sessions(tx: &mut Tx, user: Uuid, now: Time) -> Result<Vec<StoredSession>> {
    const LIST: &str = "SELECT substr(token_hash, 1, 32) AS id, token_hash, created_at,
            COALESCE(used_at, created_at) AS used_at, expires_at, address, agent
        FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash LIMIT 100";
    sql!(tx, LIST, [user, to_text(now)], fetch_all as SessionRow)?.into_iter().map(|row| row.parse(user)).collect()
}

/// Ends the sessions of a person, but for one; gives how many.
pub async fn end_sessions(tx: &mut Tx, user: Uuid, but: Option<&str>) -> Result<u64> {
    const END: &str = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> COALESCE($2, '')";
    Ok(sql!(tx, END, [user, but], execute)?)
}

/// Ends one session of a person by its public id.
pub async fn end_session(tx: &mut Tx, user: Uuid, id: Uuid) -> Result<bool> {
    const END: &str = "DELETE FROM sessions WHERE user_id = $1 AND substr(token_hash, 1, 32) = $2";
    Ok(sql!(tx, END, [user, id.simple().to_string()], execute)? == 1)
}

/// The accounts of the demo, by login. No limit: the few of the sample data.
pub async fn list_demo(tx: &mut Tx, now: Time) -> Result<Vec<Person>> {
    const LIST: &str = select!("", "users u WHERE u.demo = 1 AND u.disabled_at IS NULL ORDER BY u.login");
    let rows = sql!(tx, LIST, [], fetch_all as UserRow)?;
    Ok(with_rights(tx, rows, now).await?.into_iter().map(|(person, _)| person).collect())
}

/// Opens a session and sweeps away those that are over.
pub async fn open_session(tx: &mut Tx, new: &NewSession<'_>, now: Time) -> Result<()> {
    const SWEEP: &str = "DELETE FROM sessions WHERE expires_at <= $1";
    const OPEN: &str = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, address, agent)
        VALUES ($1, $2, $3, $4, $5, $6)";
    sql!(tx, SWEEP, [to_text(now)], execute)?;
    sql!(tx, OPEN, [new.token_hash, new.user_id, to_text(now), to_text(new.until), new.address, new.agent], execute)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    #[sqlx(flatten)]
    user: UserRow,
    used_at: String,
}

/// Who holds this session, and when it was used last, to some minutes.
pub async fn find_by_session(tx: &mut Tx, token_hash: &str, now: Time) -> Result<Option<(Person, Time)>> {
    const FIND: &str = select!(
        ", COALESCE(s.used_at, s.created_at) AS used_at",
        "sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL"
    );
    let Some(row) = sql!(tx, FIND, [token_hash, to_text(now)], fetch_optional as HeldRow)? else { return Ok(None) };
    let used_at = to_time(&row.used_at, "sessions.used_at", row.user.id)?;
    Ok(with_rights(tx, vec![row.user], now).await?.pop().map(|(person, _)| (person, used_at)))
}

/// Notes that a session is used now.
pub async fn use_session(tx: &mut Tx, token_hash: &str, now: Time) -> Result<()> {
    const USE: &str = "UPDATE sessions SET used_at = $2 WHERE token_hash = $1";
    sql!(tx, USE, [token_hash, to_text(now)], execute)?;
    Ok(())
}

pub async fn close_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    const CLOSE: &str = "DELETE FROM sessions WHERE token_hash = $1";
    sql!(tx, CLOSE, [token_hash], execute)?;
    Ok(())
}
