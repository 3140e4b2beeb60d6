//! Posts, the roles they give in which regions, and who holds them when.

use super::sight::in_regions;
use super::{Result, StoreError, Tx, insert_many, list, list_in, sql, to_text, to_time};
use crate::domain::action::Action;
use crate::domain::post::{Capacity, Grant, Right, Role};
use crate::domain::scope::Scope;
use crate::domain::{Day, Time};
use crate::spatial::zone::zone_of;
use chrono::{FixedOffset, TimeDelta};
use std::collections::HashMap;
use uuid::Uuid;

/// A post with what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    pub id: Uuid,
    pub name: Option<String>,
    pub closed_at: Option<String>,
    /// With the name that each region has today, ordered by role and region.
    pub grants: Vec<(Grant, Option<String>)>,
}

impl Post {
    /// All regions in which it gives something.
    pub fn scope(&self) -> Scope {
        Scope::union(self.grants.iter().map(|(grant, _)| grant.scope()))
    }

    /// The zone in which its days are meant: that of its first region.
    pub fn zone(&self) -> FixedOffset {
        let code = self.grants.iter().find_map(|(grant, _)| grant.region_code.as_deref());
        zone_of(code.unwrap_or_default())
    }
}

/// A person who holds, held or will hold a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    pub id: Uuid,
    pub post_id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub login: String,
    pub capacity: Capacity,
    pub from: Time,
    /// The first moment at which it is held no more.
    pub until: Option<Time>,
    pub only: Option<Vec<Action>>,
    pub named_by: Option<String>,
}

impl Holder {
    /// The first and the last day, in the zone of the post.
    pub fn days(&self, zone: FixedOffset) -> (Day, Option<Day>) {
        let day = |at: Time| at.with_timezone(&zone).date_naive();
        // Times are kept in microseconds.
        (day(self.from), self.until.map(|until| day(until - TimeDelta::microseconds(1))))
    }
}

