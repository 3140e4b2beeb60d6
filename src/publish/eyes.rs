//! Whose eyes they are.

use crate::domain::person::Person;

use crate::domain::project::{ProjectSummary, Sensitivity};
use crate::domain::scope::{Scope, Sight};

/// A viewer: the public, or a person with some regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eyes {
    sight: Sight,
}

impl Eyes {
    /// Of a person, or of the public.
    pub fn new(person: Option<&Person>) -> Self {
        match person {
            Some(person) if !person.rights.is_empty() => Self::within(person.scope()),
            // Whoever left their post sees what everybody sees.
            _ => Self { sight: Sight { listed: Scope::all(), whole: Scope::none() } },
        }
    }

    /// A person of these regions.
    pub fn within(scope: Scope) -> Self {
        Self { sight: Sight { listed: scope.clone(), whole: scope } }
    }

    /// How far they reach: of what is listed a person sees everything, the public what is public.
    pub const fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Whether everything of a work in the village with this code is seen.
    pub fn sees_all_of(&self, village_code: &str) -> bool {
        self.sight.whole.holds(village_code)
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
