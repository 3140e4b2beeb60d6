//! The table of permissions as a page that people read: `docs/permissions.md`.

use super::permissions::ROUTES;
use crate::domain::action::Action;
use crate::domain::post::Role;
use crate::permission::{may, permitted, signed_in};
use std::fmt::Write;

const HEAD: &str = "\
# Who may do what

Made from the program by `tapak permissions`; a test fails where this page is another.

Rights belong to **posts**, not to people: the village head of a village, the inspector of a regency. A post gives one role or several,
each in one region with all below it; an administrator may have the whole country. A person holds a post from one day to another, as its
holder, as acting holder, or as a substitute for at most 92 days, who may be given some acts alone. Whoever holds several posts picks none:
what they give adds up, each in its own region. After the last day nothing of it is left, and a successor finds what the one before received.

`x` is a right within the region of the post. Whatever is about several regions, such as a merge or a decision on a finding across a border,
needs the right in all of them. What an account may see of a work that is not its region's stands in [security.md](security.md).

## Roles and acts

";

const FOOT: &str = "
- `undo_change` takes back what the same person could do today: no officer undoes a withdrawal.
- `read_messages` is one's own mail, and that of the posts that one holds; an administrator also reads that of the people they answer for.
- `manage_people` holds for people all of whose posts lie in the administrator's region, and for posts that give nothing beyond it.
- `name_substitute` is for whoever holds a post themselves, with colleagues of the same region; a substitute names nobody.
- A substitute for some acts sees what the post sees, and does these acts alone.

## Routes

What each request of the API requires.

| request | requires |
| --- | --- |
";

/// The page as Markdown.
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| act | | public | any account |");
    for role in Role::ALL {
        let _ = write!(page, " {} |", role.as_str());
    }
    page.push_str("\n| --- | --- | :-: | :-: |");
    page.push_str(&" :-: |".repeat(Role::ALL.len()));
    page.push('\n');
    let public = permitted(None);
    for action in Action::ALL.iter().copied() {
        let _ = write!(page, "| `{}` | {} |", action.as_str(), meaning(action));
        let cells = [public.contains(&action), signed_in(action)];
        for given in cells.into_iter().chain(Role::ALL.iter().map(|role| may(*role, action))) {
            page.push_str(if given { " x |" } else { " |" });
        }
        page.push('\n');
    }
    page.push_str(FOOT);
    for (method, path, action) in ROUTES {
        let _ = writeln!(page, "| `{method} {path}` | `{}` |", action.as_str());
    }
    page
}

const fn meaning(action: Action) -> &'static str {
    match action {
        Action::ReadPublic => "see works, reports, photos and villages as the public does",
        Action::ReadFindings => "see findings",
        Action::ReadMessages => "read mails that were sent",
        Action::ReadJobs => "see what the server has in hand",
        Action::RetryJob => "begin a job again that was given up",
        Action::RegisterProject => "register a work",
        Action::CorrectProject => "correct a work",
        Action::WithdrawProject => "withdraw a work",
        Action::MergeProject => "merge two records of one work",
        Action::UndoChange => "take back a correction, a withdrawal or a merge",
        Action::ReportProgress => "report progress, with photos",
        Action::ReadOriginal => "see the original of a photo, with its metadata",
        Action::CheckProject => "see what a draft would meet",
        Action::DecideFinding => "decide on a finding",
        Action::CommentFinding => "comment on a finding",
        Action::AskWhatIf => "try other thresholds of the judge",
        Action::ImportProjects => "import files of works",
        Action::ManageOwnAccount => "change one's own password, end one's own sessions",
        Action::NameSubstitute => "name a substitute for one's own post",
        Action::ManagePeople => "manage posts and accounts",
        Action::SignIn => "sign in and out",
    }
}
