//! People who sign in.

use super::closed_set;
use super::post::{Author, Right};
use super::scope::Scope;
use std::net::IpAddr;
use uuid::Uuid;

closed_set! {
    /// The languages of the interface, the first one by default.
    Language { Id = "id", En = "en" }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub language: Language,
    /// What the posts that this person holds at the moment give; rights add up. Without any a person sees what the
    /// public sees, and their own account.
    pub rights: Vec<Right>,
    /// From where they ask, where they are looked up for a request.
    pub address: Option<IpAddr>,
}

impl Person {
    /// All regions whose works this person sees and answers for.
    pub fn scope(&self) -> Scope {
        Scope::union(self.rights.iter().map(Right::scope))
    }

    /// The posts that this person holds at the moment.
    pub fn posts(&self) -> Vec<Uuid> {
        let mut posts: Vec<Uuid> = self.rights.iter().map(|right| right.post_id).collect();
        posts.dedup();
        posts
    }

    /// This person as the author of something done by this right.
    pub fn author(&self, by: &Right) -> Author {
        Author { person: self.id, post: by.post_id, role: by.role, region_code: by.region_code.clone() }
    }
}
