//! Permissions: one table of roles and actions. The regions in which they hold are those of the posts that a person
//! holds; rights of several posts add up.

pub use crate::domain::action::Action;
use crate::domain::doer::Doer;
use crate::domain::person::Person;
use crate::domain::post::{Author, Capacity, Right, Role};
use crate::domain::scope::Scope;

/// What everybody may do, with an account or without.
const PUBLIC: &[Action] = &[Action::ReadPublic, Action::SignIn];
/// What everybody with an account may do, whatever post they hold or held.
const SIGNED_IN: &[Action] = &[Action::ManageOwnAccount];

/// Whether everybody with an account may do it, whatever post they hold.
pub fn signed_in(action: Action) -> bool {
    PUBLIC.contains(&action) || SIGNED_IN.contains(&action)
}

/// The table: which roles may do what, within their region. Whoever may undo at all may undo only what the same role may do:
/// see `actions/undo_change.rs`.
pub const fn may(role: Role, action: Action) -> bool {
    use Action::{
        AskWhatIf, CheckProject, CommentFinding, CorrectProject, DecideFinding, ImportProjects, ManageOwnAccount,
        ManagePeople, MergeProject, NameSubstitute, ReadFindings, ReadJobs, ReadMessages, ReadOriginal, ReadPublic,
        RegisterProject, ReportProgress, RetryJob, SignIn, UndoChange, WithdrawProject,
    };
    use Role::{Administrator, DistrictOfficer, Inspector, Officer, VillageHead, VillageSecretary};
    match action {
        ReadPublic | SignIn | ManageOwnAccount => true,
        ReadFindings | CommentFinding | ReadOriginal | NameSubstitute => true,
        ReadMessages => !matches!(role, Officer),
        // The district looks on and asks; what is written about a village is written in it, or by those who inspect.
        CheckProject | RegisterProject | CorrectProject | ReportProgress | UndoChange => {
            !matches!(role, DistrictOfficer)
        }
        ImportProjects => matches!(role, Officer | Administrator),
        WithdrawProject => matches!(role, VillageSecretary | VillageHead | Inspector | Administrator),
        MergeProject | DecideFinding | AskWhatIf => matches!(role, Inspector | Administrator),
        ReadJobs | RetryJob | ManagePeople => matches!(role, Administrator),
    }
}

/// Why a person may not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// None of their posts gives it anywhere.
    Role,
    /// It lies outside the regions in which this person may do it, which are these; no name for the country, and for
    /// a region whose name nobody imported.
    Region { codes: Vec<String>, names: Vec<String> },
}

impl Right {
    /// Whether it gives this anywhere in its region.
    pub fn gives(&self, action: Action) -> bool {
        let lent = self.capacity == Capacity::Substitute;
        // Whoever stands in names nobody else.
        may(self.role, action)
            && !(lent && action == Action::NameSubstitute)
            && self.only.as_ref().is_none_or(|only| only.contains(&action) || reads(action))
    }
}

/// Whether an act changes nothing: whoever stands in for somebody for one act sees what they see.
const fn reads(action: Action) -> bool {
    matches!(
        action,
        Action::ReadPublic | Action::ReadFindings | Action::ReadMessages | Action::ReadOriginal | Action::CheckProject
    )
}

impl Person {
    /// Whether this person may do it, wherever that is.
    pub fn may(&self, action: Action) -> bool {
        signed_in(action) || self.rights.iter().any(|right| right.gives(action))
    }

    /// The rights that give this, those of narrow regions first.
    fn giving(&self, action: Action) -> Vec<&Right> {
        let mut giving: Vec<&Right> = self.rights.iter().filter(|right| right.gives(action)).collect();
        giving.sort_by_key(|right| std::cmp::Reverse(right.region_code.as_ref().map_or(0, String::len)));
        giving
    }

    /// Who does this about something in these regions, one of which they answer for: by the post nearest to them. Refuses
    /// what they may do nowhere.
    pub fn author_of(&self, action: Action, region_codes: &[String]) -> Result<Author, Denied> {
        let giving = self.giving(action);
        let near = giving.iter().find(|right| region_codes.iter().any(|code| right.scope().holds(code)));
        near.or_else(|| giving.first()).map(|right| self.author(right)).ok_or(Denied::Role)
    }

    /// The same for the audit chain.
    pub fn doer_of(&self, action: Action, region_codes: &[String]) -> Result<Doer, Denied> {
        self.author_of(action, region_codes).map(|author| Doer::of(self, &author))
    }

    /// Refuses what this person may do nowhere.
    pub fn require(&self, action: Action) -> Result<(), Denied> {
        if self.may(action) { Ok(()) } else { Err(Denied::Role) }
    }

    /// The regions in which this person may do it.
    pub fn scope_of(&self, action: Action) -> Scope {
        Scope::union(self.rights.iter().filter(|right| right.gives(action)).map(Right::scope))
    }

