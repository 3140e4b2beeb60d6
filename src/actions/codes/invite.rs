//! Invites somebody: an account and a post, and a code by which they choose their password.

use super::give_code::{GivenCode, give};
use crate::accounts::token::make_token;
use crate::actions::add_user::{FirstPassword, Newcomer, UserInput, insert, parse};
use crate::actions::posts::require_administers;
use crate::actions::sign_in::hash_in_line;
use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::account::CodeChannel;
use crate::domain::person::Person;
use crate::permission::{Action, doer_of};
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
    let doer = doer_of(by, Action::ManagePeople, &[grant.region_code.clone().unwrap_or_default()])?;
    // A hash like all others: that no password was chosen yet is answered as soon as a wrong one.
    let hash = hash_in_line(app, make_token()).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(id).await?;
    let person = match users::find_anyone(&mut tx, id, now).await? {
        Some(there) if there.person.login == person.login && there.invited_at.is_some() => there.person,
        Some(_) => return Err(ActionError::Conflict("id_taken")),
        None => {
            let password = FirstPassword::Awaited { hash };
            let named_by = by.map(|by| by.id);
            insert(&mut tx, app, Newcomer { person, grant, password, named_by, doer: doer.clone() }, now).await?
        }
    };
    let given = give(&mut tx, app, doer, person, channel, now).await?;
    tx.commit().await?;
    Ok(given)
}
