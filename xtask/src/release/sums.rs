//! The manifest, the sums of all that a registry hands out, and their signature.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Release;
use super::platform::Platform;

/// The passphrase of the key, where it has one. A process's arguments can be read by others, so it goes another way.
const PASSPHRASE: &str = "GPG_PASSPHRASE";
/// RSA and DSA, by their numbers in OpenPGP: Terraform's registry takes no other keys.
const TAKEN: [&str; 2] = ["1", "17"];

/// The SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the manifest and the sums, and signs these.
pub fn write(
    archives: &[(Platform, String, Vec<u8>)],
    release: &Release,
    key: Option<&str>,
) -> anyhow::Result<()> {
    let manifest = json!({"version": 1, "metadata": {"protocol_versions": ["6.0"]}});
    let manifest = (release.name("manifest.json"), format!("{manifest:#}\n"));
    release.write(&manifest.0, manifest.1.as_bytes())?;
    let mut lines: Vec<_> =
        archives.iter().map(|(_, name, zip)| format!("{}  {name}\n", sha256(zip))).collect();
    lines.push(format!("{}  {}\n", sha256(manifest.1.as_bytes()), manifest.0));
    release.write(&release.name("SHA256SUMS"), lines.concat().as_bytes())?;
    key.map_or(Ok(()), |key| sign(release, key))
}

/// Signs with gpg, and has it look at what it made.
fn sign(release: &Release, key: &str) -> anyhow::Result<()> {
    check(key)?;
    let (sums, signature) = (release.name("SHA256SUMS"), release.name("SHA256SUMS.sig"));
    let passphrase = std::env::var(PASSPHRASE).ok();
    let mut sign = gpg(release);
    if passphrase.is_some() {
        sign.args(["--pinentry-mode", "loopback", "--passphrase-fd", "0"]);
    }
    sign.args(["--local-user", key, "--output", &signature, "--detach-sign", &sums]);
    say(sign, &passphrase.unwrap_or_default())?;
    let mut verify = gpg(release);
    verify.args(["--verify", &signature, &sums]);
    say(verify, "").map(drop)
}

/// A key that Terraform's registry would refuse is refused here.
fn check(key: &str) -> anyhow::Result<()> {
    let mut list = Command::new("gpg");
    list.args(["--batch", "--with-colons", "--list-secret-keys", "--", key]);
    let told = say(list, "").with_context(|| format!("gpg has no secret key {key}"))?;
    let kind =
        told.lines().find(|line| line.starts_with("sec:")).and_then(|line| line.split(':').nth(3));
    ensure!(
        kind.is_some_and(|kind| TAKEN.contains(&kind)),
        "the key {key} is neither RSA nor DSA, and Terraform's registry takes no other. Make one by `gpg --quick-generate-key NAME rsa4096 sign`."
    );
    Ok(())
}

fn gpg(release: &Release) -> Command {
    let mut gpg = Command::new("gpg");
    gpg.args(["--batch", "--quiet", "--no-tty"]).current_dir(&release.folder);
    gpg
}

/// Runs gpg with this on its standard input; its own words are the error.
fn say(mut command: Command, input: &str) -> anyhow::Result<String> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        piped.spawn().context("gpg cannot be started. Install GnuPG, or leave out --gpg-key.")?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read has said by its end what it thinks of it.
        drop(stdin.write_all(input.as_bytes()));
    }
    let done = child.wait_with_output()?;
    if !done.status.success() {
        bail!("gpg: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
