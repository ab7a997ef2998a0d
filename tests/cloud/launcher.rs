//! Starts the engine and ends it with the test binary.

use std::path::Path;
use std::sync::{OnceLock, mpsc};

use super::start::Engine;
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
    let python = Path::new("python3");
    let Engine { mut process, port } = Engine::start(python, Path::new(env!("CARGO_MANIFEST_DIR")))
        .expect("python3, 3.10 or newer, is on the path");
    let _input = process.stdin.take();
    ready.send(port).expect("the first caller waits");
    process.wait().expect("the engine is our child");
}
