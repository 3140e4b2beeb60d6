//! The event stream: who listens hears of what they see, of nothing else, and misses nothing.

use crate::common::{Answer, EAST, NEVER, TestApp, WEST, draft, on_both_engines, road};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// A stream as it is heard.
struct Stream {
    response: Response,
    text: String,
    /// The mark of the last event.
    mark: String,
}

/// An event that has come.
#[derive(Debug)]
struct Heard {
    kind: String,
    data: Value,
}

impl Stream {
    async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self { response, text: String::new(), mark: String::new() };
        // The first one has a mark and no data.
        while stream.mark.is_empty() {
            assert!(stream.read().await, "it ends at once");
            stream.take();
        }
        stream
    }

    /// Reads on; `false` at the end.
    async fn read(&mut self) -> bool {
        let chunk = tokio::time::timeout(NEVER, self.response.chunk()).await.expect("nothing comes");
        let Ok(Some(bytes)) = chunk else { return false };
        self.text += std::str::from_utf8(&bytes).unwrap();
        true
    }

    /// The first whole event that was read, if it has data.
    fn take(&mut self) -> Option<Heard> {
        loop {
            let (event, rest) = self.text.split_once("\n\n")?;
            let field = |name: &str| {
                let line = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                line.map(str::to_owned)
            };
            let (kind, data, mark) = (field("event"), field("data"), field("id"));
            self.text = rest.to_owned();
            if let Some(mark) = mark {
                self.mark = mark;
            }
            if let Some(data) = data {
                let data = serde_json::from_str(&data).unwrap();
                return Some(Heard { kind: kind.unwrap_or_default(), data });
            }
        }
    }

    /// The next event, `None` at the end of the stream.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.take() {
                return Some(heard);
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// Hears until something was said of this project; fails where it ends before.
    async fn until_project(&mut self, id: &Value) -> Vec<Heard> {
        let mut all = Vec::new();
        loop {
            let heard = self.next().await.expect("the stream ended");
            let is_it = heard.data["projects"].as_array().is_some_and(|ids| ids.contains(id));
            all.push(heard);
            if is_it {
                return all;
            }
        }
    }
}

fn ask(app: &TestApp, client: &Client) -> RequestBuilder {
    client.get(format!("{}/api/v1/events", app.url))
}

/// A client with a session of its own of this role in this region.
async fn client_of(app: &TestApp, role: &str, region: &str) -> Client {
    app.sign_in_as(role, Some(region)).await;
    let client = Client::builder().cookie_store(true).build().unwrap();
    let login = json!({ "login": format!("{role}-{region}"), "password": crate::common::PASSWORD });
    app.send(client.post(format!("{}/api/v1/session", app.url)).json(&login)).await.is(StatusCode::OK);
    client
}

async fn register(app: &TestApp, village: &str, title: &str, lon: f64) -> Value {
    let work = draft(app.village(village).await, title, road(lon, -8.21));
    app.register(&work).await["id"].clone()
}

async fn end(app: &TestApp, id: &Value, version: i64) -> Answer {
    let path = format!("/api/v1/projects/{}/withdraw", id.as_str().unwrap());
    app.post(&path, &json!({ "row_version": version, "reason": "salah catat" })).await
}

