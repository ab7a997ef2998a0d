//! One command of Terraform: under way, interrupted, ended.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest any command may take before the test gives up on it.
const LIMIT: Duration = Duration::from_secs(120);

/// Sends a signal by its name to a process, or to a process group by its negative number; false: there is none.
pub fn signal(name: &str, process: i64) -> bool {
    let line = format!("kill -s {name} -- {process} 2>/dev/null");
    Command::new("/bin/sh").args(["-c", &line]).status().is_ok_and(|status| status.success())
}

/// Terraform or OpenTofu: the one `QUILT_TERRAFORM` names, else what is on the path.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let named = std::env::var_os("QUILT_TERRAFORM").map(PathBuf::from);
        let found = named.or_else(|| ["terraform", "tofu"].iter().find_map(|name| on_path(name)));
        found.expect(
            "These tests run Terraform 1.11 or newer, or OpenTofu, and neither is on the path. \
             Install one from https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install, \
             or name the program in QUILT_TERRAFORM.",
        )
    })
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A command under way.
pub struct Running {
    child: Child,
    output: JoinHandle<String>,
    command: String,
}

impl Running {
    /// Starts it in a process group of its own, as a terminal does; standard output and error are one.
    pub fn start(mut command: Command, name: String) -> Self {
        let (mut reader, writer) = std::io::pipe().expect("pipes are to be had");
        let other = writer.try_clone().expect("a pipe's end can be doubled");
        command.process_group(0).stdin(Stdio::null()).stdout(other).stderr(writer);
        let child = command.spawn().unwrap_or_else(|e| panic!("{name}: {e}"));
        let output = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            reader
                .read_to_end(&mut bytes)
                .map(|_| String::from_utf8_lossy(&bytes).into_owned())
                .unwrap_or_default()
        });
        Self { child, output, command: name }
    }

    /// Waits for its end; a command that takes too long is killed and fails the test.
    pub fn wait(mut self) -> Outcome {
        let end = Instant::now() + LIMIT;
        let status = loop {
            match self.child.try_wait().expect("it is our child") {
                Some(status) => break status,
                None if Instant::now() > end => {
                    self.send("KILL", true);
                    panic!(
                        "`{}` did not end:\n{}",
                        self.command,
                        self.output.join().unwrap_or_default()
                    );
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let text = self.output.join().expect("reading does not panic");
        Outcome { code: status.code().unwrap_or(-1), text }
    }

    /// Presses Ctrl-C, and says how long it took until the terminal was back.
    pub fn interrupt(self) -> (Outcome, Duration) {
        let start = Instant::now();
        self.send("INT", true);
        let outcome = self.wait();
        (outcome, start.elapsed())
    }

    /// Sends a signal to the command alone, or to everything it started as well.
    pub fn send(&self, name: &str, group: bool) {
        let pid = i64::from(self.child.id());
        signal(name, if group { -pid } else { pid });
    }

    /// Kills processes with no warning.
    pub fn kill(&self, processes: &[u32]) {
        for pid in processes {
            signal("KILL", i64::from(*pid));
        }
    }
}

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub text: String,
}

impl Outcome {
    /// Fails the test unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.text);
        self
    }

    /// Fails the test unless the command failed.
    #[track_caller]
    pub fn failed(self) -> Self {
        assert_eq!(self.code, 1, "{}", self.text);
        self
    }

    /// Fails the test unless this was printed; how lines are broken does not matter.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(flat(&self.text).contains(&flat(text)), "not said: {text}\n\n{}", self.text);
        self
    }

    /// Fails the test if this was printed.
    #[track_caller]
    pub fn does_not_say(self, text: &str) -> Self {
        assert!(!flat(&self.text).contains(&flat(text)), "said: {text}\n\n{}", self.text);
        self
    }
}

/// A text with every run of white space as one blank.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
