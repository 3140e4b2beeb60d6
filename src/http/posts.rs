//! Posts and who holds them, for their administrator; one's own posts and their substitutes, for whoever holds them.

use super::body::{Body, SMALL_BYTES, Sent};
use super::caller::{Action, Caller};
use super::input::{Id, Page, Params, TwoIds, after, limit, page};
use super::post_view::{HolderView, PostView};
use super::problem::Problem;
use crate::actions::note_reading::{Reading, note_reading};
use crate::actions::posts::appoint::{Appointment, appoint as appoint_person, lendable};
use crate::actions::posts::close_post::close_post;
use crate::actions::posts::create_post::{NewPost, create_post};
use crate::actions::posts::end_holding::end_holding;
use crate::actions::posts::{Term, own_right};
use crate::app::App;
use crate::domain::Day;
use crate::domain::person::Person;
use crate::domain::post::{Capacity, Grant, Role, parse_name};
use crate::domain::scope::Scope;
use crate::domain::village::RegionCode;
use crate::store::posts::{self, Holder, Post};
use crate::store::{Tx, users};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Colleagues offered as substitutes.
const COLLEAGUES: i64 = 200;

/// Which posts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PostSearch {
    pub role: Option<Role>,
    /// Of this region and all below it.
    pub region: Option<String>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

/// A role in a region and all below it; the country, for an administrator, without one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantInput {
    pub role: Role,
    pub region_code: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostInput {
    /// Made by the client: the same again is the same post.
    pub id: Uuid,
    /// What the office calls it, where role and region do not name it.
    pub name: Option<String>,
    pub grants: Vec<GrantInput>,
}

impl Sent for PostInput {
    const ACTION: Action = Action::ManagePeople;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Who holds a post from when to when. Days are those of the post's time zone.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentInput {
    /// Made by the client: the same again is the same appointment.
    pub id: Uuid,
    pub login: String,
    pub capacity: Capacity,
    /// The first day; from now on where there is none.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Day>,
    /// The last day. A substitute has one.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Day>,
    /// Of a substitute: the only acts that are handed over.
    pub only: Option<Vec<Action>>,
    /// Whoever holds the post when this begins holds it no longer.
    #[serde(default)]
    pub replaces: bool,
}

impl Sent for AppointmentInput {
    const ACTION: Action = Action::ManagePeople;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Somebody who stands in for a time.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstituteInput {
    /// Made by the client: the same again is the same substitute.
    pub id: Uuid,
    pub login: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Day>,
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Day>,
    /// The only acts that are handed over; all where there is none.
    pub only: Option<Vec<Action>>,
}

impl Sent for SubstituteInput {
    const ACTION: Action = Action::NameSubstitute;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// When it ends; at once where no day is named.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndInput {
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Day>,
}

impl Sent for EndInput {
    const ACTION: Action = Action::NameSubstitute;
    const MOST_BYTES: usize = SMALL_BYTES;
}

/// Somebody who may be named a substitute.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Colleague {
    pub login: String,
    pub name: String,
}

/// A post of one's own.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnPost {
    #[serde(flatten)]
    pub post: PostView,
    /// What a substitute may be given; empty for who is a substitute.
    pub lendable: Vec<Action>,
    /// Who may be named: people with a post in its regions.
    pub colleagues: Vec<Colleague>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnPosts {
    pub items: Vec<OwnPost>,
}

/// The posts of the caller's regions, the oldest first.
#[utoipa::path(get, path = "/api/v1/posts", tag = "posts", params(PostSearch),
    responses((status = 200, body = Page<PostView>), (status = 422)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<PostSearch>,
) -> Result<Json<Page<PostView>>, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    let limit = limit(search.limit, 50, 200)?;
    let after = after(search.after.as_deref(), |key| key.parse().ok())?;
    let region = search.region.as_deref().map(|code| RegionCode::parse("region", code)).transpose()?;
    let region = region.map(|code| Scope::region(code.as_str()));
    let mut tx = app.store.read().await?;
    let scope = by.scope_of(Action::ManagePeople);
    let rows = posts::list_posts(&mut tx, &scope, search.role, region.as_ref(), after, limit + 1).await?;
    let (posts, next) = page(rows, limit, |post| post.id.to_string());
    let (items, people) = with_holders(&mut tx, posts).await?;
    drop(tx);
    note_reading(&app, by, Reading::Holders(others(people, by))).await?;
    Ok(Json(Page { items, next }))
}

