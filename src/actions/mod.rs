//! What can be done: one use case a file, one transaction each: rows, change-log entry and jobs commit together.

pub mod add_user;
mod announce;
pub mod backup_age;
pub mod change_password;
mod changed_fields;
pub mod check_photos;
mod check_place;
pub mod check_project;
pub mod codes;
pub mod comment_on_finding;
pub mod correct_project;
pub mod decide_finding;
pub mod derive_photo;
pub mod end_own_sessions;
pub mod erase_history;
mod find_region;
pub mod import_bps_codes;
pub mod import_projects;
pub mod import_villages;
mod known_list;
mod known_villages;
pub mod load_sample;
pub mod manage_person;
pub mod merge_project;
pub mod note_reading;
pub mod once;
pub mod posts;
pub mod receive_photo;
pub mod register_project;
pub mod report_progress;
pub mod retry_job;
pub mod second_factor;
pub mod sign_in;
mod slow_guessing;
pub mod take_back_decision;
pub mod undo_change;
pub mod uploads;
pub mod withdraw_project;

use crate::clock::Clock;
use crate::domain::doer::Doer;
use crate::domain::job::JobKind;
use crate::domain::person::Person;
use crate::domain::{Invalid, Time};
use crate::permission::{Action, Denied};
use crate::photos::PhotoError;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::{StoreError, Tx, stakes};
use uuid::Uuid;

/// Why something was not done. Each variant is answered differently.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// `project`, `village`, `photo` …
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A stable code: `changed_meanwhile`, `already_registered` …
    #[error("{0}")]
    Conflict(&'static str),
    #[error("not permitted: {0:?}")]
    Denied(Denied),
    /// What is to be decided lies in these villages too, which are outside the region of this person.
    #[error("also about {0}, outside the region of this person")]
    OtherSide(String),
    /// It follows from this decision about this finding, and ends only with it.
    #[error("decision {decision} about finding {finding} made it")]
    Decided { finding: Uuid, decision: Uuid },
    #[error("wrong login or password")]
    WrongLogin,
    /// The password was right; the code of the second factor is asked for beside it.
    #[error("the second factor is missing")]
    SecondFactorNeeded,
    #[error("wrong code of the second factor")]
    WrongSecondFactor,
    /// Too many wrong passwords of this account or from this address.
    #[error("too many wrong passwords: {retry_after_s} s to wait")]
    SignInWait { retry_after_s: u64 },
    /// More passwords are to be hashed than can wait.
    #[error("too many passwords to hash at once")]
    PasswordsBusy,
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Internal(String),
}

pub type Result<T> = std::result::Result<T, ActionError>;

impl From<Denied> for ActionError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// Refuses what this person may not do to all of these projects, and gives who does it: by the post nearest to them. Those that
/// are not there are left to whoever looks them up.
pub(crate) async fn require_on(tx: &mut Tx, by: &Person, action: Action, wanted: &[Uuid]) -> Result<Doer> {
    let stakes = stakes::list(tx, wanted).await?;
    let codes: Vec<String> = stakes.into_values().map(|stake| stake.village_code).collect();
    for code in &codes {
        by.require_in(action, code)?;
    }
    Ok(by.doer_of(action, &codes)?)
}

/// Asks for a screening of these projects, in a fixed order.
pub(crate) async fn screen_later(tx: &mut Tx, ids: &Clock, projects: &[Uuid], now: Time) -> Result<()> {
    let mut projects = projects.to_vec();
    projects.sort_unstable();
    projects.dedup();
    let jobs: Vec<NewJob> =
        projects.into_iter().map(|subject_id| NewJob::new(ids, JobKind::ScreenProject, subject_id, now)).collect();
    Ok(enqueue(tx, &jobs, now).await?)
}

/// Distinguishes a body sent again under the same id from another one: the SHA-256 of its bytes as they came and, for who
/// writes the same in other bytes, that of what was read from it. The latter changes with the program, the bytes do not: a
/// phone that sends again after an update is understood. Older rows hold the latter alone.
pub(crate) struct BodyDigest {
    sent: Option<String>,
    read: String,
}

impl BodyDigest {
    /// `sent`: of the bytes, `None` where there were none.
    pub fn new(sent: Option<&str>, read: &impl serde::Serialize) -> Self {
        Self { sent: sent.map(str::to_owned), read: digest(read) }
    }

    /// As it is stored.
    pub fn text(&self) -> String {
        self.sent.iter().chain([&self.read]).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether the body with this stored digest was the same.
    pub fn is_that_of(&self, stored: &str) -> bool {
        stored.split(' ').any(|one| one == self.read || self.sent.as_deref() == Some(one))
    }
}

/// SHA-256 of plain data, hex.
pub(crate) fn digest(body: &impl serde::Serialize) -> String {
    let text = serde_json::to_vec(body).expect("a parsed body is plain data");
    crate::digest::sha256_hex(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_known_again_by_its_bytes_or_by_what_was_read_from_them() {
        let first = BodyDigest::new(Some("aa"), &("title", 1));
        assert!(BodyDigest::new(Some("aa"), &("title", 1, "a field of the next version")).is_that_of(&first.text()));
        assert!(BodyDigest::new(Some("bb"), &("title", 1)).is_that_of(&first.text()), "other spaces");
        assert!(!BodyDigest::new(Some("bb"), &("title", 2)).is_that_of(&first.text()));
        let before_bytes_were_kept = digest(&("title", 1));
        assert!(BodyDigest::new(Some("aa"), &("title", 1)).is_that_of(&before_bytes_were_kept));
        assert!(!BodyDigest::new(Some("aa"), &("title", 2)).is_that_of(&before_bytes_were_kept));
    }
}
