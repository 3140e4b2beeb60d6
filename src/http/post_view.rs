//! Posts as answers show them.

use crate::domain::Day;
use crate::domain::action::Action;
use crate::domain::post::{Capacity, Right, Role};
use crate::store::posts::{Holder, Post};
use chrono::FixedOffset;
use serde::Serialize;
use uuid::Uuid;

/// What one post gives a person in one region.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HeldView {
    pub post: Uuid,
    /// What the office calls the post; `null`: role and region name it.
    pub name: Option<String>,
    pub role: Role,
    /// With all below it; `null`: the country.
    pub region_code: Option<String>,
    pub region_name: Option<String>,
    pub capacity: Capacity,
    /// When it ends, where that is known.
    pub until: Option<String>,
    /// Of a substitute: the only acts that were handed over; `null`: all.
    pub only: Option<Vec<Action>>,
}

impl HeldView {
    pub fn new(right: Right) -> Self {
        Self {
            post: right.post_id,
            name: right.post_name,
            role: right.role,
            region_code: right.region_code,
            region_name: right.region_name,
            capacity: right.capacity,
            until: right.until.map(|at| at.to_rfc3339()),
            only: right.only,
        }
    }
}

/// A role that a post gives in a region.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GrantView {
    pub role: Role,
    /// With all below it; `null`: the country.
    pub region_code: Option<String>,
    pub region_name: Option<String>,
}

/// Somebody who holds, held or will hold a post.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HolderView {
    pub id: Uuid,
    pub person: Uuid,
    pub name: String,
    pub login: String,
    pub capacity: Capacity,
    /// The first day, in the time zone of the post.
    #[schema(value_type = String, format = Date)]
    pub first_day: Day,
    /// The last day, in the time zone of the post; `null`: no end is known.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Day>,
    pub from: String,
    /// The first moment at which it is held no more; `null`: no end is known.
    pub until: Option<String>,
    /// Of a substitute: the only acts that were handed over; `null`: all.
    pub only: Option<Vec<Action>>,
    /// `null`: at the server's terminal.
    pub named_by: Option<String>,
}

impl HolderView {
    pub fn new(zone: FixedOffset, holder: Holder) -> Self {
        let (first_day, last_day) = holder.days(zone);
        Self {
            first_day,
            last_day,
            id: holder.id,
            person: holder.user_id,
            name: holder.name,
            login: holder.login,
            capacity: holder.capacity,
            from: holder.from.to_rfc3339(),
            until: holder.until.map(|at| at.to_rfc3339()),
            only: holder.only,
            named_by: holder.named_by,
        }
    }
}

/// A post, what it gives, and everybody who held it, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PostView {
    pub id: Uuid,
    pub name: Option<String>,
    pub closed_at: Option<String>,
    pub grants: Vec<GrantView>,
    pub holders: Vec<HolderView>,
}

impl PostView {
    pub fn new(post: Post, holders: Vec<Holder>) -> Self {
        let grant = |(grant, region_name): (crate::domain::post::Grant, Option<String>)| GrantView {
            role: grant.role,
            region_code: grant.region_code,
            region_name,
        };
        let zone = post.zone();
        Self {
            id: post.id,
            name: post.name,
            closed_at: post.closed_at,
            grants: post.grants.into_iter().map(grant).collect(),
            holders: holders.into_iter().map(|holder| HolderView::new(zone, holder)).collect(),
        }
    }
}