/// Somebody to hold a post.
#[derive(Clone, Debug)]
pub struct NewHolder {
    pub id: Uuid,
    pub post_id: Uuid,
    pub user_id: Uuid,
    pub capacity: Capacity,
    pub from: Time,
    pub until: Option<Time>,
    pub only: Option<Vec<Action>>,
    pub named_by: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct RightRow {
    user_id: Uuid,
    holder_id: Uuid,
    post_id: Uuid,
    post_name: Option<String>,
    role: String,
    region_code: String,
    region_name: Option<String>,
    capacity: String,
    held_until: Option<String>,
    only_acts: Option<String>,
}

impl RightRow {
    fn parse(self) -> Result<(Uuid, Right)> {
        let id = self.holder_id;
        let right = Right {
            post_id: self.post_id,
            post_name: self.post_name,
            role: Role::parse(&self.role).ok_or(StoreError::Corrupt("post_grants.role", self.post_id))?,
            region_code: Some(self.region_code).filter(|code| !code.is_empty()),
            region_name: self.region_name,
            capacity: parse_capacity(&self.capacity, id)?,
            until: self.held_until.map(|at| to_time(&at, "post_holders.held_until", id)).transpose()?,
            only: self.only_acts.map(|acts| parse_acts(&acts, id)).transpose()?,
        };
        Ok((self.user_id, right))
    }
}

fn parse_capacity(word: &str, id: Uuid) -> Result<Capacity> {
    Capacity::parse(word).ok_or(StoreError::Corrupt("post_holders.capacity", id))
}

fn parse_acts(words: &str, id: Uuid) -> Result<Vec<Action>> {
    let one = |word: &str| Action::parse(word).ok_or(StoreError::Corrupt("post_holders.only_acts", id));
    words.split_whitespace().map(one).collect()
}

/// What the posts that each of these people holds at this moment give them, in the order in which they came to hold them.
pub async fn list_rights(tx: &mut Tx, users: &[Uuid], now: Time) -> Result<HashMap<Uuid, Vec<Right>>> {
    const RIGHTS: &str = "SELECT h.user_id AS user_id, h.id AS holder_id, h.post_id AS post_id, p.name AS post_name,
            g.role AS role, g.region_code AS region_code, v.name AS region_name, h.capacity AS capacity,
            h.held_until AS held_until, h.only_acts AS only_acts
        FROM post_holders h JOIN posts p ON p.id = h.post_id JOIN post_grants g ON g.post_id = p.id
        LEFT JOIN region_versions v ON v.code = g.region_code AND v.valid_to IS NULL
        WHERE p.closed_at IS NULL AND h.user_id";
    let now = to_text(now);
    let rows = list_in!(tx, RightRow, RIGHTS, users, |q| {
        // What began when it was named has begun, whatever the clock says since.
        q.push(" AND (h.held_from <= h.named_at OR h.held_from <= ").push_bind(now.clone());
        q.push(") AND (h.held_until IS NULL OR h.held_until > ").push_bind(now.clone());
        q.push(") ORDER BY h.held_from, h.id, g.role, g.region_code");
    });
    let mut rights: HashMap<Uuid, Vec<Right>> = HashMap::new();
    for row in rows {
        let (user, right) = row.parse()?;
        rights.entry(user).or_default().push(right);
    }
    Ok(rights)
}

/// What somebody holds or will hold: whoever answers for them answers for all of it. No limit: the posts of one person.
pub async fn list_grants_from(tx: &mut Tx, user: Uuid, now: Time) -> Result<Vec<Grant>> {
    const GRANTS: &str = "SELECT DISTINCT g.post_id, g.role, g.region_code FROM post_holders h
        JOIN posts p ON p.id = h.post_id JOIN post_grants g ON g.post_id = p.id
        WHERE h.user_id = $1 AND p.closed_at IS NULL AND (h.held_until IS NULL OR h.held_until > $2)
        ORDER BY g.post_id, g.role, g.region_code";
    let rows = sql!(tx, GRANTS, [user, to_text(now)], fetch_all as (Uuid, String, String))?;
    rows.into_iter().map(parse_grant).collect()
}

/// The regions of all posts that somebody ever held. No limit: the posts of one person.
pub async fn list_regions_ever(tx: &mut Tx, user: Uuid) -> Result<Vec<String>> {
    const EVER: &str = "SELECT DISTINCT g.region_code FROM post_holders h JOIN post_grants g ON g.post_id = h.post_id
        WHERE h.user_id = $1 ORDER BY g.region_code";
    Ok(sql!(tx, EVER, [user], fetch_all as (String,))?.into_iter().map(|(code,)| code).collect())
}

fn parse_grant((post, role, code): (Uuid, String, String)) -> Result<Grant> {
    let role = Role::parse(&role).ok_or(StoreError::Corrupt("post_grants.role", post))?;
    Ok(Grant { role, region_code: Some(code).filter(|code| !code.is_empty()) })
}

/// Adds a post; `false` where the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, name: Option<&str>, grants: &[Grant], now: Time) -> Result<bool> {
    const POST: &str = "INSERT INTO posts (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    const GRANT: &str = "INSERT INTO post_grants (post_id, role, region_code) ";
    if sql!(tx, POST, [id, name, to_text(now)], execute)? == 0 {
        return Ok(false);
    }
    insert_many!(tx, GRANT, grants, |b, grant| {
        b.push_bind(id).push_bind(grant.role.as_str()).push_bind(grant.region_code.clone().unwrap_or_default());
    });
    Ok(true)
}

/// Closes a post: from this moment on it gives no rights.
pub async fn close(tx: &mut Tx, id: Uuid, now: Time) -> Result<bool> {
    const CLOSE: &str = "UPDATE posts SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL";
    Ok(sql!(tx, CLOSE, [id, to_text(now)], execute)? == 1)
}

