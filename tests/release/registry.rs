//! Installed from a registry, whose signature and sums Terraform itself checks.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::archives::{platform, releases};
use super::place::{Answer, Place};
use super::{FIRST, installs, json, locked, project};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

/// A registry that hands out the files of a release, with these sums.
fn registry(sums: Vec<u8>) -> Place {
    let releases = releases();
    let platform = platform();
    let (os, arch) = platform.split_once('_').expect("both are named");
    let (os, arch) = (os.to_owned(), arch.to_owned());
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    let archive = name(&releases.archive(FIRST));
    let protocols =
        json(releases.file(FIRST, "manifest.json"))["metadata"]["protocol_versions"].clone();
    let (key, id, sum) = (&releases.key.armoured, &releases.key.id, releases.sum(FIRST));
    Place::open(move |own, path| match path {
        "/.well-known/terraform.json" => Some(Answer::json(&json!({"providers.v1": "/v1/"}))),
        "/v1/quiltdata/quilt/versions" => Some(Answer::json(&json!({"versions": [
            {"version": FIRST, "protocols": protocols, "platforms": [{"os": os, "arch": arch}]},
        ]}))),
        _ if path == format!("/v1/quiltdata/quilt/{FIRST}/download/{os}/{arch}") => {
            Some(Answer::json(&json!({
                "protocols": protocols, "os": os, "arch": arch, "filename": archive,
                "download_url": format!("https://{own}/files/zip"),
                "shasums_url": format!("https://{own}/files/sums"),
                "shasums_signature_url": format!("https://{own}/files/signature"),
                "shasum": sum,
                "signing_keys": {"gpg_public_keys": [{"key_id": id, "ascii_armor": key}]},
            })))
        }
        "/files/zip" => fs::read(releases.archive(FIRST)).ok().map(Answer::bytes),
        "/files/sums" => Some(Answer::bytes(sums.clone())),
        "/files/signature" => {
            fs::read(releases.file(FIRST, "SHA256SUMS.sig")).ok().map(Answer::bytes)
        }
        _ => None,
    })
}

fn from(cloud: &Cloud, registry: &Place) -> Project {
    let source = format!("{}/quiltdata/quilt", registry.name());
    let mut project = project(cloud, &source, "  direct {}\n");
    project.set("SSL_CERT_FILE", &registry.authority().display().to_string());
    project
}

#[test]
fn the_signature_and_the_sums_are_what_terraform_asks_for() {
    let cloud = Cloud::start();
    let sums = releases().file(FIRST, "SHA256SUMS");
    let registry = registry(fs::read(&sums).unwrap());
    let project = from(&cloud, &registry);
    let address = format!("{}/quiltdata/quilt", registry.name());
    project
        .run(&["init", "-no-color", "-input=false"])
        .ok()
        .says(&format!("key ID {}", releases().key.id));
    installs(&project, &address);
    assert!(locked(&project).contains("h1:"));
    let lock = fs::read_to_string(project.path(".terraform.lock.hcl")).unwrap();
    assert!(
        lock.contains(&format!("zh:{}", releases().sum(FIRST))),
        "the signed sums are kept: {lock}"
    );
    assert!(releases().key.signed(&sums));
}

#[test]
fn sums_that_the_key_did_not_sign_are_refused() {
    let cloud = Cloud::start();
    let sums = fs::read_to_string(releases().file(FIRST, "SHA256SUMS")).unwrap();
    // One line more, which says nothing of this archive.
    let registry = registry(format!("{sums}{}  other.zip\n", "0".repeat(64)).into_bytes());
    let project = from(&cloud, &registry);
    project.run(&["init", "-no-color", "-input=false"]).failed().says("signature");
}
