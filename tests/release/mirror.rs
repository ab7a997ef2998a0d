//! Installed from mirrors: the archive in a folder, and from a server.

use std::fs;

use serde_json::json;

use super::archives::{platform, releases};
use super::place::{Answer, Place};
use super::{FIRST, installed, installs, locked, project};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// The provider's address in the registry of whatever program runs the tests.
pub fn address(project: &Project) -> String {
    let told = project.run(&["version"]).ok().text;
    let registry = REGISTRIES[usize::from(told.contains("OpenTofu"))];
    format!("{registry}/quiltdata/quilt")
}

/// The settings that name a mirror of this kind.
pub fn settings(block: &str) -> String {
    let others = REGISTRIES.map(|registry| format!("{registry}/quiltdata/*"));
    format!("  {block}\n  direct {{\n    exclude = {others:?}\n  }}\n")
}

/// Puts the archive of a release into a mirror, as it is.
pub fn place(project: &Project, version: &str) {
    for registry in REGISTRIES {
        let folder = project.path("mirror").join(registry).join("quiltdata/quilt");
        fs::create_dir_all(&folder).unwrap();
        let archive = releases().archive(version);
        fs::copy(&archive, folder.join(archive.file_name().unwrap())).unwrap();
    }
}

/// The settings that name the project's mirror.
pub fn folder(project: &Project) -> String {
    let path = project.path("mirror").display().to_string();
    settings(&format!("filesystem_mirror {{\n    path = {path:?}\n  }}"))
}

/// A network mirror of the first release with this archive.
fn network(archive: Vec<u8>) -> Place {
    let sum = releases().sum(FIRST);
    Place::open(move |_, path| {
        let file = REGISTRIES
            .iter()
            .find_map(|host| path.strip_prefix(&format!("/{host}/quiltdata/quilt/")))?;
        match file {
            "index.json" => Some(Answer::json(&json!({"versions": {FIRST: {}}}))),
            "0.1.0.json" => Some(Answer::json(&json!({"archives": {platform(): {
                "url": "quilt.zip", "hashes": [format!("zh:{sum}")],
            }}}))),
            "quilt.zip" => Some(Answer::bytes(archive.clone())),
            _ => None,
        }
    })
}

/// A project that installs from there.
fn from(cloud: &Cloud, mirror: &Place) -> Project {
    let url = format!("https://{}/", mirror.name());
    let block = format!("network_mirror {{\n    url = {url:?}\n  }}");
    let mut project = project(cloud, "quiltdata/quilt", &settings(&block));
    project.set("SSL_CERT_FILE", &mirror.authority().display().to_string());
    project
}

#[test]
fn a_folder_and_a_server_give_the_same() {
    let cloud = Cloud::start();
    let by_folder = project(&cloud, "quiltdata/quilt", "");
    by_folder
        .write("settings.tfrc", &format!("provider_installation {{\n{}}}\n", folder(&by_folder)));
    place(&by_folder, FIRST);
    let address = address(&by_folder);
    installs(&by_folder, &address);

    let mirror = network(fs::read(releases().archive(FIRST)).unwrap());
    let by_network = from(&cloud, &mirror);
    installs(&by_network, &address);
    assert!(mirror.asked().iter().any(|path| path.ends_with("quilt.zip")), "{:?}", mirror.asked());
    assert_eq!(locked(&by_folder), locked(&by_network));
}

#[test]
fn an_archive_that_somebody_changed_is_refused() {
    let cloud = Cloud::start();
    let mut changed = fs::read(releases().archive(FIRST)).unwrap();
    // The licence's place in the archive: it still unpacks, to another file.
    changed[10] ^= 2;
    let mirror = network(changed);
    let project = from(&cloud, &mirror);
    project.run(&["init", "-no-color", "-input=false"]).failed().says("checksum");
    assert!(!installed(&project, &address(&project), FIRST).exists());
}
