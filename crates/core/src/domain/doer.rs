//! Who did something, as far as it is known.

use super::closed_set;
use super::person::Person;
use super::post::{Author, Role};
use serde::Serialize;
use std::net::IpAddr;
use uuid::Uuid;

closed_set! {
    /// From where something was done: by a request, at the terminal of the server, or by a job.
    Means { Request = "request", Terminal = "terminal", Job = "job" }
}

/// Who did something. Everything but the means may be unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doer {
    pub means: Means,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// The post by which the person did it; of one's own account there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The region of the post; with a role and without a region it is the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Personal: it stands in the audit chain as a digest alone.
    #[serde(skip)]
    pub address: Option<IpAddr>,
}

impl Doer {
    const fn by(means: Means) -> Self {
        Self { means, person: None, post: None, role: None, region: None, address: None }
    }

    /// A person who needs no post for it: about their own account.
    pub fn oneself(person: &Person) -> Self {
        // Who acts without a request brought a file, which a job stores for them.
        let means = if person.address.is_some() { Means::Request } else { Means::Job };
        Self { person: Some(person.id), address: person.address, ..Self::by(means) }
    }

    /// A person by the post that the author names.
    pub fn of(person: &Person, author: &Author) -> Self {
        let Author { person: _, post, role, region_code } = author;
        Self { post: Some(*post), role: Some(*role), region: region_code.clone(), ..Self::oneself(person) }
    }

    pub const fn terminal() -> Self {
        Self::by(Means::Terminal)
    }

    pub const fn job() -> Self {
        Self::by(Means::Job)
    }
}
