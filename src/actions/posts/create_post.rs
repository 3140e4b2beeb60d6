//! Makes a post: what it gives, and where.

use super::{administrator_of, created, post_change, require_administers};
use crate::actions::find_region::find_region;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::ChangeAction;
use crate::domain::person::Person;
use crate::domain::post::{GRANTS, Grant};
use crate::domain::scope::Scope;
use crate::store::posts::{self, Post};
use uuid::Uuid;

/// A post to be made.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Made by the client: the same again is the same post.
    pub id: Uuid,
    pub name: Option<String>,
    pub grants: Vec<Grant>,
}

/// `by`: an administrator of all its regions, or nobody at the terminal of the server.
pub async fn create_post(app: &App, by: Option<&Person>, mut new: NewPost) -> Result<Post> {
    new.grants.sort();
    new.grants.dedup();
    if new.grants.is_empty() {
        return Err(Invalid::new("missing", "grants").into());
    }
    if new.grants.len() > GRANTS {
        return Err(Invalid::new("too_many", "grants").with("given", new.grants.len()).with("most", GRANTS).into());
    }
    require_administers(by, &Scope::union(new.grants.iter().map(Grant::scope)))?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    for code in new.grants.iter().filter_map(|grant| grant.region_code.as_deref()) {
        find_region(&mut tx, code).await?;
    }
    if posts::insert(&mut tx, new.id, new.name.as_deref(), &new.grants, now).await? {
        let doer = administrator_of(by, &new.grants)?;
        let made = created(new.name.as_deref(), &new.grants);
        tx.log(post_change(new.id, ChangeAction::Create, doer, now).with(made));
    }
    let stored = posts::find(&mut tx, new.id).await?.ok_or(ActionError::NotFound("post"))?;
    let mut grants: Vec<&Grant> = stored.grants.iter().map(|(grant, _)| grant).collect();
    grants.sort();
    if stored.name != new.name || !grants.into_iter().eq(&new.grants) {
        return Err(ActionError::Conflict("id_taken"));
    }
    tx.commit().await?;
    Ok(stored)
}
