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
    /// `quilt_stack`.
    Quilt,
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
        }
    }
}

/// Everything a run needs.
pub struct Stage<'a> {
    terraform: &'a Path,
    home: &'a Path,
    plugin: &'a Path,
    still: &'a Path,
    /// The cloud that answers.
    pub cloud: &'a Cloud,
}

impl<'a> Stage<'a> {
    /// Terraform at home in a folder, with ours and with the provider that does nothing.
    pub fn new(
        terraform: &'a Path,
        home: &'a Path,
        plugin: &'a Path,
        still: &'a Path,
        cloud: &'a Cloud,
    ) -> Self {
        Self { terraform, home, plugin, still, cloud }
    }

    /// A folder of its own with a configuration of so many resources; made when it is first asked for.
    pub fn folder(&self, kind: Kind, count: usize, round: usize) -> anyhow::Result<PathBuf> {
        let (name, text) = match kind {
            Kind::Floor => ("floor", FLOOR),
            Kind::Still => ("still", QUILT),
            Kind::Quilt => ("quilt", QUILT),
        };
        let folder = self.home.join(format!("{name}-{count}-{round}"));
        fs::create_dir_all(&folder)?;
        let plugin = if matches!(kind, Kind::Still) { self.still } else { self.plugin };
        let place = plugin.parent().context("the provider lies in a folder")?.display().to_string();
        let overrides = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"quiltdata/quilt\" = {place:?}\n  }}\n  direct {{}}\n}}\n"
        );
        fs::write(folder.join(SETTINGS), overrides)?;
        fs::write(folder.join("main.tf"), text.replace("COUNT", &count.to_string()))?;
        Ok(folder)
    }

    /// Empties the cloud: its stacks and its record.
    pub fn forget(&self) -> anyhow::Result<()> {
        self.cloud.ask("POST", "/_cloud/reset", b"")?;
        Ok(())
    }

    /// Runs Terraform and measures it. Failing is an error, and so is a plan with something left to do.
    pub fn run(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<Cost> {
        self.cloud.ask("DELETE", "/_cloud/calls", b"")?;
        let (watch, start) = (Watch::start(self.plugin), Instant::now());
        let done = self.command(folder, arguments).output();
        let (wall, used) = (start.elapsed().as_secs_f64(), watch.end());
        let done =
            done.with_context(|| format!("{} cannot be started", self.terraform.display()))?;
        if !done.status.success() {
            let said = [done.stdout, done.stderr].concat();
            bail!(
                "`terraform {}` ended with {}:\n{}",
                arguments.join(" "),
                done.status,
                String::from_utf8_lossy(&said)
            );
        }
        let calls = Recording::of(self.cloud)?.len() as f64;
        Ok(Cost { wall, cpu: used.map(|(cpu, _)| cpu), peak: used.map(|(_, peak)| peak), calls })
    }

    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.terraform);
        command
            .args(arguments)
            .arg("-no-color")
            .current_dir(folder)
            .env_clear()
            .envs(self.cloud.env());
        command
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home)
            .env("TMPDIR", self.home);
        command.env("TF_CLI_CONFIG_FILE", folder.join(SETTINGS)).env("CHECKPOINT_DISABLE", "1");
        command
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
