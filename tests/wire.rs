//! The wire as Terraform meets it: who is let in, what is answered, how it ends.
#![cfg(unix)]

mod calls;
pub mod client;
mod functions;
mod identities;
mod life;
mod log;
mod rules;
mod strangers;
mod thing;
mod unserved;

use std::process::Stdio;
use std::time::Duration;

use quilt_provider::provider::Provider;
use quilt_provider::wire::{Caller, Life, Server};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use client::{Client, Identity};

const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// A server within the test, with a resource of the test's own.
pub struct Served {
    handshake: String,
    identity: Identity,
    life: Life,
    running: JoinHandle<()>,
}

impl Served {
    async fn start() -> Self {
        Self::with(|caller| caller).await
    }

    /// A server of another provider.
    pub async fn of(provider: Provider) -> Self {
        Self::open(provider, |caller| caller).await
    }

    async fn with(change: impl FnOnce(Caller) -> Caller) -> Self {
        let mut provider = Provider::default();
        provider.served.resources = vec![Box::new(thing::Thing)];
        Self::open(provider, change).await
    }

    async fn open(provider: Provider, change: impl FnOnce(Caller) -> Caller) -> Self {
        let (identity, life) = (Identity::new(), Life::default());
        let caller = change(Caller { certificate: Some(identity.pem()), ..Caller::default() });
        let server = Server::open(provider, &caller, life.clone()).unwrap();
        let handshake = server.handshake();
        let running = tokio::spawn(async move { server.run().await.unwrap() });
        Self { handshake, identity, life, running }
    }

    pub async fn client(&self) -> Client {
        Client::connect(&self.handshake, Some(&self.identity)).await
    }
}

/// The program itself, started as Terraform starts it.
struct Started {
    process: Child,
    handshake: String,
    identity: Identity,
    dir: tempfile::TempDir,
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-quilt"));
    command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command
}

fn as_terraform_does(command: &mut Command, identity: &Identity, dir: &tempfile::TempDir) {
    command.envs([
        COOKIE,
        ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
        ("PLUGIN_MIN_PORT", "10000"),
        ("PLUGIN_MAX_PORT", "25000"),
    ]);
    command.env("PLUGIN_CLIENT_CERT", identity.pem()).env("TMPDIR", dir.path());
}

impl Started {
    async fn start() -> Self {
        let (identity, dir) = (Identity::new(), tempfile::tempdir().unwrap());
        let mut command = program();
        as_terraform_does(&mut command, &identity, &dir);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut handshake = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut handshake).await.unwrap();
        Self { process, handshake, identity, dir }
    }

    async fn client(&self) -> Client {
        Client::connect(&self.handshake, Some(&self.identity)).await
    }

    async fn signal(&self, name: &str) {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args([name, &id]).status().await.unwrap().success());
    }

    /// It ends by itself within `limit`, and leaves nothing behind.
    async fn ends_within(&mut self, limit: Duration) {
        let status = tokio::time::timeout(limit, self.process.wait())
            .await
            .expect("it is still there")
            .unwrap();
        assert!(status.success(), "{status}");
        assert_eq!(
            self.dir.path().read_dir().unwrap().count(),
            0,
            "something was left in the folder of the socket"
        );
    }
}
