//! Adds a person with an account, and the post that they hold from now on.

use super::find_region::find_region;
use super::manage_person::change;
use super::posts::post_change;
use super::sign_in::hash_apart;
use super::{ActionError, Result};
use crate::accounts::password::PASSWORD_CHARS;
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::person::{Language, Person};
use crate::domain::post::{Capacity, Grant, Role};
use crate::domain::text;
use crate::store::posts::{self, NewHolder};
use crate::store::users::{self, NewUser};

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

/// Adds the person. They hold the post of this role in this region, where there is one that nobody holds, else a new one.
pub async fn add_user(app: &App, input: UserInput) -> Result<Person> {
    let (person, grant) = parse(app, &input)?;
    let password_hash = hash_apart(app, input.password).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if let Some(code) = &grant.region_code {
        find_region(&mut tx, code).await?;
    }
    let id = person.id;
    if !users::insert(&mut tx, &NewUser { person: person.clone(), password_hash, demo: input.demo }, now).await? {
        return Err(Invalid::new("login_taken", "login").with("given", person.login).into());
    }
    let vacant = posts::find_vacant(&mut tx, &grant, now).await?;
    let post_id = vacant.unwrap_or_else(|| app.clock.id());
    if vacant.is_none() {
        posts::insert(&mut tx, post_id, None, std::slice::from_ref(&grant), now).await?;
        tx.log(post_change(post_id, ChangeAction::Create, None, now, None));
    }
    let holder = NewHolder {
        id: app.clock.id(),
        post_id,
        user_id: id,
        capacity: Capacity::Holder,
        from: now,
        until: None,
        only: None,
        named_by: None,
    };
    posts::insert_holder(&mut tx, &holder, now).await?;
    tx.log(change(id, ChangeAction::Add, None, now));
    tx.log(post_change(post_id, ChangeAction::Appoint, None, now, None));
    let person = users::find(&mut tx, id, now).await?.ok_or(ActionError::NotFound("person"))?;
    tx.commit().await?;
    Ok(person)
}

fn parse(app: &App, input: &UserInput) -> Result<(Person, Grant)> {
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
    let grant = Grant::parse(role, input.region_code.as_deref())?;
    let person = Person {
        id: app.clock.id(),
        login,
        name: text::required("name", &input.name, text::NAME_CHARS)?,
        email,
        language,
        rights: Vec::new(),
    };
    Ok((person, grant))
}

fn word<'a>(code: &'static str, field: &str, given: &str, known: impl Iterator<Item = &'a str>) -> Invalid {
    Invalid::new(code, field).with("given", given).with("known", known.collect::<Vec<_>>().join(", "))
}
