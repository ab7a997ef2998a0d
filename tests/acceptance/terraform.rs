//! Terraform in a folder of its own, with nothing of this machine's settings, the provider just built, and one account of the cloud.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::clients::Client;
use super::command::{Outcome, Running, program, signal};
use crate::cloud::Cloud;

/// Terraform's and OpenTofu's registries.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// One working directory.
pub struct Project {
    folder: TempDir,
    program: PathBuf,
    env: Vec<(String, String)>,
}

impl Project {
    /// An empty project whose provider works in the cloud's account.
    pub fn new(cloud: &Cloud) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let project = Self { folder, program: program().into(), env: cloud.env() };
        project.install();
        project.provider("provider \"quilt\" {}\n");
        project
    }

    /// The same for another client than the one at hand.
    pub fn by(cloud: &Cloud, client: &Client) -> Self {
        Self { program: client.program.clone(), ..Self::new(cloud) }
    }

    /// From here on by this program.
    pub fn goes_on_by(&mut self, program: &Path) {
        self.program = program.into();
    }

    /// Another working directory with the same files and no state, as on a colleague's machine.
    pub fn again(&self, cloud: &Cloud) -> Self {
        let other = Self { program: self.program.clone(), ..Self::new(cloud) };
        for entry in fs::read_dir(self.path("")).expect("the folder exists").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if [".tf", ".yaml", ".json"].iter().any(|end| name.ends_with(end)) {
                fs::copy(entry.path(), other.path(&name)).expect("the folder is writable");
            }
        }
        other
    }

    /// Puts the provider where Terraform looks for it, behind a script that notes the id of every process.
    fn install(&self) {
        let bin = self.path("bin");
        fs::create_dir(&bin).expect("the folder is writable");
        let built = env!("CARGO_BIN_EXE_terraform-provider-quilt");
        let provider = std::env::var("QUILT_PROVIDER").unwrap_or_else(|_| built.into());
        let script = format!(
            "#!/bin/sh\necho $$ >> '{}'\nexec '{provider}'\n",
            self.path("processes").display()
        );
        let program = bin.join("terraform-provider-quilt");
        fs::write(&program, script).expect("the folder is writable");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("we own the file");
        self.find(&["quiltdata/quilt"]);
    }

    /// Has Terraform find the provider under these names.
    fn find(&self, names: &[&str]) {
        let row = |registry: &str, name: &str| {
            format!("    \"{registry}/{name}\" = \"{}\"\n", self.path("bin").display())
        };
        let overrides: String =
            names.iter().flat_map(|name| REGISTRIES.map(|registry| row(registry, name))).collect();
        self.write(
            "settings.tfrc",
            &format!(
                "provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n"
            ),
        );
    }

    /// Has the provider stand in for one that is not at hand but named in the state.
    pub fn stand_in(&self, name: &str) {
        let program = format!("terraform-provider-{}", name.rsplit('/').next().unwrap_or(name));
        fs::copy(self.path("bin/terraform-provider-quilt"), self.path("bin").join(program))
            .expect("the folder is writable");
        self.find(&["quiltdata/quilt", name]);
    }

    /// A file's place in the project.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes a file, in a folder of the project if its name says so.
    pub fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().expect("a file is in a folder"))
            .expect("the folder is writable");
        fs::write(self.path(file), text).unwrap_or_else(|e| panic!("{file}: {e}"));
    }

    /// Writes `main.tf`.
    pub fn main(&self, text: &str) {
        self.write("main.tf", text);
    }

    /// Writes the provider block, beside where the provider comes from.
    pub fn provider(&self, block: &str) {
        let source = "terraform {\n  required_providers {\n    quilt = { source = \"quiltdata/quilt\" }\n  }\n}\n\n";
        self.write("provider.tf", &format!("{source}{block}"));
    }

    /// Sets a variable of the environment; an empty value takes it away.
    pub fn set(&mut self, name: &str, value: &str) {
        self.env.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.env.push((name.into(), value.into()));
        }
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.start(arguments).wait()
    }

    /// Starts a command in a process group of its own, as a terminal does.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.start_by(Command::new(&self.program), arguments)
    }

    /// The same by a command that starts Terraform.
    pub fn start_by(&self, mut command: Command, arguments: &[&str]) -> Running {
        command
            .args(arguments)
            .current_dir(self.path(""))
            .env_clear()
            .envs(self.env.iter().cloned());
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path(""));
        command
            .env("TF_CLI_CONFIG_FILE", self.path("settings.tfrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1");
        Running::start(command, arguments.join(" "))
    }

    /// `terraform plan`; exit code 0: nothing to change, 2: changes.
    pub fn plan(&self) -> Outcome {
        self.run(&["plan", "-no-color", "-input=false", "-detailed-exitcode"])
    }

    /// Fails the test unless there is nothing to change.
    pub fn plan_is_empty(&self) {
        let plan = self.plan();
        assert_eq!(plan.code, 0, "the plan is not empty:\n{}", plan.text);
    }

    /// The plan as JSON.
    pub fn plan_json(&self) -> Value {
        self.run(&["plan", "-no-color", "-input=false", "-out=plan.bin"]).ok();
        self.show(&["show", "-json", "plan.bin"])
    }

    /// `terraform apply`.
    pub fn apply(&self) -> Outcome {
        self.run(&APPLY)
    }

    /// `terraform destroy`.
    pub fn destroy(&self) -> Outcome {
        self.run(&DESTROY)
    }

    /// `terraform import`.
    pub fn import(&self, address: &str, id: &str) -> Outcome {
        self.run(&["import", "-no-color", "-input=false", address, id])
    }

    /// A JSON document that Terraform prints.
    pub fn show(&self, arguments: &[&str]) -> Value {
        let outcome = self.run(arguments).ok();
        serde_json::from_str(&outcome.text).unwrap_or_else(|e| panic!("{e}: {}", outcome.text))
    }

    /// Puts the project's modules where Terraform looks for them.
    pub fn get(&self) {
        self.run(&["get", "-no-color"]).ok();
    }

    /// The state file; null where there is none.
    pub fn state(&self) -> Value {
        let text = fs::read_to_string(self.path("terraform.tfstate")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// What the state holds of a resource, status and private data included; null where it holds nothing.
    pub fn instance(&self, address: &str) -> Value {
        let (kind, name) = address.split_once('.').expect("an address is type.name");
        let state = self.state();
        let found = state["resources"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|row| row["type"] == kind && row["name"] == name);
        found.map(|row| row["instances"][0].clone()).unwrap_or_default()
    }

    /// An attribute in the state.
    pub fn attribute(&self, address: &str, name: &str) -> Value {
        self.instance(address)["attributes"][name].clone()
    }

    /// The provider's processes that are still there.
    pub fn processes(&self) -> Vec<u32> {
        let noted = fs::read_to_string(self.path("processes")).unwrap_or_default();
        noted
            .lines()
            .filter_map(|line| line.parse().ok())
            .filter(|pid| signal("0", i64::from(*pid)))
            .collect()
    }

    /// Fails the test if a provider's process is still there after six seconds: one whose Terraform was killed looks for it every few.
    pub fn nothing_is_left_running(&self) {
        let end = Instant::now() + Duration::from_secs(6);
        while !self.processes().is_empty() {
            assert!(Instant::now() < end, "the provider still runs: {:?}", self.processes());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// `terraform apply` as a person without doubts types it.
pub const APPLY: [&str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];

/// `terraform destroy`, likewise.
pub const DESTROY: [&str; 4] = ["destroy", "-no-color", "-input=false", "-auto-approve"];
