//! The description of the API, from which the page's types are made.

#[test]
fn the_description_that_the_page_is_built_from_is_that_of_this_server() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web/src/lib/api/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap();
    let now = tapak::http::routes::openapi().to_pretty_json().unwrap();
    assert!(kept.trim_end() == now.trim_end(), "web/src/lib/api/openapi.json is stale: run `make bless`");
}
