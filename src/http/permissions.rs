//! The action that each route requires: one row per route. A test compares this table with the description of the API
//! and tries every row with every role in every region.

use super::caller::Action;

/// A route: method, path, what it does.
pub type Row = (&'static str, &'static str, Action);

/// Every route of the API.
pub const ROUTES: &[Row] = &[
    // session
    ("GET", "/api/v1/session", Action::ReadPublic),
    ("POST", "/api/v1/session", Action::SignIn),
    ("DELETE", "/api/v1/session", Action::SignIn),
    ("POST", "/api/v1/session/code", Action::SignIn),
    ("PUT", "/api/v1/session/code", Action::SignIn),
    ("POST", "/api/v1/session/forgotten", Action::SignIn),
    // account
    ("PUT", "/api/v1/account/password", Action::ManageOwnAccount),
    ("GET", "/api/v1/account/sessions", Action::ManageOwnAccount),
    ("DELETE", "/api/v1/account/sessions", Action::ManageOwnAccount),
    ("DELETE", "/api/v1/account/sessions/{id}", Action::ManageOwnAccount),
    ("GET", "/api/v1/account/second-factor", Action::ManageOwnAccount),
    ("POST", "/api/v1/account/second-factor", Action::ManageOwnAccount),
    ("PUT", "/api/v1/account/second-factor", Action::ManageOwnAccount),
    ("POST", "/api/v1/account/second-factor/recovery-codes", Action::ManageOwnAccount),
    ("POST", "/api/v1/account/second-factor/remove", Action::ManageOwnAccount),
    // people
    ("GET", "/api/v1/people", Action::ManagePeople),
    ("POST", "/api/v1/people", Action::ManagePeople),
    ("POST", "/api/v1/people/{id}/codes", Action::ManagePeople),
    ("POST", "/api/v1/people/{id}/disable", Action::ManagePeople),
    ("POST", "/api/v1/people/{id}/enable", Action::ManagePeople),
    ("DELETE", "/api/v1/people/{id}/sessions", Action::ManagePeople),
    ("DELETE", "/api/v1/people/{id}/second-factor", Action::ManagePeople),
    // posts
    ("GET", "/api/v1/posts", Action::ManagePeople),
    ("POST", "/api/v1/posts", Action::ManagePeople),
    ("POST", "/api/v1/posts/{id}/close", Action::ManagePeople),
    ("POST", "/api/v1/posts/{id}/holders", Action::ManagePeople),
    ("POST", "/api/v1/posts/{id}/holders/{holder}/end", Action::ManagePeople),
    ("GET", "/api/v1/account/posts", Action::ManageOwnAccount),
    ("POST", "/api/v1/account/posts/{id}/substitutes", Action::NameSubstitute),
    ("POST", "/api/v1/account/posts/{id}/substitutes/{holder}/end", Action::NameSubstitute),
    // villages
    ("GET", "/api/v1/villages", Action::ReadPublic),
    ("GET", "/api/v1/villages/boundaries", Action::ReadPublic),
    ("GET", "/api/v1/villages/{id}", Action::ReadPublic),
    ("GET", "/api/v1/places", Action::ReadPublic),
    // projects
    ("GET", "/api/v1/projects", Action::ReadPublic),
    ("POST", "/api/v1/projects", Action::RegisterProject),
    ("POST", "/api/v1/projects/check", Action::CheckProject),
    ("GET", "/api/v1/projects/{id}", Action::ReadPublic),
    ("PATCH", "/api/v1/projects/{id}", Action::CorrectProject),
    ("POST", "/api/v1/projects/{id}/withdraw", Action::WithdrawProject),
    ("POST", "/api/v1/projects/{id}/merge", Action::MergeProject),
    ("POST", "/api/v1/projects/{id}/undo", Action::UndoChange),
    ("GET", "/api/v1/years", Action::ReadPublic),
    ("GET", "/api/v1/funds", Action::ReadPublic),
    ("GET", "/api/v1/activities", Action::ReadPublic),
    // imports
    ("GET", "/api/v1/uploads", Action::ImportProjects),
    ("PUT", "/api/v1/uploads/{id}/file/{name}", Action::ImportProjects),
    ("GET", "/api/v1/uploads/{id}", Action::ImportProjects),
    ("DELETE", "/api/v1/uploads/{id}", Action::ImportProjects),
    ("PUT", "/api/v1/uploads/{id}/options", Action::ImportProjects),
    ("POST", "/api/v1/uploads/{id}/store", Action::ImportProjects),
    ("GET", "/api/v1/uploads/{id}/cells", Action::ImportProjects),
    ("GET", "/api/v1/uploads/{id}/doubles", Action::ImportProjects),
    // progress
    ("GET", "/api/v1/projects/{id}/reports", Action::ReadPublic),
    ("POST", "/api/v1/projects/{id}/reports", Action::ReportProgress),
    ("PUT", "/api/v1/photos/{id}/original", Action::ReportProgress),
    ("GET", "/api/v1/photos/{id}/original", Action::ReadOriginal),
    ("GET", "/api/v1/photos/{id}/{size}", Action::ReadPublic),
    // findings
    ("GET", "/api/v1/findings", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}/members", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}/pairs", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}/comments", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}/decisions", Action::ReadFindings),
    ("GET", "/api/v1/findings/{id}/messages", Action::ReadFindings),
    ("POST", "/api/v1/findings/{id}/decision", Action::DecideFinding),
    ("POST", "/api/v1/findings/{id}/decision/undo", Action::DecideFinding),
    ("POST", "/api/v1/findings/{id}/comments", Action::CommentFinding),
    ("GET", "/api/v1/whatif", Action::AskWhatIf),
    // map
    ("GET", "/api/v1/map/projects", Action::ReadPublic),
    ("GET", "/api/v1/map/findings", Action::ReadFindings),
    // events
    ("GET", "/api/v1/events", Action::ReadPublic),
    // messages
    ("GET", "/api/v1/messages", Action::ReadMessages),
    ("GET", "/api/v1/messages/{id}", Action::ReadMessages),
    ("GET", "/api/v1/messages/{id}/preview", Action::ReadMessages),
    // jobs
    ("GET", "/api/v1/jobs", Action::ReadJobs),
    ("POST", "/api/v1/jobs/{id}/retry", Action::RetryJob),
    ("GET", "/api/v1/backups", Action::ReadJobs),
];
