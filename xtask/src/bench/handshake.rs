//! The time from starting the provider to the line by which it tells Terraform where it listens.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

use super::{median, process};

const STARTS: usize = 21;
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Somebody who starts providers as Terraform does, with a client certificate like Terraform's.
pub struct Caller {
    folder: PathBuf,
    certificate: String,
}

impl Caller {
    /// Makes the certificate: self-signed, on the curve P-521.
    pub fn new(folder: &Path) -> anyhow::Result<Self> {
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-521",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
            ])
            .args(["-keyout", "key.pem", "-out", "certificate.pem"])
            .current_dir(folder)
            .output()
            .context("openssl cannot be started, and it makes the client certificate. Install it (on most systems the package openssl)")?;
        if !made.status.success() {
            bail!("openssl made no client certificate:\n{}", String::from_utf8_lossy(&made.stderr));
        }
        Ok(Self {
            folder: folder.to_owned(),
            certificate: fs::read_to_string(folder.join("certificate.pem"))?,
        })
    }

    /// Milliseconds to the handshake, and MiB resident there; the memory is none where it cannot be measured.
    pub fn measure(&self, binary: &Path) -> anyhow::Result<(f64, Option<f64>)> {
        let starts: Vec<_> =
            (0..STARTS).map(|_| self.start(binary)).collect::<anyhow::Result<_>>()?;
        let resident: Option<Vec<f64>> = starts.iter().map(|(_, resident)| *resident).collect();
        Ok((median(starts.iter().map(|(taken, _)| *taken).collect()), resident.map(median)))
    }

    fn start(&self, binary: &Path) -> anyhow::Result<(f64, Option<f64>)> {
        let start = Instant::now();
        let mut provider = self
            .command(binary)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let line = first_line(&mut provider);
        let taken = start.elapsed().as_secs_f64() * 1e3;
        let resident = process::resident(provider.id());
        provider.kill()?;
        provider.wait()?;
        match line? {
            line if line.starts_with("1|6|") => Ok((taken, resident)),
            line => bail!("{} did not say where it listens, but {line:?}", binary.display()),
        }
    }

    fn command(&self, binary: &Path) -> Command {
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env("HOME", &self.folder)
            .env("TMPDIR", &self.folder)
            .env(COOKIE.0, COOKIE.1);
        command.envs([
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
        ]);
        command.env("PLUGIN_CLIENT_CERT", &self.certificate);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }
}

fn first_line(provider: &mut Child) -> anyhow::Result<String> {
    let mut line = String::new();
    BufReader::new(provider.stdout.take().context("standard output is piped")?)
        .read_line(&mut line)?;
    Ok(line)
}
