//! What is no release is not made: without a word in the changelog, without a day, with a key that no registry takes, over another one.

use std::fs;
use std::path::Path;

use super::archives::{changelog, done, little, release, workplace};
use super::key::Key;

/// Runs `cargo xtask release` with these words on a little file; what it says when it refuses.
#[track_caller]
fn refused(words: &[&str], out: &Path, key: Option<&Key>) -> String {
    let file = little(out.parent().expect("it is in a folder"));
    let mut command = release(words);
    command.arg("--binary").arg(file).arg("--out").arg(out);
    if let Some(key) = key {
        command.args(["--gpg-key", key.name()]).env("GNUPGHOME", key.home());
    }
    let told = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(!told.status.success(), "it was made: {said}");
    said
}

#[test]
fn what_the_changelog_does_not_know_is_no_version() {
    let place = workplace("unknown");
    let said = refused(&["--version", "9.9.9"], &place.join("out"), None);
    assert!(said.contains("CHANGELOG.md has no `## [9.9.9]`"), "{said}");
    let odd = place.join("odd.md");
    fs::write(&odd, "## [0.1.0] - some day\n").unwrap();
    let said = refused(&["--changelog", &odd.display().to_string()], &place.join("out"), None);
    assert!(said.contains("`some day` is no day"), "{said}");
    assert!(!place.join("out").exists());
}

#[test]
fn what_has_no_day_is_dated_before_it_is_signed() {
    let place = workplace("undated");
    let file = place.join("changes.md");
    fs::write(
        &file,
        "# Changelog\n\n## [0.1.0] - Unreleased\n\n### Added\n\n* Unreleased things.\n",
    )
    .unwrap();
    let words = ["--changelog", &file.display().to_string()];
    let said = refused(&words, &place.join("out"), Some(&Key::new("rsa2048")));
    assert!(said.contains("cargo xtask release --date"), "{said}");

    let mut date = release(&words);
    date.arg("--date").env("SOURCE_DATE_EPOCH", "1769817600");
    let said = done(date.output().unwrap());
    assert!(said.contains("## [0.1.0] - 2026-01-31"), "{said}");
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        "# Changelog\n\n## [0.1.0] - 2026-01-31\n\n### Added\n\n* Unreleased things.\n\n\
         [0.1.0]: https://github.com/quiltdata/terraform-provider-quilt/releases/tag/v0.1.0\n"
    );
    let again = release(&words).arg("--date").output().unwrap();
    assert!(String::from_utf8_lossy(&again.stderr).contains("has its date already"));
}

#[test]
fn a_key_that_no_registry_takes_is_refused() {
    let place = workplace("curve");
    let file = changelog(&place, "0.1.0").display().to_string();
    let said = refused(&["--changelog", &file], &place.join("out"), Some(&Key::new("ed25519")));
    assert!(said.contains("neither RSA nor DSA"), "{said}");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let place = workplace("full");
    fs::write(place.join("mine"), "mine").unwrap();
    let said = refused(&[], &place, None);
    assert!(said.contains("is not empty"), "{said}");
    assert_eq!(fs::read_to_string(place.join("mine")).unwrap(), "mine");
}
