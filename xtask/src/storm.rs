//! The storm: applies that are killed at random moments, played by the tests' harness in as many rounds as one likes.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::{programs, setup};

/// What a person may ask for.
#[derive(Default)]
pub struct Options {
    variables: Vec<(&'static str, String)>,
}

impl Options {
    /// Reads the words after `storm`.
    pub fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let variable = match *word {
                "--seed" => "QUILT_STORM_SEED",
                "--rounds" => "QUILT_STORM_ROUNDS",
                "--round" => "QUILT_STORM_ROUND",
                "--parallel" => "QUILT_STORM_PARALLEL",
                "--terraform" => "QUILT_TERRAFORM",
                "--binary" => "QUILT_PROVIDER",
                other => bail!("storm has no option {other}; `cargo xtask` lists them"),
            };
            let value = words.next().with_context(|| format!("{word} needs a value"))?;
            options.variables.push((variable, absolute(word, value)?));
        }
        let rounds = ("QUILT_STORM_ROUNDS", "100".to_owned());
        options.variables.insert(0, rounds);
        Ok(options)
    }
}

/// Tests run in a folder of their own choice.
fn absolute(word: &str, value: &str) -> anyhow::Result<String> {
    if word != "--binary" {
        return Ok(value.to_owned());
    }
    let file =
        PathBuf::from(value).canonicalize().with_context(|| format!("{value} cannot be read"))?;
    Ok(file.display().to_string())
}

/// Plays the rounds.
pub fn run(options: &Options) -> anyhow::Result<()> {
    programs::terraform()?;
    programs::python()?;
    setup::run()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let test = [
        "test",
        "--workspace",
        "--quiet",
        "--test",
        "tests",
        "storm::every_round_converges",
        "--",
        "--exact",
        "--nocapture",
    ];
    programs::run(
        Command::new(cargo)
            .args(test)
            .envs(options.variables.iter().map(|(name, value)| (name, value))),
    )
}
