//! How long somebody stays signed in: a phone in a village that is used once a month goes on, a desk from which others are
//! decided about does not.

use crate::domain::Time;
use crate::domain::person::Person;
use crate::domain::post::Role;
use std::time::Duration;

/// The limits of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// From the sign-in on, however much it is used.
    pub most: Duration,
    /// Without being used.
    pub idle: Duration,
}

impl SessionLimits {
    /// Those of the strictest post that this person holds now: `staff` where one answers for more than its own village.
    pub fn of(person: &Person, village: Self, staff: Self) -> Self {
        if person.rights.iter().any(|right| is_staff(right.role)) {
            Self { most: staff.most.min(village.most), idle: staff.idle.min(village.idle) }
        } else {
            village
        }
    }

    /// Whether a session last used then is over.
    pub fn is_over(&self, used_at: Time, now: Time) -> bool {
        now - used_at > chrono::TimeDelta::from_std(self.idle).unwrap_or(chrono::TimeDelta::MAX)
    }
}

/// Whether a role answers for others than its own village.
const fn is_staff(role: Role) -> bool {
    match role {
        Role::Officer | Role::VillageSecretary | Role::VillageHead => false,
        Role::DistrictOfficer | Role::Inspector | Role::Administrator => true,
    }
}
