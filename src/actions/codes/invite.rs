//! Invites somebody: an account and a post, and a code by which they choose their password.

use super::give_code::{GivenCode, give};
use crate::accounts::token::make_token;
use crate::actions::add_user::{FirstPassword, UserInput, insert, parse};
use crate::actions::manage_person::change;
use crate::actions::posts::require_administers;
use crate::actions::sign_in::hash_in_line;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::account::CodeChannel;
use crate::domain::change::ChangeAction;
use crate::domain::person::Person;
use crate::store::users;
use uuid::Uuid;

/// `id` is made by the client: the same again is the same account, with another code. `by`: an administrator of the region of
/// the post, or nobody at the terminal of the server.
pub async fn invite(
    app: &App,
    by: Option<&Person>,
    id: Uuid,
    input: UserInput,
    channel: CodeChannel,
) -> Result<GivenCode> {
    let (mut person, grant) = parse(app, &input)?;
    person.id = id;
    require_administers(by, &grant.scope())?;
    // A hash like all others: that no password was chosen yet is answered as soon as a wrong one.
    let hash = hash_in_line(app, make_token()).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(id).await?;
    let person = match users::find_anyone(&mut tx, id, now).await? {
        Some(there) if there.person.login == person.login && there.invited_at.is_some() => there.person,
        Some(_) => return Err(ActionError::Conflict("id_taken")),
        None => insert(&mut tx, app, person, &grant, FirstPassword::Awaited { hash }, now).await?,
    };
    let given = give(&mut tx, app, by.map(|by| by.id), person, channel, now).await?;
    tx.log(change(id, ChangeAction::Invite, by.map(|by| by.id), now));
    tx.commit().await?;
    Ok(given)
}
