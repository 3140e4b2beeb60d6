//! Posts, managed at the server's terminal: `tapak post list`, `add`, `appoint`, `end`, `close`.

use super::table::columns;
use super::{CliError, Context, print};
use crate::actions::posts::Term;
use crate::actions::posts::appoint::{Appointment, appoint};
use crate::actions::posts::close_post::close_post;
use crate::actions::posts::create_post::{NewPost, create_post};
use crate::actions::posts::end_holding::end_holding;
use crate::app::App;
use crate::domain::action::Action;
use crate::domain::post::{Capacity, Grant, Role, parse_name};
use crate::domain::scope::Scope;
use crate::domain::{Day, Invalid, Time};
use crate::store::posts::{self, Holder, Post};
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;
use uuid::Uuid;

/// Posts read at once.
const PAGE: i64 = 500;

#[derive(Debug, Subcommand)]
pub enum PostVerb {
    List,
    Add(Add),
    Appoint(Appoint),
    End(End),
    Close(Which),
}

#[derive(Debug, Args)]
pub struct Add {
    #[arg(long)]
    name: Option<String>,
    #[arg(long, required = true)]
    role: Vec<String>,
    #[arg(long, value_name = "CODE")]
    region: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Appoint {
    post: Uuid,
    login: String,
    #[arg(long = "as", default_value = "holder", value_name = "CAPACITY")]
    capacity: String,
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    #[arg(long, value_name = "DAY")]
    last_day: Option<Day>,
    #[arg(long, value_name = "ACT")]
    only: Vec<String>,
    #[arg(long)]
    replaces: bool,
}

#[derive(Debug, Args)]
pub struct End {
    post: Uuid,
    login: String,
    #[arg(long, value_name = "DAY")]
    last_day: Option<Day>,
}

#[derive(Debug, Args)]
pub struct Which {
    post: Uuid,
}

pub async fn run(context: &Context, verb: PostVerb) -> Result<ExitCode, CliError> {
    let app = context.open_existing().await?;
    match verb {
        PostVerb::List => list(context, &app).await?,
        PostVerb::Add(add) => {
            let grants = grants(&add.role, &add.region)?;
            let new = NewPost { id: app.clock.id(), name: parse_name(add.name.as_deref())?, grants };
            let post = create_post(&app, None, new).await?;
            say(context, "created", json!({ "id": post.id }))?;
        }
        PostVerb::Appoint(given) => {
            let only: Vec<Action> =
                given.only.iter().map(|word| Action::typed(word, "unknown_act", "only")).collect::<Result<_, _>>()?;
            let appointment = Appointment {
                id: app.clock.id(),
                post: given.post,
                login: given.login,
                capacity: Capacity::typed(&given.capacity, "unknown_capacity", "as")?,
                term: Term { from: given.from, last_day: given.last_day },
                only: (!only.is_empty()).then_some(only),
                replaces: given.replaces,
            };
            let holder = appoint(&app, None, appointment).await?;
            say(context, "appointed", json!({ "login": holder.login, "post": holder.post_id }))?;
        }
        PostVerb::End(given) => {
            let holder = find_current(&app, given.post, &given.login).await?;
            let ended = end_holding(&app, None, (given.post, holder), given.last_day).await?;
            say(context, "ended", json!({ "login": ended.login }))?;
        }
        PostVerb::Close(which) => {
            close_post(&app, None, which.post).await?;
            say(context, "closed", json!({ "post": which.post }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn say(context: &Context, key: &str, values: serde_json::Value) -> Result<(), CliError> {
    print(&format!("{}\n", context.render(&format!("post.{key}"), values)))
}

/// Each role with its region, in the order in which they are named.
fn grants(roles: &[String], regions: &[String]) -> Result<Vec<Grant>, Invalid> {
    let parse = |(at, word): (usize, &String)| {
        Grant::parse(Role::typed(word, "unknown_role", "role")?, regions.get(at).map(String::as_str))
    };
    if regions.len() > roles.len() {
        return Err(Invalid::new("too_many", "region").with("given", regions.len()).with("most", roles.len()));
    }
    roles.iter().enumerate().map(parse).collect()
}

/// What this person holds of the post now or will hold.
async fn find_current(app: &App, post: Uuid, login: &str) -> Result<Uuid, CliError> {
    let (login, now) = (login.trim().to_lowercase(), app.clock.now());
    let mut tx = app.store.read().await?;
    let holders = posts::list_holders(&mut tx, &[post]).await?;
    let held = holders.iter().find(|one| one.login == login && one.until.is_none_or(|until| until > now));
    Ok(held.map(|one| one.id).ok_or_else(|| Invalid::new("unknown_person", "login").with("given", login))?)
}

async fn list(context: &Context, app: &App) -> Result<(), CliError> {
    let word = |key: &str| context.render(&format!("post.{key}"), json!({}));
    let mut rows = vec![["id", "gives", "holder"].map(word).to_vec()];
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let mut after = None;
    loop {
        let page = posts::list_posts(&mut tx, &Scope::all(), None, None, after, PAGE).await?;
        let ids: Vec<Uuid> = page.iter().map(|post| post.id).collect();
        let holders = posts::list_holders(&mut tx, &ids).await?;
        rows.extend(page.iter().map(|post| {
            let of_post = holders.iter().filter(|holder| holder.post_id == post.id);
            vec![post.id.to_string(), gives(context, post), held(context, post, of_post, now)]
        }));
        match ids.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    if rows.len() == 1 {
        return say(context, "none", json!({ "data": context.config.data }));
    }
    print(&columns(&rows))
}

fn gives(context: &Context, post: &Post) -> String {
    let grant = |(grant, name): &(Grant, Option<String>)| {
        let role = context.render(&format!("role.{}", grant.role), json!({}));
        let code = grant.region_code.clone().unwrap_or_else(|| context.render("post.everywhere", json!({})));
        format!("{role} {}", name.as_ref().map_or_else(|| code.clone(), |name| format!("{name} ({code})")))
    };
    let grants: Vec<String> = post.grants.iter().map(grant).collect();
    let named = post.name.iter().map(|name| format!("{name}: ")).collect::<String>();
    format!("{named}{}", grants.join(", "))
}

/// Who holds it now, and who will.
fn held<'a>(context: &Context, post: &Post, holders: impl Iterator<Item = &'a Holder>, now: Time) -> String {
    if post.closed_at.is_some() {
        return context.render("post.shut", json!({}));
    }
    let one = |holder: &Holder| {
        let (first, last) = holder.days(post.zone());
        let mut said = vec![format!("{} ({})", holder.name, holder.login)];
        if holder.capacity != Capacity::Holder {
            said.push(context.render(&format!("capacity.{}", holder.capacity), json!({})));
        }
        if holder.from > now {
            said.push(context.render("post.from", json!({ "day": first.to_string() })));
        }
        if let Some(last) = last {
            said.push(context.render("post.until", json!({ "day": last.to_string() })));
        }
        said.join(", ")
    };
    let mut all: Vec<&Holder> = holders.filter(|holder| holder.until.is_none_or(|until| until > now)).collect();
    all.sort_by_key(|holder| holder.from);
    if all.iter().all(|holder| holder.from > now || holder.capacity == Capacity::Substitute) {
        let vacant = context.render("post.vacant", json!({}));
        return std::iter::once(vacant).chain(all.into_iter().map(one)).collect::<Vec<_>>().join("; ");
    }
    all.into_iter().map(one).collect::<Vec<_>>().join("; ")
}
