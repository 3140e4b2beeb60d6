//! Every route, grouped by what it is about. What each role may do stands in `permission.rs`.

use super::{
    account, admission, backups, codes, conditional, decisions, describe, events, finding_history, findings,
    form_choices, health, jobs, map, measure, messages, page, people, photos, posts, problem, project_check,
    project_endings, projects, rate_limit, reports, request_id, second_factor, session, upload_lists, uploads,
    villages, whatif,
};
use crate::app::App;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(title = "Tapak", description = "E-monitoring of village public works"),
    components(schemas(problem::ProblemBody, events::ChangeEvent, jobs::JobState, upload_lists::CellList))
)]
struct Api;

/// The routes of the API with their description.
fn api() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut description) = routes().split_for_parts();
    describe::complete(&mut description);
    (router, description)
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        // session
        .routes(routes!(session::show, session::open, session::close))
        .routes(routes!(codes::find, codes::choose))
        .routes(routes!(codes::forgotten))
        // account
        .routes(routes!(account::change_password))
        .routes(routes!(account::sessions, account::end_others))
        .routes(routes!(account::end_one))
        .routes(routes!(second_factor::show, second_factor::start, second_factor::set))
        .routes(routes!(second_factor::renew_codes))
        .routes(routes!(second_factor::remove))
        // people
        .routes(routes!(people::list, codes::invite))
        .routes(routes!(codes::give))
        .routes(routes!(people::disable))
        .routes(routes!(people::enable))
        .routes(routes!(people::end))
        .routes(routes!(people::remove_second_factor))
        // posts
        .routes(routes!(posts::list, posts::create))
        .routes(routes!(posts::close))
        .routes(routes!(posts::appoint))
        .routes(routes!(posts::end))
        .routes(routes!(posts::own))
        .routes(routes!(posts::name_substitute))
        .routes(routes!(posts::end_substitute))
        // villages
        .routes(routes!(villages::list))
        .routes(routes!(villages::boundaries))
        .routes(routes!(villages::show))
        .routes(routes!(villages::places))
        // projects
        .routes(routes!(projects::list, projects::register))
        .routes(routes!(project_check::check))
        .routes(routes!(projects::show, projects::correct))
        .routes(routes!(project_endings::withdraw))
        .routes(routes!(project_endings::merge))
        .routes(routes!(project_endings::undo))
        .routes(routes!(form_choices::years))
        .routes(routes!(form_choices::funds))
        .routes(routes!(form_choices::activities))
        // imports
        .routes(routes!(uploads::list))
        .routes(routes!(uploads::send))
        .routes(routes!(uploads::show, uploads::discard))
        .routes(routes!(uploads::choose))
        .routes(routes!(uploads::store))
        .routes(routes!(upload_lists::cells))
        .routes(routes!(upload_lists::doubles))
        // progress
        .routes(routes!(reports::list, reports::send))
        .routes(routes!(photos::put_original, photos::original))
        .routes(routes!(photos::show))
        // findings
        .routes(routes!(findings::list))
        .routes(routes!(findings::show))
        .routes(routes!(findings::members))
        .routes(routes!(findings::pairs))
        .routes(routes!(finding_history::decisions))
        .routes(routes!(finding_history::messages))
        .routes(routes!(decisions::decide))
        .routes(routes!(decisions::take_back))
        .routes(routes!(finding_history::comments, decisions::comment))
        .routes(routes!(whatif::show))
        // map
        .routes(routes!(map::projects))
        .routes(routes!(map::findings))
        // events
        .routes(routes!(events::listen))
        // messages
        .routes(routes!(messages::list))
        .routes(routes!(messages::show))
        .routes(routes!(messages::preview))
        // jobs
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::retry))
        .routes(routes!(backups::show))
}

/// The description of the API, from which the page's types are made.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().1
}

/// The whole service: API, page, and what every answer carries.
pub fn router(app: App) -> Router {
    let (api, description) = api();
    let compress = CompressionLayer::new().compress_when(
        DefaultPredicate::new()
            .and(NotForContentType::new("image/"))
            .and(NotForContentType::new("application/octet-stream")),
    );
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", get(|| async move { Json(description) }))
        .route("/api/{*rest}", axum::routing::any(|| async { problem::Problem::not_found("page") }))
        .route("/readyz", get(health::ready))
        .fallback(page::serve)
        .layer(middleware::from_fn(conditional::validate))
        .layer(middleware::from_fn(same_origin))
        .layer(middleware::from_fn_with_state(app.clone(), rate_limit::limit))
        .layer(middleware::from_fn_with_state(app.clone(), admission::admit))
        // However busy the process is, it lives.
        .route("/healthz", get(health::live))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(problem::render))
        .layer(middleware::from_fn_with_state(app.clone(), measure::measure))
        .layer(middleware::from_fn_with_state(app.clone(), request_id::identify))
        .layer(compress)
        .layer(middleware::map_response(conditional::name_encoding))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("referrer-policy", "same-origin"))
        .layer(fixed("permissions-policy", "geolocation=(self), camera=(self)"))
        .with_state(app)
}

/// The panic itself is on the standard error; here is which request it was.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    problem::Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").into_response()
}

/// Refuses writes that another site's page makes with our cookie. Browsers state where a request comes from (Fetch
/// Metadata); programs send no such header and hold no cookie of another person.
async fn same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    let foreign = match site {
        Some(site) => site != b"same-origin" && site != b"none",
        None => request.headers().get(header::ORIGIN).is_some_and(|origin| {
            let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes).unwrap_or_default();
            let origin = origin.as_bytes();
            let after = origin.windows(3).position(|w| w == b"://").map_or(origin, |at| &origin[at + 3..]);
            after != host
        }),
    };
    if !reads && foreign {
        return problem::Problem::new(StatusCode::FORBIDDEN, "other_site").into_response();
    }
    next.run(request).await
}
