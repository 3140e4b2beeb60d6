//! The page: built by `web/`, kept in the binary, with a Content-Security-Policy made from what it holds.

use super::conditional::is_known;
use crate::app::App;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "web/build"]
struct Built;

/// Sources of inline scripts of the built page, as CSP hashes. No `unsafe-inline` is ever needed.
static SCRIPT_HASHES: LazyLock<String> = LazyLock::new(|| {
    let mut hashes: Vec<String> = Built::iter()
        .filter(|name| name.ends_with(".html"))
        .filter_map(|name| Built::get(&name))
        .flat_map(|file| inline_scripts(&String::from_utf8_lossy(&file.data)))
        .map(|script| hash(&script))
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.join(" ")
});

/// The one style attribute of the built page, as a CSP hash: SvelteKit hides with it the element that announces the
/// name of a new page to screen readers.
static STYLE_HASHES: LazyLock<String> = LazyLock::new(|| {
    let attribute = Built::iter()
        .filter(|name| name.ends_with(".js"))
        .filter_map(|name| Built::get(&name))
        .find_map(|file| announcer_style(&String::from_utf8_lossy(&file.data)));
    attribute.map(|style| format!(" 'unsafe-hashes' {}", hash(&style))).unwrap_or_default()
});

fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn announcer_style(script: &str) -> Option<String> {
    let (_, rest) = script.split_once("id=\"svelte-announcer\"")?;
    let (tag, _) = rest.split_once('>')?;
    let (_, style) = tag.split_once("style=\"")?;
    Some(style.split_once('"')?.0.to_owned())
}

/// The text between `<script>` and `</script>` wherever the tag has no `src`.
fn inline_scripts(html: &str) -> Vec<String> {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (text, _) = rest.split_once("</script>")?;
            (!attributes.contains("src=")).then(|| text.to_owned())
        })
        .collect()
}

/// The policy that goes with every answer of the page.
pub fn policy(basemap: Option<&str>) -> String {
    let (hashes, styles) = (&*SCRIPT_HASHES, &*STYLE_HASHES);
    let origin = basemap.and_then(origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self' {hashes}; style-src 'self'{styles}; img-src 'self' data: blob:{origin}; \
         font-src 'self'; connect-src 'self'{origin}; worker-src 'self' blob:; frame-src 'self'; object-src 'none'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// `https://tiles.example.org` of an address there.
fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// A file of the page, or its shell for every address that the page itself routes.
pub async fn serve(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let (name, file) = match Built::get(path).filter(|_| !path.is_empty()) {
        Some(file) => (path, file),
        // A file that is not there is not a page: a stale chunk must fail loudly.
        None if path.rsplit('/').next().is_some_and(|last| last.contains('.')) => {
            return StatusCode::NOT_FOUND.into_response();
        }
        None => match Built::get("index.html") {
            Some(file) => ("index.html", file),
            None => return (StatusCode::NOT_FOUND, "The page was not built: `make build` does it.").into_response(),
        },
    };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let immutable = name.starts_with("_app/immutable/");
    let caching = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer = if is_known(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())], file.data).into_response()
    };
    let out = answer.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    if name.ends_with(".html")
        && let Ok(policy) = HeaderValue::from_str(&policy(app.config.basemap.as_deref()))
    {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_of_the_announcer_is_found_in_a_script() {
        let script = "x=`<div id=\"svelte-announcer\" aria-live=\"assertive\" style=\"left: 0; top: 0\"><!></div>`";
        assert_eq!(announcer_style(script).as_deref(), Some("left: 0; top: 0"));
        assert_eq!(announcer_style("x=1"), None);
    }

    #[test]
    fn the_policy_allows_nothing_inline_but_what_was_built() {
        let policy = policy(Some("https://tiles.example.org/styles/basic.json"));
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("unsafe-eval")
                && policy.contains("connect-src 'self' https://tiles.example.org;"),
            "{policy}"
        );
    }

    #[test]
    fn inline_scripts_are_found_and_linked_ones_are_not() {
        let html = "<script src=\"a.js\"></script><script>\n go();</script><script type=\"module\">x</script>";
        assert_eq!(inline_scripts(html), ["\n go();", "x"]);
    }
}
