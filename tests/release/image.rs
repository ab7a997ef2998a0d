//! The OCI image layout: whole for whoever reads it, and installed from a registry by OpenTofu, which alone can.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::archives::releases;
use super::place::{Answer, Place};
use super::{FIRST, installs, project};
use crate::acceptance::command::program;
use crate::cloud::Cloud;

fn layout() -> PathBuf {
    releases().of(FIRST).join("oci")
}

/// What a descriptor names, after a look at its digest and size.
fn blob(named: &Value) -> Vec<u8> {
    let digest = named["digest"].as_str().expect("it has a digest");
    let bytes = fs::read(layout().join("blobs").join(digest.replace(':', "/"))).expect(digest);
    let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(format!("sha256:{sum}"), digest);
    assert_eq!(json!(bytes.len()), named["size"]);
    bytes
}

fn document(named: &Value) -> Value {
    serde_json::from_slice(&blob(named)).expect("it is JSON")
}

#[test]
fn the_layout_leads_to_the_archive() {
    assert_eq!(super::json(layout().join("oci-layout")), json!({"imageLayoutVersion": "1.0.0"}));
    let tagged = super::json(layout().join("index.json"))["manifests"][0].clone();
    assert_eq!(tagged["annotations"]["org.opencontainers.image.ref.name"], FIRST);
    let index = document(&tagged);
    assert_eq!(index["artifactType"], "application/vnd.opentofu.provider");
    let one = &index["manifests"][0];
    let (os, arch) = (one["platform"]["os"].as_str(), one["platform"]["architecture"].as_str());
    assert_eq!(format!("{}_{}", os.unwrap(), arch.unwrap()), super::archives::platform());
    let manifest = document(one);
    for told in [one, &manifest] {
        assert_eq!(told["artifactType"], "application/vnd.opentofu.provider-target");
    }
    assert_eq!(blob(&manifest["config"]), b"{}");
    assert_eq!(manifest["layers"][0]["mediaType"], "archive/zip");
    assert_eq!(blob(&manifest["layers"][0]), fs::read(releases().archive(FIRST)).unwrap());
}

/// A registry that has what the layout has.
fn registry() -> Place {
    let layout = layout();
    let tagged = super::json(layout.join("index.json"))["manifests"][0].clone();
    Place::open(move |_, path| {
        let path = path.strip_prefix("/v2/")?;
        if path.is_empty() {
            return Some(Answer::json(&json!({})));
        }
        if path == "quiltdata/quilt/tags/list" {
            return Some(Answer::json(
                &json!({"name": "quiltdata/quilt", "tags": [FIRST, "latest"]}),
            ));
        }
        let (_, named) = path.rsplit_once('/')?;
        let digest = if named == FIRST { tagged["digest"].as_str()? } else { named };
        kept(&layout, digest, path.contains("/manifests/"))
    })
}

/// A blob, with its own type if it is a manifest.
fn kept(layout: &Path, digest: &str, manifest: bool) -> Option<Answer> {
    let body = fs::read(layout.join("blobs").join(digest.replace(':', "/"))).ok()?;
    let mut told = Answer::bytes(body);
    if manifest {
        let document: Value = serde_json::from_slice(&told.body).ok()?;
        told.kind = document["mediaType"].as_str()?.into();
    }
    told.header = format!("Docker-Content-Digest: {digest}\r\n");
    Some(told)
}

#[test]
fn opentofu_installs_from_a_registry_of_images() {
    let cloud = Cloud::start();
    let registry = registry();
    let template = format!("{}/${{namespace}}/${{type}}", registry.name());
    let block = format!(
        "oci_mirror {{\n    repository_template = {template:?}\n    include = [\"registry.opentofu.org/quiltdata/*\"]\n  }}"
    );
    let mut project = project(&cloud, "quiltdata/quilt", &super::mirror::settings(&block));
    project.set("SSL_CERT_FILE", &registry.authority().display().to_string());
    if super::mirror::address(&project).starts_with("registry.opentofu.org") {
        installs(&project, "registry.opentofu.org/quiltdata/quilt");
        return;
    }
    // Terraform has no such mirror, and says so.
    let said = project.run(&["init", "-no-color", "-input=false"]).says("oci_mirror");
    assert!(registry.asked().is_empty(), "{}: {}", program().display(), said.text);
}
