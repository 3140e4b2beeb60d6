//! Permissions: one table of roles and actions. The regions in which they hold are the person's own.

use crate::domain::closed_set;
use crate::domain::person::{Person, Role};

closed_set! {
    /// One kind of act that needs permission. Every route names its action (`http/permissions.rs`), every use case
    /// requires it (`actions/`).
    Action {
        ReadPublic = "read_public", ReadFindings = "read_findings", ReadMessages = "read_messages",
        ReadJobs = "read_jobs", RetryJob = "retry_job", RegisterProject = "register_project",
        CorrectProject = "correct_project", WithdrawProject = "withdraw_project", MergeProject = "merge_project",
        UndoChange = "undo_change", ReportProgress = "report_progress", ReadOriginal = "read_original",
        CheckProject = "check_project", DecideFinding = "decide_finding", CommentFinding = "comment_finding",
        AskWhatIf = "ask_what_if", ImportProjects = "import_projects",
        ManageOwnAccount = "manage_own_account", ManagePeople = "manage_people", SignIn = "sign_in",
    }
}

/// The table: which roles may do what, within their region. The public may read and sign in. Whoever may undo at all may
/// undo only what the same role may do: see `actions/undo_change.rs`.
pub const fn may(role: Option<Role>, action: Action) -> bool {
    use Action::{
        AskWhatIf, CheckProject, CommentFinding, CorrectProject, DecideFinding, ImportProjects, ManageOwnAccount,
        ManagePeople, MergeProject, ReadFindings, ReadJobs, ReadMessages, ReadOriginal, ReadPublic, RegisterProject,
        ReportProgress, RetryJob, SignIn, UndoChange, WithdrawProject,
    };
    match action {
        ReadPublic | SignIn => true,
        ManageOwnAccount => role.is_some(),
        ReadFindings | CommentFinding | ReadOriginal | CheckProject => role.is_some(),
        RegisterProject | CorrectProject | ReportProgress | UndoChange => role.is_some(),
        ImportProjects => matches!(role, Some(Role::Officer | Role::Administrator)),
        WithdrawProject => matches!(role, Some(Role::VillageHead | Role::Inspector | Role::Administrator)),
        MergeProject | DecideFinding | AskWhatIf => matches!(role, Some(Role::Inspector | Role::Administrator)),
        ReadMessages => matches!(role, Some(Role::Inspector | Role::Administrator)),
        ReadJobs | RetryJob | ManagePeople => matches!(role, Some(Role::Administrator)),
    }
}

/// Why a person may not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// This role may do it nowhere.
    Role,
    /// It lies outside the region of this person, which is this one; `None` for a person without a region, and for a
    /// region whose name nobody imported.
    Region { code: Option<String>, name: Option<String> },
}

impl Person {
    /// Whether this role may do it, wherever that is.
    pub const fn may(&self, action: Action) -> bool {
        may(Some(self.role), action)
    }

    /// Refuses what this role may do nowhere.
    pub const fn require(&self, action: Action) -> Result<(), Denied> {
        if self.may(action) { Ok(()) } else { Err(Denied::Role) }
    }

    /// Refuses what this person may not do in this region.
    pub fn require_in(&self, action: Action, region_code: &str) -> Result<(), Denied> {
        self.require(action)?;
        if self.scope().holds(region_code) {
            return Ok(());
        }
        Err(Denied::Region { code: self.region_code.clone(), name: self.region_name.clone() })
    }
}

/// Asks of a person what an act requires. Nobody (`None`) is whoever sits at the terminal of the server, and may do it.
pub fn unless_at_terminal(
    by: Option<&Person>,
    required: impl FnOnce(&Person) -> Result<(), Denied>,
) -> Result<(), Denied> {
    by.map_or(Ok(()), required)
}

/// All that somebody with this role may do; without a role, the public.
pub fn permitted(role: Option<Role>) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|action| may(role, *action)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_may_read_and_sign_in_and_nothing_else() {
        assert_eq!(permitted(None), [Action::ReadPublic, Action::SignIn]);
    }
}
