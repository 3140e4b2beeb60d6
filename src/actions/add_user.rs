//! Adds a person with an account, and the post that they hold from now on.

use super::find_region::find_region;
use super::manage_person::change;
use super::posts::{appointed, created, post_change};
use super::sign_in::hash_apart;
use super::{ActionError, Result};
use crate::accounts::password;
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::{Language, Person};
use crate::domain::post::{Capacity, Grant, Role};
use crate::domain::text;
use crate::domain::{Invalid, Time};
use crate::store::Tx;
use crate::store::posts::{self, NewHolder};
use crate::store::users::{self, NewUser};
use uuid::Uuid;

/// A person as typed.
#[derive(Clone, Debug)]
pub struct UserInput {
    pub login: String,
    pub name: String,
    pub role: String,
    pub region_code: Option<String>,
    pub email: Option<String>,
    pub language: String,
}

/// The first password of an account.
#[derive(Clone, Debug)]
pub(super) enum FirstPassword {
    /// The hash of the one that was given.
    Given { hash: String, demo: bool },
    /// They choose one: until then this hash, of what nobody knows, stands in its place.
    Awaited { hash: String },
}

/// Adds the person. They hold the post of this role in this region, where there is one that nobody holds, else a new one.
/// `demo`: the password is shown on the sign-in page.
pub async fn add_user(app: &App, input: UserInput, password: String, demo: bool) -> Result<Person> {
    let (person, grant) = parse(app, &input)?;
    if !demo {
        password::check("password", &password, &person)?;
    }
    let hash = hash_apart(app, password).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let password = FirstPassword::Given { hash, demo };
    let new = Newcomer { person, grant, password, named_by: None, doer: Doer::terminal() };
    let person = insert(&mut tx, app, new, now).await?;
    tx.commit().await?;
    Ok(person)
}

/// Somebody to be stored with a post.
pub(super) struct Newcomer {
    pub person: Person,
    pub grant: Grant,
    pub password: FirstPassword,
    /// Who adds them; nobody at the terminal of the server.
    pub named_by: Option<Uuid>,
    pub doer: Doer,
}

/// Stores the person with the post that they hold.
pub(super) async fn insert(tx: &mut Tx, app: &App, new: Newcomer, now: Time) -> Result<Person> {
    let Newcomer { person, grant, password, named_by, doer } = new;
    if let Some(code) = &grant.region_code {
        find_region(tx, code).await?;
    }
    let id = person.id;
    let (password_hash, demo, invited_at) = match password {
        FirstPassword::Given { hash, demo } => (hash, demo, None),
        FirstPassword::Awaited { hash } => (hash, false, Some(now)),
    };
    let new = NewUser { person: person.clone(), password_hash, demo, invited_at };
    if !users::insert(tx, &new, now).await? {
        return Err(Invalid::new("login_taken", "login").with("given", person.login).into());
    }
    let vacant = posts::find_vacant(tx, &grant, now).await?;
    let post_id = vacant.unwrap_or_else(|| app.clock.id());
    if vacant.is_none() {
        posts::insert(tx, post_id, None, std::slice::from_ref(&grant), now).await?;
        let made = created(None, std::slice::from_ref(&grant));
        tx.log(post_change(post_id, ChangeAction::Create, doer.clone(), now).with(made));
    }
    let holder = NewHolder {
        id: app.clock.id(),
        post_id,
        user_id: id,
        capacity: Capacity::Holder,
        from: now,
        until: None,
        only: None,
        named_by,
    };
    posts::insert_holder(tx, &holder, now).await?;
    tx.log(change(id, ChangeAction::Add, doer.clone(), now).with(described(&person)));
    tx.log(post_change(post_id, ChangeAction::Appoint, doer, now).with(appointed(&holder)));
    users::find(tx, id, now).await?.ok_or(ActionError::NotFound("person"))
}

/// A new account, for the audit chain.
fn described(person: &Person) -> Diff {
    // Without `..`, so that a new field does not compile until it is decided what the chain tells of it.
    let Person { id: _, login, name, email, language, rights: _, address: _ } = person;
    Diff::new()
        .personal("login", (), login)
        .personal("name", (), name)
        .personal("email", (), email)
        .now("language", language)
}

pub(super) fn parse(app: &App, input: &UserInput) -> Result<(Person, Grant)> {
    let login = text::required("login", &input.login, 60)?.to_lowercase();
    if login.contains(char::is_whitespace) {
        return Err(Invalid::new("login_with_space", "login").with("given", login).into());
    }
    let role = Role::typed(&input.role, "unknown_role", "role")?;
    let language = Language::typed(&input.language, "unknown_language", "language")?;
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
        address: None,
    };
    Ok((person, grant))
}
