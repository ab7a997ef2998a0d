//! The programs a task runs, and what to do where one is missing.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Runs cargo in the checkout.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> anyhow::Result<()> {
    run(cargo_with(arguments).current_dir(crate::root()))
}

/// Cargo with these arguments. What the outer cargo says of this program is kept from it: build scripts look at these variables, and half
/// of the libraries would be compiled anew whenever a task and a plain `cargo` take turns.
pub fn cargo_with<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let said = name.to_string_lossy();
        if said.starts_with("CARGO_PKG_") || said.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.args(arguments);
    command
}

/// Runs a program to its end; failing is an error.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = PathBuf::from(command.get_program());
    let status =
        command.status().with_context(|| format!("{} cannot be started", name.display()))?;
    if !status.success() {
        bail!("{} ended with {status}", name.file_name().unwrap_or(name.as_os_str()).display());
    }
    Ok(())
}

/// Terraform or, where there is none, OpenTofu.
pub fn terraform() -> anyhow::Result<PathBuf> {
    find("terraform").or_else(|| find("tofu")).context(
        "neither terraform nor tofu is on the PATH. Install Terraform 1.5 or newer (https://developer.hashicorp.com/terraform/install) \
         or OpenTofu 1.8 or newer (https://opentofu.org/docs/intro/install).",
    )
}

/// Python, new enough for the test cloud.
pub fn python() -> anyhow::Result<PathBuf> {
    let python = find("python3").context("python3 is not on the PATH. Install Python 3.10 or newer (https://www.python.org/downloads).")?;
    let new_enough = Command::new(&python)
        .args(["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"])
        .stderr(Stdio::null())
        .status();
    if !new_enough.is_ok_and(|status| status.success()) {
        bail!(
            "{} is older than 3.10 or has no venv module (on Debian and Ubuntu the package python3-venv)",
            python.display()
        );
    }
    Ok(python)
}

/// Where a program is on the path.
pub fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A program of a Python package, in a virtual environment of its own in the cache folder. `requirements` pins everything with hashes.
pub fn of_python_package(name: &str, requirements: &Path) -> anyhow::Result<Command> {
    let python = python()?;
    let home = cache()?.join(format!(
        "{}-{:016x}",
        name,
        digest(&[&std::fs::read(requirements)?, python.as_os_str().as_encoded_bytes()].concat())
    ));
    if !home.join("ready").exists() {
        install(&python, &home, requirements)?;
    }
    Ok(Command::new(home.join("bin").join(name)))
}

fn install(python: &Path, home: &Path, requirements: &Path) -> anyhow::Result<()> {
    run(Command::new(python).args(["-m", "venv", "--clear"]).arg(home))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--requirement",
    ];
    run(Command::new(home.join("bin/python")).args(pip).arg(requirements))?;
    Ok(std::fs::write(home.join("ready"), "")?)
}

/// Where environments are kept between checkouts.
pub fn cache() -> anyhow::Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("terraform-provider-quilt"))
}

/// FNV-1a: the same for the same bytes, in every version of this program.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
