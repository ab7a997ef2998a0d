//! Starts the engine and ends it with the test binary.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};

use super::weather::Proxy;

/// The engine's port; the first caller starts it.
pub fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let (ready, wait) = mpsc::channel();
        std::thread::spawn(move || live(ready));
        wait.recv().expect("the engine said on standard error why it did not start")
    })
}

/// The weather in front of the engine, through which everything but the tests' own calls goes.
pub fn proxy() -> &'static Proxy {
    static PROXY: OnceLock<Proxy> = OnceLock::new();
    PROXY.get_or_init(|| Proxy::start(port()).expect("a loopback port is free"))
}

/// Runs the engine on a thread that never ends: Linux kills a child when the thread that started it dies, and its standard input is held here.
fn live(ready: mpsc::Sender<u16>) {
    let launch = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cloud/engine/launch.py");
    let mut engine = Command::new("python3")
        .arg(launch)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3, 3.10 or newer, is on the path");
    let input = engine.stdin.take();
    let mut line = String::new();
    BufReader::new(engine.stdout.take().expect("stdout is piped")).read_line(&mut line).expect("the engine's output is text");
    let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
    if let Some(port) = said["port"].as_u64().and_then(|port| u16::try_from(port).ok()) {
        ready.send(port).expect("the first caller waits");
    }
    drop(ready);
    engine.wait().expect("the engine is our child");
    drop(input);
}