on_both_engines!(who_listens_hears_of_what_they_see_and_of_nothing_else, |app| {
    let west = client_of(&app, "officer", WEST).await;
    let east = client_of(&app, "officer", EAST).await;
    app.sign_in_as("administrator", None).await;
    let (mut west, mut east) = (Stream::open(ask(&app, &west)).await, Stream::open(ask(&app, &east)).await);
    let mut public = Stream::open(ask(&app, &Client::new())).await;
    let first = register(&app, WEST, "Jalan Melati", 114.305).await;
    let second = register(&app, EAST, "Talud Mawar", 114.33).await;
    for (stream, own, other) in [(&mut west, &first, Some(&second)), (&mut east, &second, Some(&first))] {
        let all = stream.until_project(own).await;
        let said = format!("{all:?}");
        assert!(all.iter().all(|heard| heard.kind == "change"), "{said}");
        assert!(!said.contains(other.unwrap().as_str().unwrap()), "{said}");
    }
    let said = format!("{:?}", public.until_project(&second).await);
    for secret in ["Melati", "officer", "seq", "register", "administrator"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    // A work that is withdrawn: who keeps seeing it hears its id, the public that its list has changed.
    end(&app, &first, 1).await.is(StatusCode::OK);
    let heard = public.next().await.unwrap();
    assert_eq!((&heard.data["changed"], &heard.data["projects"]), (&json!(["projects"]), &json!([])));
    west.until_project(&first).await;
    // What is done to it now is no news to who does not see it.
    let path = format!("/api/v1/projects/{}/undo", first.as_str().unwrap());
    app.post(&path, &json!({ "row_version": 2 })).await.is(StatusCode::OK);
    public.until_project(&first).await;
});

on_both_engines!(the_public_hears_nothing_of_findings_and_staff_of_those_of_their_region_alone, |app| {
    let inspector = client_of(&app, "inspector", "35.10").await;
    let mut inspector = Stream::open(ask(&app, &inspector)).await;
    let mut public = Stream::open(ask(&app, &Client::new())).await;
    app.register_doubles().await;
    app.work().await;
    loop {
        let heard = inspector.next().await.unwrap();
        if !heard.data["findings"].as_array().unwrap().is_empty() {
            break;
        }
    }
    let last = register(&app, WEST, "Jembatan Kenanga", 114.315).await;
    for heard in public.until_project(&last).await {
        assert_eq!(heard.data["findings"], json!([]));
        assert!(!heard.data["changed"].to_string().contains("findings"), "{heard:?}");
    }
});

on_both_engines!(after_a_break_it_goes_on_behind_the_last_event_and_nothing_is_missed, |app| {
    let officer = client_of(&app, "officer", WEST).await;
    let mut stream = Stream::open(ask(&app, &officer)).await;
    let first = register(&app, WEST, "Jalan Melati", 114.305).await;
    stream.until_project(&first).await;
    let mark = stream.mark.clone();
    drop(stream);
    let second = register(&app, WEST, "Talud Mawar", 114.31).await;
    while app.app.follower().catch_up().await.unwrap() {}
    let mut again = Stream::open(ask(&app, &officer).header("last-event-id", &mark)).await;
    let said = format!("{:?}", again.until_project(&second).await);
    assert!(!said.contains(first.as_str().unwrap()), "told twice: {said}");
    // Another process of the service on the same database, as after a restart, knows the mark too.
    let other = app.another(&[]).await;
    let marks = tapak::news::Marks::of(&other.store).await.unwrap();
    assert!(marks.open(&mark).is_some());
    other.close().await;
    // A mark that is none of ours: all may have changed.
    let mut lost = Stream::open(ask(&app, &officer).header("last-event-id", "42")).await;
    let third = register(&app, WEST, "Balai Desa", 114.302).await;
    lost.until_project(&third).await;
    assert!(mark.len() > 40 && mark != lost.mark, "a mark tells no number");
});

on_both_engines!(a_mark_that_is_none_of_ours_is_answered_by_a_reset, |app| {
    let response = ask(&app, &Client::new()).header("last-event-id", "42").send().await.unwrap();
    let mut stream = Stream { response, text: String::new(), mark: String::new() };
    assert_eq!(stream.next().await.unwrap().kind, "reset");
});

on_both_engines!(it_ends_with_the_session_and_when_rights_change, |app| {
    let officer = client_of(&app, "officer", WEST).await;
    let mut stream = Stream::open(ask(&app, &officer)).await;
    app.send(officer.delete(format!("{}/api/v1/session", app.url))).await.is(StatusCode::NO_CONTENT);
    app.sign_in_as("administrator", None).await;
    register(&app, WEST, "Jalan Melati", 114.305).await;
    assert!(stream.next().await.is_none(), "it goes on without a session");

    let inspector = client_of(&app, "inspector", WEST).await;
    let mut stream = Stream::open(ask(&app, &inspector)).await;
    app.sign_in_as("administrator", None).await;
    let posts = app.get("/api/v1/posts").await.json();
    let of_inspector = |post: &&Value| post["grants"][0]["role"] == "inspector";
    let post = posts["items"].as_array().unwrap().iter().find(of_inspector).unwrap_or_else(|| panic!("{posts}"));
    let path = format!("/api/v1/posts/{}/close", post["id"].as_str().unwrap());
    app.send(app.request(Method::POST, &path)).await.is(StatusCode::NO_CONTENT);
    assert!(stream.next().await.is_none(), "it goes on with rights that are no more");
});

on_both_engines!(a_stream_that_nobody_looks_at_keeps_no_session_from_ending, |app| {
    let inspector = client_of(&app, "inspector", "35.10").await;
    let mut stream = Stream::open(ask(&app, &inspector)).await;
    app.sign_in_as("administrator", None).await;
    for n in 0..3 {
        app.app.clock.advance(Duration::from_secs(5 * 3_600));
        // Whoever does something stays signed in; whoever hears of it alone does not.
        let heard = register(&app, WEST, &format!("Jalan {n}"), 114.305 + f64::from(n) * 0.01).await;
        if n < 2 {
            stream.until_project(&heard).await;
        }
    }
    assert!(stream.next().await.is_none(), "it goes on after twelve hours without a use");
    app.send(inspector.get(format!("{}/api/v1/findings", app.url))).await.refuses(401, "sign_in_required", None);
});

on_both_engines!(
    of_streams_there_are_so_many_of_one_person_and_so_many_of_all,
    [("event_streams_of_one", "2"), ("event_streams", "3")],
    |app| {
        let officer = client_of(&app, "officer", WEST).await;
        let (first, _second) = (Stream::open(ask(&app, &officer)).await, Stream::open(ask(&app, &officer)).await);
        app.send(ask(&app, &officer)).await.refuses(429, "too_often", None);
        let _third = Stream::open(ask(&app, &Client::new())).await;
        app.send(ask(&app, &Client::new())).await.refuses(503, "busy", None);
        drop(first);
        let again = async {
            while app.send(ask(&app, &officer)).await.status != StatusCode::OK {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(NEVER, again).await.expect("a place that is given back is never free");
    }
);

on_both_engines!(when_the_service_stops_streams_end, |app| {
    let mut stream = Stream::open(ask(&app, &Client::new())).await;
    app.app.stopping.send_replace(true);
    assert!(stream.next().await.is_none());
});
