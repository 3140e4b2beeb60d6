//! Accounts, managed at the server's terminal: `tapak user add` creates one (the first one, except in the demo), `invite` one whose
//! person chooses the password,
//! `list` shows them, `passwd`, `disable`, `enable` and `end-sessions` are for lost passwords, lost phones and ended
//! appointments.

use super::ask_password::read_password;
use super::table::columns;
use super::{CliError, Context, print};
use crate::actions::add_user::{UserInput, add_user};
use crate::actions::change_password::reset_password;
use crate::actions::codes::give_code::{GivenCode, give_code};
use crate::actions::codes::invite::invite;
use crate::actions::manage_person::{disable_person, enable_person, end_sessions};
use crate::actions::second_factor;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::account::CodeChannel;
use crate::domain::post::{Right, Role};
use crate::domain::scope::Scope;
use crate::mail::code::enter_url;
use crate::spatial::zone::zone_of_person;
use crate::store::users;
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;
use uuid::Uuid;

/// People read at once.
const PAGE: i64 = 500;

#[derive(Debug, Subcommand)]
pub enum User {
    Add(Add),
    Invite(Invite),
    Code(WhoseCode),
    List,
    Passwd(Whose),
    Disable(Whose),
    Enable(Whose),
    EndSessions(Whose),
    RemoveSecondFactor(Whose),
}

#[derive(Debug, Args)]
pub struct Whose {
    login: String,
}

#[derive(Debug, Args)]
pub struct Add {
    login: String,
    #[arg(long)]
    name: String,
    #[arg(long)]
    role: String,
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    #[arg(long)]
    email: Option<String>,
    #[arg(long = "speaks", default_value = "id", value_name = "LANGUAGE")]
    speaks: String,
}

#[derive(Debug, Args)]
pub struct Invite {
    #[command(flatten)]
    person: Add,
    #[arg(long, default_value = "card", value_name = "CHANNEL")]
    by: String,
}

#[derive(Debug, Args)]
pub struct WhoseCode {
    login: String,
    #[arg(long, default_value = "card", value_name = "CHANNEL")]
    by: String,
}

impl Add {
    fn input(self) -> UserInput {
        UserInput {
            login: self.login,
            name: self.name,
            role: self.role,
            region_code: self.region,
            email: self.email,
            language: self.speaks,
        }
    }
}

pub async fn run(context: &Context, verb: User) -> Result<ExitCode, CliError> {
    let app = match verb {
        User::Add(_) | User::Invite(_) => context.open().await?,
        _ => context.open_existing().await?,
    };
    match verb {
        User::Add(add) => {
            let person = add_user(&app, add.input(), read_password(context)?, false).await?;
            let roles: Vec<String> = person.rights.iter().map(|right| role(context, right.role)).collect();
            let values = json!({ "login": person.login, "role": roles.join(", ") });
            print(&format!("{}\n", context.render("user.added", values)))?;
        }
        User::Invite(new) => {
            let channel = channel(&new.by)?;
            let given = invite(&app, None, app.clock.id(), new.person.input(), channel).await?;
            say_code(context, &app, &given)?;
        }
        User::Code(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let given = give_code(&app, None, id, channel(&whose.by)?).await?;
            say_code(context, &app, &given)?;
        }
        User::List => {
            let rows = list(context, &app).await?;
            if rows.is_empty() {
                let values = json!({ "data": context.config.data });
                print(&format!("{}\n", context.render("serve.no_people", values)))?;
            } else {
                print(&columns(&[vec![headings(context)], rows].concat()))?;
            }
        }
        User::Passwd(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let person = reset_password(&app, id, read_password(context)?).await?;
            println!("{}", context.render("user.passwd", json!({ "login": person.login })));
        }
        User::Disable(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let person = disable_person(&app, None, id).await?;
            println!("{}", context.render("user.disabled", json!({ "login": person.login })));
        }
        User::Enable(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let person = enable_person(&app, None, id).await?;
            println!("{}", context.render("user.enabled", json!({ "login": person.login })));
        }
        User::RemoveSecondFactor(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let person = second_factor::manage::remove(&app, None, id).await?;
            println!("{}", context.render("user.second_factor_removed", json!({ "login": person.login })));
        }
        User::EndSessions(whose) => {
            let id = find_user(context, &app, &whose.login).await?;
            let (person, ended) = end_sessions(&app, None, id).await?;
            println!("{}", context.render("user.sessions_ended", json!({ "login": person.login, "ended": ended })));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn channel(word: &str) -> Result<CodeChannel, Invalid> {
    CodeChannel::typed(word, "unknown_channel", "by")
}

fn say_code(context: &Context, app: &App, given: &GivenCode) -> Result<(), CliError> {
    let until = given.expires_at.with_timezone(&zone_of_person(&given.person));
    let values = json!({
        "login": given.person.login,
        "name": given.person.name,
        "code": given.code.as_ref().map(ToString::to_string),
        "url": given.code.as_ref().map(|code| enter_url(&app.config.base_url, code)),
        "email": given.person.email,
        "day": until.format("%Y-%m-%d").to_string(),
        "clock": until.format("%H:%M").to_string(),
    });
    print(&format!("{}\n", context.render("user.code", values)))
}

fn headings(context: &Context) -> Vec<String> {
    ["login", "role", "region", "name"].map(|key| context.render(&format!("user.{key}"), json!({}))).to_vec()
}

/// One row for each person.
async fn list(context: &Context, app: &App) -> Result<Vec<Vec<String>>, CliError> {
    let word = |key: &str| context.render(&format!("user.{key}"), json!({}));
    let mut rows = Vec::new();
    let mut tx = app.store.read().await?;
    let mut after = String::new();
    loop {
        let page = users::list_in(&mut tx, &Scope::all(), &after, app.clock.now(), PAGE).await?;
        rows.extend(page.iter().map(|row| {
            let person = &row.person;
            let roles: Vec<String> = person.rights.iter().map(|right| role(context, right.role)).collect();
            let region = |right: &Right| right.region_code.clone().unwrap_or_else(|| word("everywhere"));
            let mut regions: Vec<String> = person.rights.iter().map(region).collect();
            regions.dedup();
            if regions.is_empty() {
                regions.push(word("nowhere"));
            }
            let shut = if row.disabled_at.is_some() { format!(" ({})", word("shut")) } else { String::new() };
            vec![person.login.clone(), roles.join(", "), regions.join(", "), format!("{}{shut}", person.name)]
        }));
        match page.last() {
            Some(last) => after.clone_from(&last.person.login),
            None => return Ok(rows),
        }
    }
}

fn role(context: &Context, role: Role) -> String {
    context.render(&format!("role.{role}"), json!({}))
}

/// The account with this login.
async fn find_user(context: &Context, app: &App, login: &str) -> Result<Uuid, CliError> {
    let login = login.trim().to_lowercase();
    let mut tx = app.store.read().await?;
    let found = users::find_id(&mut tx, &login).await?;
    found.ok_or_else(|| CliError::Message(context.render("user.unknown", json!({ "login": login }))))
}
