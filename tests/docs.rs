//! The pages in `docs/` are what the schema and the examples say today.

mod heads;
mod links;

use std::path::PathBuf;

use quilt_provider::cli::docs::pages;
use quilt_provider::cli::troubleshooting;
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
        assert!(
            kept == *text,
            "docs/{} is not what the schema says: run `cargo xtask docs`",
            path.display()
        );
    }
    assert!(pages.len() > 2);
}

#[test]
fn every_message_stands_in_the_guide() {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).unwrap_or_default();
    assert!(
        text("docs/guides/troubleshooting.md")
            == troubleshooting::page(&text("tests/messages.txt")),
        "docs/guides/troubleshooting.md is not what tests/messages.txt says: run `cargo xtask docs`"
    );
}

#[test]
fn the_emulator_is_named_with_the_version_that_is_pinned() {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).expect("it is there");
    let pinned = text("tests/cloud/engine/requirements.txt");
    let version = pinned
        .lines()
        .find_map(|line| line.strip_prefix("ministack=="))
        .and_then(|rest| rest.split(' ').next())
        .expect("it is pinned");
    assert!(
        text("README.md").contains(&format!("emulator of AWS, ministack {version}.")),
        "README.md"
    );
    assert!(
        text("CONTRIBUTING.md")
            .contains(&format!("emulator of AWS, ministack {version} (PyPI, MIT")),
        "CONTRIBUTING.md"
    );
}