/// Makes a post.
#[utoipa::path(post, path = "/api/v1/posts", tag = "posts", request_body = PostInput,
    responses((status = 200, body = PostView)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(input, _): Body<PostInput>,
) -> Result<Json<PostView>, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    let grants =
        input.grants.iter().map(|one| Grant::parse(one.role, one.region_code.as_deref())).collect::<Result<_, _>>()?;
    let new = NewPost { id: input.id, name: parse_name(input.name.as_deref())?, grants };
    let post = create_post(&app, Some(by), new).await?;
    let mut tx = app.store.read().await?;
    one(with_holders(&mut tx, vec![post]).await?.0)
}

/// Closes a post: it gives no rights any more.
#[utoipa::path(post, path = "/api/v1/posts/{id}/close", tag = "posts", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409)))]
pub async fn close(State(app): State<App>, caller: Caller, Id(id): Id) -> Result<StatusCode, Problem> {
    close_post(&app, Some(caller.signed_in(Action::ManagePeople)?), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names who holds a post.
#[utoipa::path(post, path = "/api/v1/posts/{id}/holders", tag = "posts", params(("id" = Uuid, Path)),
    request_body = AppointmentInput, responses((status = 200, body = HolderView)))]
pub async fn appoint(
    State(app): State<App>,
    caller: Caller,
    Id(post): Id,
    Body(input, _): Body<AppointmentInput>,
) -> Result<Json<HolderView>, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    let appointment = Appointment {
        id: input.id,
        post,
        login: input.login,
        capacity: input.capacity,
        term: Term { from: input.from, last_day: input.last_day },
        only: input.only,
        replaces: input.replaces,
    };
    holder_view(&app, appoint_person(&app, Some(by), appointment).await?).await
}

/// Ends what somebody holds.
#[utoipa::path(post, path = "/api/v1/posts/{id}/holders/{holder}/end", tag = "posts",
    params(("id" = Uuid, Path), ("holder" = Uuid, Path)), request_body = EndInput,
    responses((status = 200, body = HolderView)))]
pub async fn end(
    State(app): State<App>,
    caller: Caller,
    TwoIds(post, holder): TwoIds,
    Body(input, _): Body<EndInput>,
) -> Result<Json<HolderView>, Problem> {
    let by = caller.signed_in(Action::ManagePeople)?;
    end_one(&app, by, post, holder, input).await
}

/// The posts that the caller holds, with their history and what a substitute may be given.
#[utoipa::path(get, path = "/api/v1/account/posts", tag = "account", responses((status = 200, body = OwnPosts)))]
pub async fn own(State(app): State<App>, caller: Caller) -> Result<Json<OwnPosts>, Problem> {
    let by = caller.signed_in(Action::ManageOwnAccount)?;
    let mut tx = app.store.read().await?;
    let (mut items, mut read_of) = (Vec::new(), Vec::new());
    for id in by.posts() {
        let Some(post) = posts::find(&mut tx, id).await? else { continue };
        let lends = own_right(by, id).is_some();
        let grants: Vec<Grant> = post.grants.iter().map(|(grant, _)| grant.clone()).collect();
        let known = if lends { colleagues(&mut tx, &app, by, &post.scope()).await? } else { Vec::new() };
        let (mut posts, people) = with_holders(&mut tx, vec![post]).await?;
        read_of.extend(known.iter().map(|person| person.id).chain(people));
        let colleagues = known.into_iter().map(|person| Colleague { login: person.login, name: person.name }).collect();
        let lendable = if lends { lendable(&grants) } else { Vec::new() };
        items.extend(posts.pop().map(|post| OwnPost { post, lendable, colleagues }));
    }
    drop(tx);
    note_reading(&app, by, Reading::Colleagues(others(read_of, by))).await?;
    Ok(Json(OwnPosts { items }))
}

