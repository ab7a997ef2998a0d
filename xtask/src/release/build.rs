//! The provider, built so that the same sources give the same bytes wherever they lie, with the list of its dependencies inside.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

use super::platform::{self, Platform, Way};
use super::{BINARY, Binary};
use crate::{mirror, programs, root};

/// What puts the dependencies into a binary; pinned, as a part of what is built.
const AUDITABLE: (&str, &str) = ("cargo-auditable", "0.7.7");

/// Builds for these platforms, or for every one that can be built here.
pub fn all(platforms: &[Platform], time: i64) -> anyhow::Result<Vec<Binary>> {
    let mut found = Vec::new();
    for platform in if platforms.is_empty() { &platform::ALL } else { platforms } {
        match platform.way() {
            Ok((target, way)) => found.push((*platform, target, way)),
            Err(why) if !platforms.is_empty() => {
                anyhow::bail!("{platform} cannot be built here: {why}")
            }
            Err(_) => {}
        }
    }
    ensure!(!found.is_empty(), "no platform can be built here");
    let tools = auditable()?;
    let built = found.into_iter().map(|(platform, target, way)| {
        println!("--- {platform}: {target}, {way:?}");
        programs::run(&mut command(target, way, time, &tools)?)?;
        let end = if platform.os == "windows" { ".exe" } else { "" };
        let file = mirror::target().join(target).join("release").join(format!("{BINARY}{end}"));
        Ok(Binary { platform, target, file })
    });
    built.collect()
}

fn command(target: &str, way: Way, time: i64, tools: &OsString) -> anyhow::Result<Command> {
    let verb = if way == Way::Zig { "zigbuild" } else { "build" };
    let mut command = programs::cargo_with(["auditable", verb, "--release", "--locked"]);
    command.args(["--bin", BINARY, "--target", target]).current_dir(root());
    let places = places()?;
    let rust = places.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    command
        .env("PATH", tools)
        .env("CARGO_ENCODED_RUSTFLAGS", rust.collect::<Vec<_>>().join("\x1f"))
        .env("SOURCE_DATE_EPOCH", time.to_string())
        .env("ZERO_AR_DATE", "1");
    let name = target.replace('-', "_");
    // Microsoft's compiler has no such option; what it says of places in C goes into the binary.
    if !target.ends_with("-msvc") {
        let c = places.iter().map(|(from, to)| format!("-ffile-prefix-map={from}={to}"));
        command.env(format!("CFLAGS_{name}"), c.collect::<Vec<_>>().join(" "));
    }
    if let Way::Compiler { name: compiler, links } = way {
        command.env(format!("CC_{name}"), compiler);
        if links {
            command.env(format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()), compiler);
        }
    }
    Ok(command)
}

/// Folders of this machine that compilers write into what they make, and what is written instead. The last one that fits counts.
fn places() -> anyhow::Result<Vec<(String, &'static str)>> {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("neither CARGO_HOME nor HOME is set")?;
    let target = root().join(mirror::target());
    let all = [(cargo, "/cargo"), (root().to_path_buf(), "/source"), (target, "/target")];
    Ok(all.map(|(from, to)| (from.display().to_string(), to)).to_vec())
}

/// The path with cargo-auditable on it: the one of the pinned version, installed into the cache folder where it is not yet.
fn auditable() -> anyhow::Result<OsString> {
    let (name, version) = AUDITABLE;
    let home = programs::cache()?.join(format!("{name}-{version}"));
    if !home.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX)).is_file() {
        let install = ["install", "--quiet", "--locked", "--version", version, "--root"];
        programs::run(
            programs::cargo_with(install).arg(&home).arg(name).current_dir(env::temp_dir()),
        )?;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths([home.join("bin")].into_iter().chain(env::split_paths(&path)))?)
}
