//! Who did something, as far as it is known.

use super::closed_set;
use super::person::Person;
use serde::Serialize;
use std::net::IpAddr;
use uuid::Uuid;

closed_set! {
    /// From where something was done: by a request, at the terminal of the server, or by a job on nobody's behalf.
    Means { Request = "request", Terminal = "terminal", Job = "job" }
}

/// Who did something. Everything but the means may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Doer {
    pub means: Means,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// The post that the person held as they did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Uuid>,
    /// The token that a program showed instead of a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Uuid>,
    /// Personal: it stands in the audit chain as a digest alone.
    #[serde(skip)]
    pub address: Option<IpAddr>,
}

impl Doer {
    const fn by(means: Means) -> Self {
        Self { means, person: None, post: None, token: None, address: None }
    }

    pub const fn of(person: &Person) -> Self {
        Self { person: Some(person.id), ..Self::by(Means::Request) }
    }

    /// Nobody is whoever sits at the terminal of the server.
    pub fn or_terminal(person: Option<&Person>) -> Self {
        person.map_or(Self::terminal(), Self::of)
    }

    pub const fn terminal() -> Self {
        Self::by(Means::Terminal)
    }

    pub const fn job() -> Self {
        Self::by(Means::Job)
    }
}
