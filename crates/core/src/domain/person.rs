//! People who sign in, their roles, and which regions they see.

use super::closed_set;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// The role of a person. Their permissions stand in one table, `permission.rs`.
    Role { Officer = "officer", VillageHead = "village_head", Inspector = "inspector", Administrator = "administrator" }
}

closed_set! {
    /// The languages of the interface, the first one by default.
    Language { Id = "id", En = "en" }
}

/// The regions a caller sees, as a range of region codes: every list and map query carries it into SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The first code inside.
    pub low: String,
    /// The first code behind it.
    pub high: String,
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        Self { low: String::new(), high: "~".to_owned() }
    }

    /// Nothing: of somebody whose region nobody has named.
    pub fn none() -> Self {
        Self { low: "~".to_owned(), high: String::new() }
    }

    /// The region with this code and all below it. Digits and dots sort before `/` and `:`.
    pub fn region(code: &str) -> Self {
        Self { low: code.to_owned(), high: format!("{code}~") }
    }

    /// Whether all of the other one lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.low >= other.high || (self.low <= other.low && other.high <= self.high)
    }

    pub fn holds(&self, code: &str) -> bool {
        self.low.as_str() <= code && code < self.high.as_str()
    }
}

/// Which regions somebody sees in lists and maps, and in how much detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The regions of what is listed.
    pub listed: Scope,
    /// The regions of which everything is seen. Elsewhere a grant house is looked for at its village's centre.
    pub whole: Scope,
}

impl Sight {
    /// Everything, everywhere.
    pub fn all() -> Self {
        Self { listed: Scope::all(), whole: Scope::all() }
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub email: Option<String>,
    /// The region whose works this person sees and answers for; `None` is everywhere for an administrator, and nowhere
    /// for everybody else.
    pub region_code: Option<String>,
    /// The name of that region today, where its boundary was imported.
    pub region_name: Option<String>,
    pub language: Language,
}

impl Person {
    pub fn scope(&self) -> Scope {
        match (&self.region_code, self.role) {
            (Some(code), _) => Scope::region(code),
            (None, Role::Administrator) => Scope::all(),
            (None, _) => Scope::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_its_own_region_and_not_the_next() {
        let scope = Scope::region("35.10");
        assert!(scope.holds("35.10") && scope.holds("35.10.01.2001"));
        assert!(!scope.holds("35.09.31.2009") && !scope.holds("35.11") && !scope.holds("35.1"));
    }

    #[test]
    fn only_an_administrator_without_a_region_answers_for_the_country() {
        for role in Role::ALL {
            let person = Person {
                id: Uuid::nil(),
                login: "a".to_owned(),
                name: "A".to_owned(),
                role: *role,
                email: None,
                region_code: None,
                region_name: None,
                language: Language::Id,
            };
            assert_eq!(person.scope().holds("35.10.01.2001"), *role == Role::Administrator, "{role}");
            assert_eq!(person.scope().holds(""), *role == Role::Administrator, "{role}: a village without a code");
        }
    }
}
