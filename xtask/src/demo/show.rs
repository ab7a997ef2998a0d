//! What the demo prints: its steps, one line while something runs, and of Terraform's output the lines that tell the story.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Says what comes next.
pub fn step(what: &str) {
    let (bold, plain) = if colour() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    println!("\n{bold}{what}{plain}");
}

/// Says something about the step.
pub fn say(what: &str) {
    println!("  {what}");
}

/// Does something that may take long, with a line that counts the seconds where somebody is looking.
pub fn while_waiting<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let (begun, (done, over)) = (Instant::now(), mpsc::channel::<()>());
    let ticking = io::stdout().is_terminal();
    let line = move |end: &str| {
        print!("{}  {what}: {} s{end}", if ticking { "\r" } else { "" }, begun.elapsed().as_secs());
        io::stdout().flush().ok();
    };
    thread::scope(|scope| {
        if ticking {
            let line = &line;
            scope.spawn(move || {
                while over.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    line("");
                }
            });
        }
        let result = work();
        drop(done);
        result
    })
    .inspect(|_| line("\n"))
    .inspect_err(|_| println!())
}

/// Runs a program whose output is no part of the story, and returns it; a failure shows all of it.
pub fn quietly(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!(
            "{said}{}\n{name} ended with {}",
            String::from_utf8_lossy(&output.stderr),
            output.status
        );
    }
    Ok(said)
}

/// Runs Terraform and shows what it does to each object. `heard` gets every line with the process, and may end it.
pub fn story(command: &mut Command, mut heard: impl FnMut(&str, &Child)) -> anyhow::Result<bool> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let errors = child.stderr.take().context("standard error is a pipe")?;
    let output = child.stdout.take().context("standard output is a pipe")?;
    let complaints = thread::spawn(move || {
        let mut text = String::new();
        BufReader::new(errors).read_to_string(&mut text).map(|_| text)
    });
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(short) = told(&line) {
            say(short);
        }
        heard(&line, &child);
    }
    let complaints = complaints.join().ok().and_then(Result::ok).unwrap_or_default();
    let (status, complaints) = (child.wait()?, complaints.trim());
    if !complaints.is_empty() {
        println!("{complaints}");
    }
    Ok(status.success())
}

/// A line of an apply that says what becomes of an object, without what it is called by, or a warning's title; `None` for all others.
fn told(line: &str) -> Option<&str> {
    const SAID: [&str; 9] = [
        ": Creating...",
        ": Still creating...",
        ": Creation complete",
        ": Modifications complete",
        ": Destroying...",
        ": Still destroying...",
        ": Destruction complete",
        " complete! Resources:",
        "Warning: ",
    ];
    let ours = SAID.iter().any(|said| line.contains(said));
    let named = line.find(" [id=").or_else(|| line.find(" [name="));
    ours.then(|| named.map_or(line, |end| &line[..end]))
}

/// Whether escapes for colour are read by somebody (https://no-color.org).
fn colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_everything_else_are_left_out() {
        let line = "quilt_network.this: Creation complete after 3s [name=quilt]";
        assert_eq!(told(line), Some("quilt_network.this: Creation complete after 3s"));
        assert_eq!(told("  + cidr = \"10.0.0.0/16\""), None);
        assert!(told("Apply complete! Resources: 4 added, 0 changed, 0 destroyed.").is_some());
    }
}
