//! The pages in `docs/` are what the schema and the examples say today.

use std::path::PathBuf;

use quilt_provider::cli::docs::pages;
use quilt_provider::provider::Provider;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_pages_are_up_to_date() {
    let root = root();
    let pages = pages(&Provider::default(), &root.join("examples")).unwrap();
    for (path, text) in &pages {
        let kept = std::fs::read_to_string(root.join("docs").join(path)).unwrap_or_default();
        assert!(kept == *text, "docs/{} is not what the schema says: run `cargo xtask docs`", path.display());
    }
    assert!(pages.len() > 2);
}
