//! Closes a post that is no more: it gives no rights from this moment on. What was done by it stays.

use super::{administrator_of, find_administered, post_change};
use crate::actions::Result;
use crate::actions::manage_person::{ADMINISTRATORS, require_another_administrator};
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::diff::Diff;
use crate::domain::person::Person;
use crate::domain::post::Role;
use crate::store::posts;
use uuid::Uuid;

/// `by`: an administrator of all its regions, or nobody at the terminal of the server.
pub async fn close_post(app: &App, by: Option<&Person>, id: Uuid) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(ADMINISTRATORS).await?;
    let post = find_administered(&mut tx, by, id).await?;
    let doer = administrator_of(by, post.grants.iter().map(|(grant, _)| grant))?;
    if posts::close(&mut tx, id, now).await? {
        let governs = |role: Role, region: &Option<String>| role == Role::Administrator && region.is_none();
        if post.grants.iter().any(|(grant, _)| governs(grant.role, &grant.region_code)) {
            require_another_administrator(&mut tx, Uuid::nil(), now).await?;
        }
        let closed = Diff::new().field("closed", false, true);
        tx.log(post_change(id, ChangeAction::Close, doer, now).with(closed));
        tx.commit().await?;
    }
    Ok(())
}
