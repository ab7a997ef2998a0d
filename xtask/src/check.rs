//! Every check, one after the other; all run, whichever fail, and the last lines say which did.

use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use crate::{pages, programs, setup};

type Step = (&'static str, fn() -> anyhow::Result<()>);

const LINTS: [Step; 5] = [
    ("cargo fmt", || programs::cargo(["fmt", "--all", "--check"])),
    ("cargo clippy", || {
        programs::cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ])
    }),
    ("terraform fmt", terraform_fmt),
    ("cfn-lint", cfn_lint),
    ("checkov", checkov),
];
const PAGES: Step = ("tfplugindocs validate", pages::validate);
const TESTS: Step = ("cargo test", tests);
/// Names how many tests run at once, where a person wants another number.
const THREADS: &str = "RUST_TEST_THREADS";

/// Runs the lints and, if asked, the tests.
pub fn run(tests: bool) -> anyhow::Result<()> {
    programs::terraform()?;
    programs::python()?;
    setup::run()?;
    let not_run = pages::not_run();
    let pages = not_run.is_none().then_some(&PAGES);
    let steps = LINTS.iter().chain(pages).chain(tests.then_some(&TESTS));
    let (passed, failed): (Vec<_>, Vec<_>) =
        steps.map(|step| (step.0, check(step))).partition(|(_, passed)| *passed);
    let names =
        |steps: &[(&str, bool)]| steps.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    println!("\nPassed: {}.", names(&passed));
    if tests && std::env::var_os("QUILT_REAL_TEMPLATES").is_none() {
        println!(
            "Not run: the tests of the real templates. QUILT_REAL_TEMPLATES names no folder that holds them."
        );
    }
    if let Some(not_run) = not_run {
        println!("{not_run}");
    }
    if !failed.is_empty() {
        bail!("failed: {}", names(&failed));
    }
    Ok(())
}

/// Runs twice as many tests at once as there are processors: most of them wait for Terraform and the test cloud, which wait for each other.
fn tests() -> anyhow::Result<()> {
    let mut command = programs::cargo_with(["test", "--workspace", "--quiet"]);
    if std::env::var_os(THREADS).is_none() {
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get());
        command.env(THREADS, (2 * processors).to_string());
    }
    programs::run(command.current_dir(crate::root()))
}

fn check((name, step): &Step) -> bool {
    println!("--- {name}");
    step().inspect_err(|error| eprintln!("{error:#}")).is_ok()
}

fn terraform_fmt() -> anyhow::Result<()> {
    if !crate::root().join("examples").exists() {
        return Ok(());
    }
    programs::run(Command::new(programs::terraform()?).args([
        "fmt",
        "-check",
        "-diff",
        "-recursive",
        "examples",
    ]))
}

/// The CloudFormation templates inside the provider must have no finding.
fn cfn_lint() -> anyhow::Result<()> {
    let templates = templates()?;
    if templates.is_empty() {
        return Ok(());
    }
    programs::run(
        programs::of_python_package("cfn-lint", &crate::root().join("xtask/cfn-lint.txt"))?
            .args(templates),
    )
}

/// Nor may a security scan find anything in them, but for what its settings except with a reason.
fn checkov() -> anyhow::Result<()> {
    let templates = templates()?;
    if templates.is_empty() {
        return Ok(());
    }
    let own = crate::root().join("xtask");
    let mut scan = programs::of_python_package("checkov", &own.join("checkov.txt"))?;
    programs::run(
        scan.arg("--config-file").arg(own.join("checkov.yaml")).arg("--file").args(templates),
    )
}

fn templates() -> anyhow::Result<Vec<PathBuf>> {
    let files = crate::root().join("src/quilt/templates").read_dir().into_iter().flatten();
    let mut templates: Vec<_> =
        files.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    templates.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    Ok(templates)
}
