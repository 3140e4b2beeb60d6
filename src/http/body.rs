//! Bodies of requests. None is read before it is known who sends it and that they may: the extractors here ask for the
//! caller first, and what cannot be asked for is no body ([`Sent`]). All that is read counts against one budget of memory.

use super::caller::{Action, Caller};
use super::input::parse;
use super::problem::Problem;
use crate::allowance::Turn;
use crate::app::App;
use crate::budget::Share;
use crate::config::Config;
use axum::body::{Body as RequestBody, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The largest JSON body: a walked track of 20,000 corners fits.
const LARGE_BYTES: usize = 2 * 1024 * 1024;
/// Enough for a few ids and the longest text.
pub const SMALL_BYTES: usize = 64 * 1024;
/// Of a body that is too large, this share of its limit and so much more are read and dropped: a client that is still
/// sending when the answer comes often loses it with the connection.
const DROPPED: (usize, usize) = (2, 16 * 1024 * 1024);
/// The first piece of memory that a body gets.
const FIRST_BYTES: usize = 8 * 1024;
/// Parsed JSON takes up to this many times its bytes: a position of 20 letters becomes a list of numbers of 160 bytes.
const PARSED_TIMES: usize = 16;
/// A larger body is parsed where it holds up nobody else's request.
const PARSED_ASIDE_BYTES: usize = 64 * 1024;
/// How long a body waits for memory before it is asked to come again.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request body in JSON, with the action that permits sending it.
pub trait Sent: DeserializeOwned + Send + 'static {
    /// Who may not do this anywhere is refused before a byte is read.
    const ACTION: Action;
    const MOST_BYTES: usize = LARGE_BYTES;
}

/// A JSON body; a wrong type or a missing or unknown field is named.
#[derive(Debug)]
pub struct Body<T>(pub T, pub Receipt);

/// The share of memory that a read body holds: keep it as long as the parsed value.
#[derive(Debug)]
pub struct Receipt {
    /// SHA-256 of where it was sent and of its bytes as they came, hex.
    pub sent: String,
    _turn: Option<Turn>,
    _share: Share,
}

impl<T: Sent> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let turn = admit(Caller::from_request_parts(&mut parts, app).await?, T::ACTION, app)?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/json") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "json_expected").with("given", kind));
        }
        let mut share = app.bodies.open();
        let bytes = whole(Incoming::new(body, app), T::MOST_BYTES, &mut share).await?;
        if !share.grow(bytes.capacity() + PARSED_TIMES * bytes.len(), PATIENCE).await {
            return Err(Unread::NoRoom.into());
        }
        let path = parts.uri.path().to_owned();
        let read = move || (digest(&path, &bytes), parse(&bytes));
        let (sent, parsed) = if share.bytes() > PARSED_TIMES * PARSED_ASIDE_BYTES {
            let broke_off = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal");
            tokio::task::spawn_blocking(read).await.map_err(broke_off)?
        } else {
            read()
        };
        Ok(Self(parsed?, Receipt { sent, _turn: turn, _share: share }))
    }
}

/// A body of bytes, not read yet.
#[derive(Debug)]
pub struct RawBody {
    pub bytes: Incoming,
    /// The length that the client announced.
    pub announced: Option<usize>,
    _turn: Option<Turn>,
}

/// A photo.
#[derive(Debug)]
pub struct PhotoBody(pub RawBody);

impl FromRequest<App> for PhotoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        raw(request, app, Action::ReportProgress).await.map(Self)
    }
}

/// A file to be imported.
#[derive(Debug)]
pub struct UploadBody(pub RawBody);

impl FromRequest<App> for UploadBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        raw(request, app, Action::ImportProjects).await.map(Self)
    }
}

/// The body of somebody who may send it.
async fn raw(request: Request, app: &App, action: Action) -> Result<RawBody, Problem> {
    let (mut parts, body) = request.into_parts();
    let turn = admit(Caller::from_request_parts(&mut parts, app).await?, action, app)?;
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
    Ok(RawBody { bytes: Incoming::new(body, app), announced, _turn: turn })
}

/// Who may send this, and one of the bodies that they may be sending.
fn admit(caller: Caller, action: Action, app: &App) -> Result<Option<Turn>, Problem> {
    caller.require(action)?;
    // Who signs in again is still the one who was signed in before.
    let Some(person) = caller.person.filter(|_| action != Action::SignIn) else { return Ok(None) };
    Ok(Some(app.bodies_of_one.enter(person.id, Instant::now())?))
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    BrokeOff,
    TooSlow,
    /// Of the memory of all bodies nothing became free in time.
    NoRoom,
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Unread::BrokeOff => Self::new(StatusCode::BAD_REQUEST, "body_broke_off"),
            Unread::TooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow"),
            Unread::NoRoom => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy"),
        }
    }
}

/// A body as it comes in, neither silent for long nor endlessly slow.
#[derive(Debug)]
pub struct Incoming {
    body: RequestBody,
    config: Arc<Config>,
    begun: Instant,
    received: usize,
}

impl Incoming {
    fn new(body: RequestBody, app: &App) -> Self {
        Self { body, config: Arc::clone(&app.config), begun: Instant::now(), received: 0 }
    }

    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Unread> {
        let limits = &self.config.limits;
        loop {
            let until = (Instant::now() + limits.body_idle).min(self.begun + limits.body(self.received));
            let frame = timeout_at(until, self.body.frame()).await.map_err(|_| Unread::TooSlow)?;
            let Some(frame) = frame else { return Ok(None) };
            let Ok(bytes) = frame.map_err(|_| Unread::BrokeOff)?.into_data() else { continue };
            self.received += bytes.len();
            return Ok(Some(bytes));
        }
    }

    /// Reads on and drops what comes, as far as is reasonable; then the answer can be read on the other side.
    pub async fn drop_rest(&mut self, most: usize) -> Result<(), Unread> {
        while self.received <= most.saturating_mul(DROPPED.0).saturating_add(DROPPED.1) {
            if self.next().await?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

fn digest(path: &str, bytes: &[u8]) -> String {
    hex::encode(Sha256::new().chain_update(path).chain_update(b"\n").chain_update(bytes).finalize())
}

/// The bytes of a body of at most `most`. Memory is taken as they come, so that who sends slowly holds little.
async fn whole(mut body: Incoming, most: usize, share: &mut Share) -> Result<Vec<u8>, Unread> {
    let mut kept: Vec<u8> = Vec::new();
    while let Some(bytes) = body.next().await? {
        let needed = kept.len() + bytes.len();
        if needed > most {
            drop(kept);
            body.drop_rest(most).await?;
            return Err(Unread::TooLarge);
        }
        if needed > kept.capacity() {
            let capacity = needed.max((kept.capacity() * 2).max(FIRST_BYTES).min(most));
            if !share.grow(capacity, PATIENCE).await {
                return Err(Unread::NoRoom);
            }
            kept.reserve_exact(capacity - kept.len());
        }
        kept.extend_from_slice(&bytes);
    }
    Ok(kept)
}