/// Names somebody who stands in for the caller in a post of theirs, for a time.
#[utoipa::path(post, path = "/api/v1/account/posts/{id}/substitutes", tag = "account", params(("id" = Uuid, Path)),
    request_body = SubstituteInput, responses((status = 200, body = HolderView)))]
pub async fn name_substitute(
    State(app): State<App>,
    caller: Caller,
    Id(post): Id,
    Body(input, _): Body<SubstituteInput>,
) -> Result<Json<HolderView>, Problem> {
    let by = caller.signed_in(Action::NameSubstitute)?;
    let appointment = Appointment {
        id: input.id,
        post,
        login: input.login,
        capacity: Capacity::Substitute,
        term: Term { from: input.from, last_day: input.last_day },
        only: input.only,
        replaces: false,
    };
    holder_view(&app, appoint_person(&app, Some(by), appointment).await?).await
}

/// Takes a post of the caller's back from a substitute.
#[utoipa::path(post, path = "/api/v1/account/posts/{id}/substitutes/{holder}/end", tag = "account",
    params(("id" = Uuid, Path), ("holder" = Uuid, Path)), request_body = EndInput,
    responses((status = 200, body = HolderView)))]
pub async fn end_substitute(
    State(app): State<App>,
    caller: Caller,
    TwoIds(post, holder): TwoIds,
    Body(input, _): Body<EndInput>,
) -> Result<Json<HolderView>, Problem> {
    let by = caller.signed_in(Action::NameSubstitute)?;
    end_one(&app, by, post, holder, input).await
}

async fn end_one(
    app: &App,
    by: &Person,
    post: Uuid,
    holder: Uuid,
    input: EndInput,
) -> Result<Json<HolderView>, Problem> {
    let ended = end_holding(app, Some(by), (post, holder), input.last_day).await?;
    holder_view(app, ended).await
}

async fn holder_view(app: &App, holder: Holder) -> Result<Json<HolderView>, Problem> {
    let mut tx = app.store.read().await?;
    let post = posts::find(&mut tx, holder.post_id).await?.ok_or_else(|| Problem::not_found("post"))?;
    Ok(Json(HolderView::new(post.zone(), holder)))
}

async fn colleagues(tx: &mut Tx, app: &App, by: &Person, scope: &Scope) -> Result<Vec<Person>, Problem> {
    let people = users::list_in(tx, scope, "", app.clock.now(), COLLEAGUES).await?;
    let is_one =
        |person: &Person| person.id != by.id && person.rights.iter().any(|right| scope.contains(&right.scope()));
    let people = people.into_iter().filter(|one| one.disabled_at.is_none()).map(|one| one.person);
    Ok(people.filter(is_one).collect())
}

/// Of these people those who are not this one, each once.
fn others(mut people: Vec<Uuid>, by: &Person) -> Vec<Uuid> {
    people.retain(|person| *person != by.id);
    people.sort_unstable();
    people.dedup();
    people
}

/// The posts with those who hold and held them, and who these are.
async fn with_holders(tx: &mut Tx, posts: Vec<Post>) -> Result<(Vec<PostView>, Vec<Uuid>), Problem> {
    let ids: Vec<Uuid> = posts.iter().map(|post| post.id).collect();
    let (mut holders, mut people): (HashMap<Uuid, Vec<Holder>>, Vec<Uuid>) = Default::default();
    for holder in posts::list_holders(tx, &ids).await? {
        people.push(holder.user_id);
        holders.entry(holder.post_id).or_default().push(holder);
    }
    let view = |post: Post| {
        let held = holders.remove(&post.id).unwrap_or_default();
        PostView::new(post, held)
    };
    Ok((posts.into_iter().map(view).collect(), people))
}

fn one(mut views: Vec<PostView>) -> Result<Json<PostView>, Problem> {
    views.pop().map(Json).ok_or_else(|| Problem::not_found("post"))
}
