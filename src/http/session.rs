//! Signing in and out, and what the page needs to know about the service.

use super::body::{Body, Sent};
use super::caller::{Action, COOKIE, Caller, cookie, token};
use super::peer::Peer;
use super::post_view::HeldView;
use super::problem::{Problem, language};
use crate::actions::second_factor::pass::needs_one;
use crate::actions::{load_sample, sign_in};
use crate::app::App;
use crate::domain::person::{Language, Person};
use crate::domain::progress::PHOTOS_PER_REPORT;
use crate::domain::{footprint, text};
use crate::mail::transport::Transport;
use crate::permission::permitted;
use crate::store::sign_ins::PLACE_REMEMBERED;
use crate::store::{findings, jobs, users};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Recognizes a device on which somebody has signed in. It grants no access: wrong passwords from it are counted apart.
const DEVICE_COOKIE: &str = "tapak_device";
/// The only address to which it is sent.
const PATH: &str = "/api/v1/session";

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub login: String,
    pub password: String,
    /// A code of the second factor or a recovery code. Where the account has one and it is missing, the answer to the right
    /// password is `second_factor_needed`.
    pub second_factor: Option<String>,
}

impl Sent for Login {
    const ACTION: Action = Action::SignIn;
    /// Anybody may send one.
    const MOST_BYTES: usize = 4 * 1024;
}

/// The person who is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct User {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub language: Language,
    /// What this person holds at the moment; rights of all of them add up.
    pub posts: Vec<HeldView>,
    /// Rights of this person wait until they set up a second factor.
    pub second_factor_needed: bool,
}

/// An account of the demo, shown on the sign-in page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DemoAccount {
    pub login: String,
    pub name: String,
    pub role: crate::domain::post::Role,
    pub password: String,
}

/// Bounds that the page checks before it sends.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Limits {
    pub photo_bytes: usize,
    pub photos_per_report: usize,
    pub title_chars: usize,
    pub vertices: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    pub user: Option<User>,
    pub demo: Vec<DemoAccount>,
    pub basemap_style: Option<String>,
    /// The caller's actions, within their region.
    pub may: Vec<Action>,
    /// Open findings of the caller's queue, at most 1,000: then there may be more. `null` for who may not see findings.
    pub open_findings: Option<i64>,
    /// Jobs that were given up; `null` for who may not see them.
    pub failed_jobs: Option<i64>,
    /// `smtp` or `outbox`.
    pub mail: String,
    /// West, south, east, north of the caller's villages: where a map begins. No project moves it.
    pub map_bounds: Option<[f64; 4]>,
    /// The villages are drawings around centres, not borders.
    pub schematic_borders: bool,
    pub limits: Limits,
}

/// Who is signed in, and what the page needs to begin.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = Session)))]
pub async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Session>, Problem> {
    Ok(Json(session(&app, caller.person).await?))
}

/// Opens a session in a cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Login,
    responses((status = 200, body = Session), (status = 401), (status = 429)))]
pub async fn open(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Body(login, _): Body<Login>,
) -> Result<Response, Problem> {
    let caller = Caller { person: None, language: language(&headers) };
    caller.require(Action::SignIn)?;
    let opening = opening(peer, &headers);
    let attempt =
        sign_in::Attempt { login: login.login, password: login.password, second_factor: login.second_factor, opening };
    with_cookies(&app, sign_in::sign_in(&app, attempt).await?).await
}

/// From where a request comes.
pub(super) fn from(peer: Peer) -> sign_in::Peer {
    sign_in::Peer { address: peer.address(), counted: peer.counted() }
}

/// Where a session is to be opened.
pub(super) fn opening(peer: Peer, headers: &HeaderMap) -> sign_in::Opening {
    sign_in::Opening {
        from: from(peer),
        device: cookie(headers, DEVICE_COOKIE),
        agent: headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned),
        before: token(headers),
    }
}

/// The answer that opens a session: its cookies, and what the page needs to begin.
pub(super) async fn with_cookies(app: &App, opened: sign_in::Session) -> Result<Response, Problem> {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let set = |name: &str, value: &str, path: &str, seconds: u64| {
        header_value(&format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"))
    };
    let body = Json(session(app, Some(opened.person)).await?);
    let cookies = AppendHeaders([
        (header::SET_COOKIE, set(COOKIE, &opened.token, "/", opened.lasts.as_secs())?),
        (header::SET_COOKIE, set(DEVICE_COOKIE, &opened.device, PATH, PLACE_REMEMBERED.as_secs())?),
    ]);
    Ok((cookies, body).into_response())
}

/// Ends the session of this cookie.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub async fn close(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = token(&headers) {
        sign_in::sign_out(&app, &token).await?;
    }
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, header_value(&cookie)?)]).into_response())
}

fn header_value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"))
}

async fn session(app: &App, person: Option<Person>) -> Result<Session, Problem> {
    let caller = Caller { person, language: Language::Id };
    let mut tx = app.store.read().await?;
    let open_findings = if caller.may(Action::ReadFindings) {
        Some(findings::count_open(&mut tx, &caller.scope()).await?)
    } else {
        None
    };
    let failed_jobs = if caller.may(Action::ReadJobs) { Some(jobs::count_failed(&mut tx).await?) } else { None };
    let demo = users::list_demo(&mut tx, app.clock.now())
        .await?
        .into_iter()
        .filter_map(|person| {
            Some(DemoAccount {
                role: person.rights.first()?.role,
                login: person.login,
                name: person.name,
                password: load_sample::DEMO_PASSWORD.to_owned(),
            })
        })
        .collect();
    let scope = caller.scope();
    let may = permitted(caller.person.as_ref());
    let second_factor_needed = match &caller.person {
        Some(person) => match users::find(&mut tx, person.id, app.clock.now()).await? {
            Some(whole) => needs_one(&mut tx, app, &whole).await?,
            None => false,
        },
        None => false,
    };
    let user = caller.person.map(|person| User {
        second_factor_needed,
        id: person.id,
        login: person.login,
        name: person.name,
        language: person.language,
        posts: person.rights.into_iter().map(HeldView::new).collect(),
    });
    drop(tx);
    let villages = app.atlas.villages();
    let map_bounds = villages.bounds_within(&scope);
    let schematic_borders = villages.outlines().first().is_some_and(|(village, _)| village.schematic);
    Ok(Session {
        user,
        may,
        demo,
        basemap_style: app.config.basemap.clone(),
        open_findings,
        failed_jobs,
        mail: if matches!(*app.mailer, Transport::Outbox(_)) { "outbox" } else { "smtp" }.to_owned(),
        map_bounds,
        schematic_borders,
        limits: Limits {
            photo_bytes: app.config.photo_bytes,
            photos_per_report: PHOTOS_PER_REPORT,
            title_chars: text::TITLE_CHARS,
            vertices: footprint::VERTICES,
        },
    })
}
