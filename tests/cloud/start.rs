//! The engine as a process, and the environment in which a program reaches it and nothing else. `cargo xtask cloud` compiles this file too.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The region everything happens in.
pub const REGION: &str = "us-east-1";

/// A running engine. It ends when its standard input is closed or its parent dies.
pub struct Engine {
    pub process: Child,
    pub port: u16,
}

impl Engine {
    /// Starts it from this checkout and waits until it answers; what went wrong it says on standard error itself.
    pub fn start(python: &Path, checkout: &Path) -> io::Result<Self> {
        let launch = checkout.join("tests/cloud/engine/launch.py");
        let mut process = Command::new(python)
            .arg(launch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (mut line, output) =
            (String::new(), process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
        BufReader::new(output).read_line(&mut line)?;
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        match said["port"].as_u64().and_then(|port| u16::try_from(port).ok()) {
            Some(port) => Ok(Self { process, port }),
            None => {
                process.wait()?;
                Err(io::Error::other("the test cloud did not start; what it said is above"))
            }
        }
    }
}

/// What a program's environment must hold so that it works in this account of the cloud; the access key is the account.
pub fn environment(account: &str, endpoint: &str) -> Vec<(&'static str, String)> {
    let all = [
        ("AWS_ACCESS_KEY_ID", account),
        ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "/nonexistent"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
        ("NO_PROXY", "127.0.0.1"),
    ];
    all.map(|(name, value)| (name, value.to_owned())).into()
}
