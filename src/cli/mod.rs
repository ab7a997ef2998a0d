//! What a person may run by hand.

mod columns;
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

use crate::cx::Cx;

/// What a person ends by Ctrl-C ends as in a shell: 128, and the number of the signal.
const INTERRUPTED: u8 = 130;

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
    #[command(
        after_help = "Exit code: 0 if a cause was found, 1 if nothing has failed or nothing may be read, 130 after Ctrl-C."
    )]
    Diagnose(diagnose::Arguments),
    /// Show what goes on in a stack, how far it is and what everything waits for
    #[command(
        after_help = "Exit code: 0 at the end of the operation, with --wait 1 if it failed or was rolled back, 130 after Ctrl-C before the end."
    )]
    Watch(watch::Arguments),
    /// Say what stands in the way of a deployment, before anything exists or beside a stack that does
    #[command(after_help = "Exit code: 0 if nothing failed, 1 otherwise, 130 after Ctrl-C.")]
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
        Err(told) => return tell(&told.to_string()).map(|()| ExitCode::SUCCESS),
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

/// Tells a person what went wrong.
pub fn complain(text: &str) {
    eprintln!("{}", columns::laid(text, columns::of_errors()));
}

/// Does the work of a command, unless a person interrupts it: then it stops at once, whatever it waits for.
async fn unless_interrupted(
    cx: &Cx,
    work: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    tokio::select! {
        biased;
        () = cx.stop.cancelled() => Ok(ExitCode::from(INTERRUPTED)),
        done = work => done,
    }
}

/// Prints to a person, in lines of the terminal's width where it is one.
fn tell(text: &str) -> anyhow::Result<()> {
    say(&columns::laid(text, columns::of_output()))
}

/// Prints as it is.
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
