//! Whose eyes they are.

use crate::domain::person::{Person, Scope};
use crate::domain::project::{ProjectSummary, Sensitivity};

/// Somebody who looks: the public, or a person who answers for some regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eyes {
    /// The regions of which everything is seen; none of the public.
    whole: Scope,
    is_public: bool,
}

impl Eyes {
    /// Of a person, or of the public.
    pub fn of(person: Option<&Person>) -> Self {
        match person {
            Some(person) => Self::within(person.scope()),
            None => Self { whole: Scope::none(), is_public: true },
        }
    }

    /// Of somebody who answers for these regions.
    pub fn within(whole: Scope) -> Self {
        Self { whole, is_public: false }
    }

    /// The regions of what is listed and drawn: a person's own; to the public all that is public.
    pub fn listed(&self) -> Scope {
        if self.is_public { Scope::all() } else { self.whole.clone() }
    }

    /// The regions of which everything is seen.
    pub fn whole(&self) -> &Scope {
        &self.whole
    }

    /// Whether everything of a work in the village with this code is seen.
    pub fn sees_all_of(&self, village_code: &str) -> bool {
        self.whole.holds(village_code)
    }

    /// Whether it is seen where this work stands, and what else leads to a grant house.
    pub fn sees_place_of(&self, project: &ProjectSummary) -> bool {
        project.sensitivity == Sensitivity::Open || self.sees_all_of(&project.village.code)
    }

    /// Whether this work is known to be there: what was withdrawn is no public record.
    pub fn knows_of(&self, project: &ProjectSummary) -> bool {
        !project.withdrawn || self.sees_all_of(&project.village.code)
    }
}
