//! A filesystem mirror, from which `terraform init` installs the provider as it would from a registry.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context;

use crate::programs;

const BINARY: &str = "terraform-provider-quilt";

/// Builds the provider and lays it out below `folder` for Terraform and OpenTofu; returns the CLI configuration that names the mirror, and the program itself.
pub fn lay_out(folder: &Path, release: bool) -> anyhow::Result<(PathBuf, PathBuf)> {
    let binary = build(release)?;
    let version = env!("CARGO_PKG_VERSION");
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let place =
            folder.join("mirror").join(host).join("quiltdata/quilt").join(version).join(platform());
        fs::create_dir_all(&place)?;
        let plugin = place.join(format!("terraform-provider-quilt_v{version}"));
        fs::copy(&binary, &plugin)
            .with_context(|| format!("{} cannot be copied", binary.display()))?;
    }
    let file = folder.join("terraform.rc");
    fs::write(&file, configuration(&folder.join("mirror")))?;
    Ok((file, binary))
}

/// Builds the provider and says where it is. A debug build takes the bench target along: cargo then chooses the features of the libraries
/// as it does for tests, and compiles none of them twice.
pub fn build(release: bool) -> anyhow::Result<PathBuf> {
    let more: &[&str] = if release { &["--release"] } else { &["--bench", "template"] };
    programs::cargo(["build", "--quiet", "--bin", BINARY].iter().chain(more))?;
    Ok(target().join(if release { "release" } else { "debug" }).join(BINARY))
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
