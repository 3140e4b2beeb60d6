//! People who sign in, what they are, and how far their eyes reach.

use super::words;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

words! {
    /// What a person is here. What each may do stands in `http/routes.rs`, beside the routes.
    Role { Officer = "officer", VillageHead = "village_head", Inspector = "inspector", Administrator = "administrator" }
}

words! {
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

    /// The region with this code and all below it. Digits and dots sort before `/` and `:`.
    pub fn region(code: &str) -> Self {
        Self { low: code.to_owned(), high: format!("{code}~") }
    }

    pub fn holds(&self, code: &str) -> bool {
        self.low.as_str() <= code && code < self.high.as_str()
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
    /// The region whose works this person sees and answers for; `None` is everywhere.
    pub region_code: Option<String>,
    pub language: Language,
}

impl Person {
    pub fn scope(&self) -> Scope {
        self.region_code.as_deref().map_or_else(Scope::all, Scope::region)
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
}
