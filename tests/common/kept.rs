//! What people read, compared with what is kept in `tests/snapshots/`. A difference fails; `make bless` takes it over.

/// Fails where this is not what is kept under this name.
pub fn reads_as_kept(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
