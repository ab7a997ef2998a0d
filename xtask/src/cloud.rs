//! The test cloud for a person: AWS's APIs on a free loopback port until Ctrl-C, in fair weather or foul.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;

use anyhow::Context;

use crate::programs;
use crate::start::{Engine, environment};
use crate::weather::{Forecast, Proxy};

/// The account of whoever names no other.
pub const ACCOUNT: &str = "123456789012";

/// A running test cloud; it ends when this is dropped or this program ends.
pub struct Cloud {
    engine: Child,
    endpoint: String,
}

impl Cloud {
    /// Starts it; the first start ever installs its Python packages.
    pub fn start() -> anyhow::Result<Self> {
        eprintln!("Starting the test cloud (the first time takes a minute) …");
        let Engine { process, port } = Engine::start(&programs::python()?, crate::root())?;
        Ok(Self { engine: process, endpoint: format!("http://127.0.0.1:{port}") })
    }

    /// Puts weather in front of it.
    fn weather(&mut self, forecast: &Forecast) -> anyhow::Result<()> {
        self.ask("PUT", "/_cloud/plan", &serde_json::to_vec(&forecast.plan)?)?;
        let port = self
            .address()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .context("the cloud listens on a port")?;
        let proxy = Proxy::start(port)?;
        proxy.set("", forecast)?;
        self.endpoint = format!("http://127.0.0.1:{}", proxy.port());
        Ok(())
    }

    /// What a program needs in its environment to use this cloud and nothing else.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        environment(ACCOUNT, &self.endpoint)
    }

    /// Values for the variables of `examples/complete` that fit a template, as JSON.
    pub fn values_for(&self, template: &Path) -> anyhow::Result<String> {
        let body =
            fs::read(template).with_context(|| format!("{} cannot be read", template.display()))?;
        self.ask("POST", "/_cloud/example", &body).with_context(|| {
            format!("{} is not a template: CloudFormation would not read it", template.display())
        })
    }

    /// Where it listens, as `host:port`.
    pub fn address(&self) -> &str {
        self.endpoint.trim_start_matches("http://")
    }

    /// Steers or questions the cloud itself; anything but 200 is an error.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(self.address())?;
        stream.write_all(
            format!("{method} {path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n", body.len())
                .as_bytes(),
        )?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.split_once("\r\n\r\n") {
            Some((head, said))
                if head.lines().next().is_some_and(|status| status.contains(" 200")) =>
            {
                Ok(said.to_owned())
            }
            _ => anyhow::bail!("the test cloud did not do {method} {path}: {answer}"),
        }
    }

    /// Waits until it ends, which by itself it never does.
    pub fn wait(mut self) -> anyhow::Result<()> {
        // Waiting closes the child's input, and the engine ends with its input.
        let _input = self.engine.stdin.take();
        self.engine.wait()?;
        Ok(())
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.engine.stdin.take());
        drop(self.engine.wait());
    }
}

/// Prints the environment as `export` lines and stays until Ctrl-C.
pub fn run(weather: Option<&Path>) -> anyhow::Result<()> {
    let forecast = weather.map(read).transpose()?;
    let mut cloud = Cloud::start()?;
    if let Some(forecast) = &forecast {
        cloud.weather(forecast)?;
    }
    for (name, value) in cloud.env() {
        println!("export {name}={value}");
    }
    eprintln!(
        "The access key is the account's number: take any other twelve digits for another account. Ctrl-C ends the cloud and all that is in it."
    );
    cloud.wait()
}

fn read(file: &Path) -> anyhow::Result<Forecast> {
    let text = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no weather", file.display()))
}
