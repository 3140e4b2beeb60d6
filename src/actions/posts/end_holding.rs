//! Ends what somebody holds: at once, or with a last day.

use super::term::end_of;
use super::{administrator_of, ended, find_administered, own_right, post_change, refuse_other_holder};
use crate::actions::manage_person::{ADMINISTRATORS, require_another_administrator};
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::change::ChangeAction;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::post::{Capacity, Grant, Role};
use crate::domain::{Day, Invalid};
use crate::store::posts::{self, Holder, Post};
use uuid::Uuid;

/// Of this post, the holder with this id. `by`: an administrator of the post; whoever holds it, of a substitute; or nobody at the terminal of the server.
pub async fn end_holding(
    app: &App,
    by: Option<&Person>,
    (post, id): (Uuid, Uuid),
    last_day: Option<Day>,
) -> Result<Holder> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(ADMINISTRATORS).await?;
    let holder = posts::find_holder(&mut tx, id).await?.filter(|holder| holder.post_id == post);
    let holder = holder.ok_or(ActionError::NotFound("holder"))?;
    let by_holder = by.and_then(|by| own_right(by, holder.post_id).map(|right| (by, right)));
    let (post, doer) = if let Some((by, right)) = by_holder.filter(|_| holder.capacity == Capacity::Substitute) {
        let post = posts::find(&mut tx, holder.post_id).await?.ok_or(ActionError::NotFound("post"))?;
        (post, Doer::of(by, &by.author(right)))
    } else {
        refuse_other_holder(by)?;
        let post = find_administered(&mut tx, by, holder.post_id).await?;
        let doer = administrator_of(by, post.grants.iter().map(|(grant, _)| grant))?;
        (post, doer)
    };
    let until = last_day.map_or(Ok(now), |day| end_of(day, post.zone()))?;
    // What has not begun is taken back: it ends as it begins.
    let until = until.max(holder.from);
    if holder.until.is_some_and(|ended| ended <= now) {
        return Err(ActionError::Conflict("already_ended"));
    }
    if holder.until.is_some_and(|known| known < until) {
        return Err(Invalid::new("ends_earlier", "last_day").into());
    }
    posts::end_holder(&mut tx, id, until).await?;
    if governs_country(&post) && holder.capacity == Capacity::Holder {
        require_another_administrator(&mut tx, holder.user_id, now).await?;
    }
    tx.log(post_change(post.id, ChangeAction::EndHolding, doer, now).with(ended(&holder, until)));
    tx.commit().await?;
    Ok(Holder { until: Some(until), ..holder })
}

fn governs_country(post: &Post) -> bool {
    let governs = |grant: &Grant| grant.role == Role::Administrator && grant.region_code.is_none();
    post.grants.iter().any(|(grant, _)| governs(grant))
}
