//! Tasks for people and CI: `cargo xtask TASK`. It needs nothing but cargo itself; what a task needs besides it brings, or says how to get.
#![allow(clippy::print_stdout, reason = "a task runner talks to a person")]

mod bench;
mod check;
mod cloud;
mod demo;
mod mirror;
mod programs;
mod release;
mod setup;
mod storm;
#[path = "../../tests/cloud/start.rs"]
mod start;
#[path = "../../tests/cloud/weather/mod.rs"]
mod weather;

use std::path::Path;
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask TASK

  setup   place the protobuf compiler that the build scripts need; plain `cargo build` works after it
  test    every check: format, lints, tests, examples, templates
  lint    the same without the tests
  docs    write docs/ from the provider's schema and examples/
  cloud   start the test cloud and print the environment to use, until Ctrl-C
            --weather FILE    with faults, delays and failures, as tests/cloud/weather/april.json has them
  demo    a real terraform init, plan, apply and destroy of examples/complete against the test cloud
            --template FILE   deploy this template instead of the fixture
            --interrupt       Ctrl-C in the middle of the creation, and apply again
            --migration       examples/migration instead: from network 1.0 to 2.0, beside an old deployment
            --release         with the optimised provider
            --keep            leave everything running, with the commands to play
  bench   what the provider costs beside terraform_data, as a table; fails when a limit is broken
            --n COUNT             stacks in the large plan and apply; 100 unless told
            --many COUNT          stacks of which the memory is measured; 1000 unless told, 0 for none
            --terraform PROGRAM   measure with this Terraform or OpenTofu
            --binary FILE         measure this provider instead of building one
            BENCH_PEER=FILE       in the environment: another provider of the same schema, beside it
  storm   applies that are killed at random moments, and applied again until they are done
            --seed N              which storm; 1 unless told
            --rounds M            how many rounds; 100 unless told
            --round K             this round alone
            --parallel P          rounds side by side; 2 unless told
            --terraform PROGRAM   with this Terraform or OpenTofu
            --binary FILE         with this provider instead of building one
  release the archives of a release, their sums, signature, manifest and bills of materials, and an OCI image layout
            --version V           which; the one of Cargo.toml unless told. CHANGELOG.md must have it
            --out FOLDER          an empty folder to put it in; dist/V unless told
            --platform OS_ARCH    build for this platform, as linux_arm64; for each that can be built here unless told
            --binary FILE         this provider instead of building one; OS_ARCH=FILE for another platform
            --binaries-only       only build: for a machine that puts the release of many together by --binary
            --gpg-key KEY         sign by this key of gpg, with the passphrase in GPG_PASSPHRASE if it has one
            --changelog FILE      instead of CHANGELOG.md
            --date                only write today into CHANGELOG.md, for the commit that is tagged
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    std::env::set_current_dir(root())?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["setup"] => setup::run(),
        ["test"] => check::run(true),
        ["lint"] => check::run(false),
        ["docs"] => docs(),
        ["cloud"] => cloud::run(None),
        ["cloud", "--weather", file] => cloud::run(Some(Path::new(file))),
        ["demo", options @ ..] => demo::run(&demo::Options::parse(options)?),
        ["bench", options @ ..] => bench::run(&bench::Options::parse(options)?),
        ["release", options @ ..] => release::run(&release::Options::parse(options)?),
        ["storm", options @ ..] => storm::run(&storm::Options::parse(options)?),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        other => anyhow::bail!("there is no task `{}`; `cargo xtask` lists them", other.join(" ")),
    }
}

/// The checkout this task runner was built from.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The binary writes its own pages.
fn docs() -> anyhow::Result<()> {
    setup::run()?;
    programs::run(Command::new(mirror::build(false)?).args(["docs", "."]).current_dir(root()))
}
