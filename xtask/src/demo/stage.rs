//! Everything a Terraform run of the demo needs: the program, its folder, the template and the cloud.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::Context;
use serde_json::Value;

use super::show::{quietly, say, step, story};
use crate::cloud::Cloud;

/// Terraform with an example's configuration in a folder of its own.
pub struct Stage {
    pub terraform: PathBuf,
    pub folder: PathBuf,
    pub configuration: PathBuf,
    pub template: PathBuf,
    pub plugin: PathBuf,
    pub cloud: Cloud,
}

impl Stage {
    /// `terraform init` in a folder; what it says is left out.
    pub fn init(&self, folder: &Path) -> anyhow::Result<()> {
        quietly(&mut self.command_in(folder, &["init", "-input=false", "-no-color"])).map(drop)
    }

    /// Plans into the file `plan`, and shows what it would do to which object, and what it warns of.
    pub fn plan(&self) -> anyhow::Result<()> {
        let said = quietly(&mut self.command(&["plan", "-input=false", "-no-color", "-out=plan"]))?;
        let plan: Value =
            serde_json::from_str(&quietly(&mut self.command(&["show", "-json", "plan"]))?)?;
        for change in plan["resource_changes"].as_array().into_iter().flatten() {
            let address = change["address"].as_str().unwrap_or_default();
            let actions: Vec<_> = change["change"]["actions"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            say(&format!("{} {address}", actions.join(" then ")));
        }
        for title in said.lines().filter_map(|line| line.split_once("Warning: ")) {
            say(&format!("warning: {}", title.1));
        }
        said.lines().filter(|line| line.starts_with("Plan: ")).for_each(say);
        Ok(())
    }

    /// Applies, and shows what becomes of each object.
    pub fn apply(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        let all = [&["apply", "-input=false", "-no-color", "-auto-approve"], arguments].concat();
        done(story(&mut self.command_in(folder, &all), |_, _| ())?, "apply")
    }

    /// Destroys, and shows it.
    pub fn destroy(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        let all = [&["destroy", "-input=false", "-no-color", "-auto-approve"], arguments].concat();
        done(story(&mut self.command_in(folder, &all), |_, _| ())?, "destroy")
    }

    /// A plan that must have nothing left to do.
    pub fn no_changes(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        let all =
            [&["plan", "-input=false", "-no-color", "-detailed-exitcode"], arguments].concat();
        quietly(&mut self.command_in(folder, &all)).context("this plan is not empty")?;
        say("No changes. Your infrastructure matches the configuration.");
        Ok(())
    }

    /// The provider's own program, beside Terraform: what goes on in a stack, line by line, until an operation has ended.
    pub fn watch(&self, stack: &str) -> anyhow::Result<Watch> {
        let mut command = Command::new(&self.plugin);
        command.args(["watch", stack, "--wait", "--every", "5"]).envs(self.cloud.env());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = child.stdout.take().context("standard output is a pipe")?;
        let (line, lines) = mpsc::channel();
        thread::spawn(move || {
            let all = BufReader::new(output).lines().map_while(Result::ok);
            all.for_each(|one| drop(line.send(one)));
        });
        let showing = thread::spawn(move || show(&lines));
        Ok(Watch { child, showing })
    }

    /// Terraform in the example's folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_in(&self.folder, arguments)
    }

    fn command_in(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.terraform);
        command.arg(format!("-chdir={}", folder.display())).args(arguments);
        for (name, _) in
            env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_"))
        {
            command.env_remove(name);
        }
        command.envs(self.cloud.env()).envs(self.variables());
        command
    }

    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("TF_CLI_CONFIG_FILE", self.configuration.display().to_string()),
            ("TF_VAR_template_file", self.template.display().to_string()),
            ("CHECKPOINT_DISABLE", "1".into()),
            ("TF_IN_AUTOMATION", "1".into()),
        ]
    }

    /// Leaves everything as it is and says how to use it.
    pub fn keep(self) -> anyhow::Result<()> {
        step("Everything stays until Ctrl-C. To play, in another terminal:");
        for (name, value) in self.cloud.env().into_iter().chain(self.variables()) {
            println!("export {name}={value:?}");
        }
        println!("cd {}\n{} plan", self.folder.display(), self.terraform.display());
        self.cloud.wait()
    }
}

/// Shows the last line of each look, with how many there were before it.
fn show(lines: &Receiver<String>) {
    while let Ok(mut last) = lines.recv() {
        let mut others = 0;
        while let Ok(next) = lines.recv_timeout(Duration::from_millis(300)) {
            (last, others) = (next, others + 1);
        }
        let before =
            if others == 0 { String::new() } else { format!(" (and {others} lines before)") };
        say(&format!("    watch | {last}{before}"));
    }
}

/// A watch under way.
pub struct Watch {
    child: Child,
    showing: JoinHandle<()>,
}

impl Watch {
    /// Lets it say its last words; one that has none after some seconds is ended.
    pub fn end(mut self) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_secs(10);
        while self.child.try_wait()?.is_none() && Instant::now() < end {
            thread::sleep(Duration::from_millis(100));
        }
        self.child.kill().ok();
        self.child.wait()?;
        self.showing.join().ok();
        Ok(())
    }
}

/// Terraform has said what is wrong by then.
fn done(succeeded: bool, verb: &str) -> anyhow::Result<()> {
    anyhow::ensure!(succeeded, "terraform {verb} failed; what it said is above");
    Ok(())
}

/// Terraform works in a copy, so that the checkout stays clean.
pub fn copy_example(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let (from, to) = (crate::root().join("examples").join(name), folder.join(name));
    fs::create_dir_all(&to)?;
    for entry in from.read_dir().with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(to)
}
