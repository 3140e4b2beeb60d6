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
use crate::domain::person::Person;
use crate::permission::{Action, Denied};
use crate::store::posts::{self, Post};
use crate::store::{Change, Tx};
use serde_json::Value;
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
fn require_administers(by: Option<&Person>, scope: &crate::domain::scope::Scope) -> std::result::Result<(), Denied> {
    let Some(by) = by else { return Ok(()) };
    by.require(Action::ManagePeople)?;
    if by.scope_of(Action::ManagePeople).contains(scope) {
        return Ok(());
    }
    let (codes, names) = by.regions_of(Action::ManagePeople);
    Err(Denied::Region { codes, names })
}

/// An entry about a post.
pub(super) fn post_change(
    post: Uuid,
    action: ChangeAction,
    by: Option<&Person>,
    at: Time,
    before: Option<Value>,
) -> Change {
    let actor_id = by.map(|by| by.id);
    Change { at, entity: Entity::Post, entity_id: post, action, actor_id, batch_id: None, note: None, before }
}
