//! Other clients than the one at hand: those of the folder that `QUILT_CLIENTS` names, one program each, of any version.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::command::program;

/// A version, as far as it decides what a client can do.
pub type Version = (u32, u32);

/// Terraform or OpenTofu.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// The program.
    pub program: PathBuf,
    /// It is OpenTofu.
    pub tofu: bool,
    /// Its version.
    pub version: Version,
}

/// What a client must be for something: the first versions that can do it.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Of Terraform.
    pub terraform: Version,
    /// Of OpenTofu; `None`: none of them can.
    pub tofu: Option<Version>,
}

/// Actions.
pub const ACTIONS: Since = Since { terraform: (1, 14), tofu: None };

/// The client at hand and all in the folder.
fn all() -> &'static [Client] {
    static ALL: OnceLock<Vec<Client>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = std::env::var_os("QUILT_CLIENTS").map(PathBuf::from);
        let files = folder.iter().flat_map(|folder| {
            let read = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
            read.flatten().map(|entry| entry.path()).filter(|path| path.is_file())
        });
        let mut files: Vec<_> = files.collect();
        files.sort();
        files.insert(0, program().to_owned());
        files.iter().filter_map(|file| client(file)).collect()
    })
}

/// What a program says of itself; `None`: it is no client.
fn client(program: &Path) -> Option<Client> {
    let output = Command::new(program)
        .args(["version"])
        .env("CHECKPOINT_DISABLE", "1")
        .current_dir(std::env::temp_dir())
        .output()
        .ok()?;
    read(&String::from_utf8_lossy(&output.stdout)).map(|(tofu, version)| Client {
        program: program.into(),
        tofu,
        version,
    })
}

/// "Terraform v1.17.0-dev" in two parts.
fn read(text: &str) -> Option<(bool, Version)> {
    let (name, version) = text.lines().next()?.split_once(" v")?;
    let mut numbers = version.split(['.', '-']).map_while(|number| number.parse().ok());
    let tofu = match name {
        "Terraform" => false,
        "OpenTofu" => true,
        _ => return None,
    };
    Some((tofu, (numbers.next()?, numbers.next()?)))
}

/// The clients that can do something. Where there is none, it is said aloud that `what` was not run.
pub fn able(since: Since, what: &str) -> Vec<Client> {
    let can = |client: &&Client| match (client.tofu, since.tofu) {
        (false, _) => client.version >= since.terraform,
        (true, tofu) => tofu.is_some_and(|first| client.version >= first),
    };
    let able: Vec<_> = all().iter().filter(can).cloned().collect();
    if able.is_empty() {
        let (major, minor) = since.terraform;
        let line = format!(
            "\nNOT RUN: {what}: it takes Terraform {major}.{minor}, and QUILT_CLIENTS names no folder with one\n"
        );
        // Past what the test harness keeps to itself.
        std::io::stderr().write_all(line.as_bytes()).expect("there is a terminal or a log");
    }
    able
}

#[test]
fn clients_say_what_they_are() {
    for (text, told) in [
        ("Terraform v1.17.0-dev\non linux_amd64", Some((false, (1, 17)))),
        ("OpenTofu v1.12.6\non linux_amd64", Some((true, (1, 12)))),
        ("bash, version 5", None),
    ] {
        assert_eq!(read(text), told, "{text}");
    }
    assert!(all().iter().any(|client| client.program == program()));
}
