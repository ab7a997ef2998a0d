//! The release as an OCI image layout, from which OpenTofu's `oci_mirror` installs once a registry has it.

use std::fs;

use serde_json::{Value, json};

use super::Release;
use super::platform::Platform;
use super::sums::sha256;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// What OpenTofu looks for: a version of a provider, and the provider for one platform.
const PROVIDER: &str = "application/vnd.opentofu.provider";
const TARGET: &str = "application/vnd.opentofu.provider-target";
/// The config of what has none, as OCI has it.
const NOTHING: (&str, &str) = ("application/vnd.oci.empty.v1+json", "{}");

/// Writes the layout beside the archives.
pub fn write(archives: &[(Platform, String, Vec<u8>)], release: &Release) -> anyhow::Result<()> {
    fs::create_dir_all(release.folder.join("oci/blobs/sha256"))?;
    let mut manifests = Vec::new();
    for (platform, name, zip) in archives {
        let mut layer = blob(release, "archive/zip", zip)?;
        layer["annotations"] = json!({"org.opencontainers.image.title": name});
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": TARGET,
            "config": blob(release, NOTHING.0, NOTHING.1.as_bytes())?, "layers": [layer],
        });
        let mut told = blob(release, MANIFEST, manifest.to_string().as_bytes())?;
        told["artifactType"] = TARGET.into();
        told["platform"] = json!({"architecture": platform.arch, "os": platform.os});
        manifests.push(told);
    }
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "artifactType": PROVIDER, "manifests": manifests});
    let mut tagged = blob(release, INDEX, index.to_string().as_bytes())?;
    tagged["artifactType"] = PROVIDER.into();
    // A tag may hold no plus sign; OpenTofu reads an underscore as one.
    let tag = release.version.replace('+', "_");
    tagged["annotations"] = json!({"org.opencontainers.image.ref.name": tag});
    let layout = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [tagged]});
    release.write("oci/index.json", layout.to_string().as_bytes())?;
    release.write("oci/oci-layout", json!({"imageLayoutVersion": "1.0.0"}).to_string().as_bytes())
}

/// Keeps bytes under their digest, and says how others name them.
fn blob(release: &Release, kind: &str, bytes: &[u8]) -> anyhow::Result<Value> {
    let digest = sha256(bytes);
    release.write(&format!("oci/blobs/sha256/{digest}"), bytes)?;
    Ok(json!({"mediaType": kind, "digest": format!("sha256:{digest}"), "size": bytes.len()}))
}
