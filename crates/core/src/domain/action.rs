//! What can be done with permission.

use super::closed_set;

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
        ManageOwnAccount = "manage_own_account", NameSubstitute = "name_substitute", ManagePeople = "manage_people",
        SignIn = "sign_in",
    }
}