    /// The codes of the regions in which this person may do it, and the names of those that have one. The country has no code.
    pub fn regions_of(&self, action: Action) -> (Vec<String>, Vec<String>) {
        let giving = self.giving(action);
        let mut codes: Vec<String> = giving.iter().filter_map(|right| right.region_code.clone()).collect();
        let mut names: Vec<String> = giving.iter().filter_map(|right| right.region_name.clone()).collect();
        codes.dedup();
        names.dedup();
        (codes, names)
    }

    /// The right by which this person may do it in this region: that of the narrowest region, whose post is nearest to
    /// it. Refuses what they may not do there.
    pub fn require_in(&self, action: Action, region_code: &str) -> Result<&Right, Denied> {
        self.require(action)?;
        let giving = self.giving(action);
        if let Some(right) = giving.iter().find(|right| right.scope().holds(region_code)) {
            return Ok(right);
        }
        let (codes, names) = self.regions_of(action);
        Err(Denied::Region { codes, names })
    }
}

/// Asks of a person what an act requires. Nobody (`None`) is whoever sits at the terminal of the server, and may do it.
pub fn unless_at_terminal(
    by: Option<&Person>,
    required: impl FnOnce(&Person) -> Result<(), Denied>,
) -> Result<(), Denied> {
    by.map_or(Ok(()), required)
}

/// Who does this about something in these regions: a person by the post nearest to them, or whoever sits at the terminal of the
/// server.
pub fn doer_of(by: Option<&Person>, action: Action, region_codes: &[String]) -> Result<Doer, Denied> {
    by.map_or(Ok(Doer::terminal()), |by| by.doer_of(action, region_codes))
}

/// Whether this person, or the public, may do it somewhere.
pub fn permits(person: Option<&Person>, action: Action) -> bool {
    person.map_or_else(|| PUBLIC.contains(&action), |person| person.may(action))
}

/// All that this person, or the public, may do somewhere.
pub fn permitted(person: Option<&Person>) -> Vec<Action> {
    Action::ALL.iter().copied().filter(|action| permits(person, *action)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Language;
    use uuid::Uuid;

    fn right(role: Role, region: Option<&str>) -> Right {
        Right {
            post_id: Uuid::nil(),
            post_name: None,
            role,
            region_code: region.map(str::to_owned),
            region_name: None,
            capacity: Capacity::Holder,
            until: None,
            only: None,
        }
    }

    fn person(rights: Vec<Right>) -> Person {
        Person {
            id: Uuid::nil(),
            login: "a".to_owned(),
            name: "A".to_owned(),
            email: None,
            language: Language::Id,
            rights,
            address: None,
        }
    }

    #[test]
    fn the_public_may_read_and_sign_in_and_nothing_else() {
        assert_eq!(permitted(None), [Action::ReadPublic, Action::SignIn]);
    }

    #[test]
    fn who_holds_no_post_keeps_an_account_and_nothing_more() {
        let nobody = person(Vec::new());
        assert_eq!(permitted(Some(&nobody)), [Action::ReadPublic, Action::ManageOwnAccount, Action::SignIn]);
        assert!(!nobody.scope().holds("35.10.01.2001") && !nobody.scope().holds(""));
    }

    #[test]
    fn what_one_post_gives_does_not_hold_in_the_region_of_another() {
        let two = person(vec![right(Role::Officer, Some("35.10.01.2001")), right(Role::Inspector, Some("35.09"))]);
        assert!(two.require_in(Action::RegisterProject, "35.10.01.2001").is_ok());
        assert!(two.require_in(Action::DecideFinding, "35.09.01.2001").is_ok());
        let denied = two.require_in(Action::DecideFinding, "35.10.01.2001");
        assert_eq!(denied, Err(Denied::Region { codes: vec!["35.09".to_owned()], names: Vec::new() }));
        assert_eq!(two.scope_of(Action::DecideFinding), Scope::region("35.09"));
        assert!(two.scope().holds("35.10.01.2001") && two.scope().holds("35.09.31.2009"));
    }

    #[test]
    fn a_substitute_does_what_was_handed_over_and_sees_what_the_post_sees() {
        let mut lent = right(Role::VillageHead, Some("35.10.01.2001"));
        lent.capacity = Capacity::Substitute;
        lent.only = Some(vec![Action::CommentFinding]);
        let substitute = person(vec![lent]);
        assert!(substitute.require_in(Action::CommentFinding, "35.10.01.2001").is_ok());
        assert!(substitute.require_in(Action::ReadFindings, "35.10.01.2001").is_ok());
        assert_eq!(substitute.require_in(Action::WithdrawProject, "35.10.01.2001"), Err(Denied::Role));
    }

    #[test]
    fn an_act_is_done_by_the_post_nearest_to_it() {
        let both = person(vec![right(Role::Administrator, None), right(Role::VillageHead, Some("35.10.01.2001"))]);
        let by = both.require_in(Action::WithdrawProject, "35.10.01.2001").map(|right| right.role);
        assert_eq!(by, Ok(Role::VillageHead));
        let elsewhere = both.require_in(Action::WithdrawProject, "35.09.01.2001").map(|right| right.role);
        assert_eq!(elsewhere, Ok(Role::Administrator));
    }
}
