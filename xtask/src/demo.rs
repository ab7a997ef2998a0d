//! Quilt from nothing to running to nothing, with real Terraform against the test cloud.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, bail};

mod life;
mod migration;
mod show;
mod stage;

use show::{step, while_waiting};
use stage::{Stage, copy_example};

use crate::cloud::Cloud;
use crate::{mirror, programs, setup};

/// What a person may ask for.
#[derive(Default)]
pub struct Options {
    template: Option<PathBuf>,
    release: bool,
    keep: bool,
    migration: bool,
    interrupt: bool,
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
                "--interrupt" => options.interrupt = true,
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
    step("The provider, and a local emulator of AWS");
    let (configuration, plugin) =
        while_waiting("building it (the first time takes some minutes)", || {
            mirror::lay_out(&folder, options.release)
        })?;
    let cloud = Cloud::start()?;
    let example = if options.migration { "migration" } else { "complete" };
    let folder_of_example = copy_example(&folder, example)?;
    let stage =
        Stage { terraform, folder: folder_of_example, configuration, template, plugin, cloud };
    let result = match options.migration {
        true => migration::play(&stage, options.keep),
        false => life::play(&stage, options.interrupt, options.keep),
    };
    if options.keep {
        result.inspect_err(|error| eprintln!("{error:#}")).ok();
        return stage.keep();
    }
    drop(stage);
    fs::remove_dir_all(&folder)?;
    result
}
