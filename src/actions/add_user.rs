//! Adds a person with an account.

use super::Result;
use super::manage_person::change;
use super::sign_in::hash_apart;
use crate::accounts::password::PASSWORD_CHARS;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::{Language, Person, Role};
use crate::domain::text;
use crate::domain::village::RegionCode;
use crate::store::users::{self, NewUser};
use crate::store::{Tx, regions};

/// Codes shown beside one that is not known.
const NEAR_REGIONS: usize = 5;

/// A person as typed.
#[derive(Clone, Debug)]
pub struct UserInput {
    pub login: String,
    pub name: String,
    pub role: String,
    pub region_code: Option<String>,
    pub email: Option<String>,
    pub language: String,
    pub password: String,
    pub demo: bool,
}

pub async fn add_user(app: &App, input: UserInput) -> Result<Person> {
    let mut person = parse(app, &input)?;
    let password_hash = hash_apart(app, input.password).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if let Some(code) = &person.region_code {
        person.region_name = find_region(&mut tx, code).await?;
    }
    let user = NewUser { person: person.clone(), password_hash, demo: input.demo };
    if !users::insert(&mut tx, &user, now).await? {
        return Err(Invalid::new("login_taken", "login").with("given", person.login).into());
    }
    tx.log(change(person.id, ChangeAction::Add, Doer::terminal(), now).with(described(&person)));
    tx.commit().await?;
    Ok(person)
}

/// A new account, for the audit chain.
fn described(person: &Person) -> Diff {
    // Without `..`, so that a new field does not compile until it is decided what the chain tells of it.
    let Person { id: _, login, name, role, email, region_code, region_name: _, language } = person;
    Diff::new()
        .personal("login", (), login)
        .personal("name", (), name)
        .personal("email", (), email)
        .now("role", role)
        .now("region_code", region_code)
        .now("language", language)
}

fn parse(app: &App, input: &UserInput) -> Result<Person> {
    let login = text::required("login", &input.login, 60)?.to_lowercase();
    if login.contains(char::is_whitespace) {
        return Err(Invalid::new("login_with_space", "login").with("given", login).into());
    }
    if !input.demo && input.password.chars().count() < PASSWORD_CHARS {
        return Err(Invalid::new("password_too_short", "password").with("least", PASSWORD_CHARS).into());
    }
    let role = Role::parse(&input.role)
        .ok_or_else(|| word("unknown_role", "role", &input.role, Role::ALL.iter().map(|role| role.as_str())))?;
    let language = Language::parse(&input.language).ok_or_else(|| {
        word("unknown_language", "language", &input.language, Language::ALL.iter().map(|l| l.as_str()))
    })?;
    let email = input.email.as_deref().map(|email| text::required("email", email, text::NAME_CHARS)).transpose()?;
    if let Some(email) = &email {
        email
            .parse::<lettre::Address>()
            .map_err(|_| Invalid::new("not_an_address", "email").with("given", email.clone()))?;
    }
    if input.region_code.is_none() && role != Role::Administrator {
        return Err(Invalid::new("region_missing", "region").with("role", role.as_str()).into());
    }
    let region_code = input.region_code.as_deref().map(|code| RegionCode::parse("region", code)).transpose()?;
    Ok(Person {
        id: app.clock.id(),
        login,
        name: text::required("name", &input.name, text::NAME_CHARS)?,
        role,
        email,
        region_code: region_code.map(|code| code.to_string()),
        region_name: None,
        language,
    })
}

/// The name of the region with this code, which must be here; before any boundary was imported every code may come to be one.
async fn find_region(tx: &mut Tx, code: &str) -> Result<Option<String>> {
    if let Some(name) = regions::find_name(tx, code).await? {
        return Ok(Some(name));
    }
    let known = regions::ids_by_code(tx).await?;
    if known.is_empty() {
        return Ok(None);
    }
    let shared = |known: &str| code.bytes().zip(known.bytes()).take_while(|(a, b)| a == b).count();
    let mut near: Vec<String> = known.into_keys().collect();
    near.sort_by_key(|known| (std::cmp::Reverse(shared(known)), known.len().abs_diff(code.len()), known.clone()));
    near.truncate(NEAR_REGIONS);
    Err(Invalid::new("unknown_region", "region").with("given", code).with("near", near.join(", ")).into())
}

fn word<'a>(code: &'static str, field: &str, given: &str, known: impl Iterator<Item = &'a str>) -> Invalid {
    Invalid::new(code, field).with("given", given).with("known", known.collect::<Vec<_>>().join(", "))
}
