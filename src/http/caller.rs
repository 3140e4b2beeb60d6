//! Who asks: a person with a session, or the public. What each role may do stands in one table here.

use super::problem::Problem;
use crate::actions::sign_in;
use crate::app::App;
use crate::domain::person::{Language, Person, Role, Scope};
use crate::domain::words;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// The name of the session cookie.
pub const COOKIE: &str = "tapak_session";

words! {
    /// What can be done. Every route names its action (`http/routes.rs`).
    Action {
        ReadPublic = "read_public", ReadFindings = "read_findings", ReadMessages = "read_messages",
        ReadJobs = "read_jobs", RetryJob = "retry_job", RegisterProject = "register_project",
        CorrectProject = "correct_project", WithdrawProject = "withdraw_project", MergeProject = "merge_project",
        UndoChange = "undo_change", ReportProgress = "report_progress", ReadOriginal = "read_original",
        CheckProject = "check_project", DecideFinding = "decide_finding", CommentFinding = "comment_finding",
        AskWhatIf = "ask_what_if",
        SignIn = "sign_in",
    }
}

/// The table: which roles may do what, within their region. The public may read and sign in.
pub const fn may(role: Option<Role>, action: Action) -> bool {
    use Action::{
        AskWhatIf, CheckProject, CommentFinding, CorrectProject, DecideFinding, MergeProject, ReadFindings, ReadJobs,
        ReadMessages, ReadOriginal, ReadPublic, RegisterProject, ReportProgress, RetryJob, SignIn, UndoChange,
        WithdrawProject,
    };
    match action {
        ReadPublic | SignIn => true,
        ReadFindings | CommentFinding | ReadOriginal | CheckProject => role.is_some(),
        RegisterProject | CorrectProject | ReportProgress | UndoChange => role.is_some(),
        WithdrawProject => matches!(role, Some(Role::VillageHead | Role::Inspector | Role::Administrator)),
        MergeProject | DecideFinding | AskWhatIf => matches!(role, Some(Role::Inspector | Role::Administrator)),
        ReadMessages => matches!(role, Some(Role::Inspector | Role::Administrator)),
        ReadJobs | RetryJob => matches!(role, Some(Role::Administrator)),
    }
}

/// Who asks, in which language.
#[derive(Clone, Debug)]
pub struct Caller {
    pub person: Option<Person>,
    pub language: Language,
}

impl Caller {
    /// The regions of this caller's lists and maps; the public sees all of what is public.
    pub fn scope(&self) -> Scope {
        self.person.as_ref().map_or_else(Scope::all, Person::scope)
    }

    pub fn role(&self) -> Option<Role> {
        self.person.as_ref().map(|person| person.role)
    }

    pub fn may(&self, action: Action) -> bool {
        may(self.role(), action)
    }

    /// Refuses what this caller may not do anywhere.
    pub fn require(&self, action: Action) -> Result<(), Problem> {
        match (self.may(action), &self.person) {
            (true, _) => Ok(()),
            (false, None) => Err(Problem::sign_in_required()),
            (false, Some(_)) => Err(Problem::not_allowed()),
        }
    }

    /// Refuses what this caller may not do in this region, and gives the person who does it.
    pub fn require_in(&self, action: Action, region_code: &str) -> Result<&Person, Problem> {
        self.require(action)?;
        let person = self.person.as_ref().ok_or_else(Problem::sign_in_required)?;
        if person.scope().holds(region_code) {
            return Ok(person);
        }
        Err(Problem::not_allowed().with("region", person.region_code.clone()))
    }

    /// Whether everything of a project in this region may be shown: to staff of the region, not to the public.
    pub fn sees_all_of(&self, region_code: &str) -> bool {
        self.person.as_ref().is_some_and(|person| person.scope().holds(region_code))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let person = match token(&parts.headers) {
            Some(token) => sign_in::find_caller(app, &token).await?,
            None => None,
        };
        Ok(Self { person, language: super::problem::language(&parts.headers) })
    }
}

/// The session token of a request.
pub fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_may_read_and_sign_in_and_nothing_else() {
        let allowed: Vec<_> = Action::ALL.iter().filter(|action| may(None, **action)).collect();
        assert_eq!(allowed, [&Action::ReadPublic, &Action::SignIn]);
    }
}
