//! Registers a project. Its id is made by the client: the same id and body again is the same project.

use super::changed_fields::changed_fields;
use super::check_place::refuse_far_place;
use super::{ActionError, BodyDigest, Result, screen_later};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::project::{NewProject, Project};
use crate::permission::Action;
use crate::store::projects::{self, Registration};
use crate::store::{Change, Tx, regions};
use uuid::Uuid;

/// What came of it.
#[derive(Debug)]
pub enum Registered {
    New(Project),
    /// The same body with the same id had come before.
    Again(Project),
}

/// `confirmed`: somebody looked at the place, however far from its village it is. `sent`: the digest of the body as it came.
pub async fn register_project(
    app: &App,
    by: &Person,
    project: NewProject,
    confirmed: bool,
    sent: Option<&str>,
) -> Result<Registered> {
    let mut tx = app.store.write().await?;
    let registered = register_in(&mut tx, app, by, project, confirmed, sent).await?;
    tx.commit().await?;
    Ok(registered)
}

/// The same in a transaction that is committed with more than this.
pub async fn register_in(
    tx: &mut Tx,
    app: &App,
    by: &Person,
    project: NewProject,
    confirmed: bool,
    sent: Option<&str>,
) -> Result<Registered> {
    let now = app.clock.now();
    let body = BodyDigest::new(sent, &(&project.details, project.footprint.as_ref().map(|f| (f.how, &f.parts))));
    tx.one_at_a_time(project.id).await?;
    if let Some(known) = projects::find_digest(tx, project.id).await? {
        if !known.is_some_and(|known| body.is_that_of(&known)) {
            return Err(ActionError::Conflict("already_registered"));
        }
        let stored = projects::find(tx, project.id).await?.ok_or(ActionError::NotFound("project"))?;
        return Ok(Registered::Again(stored));
    }
    check_references(tx, project.details.village_id, project.details.continues, project.id).await?;
    let doer = require_in_village(tx, by, Action::RegisterProject, project.details.village_id).await?;
    if let Some(footprint) = project.footprint.as_ref().filter(|_| !confirmed) {
        refuse_far_place(app, project.details.village_id, &footprint.parts)?;
    }
    let registration = Registration { now, by: Some(by.id), digest: Some(body.text()) };
    let id = project.id;
    match projects::insert(tx, &app.clock, &registration, std::slice::from_ref(&project)).await {
        // An import brought a project of this id at the same moment.
        Err(e) if e.is_unique_violation() => return Err(ActionError::Conflict("already_registered")),
        other => other?,
    }
    screen_later(tx, &app.clock, &[id], now).await?;
    let stored = projects::find(tx, id).await?.ok_or(ActionError::NotFound("project"))?;
    let diff = changed_fields(tx, None, &stored).await?;
    tx.log(Change::new(now, Entity::Project, id, ChangeAction::Register, doer).with(diff));
    Ok(Registered::New(stored))
}

/// The village and the project that this one continues must be there.
pub(super) async fn check_references(tx: &mut Tx, village: Uuid, continues: Option<Uuid>, own: Uuid) -> Result<()> {
    if regions::find_village(tx, village).await?.is_none() {
        return Err(Invalid::new("unknown_village", "village_id").with("given", village.to_string()).into());
    }
    if let Some(continues) = continues {
        if continues == own {
            return Err(Invalid::new("continues_itself", "continues").into());
        }
        if projects::find_digest(tx, continues).await?.is_none() {
            return Err(Invalid::new("unknown_project", "continues").with("given", continues.to_string()).into());
        }
    }
    Ok(())
}

/// Refuses what this person may not do in this village.
pub(super) async fn require_in_village(tx: &mut Tx, by: &Person, action: Action, village: Uuid) -> Result<Doer> {
    let village = regions::find_village(tx, village).await?.ok_or(ActionError::NotFound("village"))?;
    by.require_in(action, &village.code)?;
    Ok(by.doer_of(action, &[village.code])?)
}
