//! What is made from the program and kept: the description of the API, from which the page's types are made, and the page of
//! permissions.

#[test]
fn the_description_that_the_page_is_built_from_is_that_of_this_server() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web/src/lib/api/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap();
    let now = tapak::http::routes::openapi().to_pretty_json().unwrap();
    assert!(kept.trim_end() == now.trim_end(), "web/src/lib/api/openapi.json is stale: run `make bless`");
}

#[test]
fn the_page_of_permissions_is_that_of_the_table() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md")).unwrap();
    let now = tapak::http::permissions_page::markdown();
    assert!(kept == now, "docs/permissions.md is stale: run `make bless`");
}
