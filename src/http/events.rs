//! The event stream (server-sent events): tells who listens that something which they see has changed.

use super::caller::{Action, Caller, token};
use super::problem::Problem;
use super::rate_limit::Counted;
use crate::actions::sign_in;
use crate::allowance::Turn;
use crate::app::App;
use crate::domain::person::Person;
use crate::news::{self, Marks, News};
use crate::rates::Key;
use crate::store::{StoreError, changes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// The mark of the last event that a client has.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Changes are gathered for so long: an import makes many in a row.
const GATHERED: Duration = Duration::from_millis(400);
/// A sign of life, and a look whether the session goes on, at least so often.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// When a browser comes again after a break.
const RETRY: Duration = Duration::from_secs(2);

/// What changed for the caller. An empty list of something that changed: too many to be named, or no longer seen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChangeEvent {
    /// `projects`, `findings`, `villages`: those that are not as they were.
    pub changed: Vec<&'static str>,
    pub projects: Vec<Uuid>,
    pub findings: Vec<Uuid>,
}

/// Tells what changed, as it changes. Events `change` carry a [`ChangeEvent`]; `reset` means that all may have changed. With
/// `Last-Event-ID` it goes on behind that event, after a restart of the server too. It ends when the session or the rights
/// of the caller do: whoever comes again is told by the rights of then.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that the client has.")),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub async fn listen(
    State(app): State<App>,
    caller: Caller,
    Counted(key): Counted,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.require(Action::ReadPublic)?;
    let turn = key.map(|key| app.streams_of_one.enter(place(key), Instant::now())).transpose()?;
    let Ok(permit) = Arc::clone(&app.streams).try_acquire_owned() else {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy"));
    };
    let marks = app.marks.get_or_try_init(|| async { Ok::<_, StoreError>(Arc::new(Marks::of(&app.store).await?)) });
    let marks = Arc::clone(marks.await?);
    // Before the number is looked at: what is committed from now on wakes us.
    let followed = app.atlas.followed();
    let given = headers.get(LAST_EVENT_ID).map(|given| given.to_str().unwrap_or_default());
    let mut tx = app.store.read().await?;
    let last = changes::last_seq(&mut tx).await?;
    drop(tx);
    let after = given.and_then(|mark| marks.open(mark)).filter(|after| *after <= last);
    // The first event has no data: it gives the client its mark.
    let first = Event::default().id(marks.seal(after.unwrap_or(last))).retry(RETRY);
    let first = if given.is_some() && after.is_none() { first.event("reset").data("{}") } else { first };
    let listener = Listener {
        token: token(&headers),
        caller,
        marks,
        followed,
        stopping: app.stopping.subscribe(),
        after: after.unwrap_or(last),
        first: Some(first),
        app,
        _turn: turn,
        _permit: permit,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // nginx would gather events until its buffer is full.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// By which the streams of one are counted.
fn place(key: Key) -> Uuid {
    match key {
        Key::Person(id) => id,
        Key::Address(IpAddr::V4(address)) => Uuid::from_u128(address.to_ipv6_mapped().to_bits()),
        Key::Address(IpAddr::V6(address)) => Uuid::from_u128(address.to_bits()),
    }
}

/// One client that listens.
struct Listener {
    app: App,
    caller: Caller,
    token: Option<String>,
    marks: Arc<Marks>,
    followed: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    /// The last entry that was looked at.
    after: i64,
    first: Option<Event>,
    _turn: Option<Turn>,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let last = *self.followed.borrow_and_update();
            // Before anything is told, and at each sign of life: whose session ended hears nothing more.
            if !self.is_caller_the_same().await {
                return None;
            }
            if last > self.after {
                match self.look(last).await {
                    Ok(Some(event)) => return Some(event),
                    Ok(None) => {}
                    // The client comes again with its mark: nothing is lost.
                    Err(e) => {
                        tracing::warn!("an event stream ends: {e}");
                        return None;
                    }
                }
                continue;
            }
            tokio::select! {
                biased;
                () = until_set(&mut self.stopping) => return None,
                changed = self.followed.changed() => {
                    if changed.is_err() {
                        return None;
                    }
                    sleep(GATHERED).await;
                }
                () = sleep(HEARTBEAT) => {}
            }
        }
    }

    /// What of the entries up to `last` concerns the caller.
    async fn look(&mut self, last: i64) -> Result<Option<Event>, StoreError> {
        let sees_findings = self.caller.may(Action::ReadFindings);
        let mut tx = self.app.store.read().await?;
        let news = news::list(&mut tx, &self.caller.eyes(), sees_findings, (self.after, last)).await?;
        drop(tx);
        self.after = last;
        let event = Event::default().id(self.marks.seal(last));
        Ok(match news {
            None => Some(event.event("reset").data("{}")),
            Some(news) if news.is_none() => None,
            Some(news) => event.event("change").json_data(ChangeEvent::from(news)).ok(),
        })
    }

    /// Whether the session and the rights are those with which the stream began.
    async fn is_caller_the_same(&self) -> bool {
        let Some(token) = &self.token else { return true };
        let address = self.caller.person.as_ref().and_then(|person| person.address);
        let now: Result<Option<Person>, _> = sign_in::find_listener(&self.app, token, address).await;
        now.is_ok_and(|now| now == self.caller.person)
    }
}

async fn until_set(flag: &mut watch::Receiver<bool>) {
    // Its sender lives as long as the service.
    let _ = flag.wait_for(|is| *is).await;
}

impl From<News> for ChangeEvent {
    fn from(news: News) -> Self {
        let News { projects, findings, villages } = news;
        let kinds = [("projects", projects.is_any), ("findings", findings.is_any), ("villages", villages)];
        let changed = kinds.into_iter().filter_map(|(kind, is)| is.then_some(kind)).collect();
        Self { changed, projects: projects.ids, findings: findings.ids }
    }
}
