//! Posts: making and closing them, who holds them from when to when, and who stands in.

pub mod appoint;
pub mod close_post;
pub mod create_post;
pub mod end_holding;
mod term;

pub use term::Term;

use super::{ActionError, Result};
use crate::domain::Time;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::post::{Grant, Right};
use crate::permission::{Action, Denied, doer_of};
use crate::store::posts::{self, Holder, NewHolder, Post};
use crate::store::{Change, Tx, to_text};
use serde_json::{Value, json};
use uuid::Uuid;

/// The post, where whoever asks administers all that it gives; others are as if they were not there. `by`: an administrator,
/// or nobody at the terminal of the server.
async fn find_administered(tx: &mut Tx, by: Option<&Person>, id: Uuid) -> Result<Post> {
    let post = posts::find(tx, id).await?.ok_or(ActionError::NotFound("post"))?;
    if let Some(by) = by {
        by.require(Action::ManagePeople)?;
        if !by.scope_of(Action::ManagePeople).contains(&post.scope()) {
            return Err(ActionError::NotFound("post"));
        }
    }
    Ok(post)
}

/// Refuses whoever may name substitutes, but holds another post and administers none: this one is as if it were not there.
fn refuse_other_holder(by: Option<&Person>) -> Result<()> {
    match by {
        Some(by) if !by.may(Action::ManagePeople) => {
            by.require(Action::NameSubstitute)?;
            Err(ActionError::NotFound("post"))
        }
        _ => Ok(()),
    }
}

/// Refuses to give what whoever gives it does not administer.
pub(super) fn require_administers(
    by: Option<&Person>,
    scope: &crate::domain::scope::Scope,
) -> std::result::Result<(), Denied> {
    let Some(by) = by else { return Ok(()) };
    by.require(Action::ManagePeople)?;
    if by.scope_of(Action::ManagePeople).contains(scope) {
        return Ok(());
    }
    let (codes, names) = by.regions_of(Action::ManagePeople);
    Err(Denied::Region { codes, names })
}

/// Who makes a post, closes it, or names who holds it: its administrator, or whoever sits at the terminal of the server.
fn administrator_of<'a>(
    by: Option<&Person>,
    grants: impl IntoIterator<Item = &'a Grant>,
) -> std::result::Result<Doer, Denied> {
    let codes: Vec<String> = grants.into_iter().map(|grant| grant.region_code.clone().unwrap_or_default()).collect();
    doer_of(by, Action::ManagePeople, &codes)
}

/// The right by which this person holds the post themselves: a substitute names nobody.
pub fn own_right(person: &Person, post: Uuid) -> Option<&Right> {
    person.rights.iter().find(|right| right.post_id == post && right.gives(Action::NameSubstitute))
}

/// An entry about a post.
pub(super) fn post_change(post: Uuid, action: ChangeAction, by: Doer, at: Time) -> Change {
    Change::new(at, Entity::Post, post, action, by)
}

/// A new post, for the audit chain.
pub(super) fn created(name: Option<&str>, grants: &[Grant]) -> Diff {
    let grants: Vec<Value> =
        grants.iter().map(|grant| json!({ "role": grant.role, "region": grant.region_code })).collect();
    Diff::new().now("name", name).now("grants", grants)
}

/// Who holds a post from now on, for the audit chain.
pub(super) fn appointed(holder: &NewHolder) -> Diff {
    // Without `..`, so that a new field does not compile until it is decided what the chain tells of it.
    let NewHolder { id, post_id: _, user_id, capacity, from, until, only, named_by: _ } = holder;
    let only = only.as_ref().map(|only| only.iter().map(|act| act.as_str()).collect::<Vec<_>>());
    Diff::new()
        .now("holder", id)
        .now("person", user_id)
        .now("capacity", capacity)
        .now("from", to_text(*from))
        .now("until", until.map(to_text))
        .now("only", only)
}

/// When somebody stops holding a post, for the audit chain.
fn ended(holder: &Holder, until: Time) -> Diff {
    let change = Diff::new().field("until", holder.until.map(to_text), to_text(until));
    change.known("holder", holder.id).known("person", holder.user_id)
}
