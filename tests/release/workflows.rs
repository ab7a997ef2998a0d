//! The workflows: what others wrote is pinned by its commit, and each platform of a release is built.

use std::fs;
use std::path::Path;

use super::archives::release;

fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.display().to_string(), fs::read_to_string(&file).unwrap())).collect()
}

#[test]
fn actions_are_pinned_by_their_commit() {
    let mut found = 0;
    for (file, text) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let (_, pinned) = line.split_once('@').unwrap_or_else(|| panic!("{file}: {line}"));
            let (commit, version) = pinned.split_once(" # v").unwrap_or_default();
            let whole = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(whole && !version.is_empty(), "{file}: {line}");
            found += 1;
        }
    }
    assert!(found > 8, "{found} actions are used");
}

#[test]
fn each_platform_of_a_release_is_built_and_packed() {
    let told = release(&["--platform", "none"]).output().expect("it starts");
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    let (_, named) = said.trim().split_once("there are ").expect("it names them all");
    let platforms: Vec<_> = named.split(", ").collect();
    let (_, text) =
        workflows().into_iter().find(|(file, _)| file.ends_with("release.yml")).unwrap();
    for platform in &platforms {
        assert!(
            text.contains(&format!("{{ platform: {platform}, runner: ")),
            "{platform} is built"
        );
    }
    assert!(
        text.contains(&format!("for platform in {}; do", platforms.join(" "))),
        "all are packed"
    );
    assert_eq!(platforms.len(), 6);
}
