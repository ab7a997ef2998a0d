//! The platforms of a release, and how each can be built on this machine.

use std::env;
use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::BINARY;
use crate::programs;

/// A platform, in Go's words and in Rust's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    pub os: &'static str,
    pub arch: &'static str,
    /// What runs there, the best first: what is linked with musl runs on every Linux, Alpine included.
    pub targets: &'static [&'static str],
}

const fn platform(
    os: &'static str,
    arch: &'static str,
    targets: &'static [&'static str],
) -> Platform {
    Platform { os, arch, targets }
}

/// All that a release is for.
pub const ALL: [Platform; 6] = [
    platform("darwin", "amd64", &["x86_64-apple-darwin"]),
    platform("darwin", "arm64", &["aarch64-apple-darwin"]),
    platform("linux", "amd64", &["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"]),
    platform("linux", "arm64", &["aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu"]),
    platform("windows", "amd64", &["x86_64-pc-windows-msvc", "x86_64-pc-windows-gnu"]),
    platform("windows", "arm64", &["aarch64-pc-windows-msvc", "aarch64-pc-windows-gnullvm"]),
];

/// How a target is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// By the compilers of this machine for itself.
    Native,
    /// By a C compiler that makes such programs, which links them too unless Rust does that itself.
    Compiler { name: &'static str, links: bool },
    /// By zig, through cargo-zigbuild.
    Zig,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}_{}", self.os, self.arch))
    }
}

impl Platform {
    /// The platform of this name, as in the name of an archive.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let found = ALL.into_iter().find(|platform| platform.to_string() == name);
        found.with_context(|| {
            format!(
                "there is no platform {name}; there are {}",
                ALL.map(|p| p.to_string()).join(", ")
            )
        })
    }

    /// This machine's.
    pub fn host() -> anyhow::Result<Self> {
        let os = if env::consts::OS == "macos" { "darwin" } else { env::consts::OS };
        let arch = match env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        Self::named(&format!("{os}_{arch}"))
    }

    /// What the provider is called in an archive.
    pub fn file(self, version: &str) -> String {
        let end = if self.os == "windows" { ".exe" } else { "" };
        format!("{BINARY}_v{version}{end}")
    }

    /// The first target that can be built here, and how; or what is missing for each.
    pub fn way(self) -> Result<(&'static str, Way), String> {
        let mut missing = Vec::new();
        for target in self.targets {
            match way(target, self) {
                Ok(way) => return Ok((target, way)),
                Err(why) => missing.push(why),
            }
        }
        Err(missing.join("; "))
    }
}

fn way(target: &str, platform: Platform) -> Result<Way, String> {
    if !has_library(target) {
        return Err(format!("no standard library (rustup target add {target})"));
    }
    let host = Platform::host().ok();
    let same = host.is_some_and(|host| host.os == platform.os);
    let own = host == Some(platform) && !target.ends_with("-musl");
    if own || (same && ["darwin", "windows"].contains(&platform.os)) {
        return Ok(Way::Native);
    }
    let compiler = compiler(target, host == Some(platform));
    match compiler.filter(|(name, _)| programs::find(name).is_some()) {
        Some((name, links)) => Ok(Way::Compiler { name, links }),
        None if has_zig(platform) => Ok(Way::Zig),
        None => {
            let name = compiler.map_or("", |(name, _)| name);
            Err(format!("{target} lacks a C compiler ({}cargo-zigbuild with zig)", or(name)))
        }
    }
}

fn or(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{name}, or ") }
}

/// The usual name of a C compiler for a target, and whether it must link as well.
fn compiler(target: &str, own: bool) -> Option<(&'static str, bool)> {
    match target {
        "x86_64-unknown-linux-musl" | "aarch64-unknown-linux-musl" if own => {
            Some(("musl-gcc", false))
        }
        "x86_64-unknown-linux-gnu" => Some(("x86_64-linux-gnu-gcc", true)),
        "aarch64-unknown-linux-gnu" => Some(("aarch64-linux-gnu-gcc", true)),
        "x86_64-pc-windows-gnu" => Some(("x86_64-w64-mingw32-gcc", true)),
        _ => None,
    }
}

/// Whether Rust's standard library is there for a target, whoever installed it.
fn has_library(target: &str) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(rustc).args(["--print", "target-libdir", "--target", target]).output();
    told.is_ok_and(|told| Path::new(String::from_utf8_lossy(&told.stdout).trim()).is_dir())
}

/// Zig has what each system's programs are linked with, but for Apple's frameworks.
fn has_zig(platform: Platform) -> bool {
    programs::find("cargo-zigbuild").is_some()
        && programs::find("zig").is_some()
        && (platform.os != "darwin" || env::var_os("SDKROOT").is_some())
}
