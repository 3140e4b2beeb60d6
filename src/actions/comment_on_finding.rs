//! Says something to a finding: the village's side of it, a question, an answer.

use super::announce::announce;
use super::decide_finding::village_codes;
use super::{ActionError, BodyDigest, Result};
use crate::app::App;
use crate::domain::Invalid;
use crate::domain::act::ActKind;
use crate::domain::change::{ChangeAction, Entity};
use crate::domain::diff::Diff;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::permission::Action;
use crate::store::comments::{self, NewComment};
use crate::store::{Change, findings};
use serde::Serialize;
use uuid::Uuid;

/// A comment as a request contains it.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    /// Made by the client: the same again is the same comment.
    pub id: Uuid,
    pub finding: Uuid,
    pub text: String,
    /// The comment that it answers.
    pub answers: Option<Uuid>,
}

/// `sent`: the digest of the body as it came.
pub async fn comment_on_finding(app: &App, by: &Person, remark: &Remark, sent: Option<&str>) -> Result<()> {
    by.require(Action::CommentFinding)?;
    let now = app.clock.now();
    let body = BodyDigest::new(sent, remark);
    let mut tx = app.store.write().await?;
    tx.one_at_a_time(remark.id).await?;
    let finding = findings::find(&mut tx, &by.scope_of(Action::CommentFinding), remark.finding)
        .await?
        .ok_or(ActionError::NotFound("finding"))?;
    if let Some(stored) = comments::find(&mut tx, remark.id).await? {
        return if body.is_that_of(&stored.body_digest) { Ok(()) } else { Err(ActionError::Conflict("id_taken")) };
    }
    if let Some(answered) = remark.answers {
        let of_this = comments::find(&mut tx, answered).await?.is_some_and(|one| one.finding_id == finding.id);
        if !of_this {
            return Err(Invalid::new("no_such_comment", "answers").with("given", answered.to_string()).into());
        }
    }
    let author = by.author_of(Action::CommentFinding, &village_codes(&mut tx, finding.id).await?)?;
    let new = NewComment {
        id: remark.id,
        finding_id: finding.id,
        answers: remark.answers,
        text: &remark.text,
        written_by: author.clone(),
        body_digest: &body.text(),
    };
    comments::insert(&mut tx, &new, now).await?;
    announce(&mut tx, app, author.clone(), (ActKind::Comment, remark.id), finding.id, now).await?;
    let said = Diff::new().now("comment", remark.id).now("answers", remark.answers).personal("text", (), &remark.text);
    tx.log(Change::new(now, Entity::Finding, finding.id, ChangeAction::Comment, Doer::of(by, &author)).with(said));
    Ok(tx.commit().await?)
}
