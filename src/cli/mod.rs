//! What a person may run by hand.

mod debug;
mod diagnose;
pub mod docs;
mod doctor;
mod example_section;
mod function_page;
mod import_section;
mod options;
mod reading;
mod schema_page;
mod size_section;
mod terms;
pub mod troubleshooting;
mod watch;

use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::error::{ContextKind, ErrorKind};
use clap::{Parser, Subcommand};

/// Quilt in your own AWS account, for Terraform and OpenTofu.
///
/// Terraform starts this program itself; see the README for how it finds it.
#[derive(Debug, Parser)]
#[command(name = "terraform-provider-quilt", version, after_help = concat!("Version ", env!("CARGO_PKG_VERSION")))]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say why the last operation on a stack failed
    Diagnose(diagnose::Arguments),
    /// Show what goes on in a stack, how far it is and what everything waits for
    Watch(watch::Arguments),
    /// Say what stands in the way of a deployment, before anything exists or beside a stack that does
    Doctor(Box<doctor::Arguments>),
    /// Write DIR/docs from the schema and DIR/examples
    Docs {
        /// The folder that holds `examples` and gets `docs`
        dir: PathBuf,
    },
    /// Serve until Ctrl-C, for a provider under a debugger
    Debug,
    /// Print the version
    Version,
}

/// Runs what the arguments ask for.
///
/// # Errors
/// What it was asked for could not be done.
pub fn run(arguments: Vec<String>) -> anyhow::Result<ExitCode> {
    let asked = if arguments.is_empty() { vec!["--help".into()] } else { arguments };
    // Go's way of writing long options, which people know from Terraform.
    let whole = |word: String| match word.as_str() {
        "-help" | "-version" => format!("-{word}"),
        "-debug" | "--debug" => "debug".into(),
        _ => word,
    };
    let words = asked.into_iter().map(whole);
    let cli = match Cli::try_parse_from(
        std::iter::once("terraform-provider-quilt".into()).chain(words),
    ) {
        Ok(cli) => cli,
        Err(told) if told.kind() == ErrorKind::InvalidSubcommand => {
            let word = told.get(ContextKind::InvalidSubcommand).map(ToString::to_string);
            bail!(
                "there is no command `{}`. Run it without arguments to see all.",
                word.unwrap_or_default()
            )
        }
        Err(told) if told.use_stderr() => bail!("{}", misuse(&told.to_string())),
        Err(told) => return say(&told.to_string()).map(|()| ExitCode::SUCCESS),
    };
    match cli.command {
        Command::Diagnose(asked) => diagnose::run(&asked),
        Command::Watch(asked) => watch::run(&asked),
        Command::Doctor(asked) => doctor::run(&asked),
        Command::Docs { dir } => docs::write(&dir).map(|()| ExitCode::SUCCESS),
        Command::Debug => debug::serve().map(|()| ExitCode::SUCCESS),
        Command::Version => {
            say(concat!(env!("CARGO_PKG_VERSION"), "\n")).map(|()| ExitCode::SUCCESS)
        }
    }
}

/// Without the word that stands before it already.
fn misuse(told: &str) -> String {
    told.trim().trim_start_matches("error: ").to_string()
}

/// Prints to a person.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("nothing can be printed")
}

/// Runs to its end on as many threads as a plugin needs: it waits more than it works.
pub fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(work);
    // What still hangs, a look-up of a name for one, must not hold the end up.
    runtime.shutdown_background();
    Ok(done)
}
