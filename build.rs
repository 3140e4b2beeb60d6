//! The page is part of the binary: a page built anew makes a binary built anew.

fn main() {
    // An empty folder lets the server be built and tested before the page is.
    let built = std::path::Path::new("web/build");
    if !built.exists()
        && let Err(e) = std::fs::create_dir_all(built)
    {
        println!("cargo::warning=web/build cannot be made: {e}");
    }
    println!("cargo::rerun-if-changed=web/build");
    println!("cargo::rerun-if-changed=migrations");
}
