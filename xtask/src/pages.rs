//! The pages as the Registry reads them: checked by HashiCorp's own program, where Go is at hand to build it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::{Value, json};

use crate::{mirror, programs};

/// The program, at the version that the checks are made with.
const PROGRAM: &str = "github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs";
const VERSION: &str = "v0.25.0";

/// Checks `docs/` and says what is not as the Registry wants it.
pub fn validate() -> anyhow::Result<()> {
    let go = go().context("there is no Go on the path")?;
    let place = mirror::target().join("tfplugindocs");
    std::fs::create_dir_all(&place)?;
    let schema = schema(&place)?;
    let mut command = Command::new(program(&go)?);
    command.args(["validate", "--provider-name", "quilt", "--provider-dir"]).arg(crate::root());
    programs::run(command.arg("--providers-schema").arg(schema))
}

/// Why the pages are not checked here; `None`: they are.
pub fn not_run() -> Option<String> {
    let why = "Not run: tfplugindocs validate. There is no Go to build it with (https://go.dev/doc/install).";
    go().is_none().then(|| why.into())
}

/// Go, on the path or where its own installer puts it.
fn go() -> Option<PathBuf> {
    let usual = PathBuf::from("/usr/local/go/bin/go");
    programs::find("go").or_else(|| usual.is_file().then_some(usual))
}

/// The program, built once for each version and kept in the cache folder.
fn program(go: &Path) -> anyhow::Result<PathBuf> {
    let home = programs::cache()?.join(format!("tfplugindocs-{VERSION}"));
    let program = home.join("tfplugindocs");
    if !program.is_file() {
        let mut install = Command::new(go);
        install.args(["install", &format!("{PROGRAM}@{VERSION}")]);
        programs::run(install.env("GOBIN", &home).env("GOTOOLCHAIN", "local"))?;
    }
    Ok(program)
}

/// What the provider serves, as Terraform writes it down; in a file. A Terraform before 1.14 knows no actions and lists, whose pages are then
/// checked less.
fn schema(place: &Path) -> anyhow::Result<PathBuf> {
    let built = mirror::build(false)?;
    let settings = place.join("settings.tfrc");
    std::fs::write(&settings, overriding(built.parent().context("it lies in a folder")?))?;
    let wanted = "terraform {\n  required_providers {\n    quilt = {\n      source = \"quiltdata/quilt\"\n    }\n  }\n}\n";
    std::fs::write(place.join("main.tf"), wanted)?;
    let output = Command::new(programs::terraform()?)
        .args(["providers", "schema", "-json"])
        .env("TF_CLI_CONFIG_FILE", &settings)
        .env("CHECKPOINT_DISABLE", "1")
        .current_dir(place)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "the schema cannot be told: {said}");
    let file = place.join("schema.json");
    std::fs::write(&file, serde_json::to_vec(&renamed(&output.stdout)?)?)?;
    Ok(file)
}

/// A CLI configuration by which Terraform takes the provider out of a folder.
fn overriding(folder: &Path) -> String {
    format!(
        "provider_installation {{\n  dev_overrides {{\n    \"quiltdata/quilt\" = {folder:?}\n  }}\n  direct {{}}\n}}\n"
    )
}

/// The schema under the name that the program looks for: the provider's own, without a registry.
fn renamed(schema: &[u8]) -> anyhow::Result<Value> {
    let mut schema: Value = serde_json::from_slice(schema)?;
    let all = schema["provider_schemas"].as_object().context("it holds schemas")?;
    let ours = all.values().next().context("it holds ours")?.clone();
    schema["provider_schemas"] = json!({ "quilt": ours });
    Ok(schema)
}
