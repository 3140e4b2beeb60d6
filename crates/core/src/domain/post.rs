//! Posts: offices that people hold for a time. Rights belong to a post, so that a successor goes on where the one before
//! stopped.

use super::action::Action;
use super::closed_set;
use super::scope::Scope;
use super::text;
use super::{Invalid, Time};
use crate::domain::village::RegionCode;
use uuid::Uuid;

/// The most grants of one post.
pub const GRANTS: usize = 50;

closed_set! {
    /// A role that a post gives in a region. What each may do stands in one table, `permission.rs`.
    Role {
        Officer = "officer", VillageSecretary = "village_secretary", VillageHead = "village_head",
        DistrictOfficer = "district_officer", Inspector = "inspector", Administrator = "administrator",
    }
}

closed_set! {
    /// How somebody holds a post: one holder or acting holder at a time; substitutes beside them, for a time and with limits.
    Capacity { Holder = "holder", Acting = "acting", Substitute = "substitute" }
}

/// One role in one region and all below it; the country for an administrator without a region.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grant {
    pub role: Role,
    pub region_code: Option<String>,
}

impl Grant {
    /// Reads a grant; the country is for administrators alone.
    pub fn parse(role: Role, region_code: Option<&str>) -> Result<Self, Invalid> {
        let region_code = region_code.map(|code| RegionCode::parse("region", code)).transpose()?;
        if region_code.is_none() && role != Role::Administrator {
            return Err(Invalid::new("region_missing", "region").with("role", role.as_str()));
        }
        Ok(Self { role, region_code: region_code.map(|code| code.to_string()) })
    }

    pub fn scope(&self) -> Scope {
        Scope::region(self.region_code.as_deref().unwrap_or_default())
    }
}

/// The name of a post, where the office calls it otherwise than role and region do.
pub fn parse_name(given: Option<&str>) -> Result<Option<String>, Invalid> {
    given.map(|name| text::required("name", name, text::NAME_CHARS)).transpose()
}

/// What one post gives a person who holds it now.
#[derive(Clone, Debug, PartialEq)]
pub struct Right {
    pub post_id: Uuid,
    /// What the office calls the post; `None`: role and region name it.
    pub post_name: Option<String>,
    pub role: Role,
    /// The region in which it holds, with all below it; `None`: the country.
    pub region_code: Option<String>,
    /// The name of that region today, where its boundary was imported.
    pub region_name: Option<String>,
    pub capacity: Capacity,
    /// When it ends, where that is known.
    pub until: Option<Time>,
    /// Of a substitute: the only acts that were handed over; `None`: all.
    pub only: Option<Vec<Action>>,
}

impl Right {
    pub fn scope(&self) -> Scope {
        Scope::region(self.region_code.as_deref().unwrap_or_default())
    }
}

/// Who did something, and by which of their posts: what is kept with it, since later they may hold another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Author {
    pub person: Uuid,
    pub post: Uuid,
    pub role: Role,
    /// `None`: the country.
    pub region_code: Option<String>,
}
