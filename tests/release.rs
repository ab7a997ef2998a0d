//! The archives of a release, made by `cargo xtask release` of the provider just built, and installed by real Terraform from everywhere it may come from.

mod archives;
mod image;
mod key;
mod mirror;
mod place;
mod reader;
mod refusals;
mod registry;
pub mod upgrade;
mod workflows;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

/// The first release of the tests, and the one after it.
const FIRST: &str = "0.1.0";
const SECOND: &str = "0.1.1";

/// A project that takes the provider from where its settings say, as `source`.
fn project(cloud: &Cloud, source: &str, settings: &str) -> Project {
    let project = Project::new(cloud);
    let required = format!(
        "terraform {{\n  required_providers {{\n    quilt = {{ source = \"{source}\", version = \"~> 0.1\" }}\n  }}\n}}\n\n"
    );
    project.write("provider.tf", &format!("{required}provider \"quilt\" {{}}\n"));
    project.write("settings.tfrc", &format!("provider_installation {{\n{settings}}}\n"));
    project
}

/// `terraform init` and what follows from it: the provider that was installed answers, and is the release's file with its licence.
fn installs(project: &Project, address: &str) {
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project.run(&["validate", "-no-color"]).ok();
    let schemas = project.show(&["providers", "schema", "-json"]);
    assert!(
        schemas["provider_schemas"][address]["resource_schemas"]["quilt_stack"].is_object(),
        "{address} answers"
    );
    let place = installed(project, address, FIRST);
    let files = [format!("terraform-provider-quilt_v{FIRST}"), "LICENSE".into()];
    let modes = files.map(|file| mode(&place.join(file)));
    assert_eq!(modes, [0o755, 0o644], "{}", place.display());
}

/// Where Terraform put a version.
fn installed(project: &Project, address: &str, version: &str) -> PathBuf {
    project.path(".terraform/providers").join(address).join(version).join(archives::platform())
}

fn mode(file: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    found.permissions().mode() & 0o777
}

/// What the lock file says of the provider's content, whatever it came from.
fn locked(project: &Project) -> String {
    let lock = fs::read_to_string(project.path(".terraform.lock.hcl")).expect("init wrote it");
    let line = lock.lines().find(|line| line.contains("\"h1:")).expect("it has a hash");
    line.trim().into()
}

/// A JSON file.
fn json(file: PathBuf) -> Value {
    let bytes = fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}
