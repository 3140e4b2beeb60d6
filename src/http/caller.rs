//! Who asks: a person with a session, or the public. What each role may do stands in `permission.rs`.

use super::peer::Peer;
use super::problem::Problem;
use crate::actions::sign_in;
use crate::app::App;
use crate::domain::person::{Language, Person};
use crate::domain::scope::Scope;
pub use crate::permission::Action;
use crate::permission::permits;
use crate::publish::Eyes;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// The name of the session cookie.
pub const COOKIE: &str = "tapak_session";

/// Who asks, in which language.
#[derive(Clone, Debug)]
pub struct Caller {
    pub person: Option<Person>,
    pub language: Language,
}

impl Caller {
    /// How much of a project this caller may see.
    pub fn eyes(&self) -> Eyes {
        Eyes::new(self.person.as_ref())
    }

    /// The regions of this caller's lists and maps; the public sees all of what is public.
    pub fn scope(&self) -> Scope {
        self.eyes().sight().listed.clone()
    }

    pub fn may(&self, action: Action) -> bool {
        permits(self.person.as_ref(), action)
    }

    /// Refuses what this caller may not do anywhere.
    pub fn require(&self, action: Action) -> Result<(), Problem> {
        match (self.may(action), &self.person) {
            (true, _) => Ok(()),
            (false, None) => Err(Problem::sign_in_required()),
            (false, Some(_)) => Err(Problem::not_allowed()),
        }
    }

    /// Refuses what this caller may not do anywhere, and gives the person who does it.
    pub fn signed_in(&self, action: Action) -> Result<&Person, Problem> {
        self.require(action)?;
        self.person.as_ref().ok_or_else(Problem::sign_in_required)
    }

    /// Refuses what this caller may not do in this region, and gives the person who does it.
    pub fn require_in(&self, action: Action, region_code: &str) -> Result<&Person, Problem> {
        let person = self.signed_in(action)?;
        person.require_in(action, region_code)?;
        Ok(person)
    }

    /// Whether everything of a project in this region may be shown: to staff of the region, not to the public.
    pub fn sees_all_of(&self, region_code: &str) -> bool {
        self.eyes().sees_all_of(region_code)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    /// Looked up once a request: whoever needs the caller again finds it with the request.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let person = match token(&parts.headers) {
            Some(token) => {
                let address = Peer::from_request_parts(parts, app).await?.address();
                sign_in::find_caller(app, &token, address).await?
            }
            None => None,
        };
        let caller = Self { person, language: super::problem::language(&parts.headers) };
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// The session token of a request.
pub fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE)
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, wanted: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, token)| token.to_owned())
}
