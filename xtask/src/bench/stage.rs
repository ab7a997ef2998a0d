//! Where Terraform is measured: folders with configurations, and a provider in place of any that `init` would install.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, bail};

use super::median;
use super::process::Watch;
use super::recording::Recording;
use crate::cloud::Cloud;

/// The name by which Terraform finds the provider in a folder.
pub const PLUGIN: &str =
    if cfg!(windows) { "terraform-provider-quilt.exe" } else { "terraform-provider-quilt" };

/// The CLI configuration of a folder, which names its provider.
const SETTINGS: &str = "terraform.rc";

/// What is applied and planned.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `terraform_data`: what Terraform itself costs.
    Floor,
    /// `quilt_stack` by a provider that does nothing: what Terraform and the protocol cost.
    Still,
    /// `quilt_stack` by the provider that `BENCH_PEER` names, in an account of its own.
    Peer,
    /// `quilt_stack`.
    Quilt,
}

/// The account in which another provider works, so that neither meets the other's stacks.
const PEERS_ACCOUNT: &str = "210987654321";

/// The providers that are measured.
pub struct Plugins {
    pub quilt: PathBuf,
    pub still: PathBuf,
    pub peer: Option<PathBuf>,
}

/// A folder with a configuration, and the provider that serves it.
pub struct Place<'a> {
    kind: Kind,
    path: PathBuf,
    plugin: &'a Path,
}

/// What one run of Terraform took.
pub struct Cost {
    /// Seconds on the clock.
    pub wall: f64,
    /// The provider's CPU seconds.
    pub cpu: Option<f64>,
    /// The most MiB the provider held.
    pub peak: Option<f64>,
    /// Calls that reached the test cloud.
    pub calls: f64,
    /// Those of CloudFormation among them.
    pub stacks: f64,
}

impl Cost {
    /// The medians of several runs, figure by figure.
    pub fn median(costs: &[Self]) -> Self {
        let all = |figure: fn(&Self) -> Option<f64>| {
            costs.iter().map(figure).collect::<Option<Vec<f64>>>().map(median)
        };
        let each = |figure: fn(&Self) -> f64| median(costs.iter().map(figure).collect());
        Self {
            wall: each(|c| c.wall),
            cpu: all(|c| c.cpu),
            peak: all(|c| c.peak),
            calls: each(|c| c.calls),
            stacks: each(|c| c.stacks),
        }
    }
}

/// Everything a run needs.
pub struct Stage<'a> {
    terraform: &'a Path,
    home: &'a Path,
    plugins: &'a Plugins,
    /// The cloud that answers.
    pub cloud: &'a Cloud,
}

impl<'a> Stage<'a> {
    /// Terraform at home in a folder, with the providers that are compared.
    pub fn new(
        terraform: &'a Path,
        home: &'a Path,
        plugins: &'a Plugins,
        cloud: &'a Cloud,
    ) -> Self {
        Self { terraform, home, plugins, cloud }
    }

    /// Whether there is something to measure of a kind.
    pub fn has(&self, kind: Kind) -> bool {
        !matches!(kind, Kind::Peer) || self.plugins.peer.is_some()
    }

    /// A folder of its own with a configuration of so many resources; made when it is first asked for.
    pub fn folder(&self, kind: Kind, count: usize, round: usize) -> anyhow::Result<Place<'a>> {
        let (name, text, plugin) = match kind {
            Kind::Floor => ("floor", FLOOR, &self.plugins.quilt),
            Kind::Still => ("still", QUILT, &self.plugins.still),
            Kind::Peer => {
                ("peer", QUILT, self.plugins.peer.as_ref().context("BENCH_PEER names no provider")?)
            }
            Kind::Quilt => ("quilt", QUILT, &self.plugins.quilt),
        };
        let path = self.home.join(format!("{name}-{count}-{round}"));
        fs::create_dir_all(&path)?;
        let place = plugin.parent().context("the provider lies in a folder")?.display().to_string();
        let overrides = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"quiltdata/quilt\" = {place:?}\n  }}\n  direct {{}}\n}}\n"
        );
        fs::write(path.join(SETTINGS), overrides)?;
        fs::write(path.join("main.tf"), text.replace("COUNT", &count.to_string()))?;
        Ok(Place { kind, path, plugin })
    }

    /// Empties the cloud: its stacks and its record.
    pub fn forget(&self) -> anyhow::Result<()> {
        self.cloud.ask("POST", "/_cloud/reset", b"")?;
        Ok(())
    }

    /// Runs Terraform and measures it. Failing is an error, and so is a plan with something left to do.
    pub fn run(&self, place: &Place, arguments: &[&str]) -> anyhow::Result<Cost> {
        let mut command = Command::new(self.terraform);
        self.at_home(command.args(arguments).arg("-no-color").current_dir(&place.path));
        command.env("TF_CLI_CONFIG_FILE", place.path.join(SETTINGS)).env("CHECKPOINT_DISABLE", "1");
        if matches!(place.kind, Kind::Peer) {
            command.env("AWS_ACCESS_KEY_ID", PEERS_ACCOUNT);
        }
        self.measure(command, place.plugin)
    }

    /// Our provider's program as a person starts it.
    pub fn by_hand(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.plugins.quilt);
        self.at_home(command.args(arguments).current_dir(self.home));
        command
    }

    /// Runs that to its end and measures it.
    pub fn run_by_hand(&self, arguments: &[&str]) -> anyhow::Result<Cost> {
        self.measure(self.by_hand(arguments), &self.plugins.quilt)
    }

    fn measure(&self, mut command: Command, plugin: &Path) -> anyhow::Result<Cost> {
        self.cloud.ask("DELETE", "/_cloud/calls", b"")?;
        let (watch, start) = (Watch::start(plugin), Instant::now());
        let done = command.output();
        let (wall, used) = (start.elapsed().as_secs_f64(), watch.end());
        let done = done.with_context(|| format!("{command:?} cannot be started"))?;
        if !done.status.success() {
            let said = [done.stdout, done.stderr].concat();
            bail!("{command:?} ended with {}:\n{}", done.status, String::from_utf8_lossy(&said));
        }
        let calls = Recording::of(self.cloud)?;
        Ok(Cost {
            wall,
            cpu: used.map(|(cpu, _)| cpu),
            peak: used.map(|(_, peak)| peak),
            calls: calls.len() as f64,
            stacks: calls.of_service("cloudformation") as f64,
        })
    }

    fn at_home(&self, command: &mut Command) {
        command
            .env_clear()
            .envs(self.cloud.env())
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home)
            .env("TMPDIR", self.home);
    }
}

const FLOOR: &str = r#"resource "terraform_data" "this" {
  count = COUNT
  input = "bench-${count.index}"
}
"#;

/// A stack that the test cloud makes at once, so that what is measured is the provider.
const QUILT: &str = r#"terraform {
  required_providers {
    quilt = {
      source = "quiltdata/quilt"
    }
  }
}

provider "quilt" {}

resource "quilt_stack" "this" {
  count      = COUNT
  name       = "bench-${count.index}"
  parameters = { Greeting = "hello" }

  template_body = jsonencode({
    Parameters = { Greeting = { Type = "String" } }
    Resources  = { Handle = { Type = "AWS::CloudFormation::WaitConditionHandle" } }
    Outputs    = { Greeting = { Value = { Ref = "Greeting" } } }
  })
}
"#;
