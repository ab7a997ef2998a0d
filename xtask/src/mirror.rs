//! A filesystem mirror, from which `terraform init` installs the provider as it would from a registry.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context;

use crate::programs;

/// Builds the provider and lays it out below `folder` for Terraform and OpenTofu; returns the CLI configuration that names the mirror.
pub fn lay_out(folder: &Path, release: bool) -> anyhow::Result<PathBuf> {
    programs::cargo(["build", "--bin", "terraform-provider-quilt"].into_iter().chain(release.then_some("--release")))?;
    let binary = target().join(if release { "release" } else { "debug" }).join("terraform-provider-quilt");
    let version = env!("CARGO_PKG_VERSION");
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let place = folder.join("mirror").join(host).join("quiltdata/quilt").join(version).join(platform());
        fs::create_dir_all(&place)?;
        let plugin = place.join(format!("terraform-provider-quilt_v{version}"));
        fs::copy(&binary, &plugin).with_context(|| format!("{} cannot be copied", binary.display()))?;
    }
    let file = folder.join("terraform.rc");
    fs::write(&file, configuration(&folder.join("mirror")))?;
    Ok(file)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from)
}

/// This machine in Go's words.
fn platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{machine}")
}

fn configuration(mirror: &Path) -> String {
    let ours = r#"["registry.terraform.io/quiltdata/*", "registry.opentofu.org/quiltdata/*"]"#;
    format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path    = {:?}\n    include = {ours}\n  }}\n  direct {{\n    exclude = {ours}\n  }}\n}}\n",
        mirror.display().to_string()
    )
}