/// Keeps who holds a post.
pub async fn insert_holder(tx: &mut Tx, new: &NewHolder, now: Time) -> Result<()> {
    const HOLDER: &str = "INSERT INTO post_holders
        (id, post_id, user_id, capacity, held_from, held_until, only_acts, named_by, named_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let only = new.only.as_ref().map(|acts| acts.iter().map(|act| act.as_str()).collect::<Vec<_>>().join(" "));
    sql!(
        tx,
        HOLDER,
        [
            new.id,
            new.post_id,
            new.user_id,
            new.capacity.as_str(),
            to_text(new.from),
            new.until.map(to_text),
            only,
            new.named_by,
            to_text(now)
        ],
        execute
    )?;
    Ok(())
}

/// Sets the end of what somebody holds.
pub async fn end_holder(tx: &mut Tx, id: Uuid, until: Time) -> Result<()> {
    const END: &str = "UPDATE post_holders SET held_until = $2 WHERE id = $1";
    sql!(tx, END, [id, to_text(until)], execute)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PostRow {
    id: Uuid,
    name: Option<String>,
    closed_at: Option<String>,
}

/// One post.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Post>> {
    const FIND: &str = "SELECT id, name, closed_at FROM posts WHERE id = $1";
    let rows = sql!(tx, FIND, [id], fetch_optional as PostRow)?.into_iter().collect();
    Ok(with_grants(tx, rows).await?.pop())
}

/// Posts that give something in these regions, by id, the oldest first; `after` is the id last seen.
pub async fn list_posts(
    tx: &mut Tx,
    scope: &Scope,
    role: Option<Role>,
    region: Option<&Scope>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Post>> {
    let rows = list!(tx, PostRow, |q| {
        q.push("SELECT p.id AS id, p.name AS name, p.closed_at AS closed_at FROM posts p");
        q.push(" WHERE EXISTS (SELECT 1 FROM post_grants g WHERE g.post_id = p.id AND ");
        in_regions!(q, "g.region_code", scope);
        if let Some(region) = region {
            q.push(" AND ");
            in_regions!(q, "g.region_code", region);
        }
        if let Some(role) = role {
            q.push(" AND g.role = ").push_bind(role.as_str());
        }
        q.push(")");
        if let Some(id) = after {
            q.push(" AND p.id > ").push_bind(id);
        }
        q.push(" ORDER BY p.id LIMIT ").push_bind(limit);
    })?;
    with_grants(tx, rows).await
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    post_id: Uuid,
    role: String,
    region_code: String,
    region_name: Option<String>,
}

async fn with_grants(tx: &mut Tx, rows: Vec<PostRow>) -> Result<Vec<Post>> {
    const GRANTS: &str =
        "SELECT g.post_id AS post_id, g.role AS role, g.region_code AS region_code, v.name AS region_name
        FROM post_grants g LEFT JOIN region_versions v ON v.code = g.region_code AND v.valid_to IS NULL
        WHERE g.post_id";
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut grants: HashMap<Uuid, Vec<(Grant, Option<String>)>> = HashMap::new();
    for row in list_in!(tx, GrantRow, GRANTS, ids, "ORDER BY g.post_id, g.role, g.region_code") {
        let grant = parse_grant((row.post_id, row.role, row.region_code))?;
        grants.entry(row.post_id).or_default().push((grant, row.region_name));
    }
    let post = |row: PostRow| Post {
        grants: grants.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        closed_at: row.closed_at,
    };
    Ok(rows.into_iter().map(post).collect())
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    id: Uuid,
    post_id: Uuid,
    user_id: Uuid,
    name: String,
    login: String,
    capacity: String,
    held_from: String,
    held_until: Option<String>,
    only_acts: Option<String>,
    named_by: Option<String>,
}

impl HolderRow {
    fn parse(self) -> Result<Holder> {
        let id = self.id;
        Ok(Holder {
            id,
            post_id: self.post_id,
            user_id: self.user_id,
            name: self.name,
            login: self.login,
            capacity: parse_capacity(&self.capacity, id)?,
            from: to_time(&self.held_from, "post_holders.held_from", id)?,
            until: self.held_until.map(|at| to_time(&at, "post_holders.held_until", id)).transpose()?,
            only: self.only_acts.map(|acts| parse_acts(&acts, id)).transpose()?,
            named_by: self.named_by,
        })
    }
}

const HOLDER: &str = "SELECT h.id AS id, h.post_id AS post_id, h.user_id AS user_id, u.name AS name, u.login AS login,
        h.capacity AS capacity, h.held_from AS held_from, h.held_until AS held_until, h.only_acts AS only_acts,
        n.name AS named_by
    FROM post_holders h JOIN users u ON u.id = h.user_id LEFT JOIN users n ON n.id = h.named_by";

/// Who holds, held or will hold each of these posts, newest first. No limit: holders of the posts of one page.
pub async fn list_holders(tx: &mut Tx, posts: &[Uuid]) -> Result<Vec<Holder>> {
    let before = format!("{HOLDER} WHERE h.post_id");
    let rows = list_in!(tx, HolderRow, &before, posts, "ORDER BY h.post_id, h.held_from DESC, h.id DESC");
    rows.into_iter().map(HolderRow::parse).collect()
}

/// What each of these people holds, held or will hold, newest first. No limit: posts of the people of one page.
pub async fn list_of_people(tx: &mut Tx, users: &[Uuid]) -> Result<Vec<Holder>> {
    let before = format!("{HOLDER} WHERE h.user_id");
    let rows = list_in!(tx, HolderRow, &before, users, "ORDER BY h.user_id, h.held_from DESC, h.id DESC");
    rows.into_iter().map(HolderRow::parse).collect()
}

/// One holder.
pub async fn find_holder(tx: &mut Tx, id: Uuid) -> Result<Option<Holder>> {
    let rows = list!(tx, HolderRow, |q| {
        q.push(HOLDER).push(" WHERE h.id = ").push_bind(id);
    })?;
    rows.into_iter().next().map(HolderRow::parse).transpose()
}

/// Whoever holds the post, or acts as its holder, at some moment of this time; the first of them.
pub async fn find_overlapping(tx: &mut Tx, post: Uuid, from: Time, until: Option<Time>) -> Result<Option<Holder>> {
    let rows = list!(tx, HolderRow, |q| {
        q.push(HOLDER).push(" WHERE h.capacity <> 'substitute' AND h.post_id = ").push_bind(post);
        q.push(" AND (h.held_until IS NULL OR h.held_until > ").push_bind(to_text(from)).push(")");
        if let Some(until) = until {
            q.push(" AND h.held_from < ").push_bind(to_text(until));
        }
        // What was ended before it began was never held.
        q.push(" AND (h.held_until IS NULL OR h.held_until > h.held_from) ORDER BY h.held_from LIMIT 1");
    })?;
    rows.into_iter().next().map(HolderRow::parse).transpose()
}

/// The oldest open post that gives this and nothing else and that nobody holds now or later.
pub async fn find_vacant(tx: &mut Tx, grant: &Grant, now: Time) -> Result<Option<Uuid>> {
    const FIND: &str = "SELECT p.id FROM posts p JOIN post_grants g ON g.post_id = p.id
        WHERE p.closed_at IS NULL AND g.role = $1 AND g.region_code = $2
            AND (SELECT COUNT(*) FROM post_grants o WHERE o.post_id = p.id) = 1
            AND NOT EXISTS (SELECT 1 FROM post_holders h WHERE h.post_id = p.id AND h.capacity <> 'substitute'
                AND (h.held_until IS NULL OR h.held_until > $3))
        ORDER BY p.id LIMIT 1";
    let region = grant.region_code.as_deref().unwrap_or_default();
    let found = sql!(tx, FIND, [grant.role.as_str(), region, to_text(now)], fetch_optional as (Uuid,))?;
    Ok(found.map(|(id,)| id))
}

/// How many enabled people administer the country at this moment, without an end that is known, but for one.
pub async fn count_country_administrators(tx: &mut Tx, but: Uuid, now: Time) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(DISTINCT u.id) FROM users u JOIN post_holders h ON h.user_id = u.id
        JOIN posts p ON p.id = h.post_id JOIN post_grants g ON g.post_id = p.id
        WHERE u.disabled_at IS NULL AND p.closed_at IS NULL AND g.role = 'administrator' AND g.region_code = ''
            AND h.capacity = 'holder' AND (h.held_from <= h.named_at OR h.held_from <= $2) AND h.held_until IS NULL AND u.id <> $1";
    Ok(sql!(tx, COUNT, [but, to_text(now)], fetch_one as (i64,))?.0)
}
