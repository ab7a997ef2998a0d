//! Quilt from nothing to running to nothing, with real Terraform against the test cloud.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, bail};

mod migration;

use crate::cloud::Cloud;
use crate::{mirror, programs, setup};

/// What a person may ask for.
#[derive(Default)]
pub struct Options {
    template: Option<PathBuf>,
    release: bool,
    keep: bool,
    migration: bool,
}

impl Options {
    /// Reads the words after `demo`.
    pub fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--template" => {
                    options.template = Some(words.next().context("--template needs a file")?.into())
                }
                "--release" => options.release = true,
                "--keep" => options.keep = true,
                "--migration" => options.migration = true,
                other => bail!("demo has no option {other}; `cargo xtask` lists them"),
            }
        }
        Ok(options)
    }

    fn template(&self) -> anyhow::Result<PathBuf> {
        let fixture = crate::root().join("tests/fixtures/templates/gen_c_terraform.yaml");
        let file = self.template.as_ref().unwrap_or(&fixture);
        file.canonicalize().with_context(|| format!("{} cannot be read", file.display()))
    }
}

/// The whole show.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let terraform = programs::terraform()?;
    let template = options.template()?;
    setup::run()?;
    let folder = env::temp_dir().join(format!("quilt-demo-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    step("Building the provider and laying out a mirror to install it from");
    let configuration = mirror::lay_out(&folder, options.release)?;
    let cloud = Cloud::start()?;
    let stage = Stage {
        terraform,
        folder: copy_example(&folder, if options.migration { "migration" } else { "complete" })?,
        configuration,
        template,
        cloud,
    };
    let result = if options.migration {
        migration::play(&stage, options.keep)
    } else {
        stage.play(options.keep)
    };
    if options.keep {
        result.inspect_err(|error| eprintln!("{error:#}")).ok();
        return stage.keep();
    }
    drop(stage);
    fs::remove_dir_all(&folder)?;
    result
}

/// Everything a Terraform run needs.
struct Stage {
    terraform: PathBuf,
    folder: PathBuf,
    configuration: PathBuf,
    template: PathBuf,
    cloud: Cloud,
}

impl Stage {
    fn play(&self, keep: bool) -> anyhow::Result<()> {
        fs::write(
            self.folder.join("demo.auto.tfvars.json"),
            self.cloud.values_for(&self.template)?,
        )?;
        step("terraform init, from the mirror");
        programs::run(&mut self.command(&["init", "-input=false"]))?;
        step("terraform plan");
        programs::run(&mut self.command(&["plan", "-input=false", "-out=plan"]))?;
        step("terraform apply");
        programs::run(&mut self.command(&["apply", "-input=false", "plan"]))?;
        step("What came out: the URL, and the CNAME records to make");
        programs::run(&mut self.command(&["output"]))?;
        step("A second plan: nothing may be left to do");
        programs::run(&mut self.command(&["plan", "-input=false", "-detailed-exitcode"]))
            .context("the second plan is not empty")?;
        if keep {
            return Ok(());
        }
        step("terraform destroy");
        programs::run(&mut self.command(&["destroy", "-input=false", "-auto-approve"]))
    }

    fn command(&self, arguments: &[&str]) -> Command {
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
    fn keep(self) -> anyhow::Result<()> {
        step("Everything stays until Ctrl-C. To play, in another terminal:");
        for (name, value) in self.cloud.env().into_iter().chain(self.variables()) {
            println!("export {name}={value:?}");
        }
        println!("cd {}\n{} plan", self.folder.display(), self.terraform.display());
        self.cloud.wait()
    }
}

fn step(what: &str) {
    println!("\n\x1b[1m=== {what}\x1b[0m");
}

/// Terraform works in a copy, so that the checkout stays clean.
fn copy_example(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
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
