//! Other clients than the one at hand: those of the folder that `QUILT_CLIENTS` names, one program each, of any version.

use std::fmt;
use std::io::Write;
use std::ops::RangeInclusive;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

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

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.version;
        write!(f, "{} {major}.{minor}", name(self.tofu))
    }
}

fn name(tofu: bool) -> &'static str {
    if tofu { "OpenTofu" } else { "Terraform" }
}

/// What a client must be for something: the first versions that can do it.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Of Terraform.
    pub terraform: Version,
    /// Of OpenTofu; `None`: none of them can.
    pub tofu: Option<Version>,
}

/// What the provider asks of any client.
pub const ANY: Since = Since { terraform: (1, 5), tofu: Some((1, 8)) };

/// Actions.
pub const ACTIONS: Since = Since { terraform: (1, 14), tofu: None };

/// Resource identity, and `import` by it.
pub const IDENTITY: Since = Since { terraform: (1, 12), tofu: Some((1, 12)) };

/// `terraform query`, and the configuration that the provider writes.
pub const QUERY: Since = Since { terraform: (1, 14), tofu: None };

/// A `moved` block from another provider's type.
pub const MOVES: Since = Since { terraform: (1, 8), tofu: Some((1, 10)) };

/// What the first plan of a change remembers is handed to the second one, within the apply.
pub const HANDS_ON: Since = Since { terraform: (1, 16), tofu: None };

/// `lifecycle { destroy = false }`.
pub const KEEPS: Since = Since { terraform: (1, 16), tofu: Some((1, 12)) };

/// A plan from the state, before anything is looked at: `-minimal-refresh`.
pub const MINIMAL: Since = Since { terraform: (1, 17), tofu: None };

/// The client at hand and all in the folder.
fn all() -> &'static [Client] {
    static ALL: OnceLock<Vec<Client>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = std::env::var_os("QUILT_CLIENTS")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from);
        let mut files: Vec<_> = folder.iter().flat_map(|folder| programs(folder)).collect();
        files.sort();
        files.insert(0, program().to_owned());
        files.iter().filter_map(|file| client(file)).collect()
    })
}

fn programs(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
    let is_program = |path: &PathBuf| {
        path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
    };
    read.flatten().map(|entry| entry.path()).filter(is_program).collect()
}

/// What a program says of itself; `None`: it is no client.
fn client(program: &Path) -> Option<Client> {
    let output = Command::new(program)
        .args(["version"])
        // Settings of this machine, and what the program has to say of them, are none of ours.
        .env_clear()
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

/// The clients that can do something. For a program of which none can it is said aloud that `what` was not run by it, and how often so far.
pub fn able(since: Since, what: &str) -> Vec<Client> {
    let first = |tofu: bool| if tofu { since.tofu } else { Some(since.terraform) };
    let can = |client: &&Client| first(client.tofu).is_some_and(|first| client.version >= first);
    let able: Vec<_> = all().iter().filter(can).cloned().collect();
    for tofu in [false, true] {
        if let (Some(first), true) = (first(tofu), able.iter().all(|client| client.tofu != tofu)) {
            not_run(what, tofu, first);
        }
    }
    able
}

fn not_run(what: &str, tofu: bool, (major, minor): Version) {
    static SO_FAR: AtomicUsize = AtomicUsize::new(0);
    let so_far = SO_FAR.fetch_add(1, Ordering::Relaxed) + 1;
    let line = format!(
        "\nNOT RUN ({so_far} so far): {what}: it takes {} {major}.{minor}, and QUILT_CLIENTS names no folder with one\n",
        name(tofu)
    );
    // Past what the test harness keeps to itself.
    std::io::stderr().write_all(line.as_bytes()).expect("there is a terminal or a log");
}

/// The versions that the provider is for, by their second number.
const FOR: [(bool, RangeInclusive<u32>); 2] = [(false, 5..=17), (true, 8..=13)];

/// Says of each version that the provider is for, and that is not at hand, that `what` was not run by it.
pub fn say_which_lack(what: &str) {
    for (tofu, minors) in FOR {
        let at_hand = |minor: u32| all().iter().any(|c| c.tofu == tofu && c.version == (1, minor));
        for minor in minors.filter(|minor| !at_hand(*minor)) {
            not_run(what, tofu, (1, minor));
        }
    }
}

/// Runs a test by every client that can do what it needs.
pub fn by_each(since: Since, what: &str, test: impl Fn(&Client)) {
    for client in able(since, what) {
        drop(writeln!(std::io::stderr(), "{what}: {client}"));
        test(&client);
    }
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
