//! What is written for the log.

use std::process::Stdio;

use quilt_provider::wire::goplugin::Empty;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use super::client::{Client, Identity};
use super::{as_terraform_does, program};

/// Everything on stderr of a short life.
async fn log_at(level: Option<&str>) -> String {
    let (identity, dir) = (Identity::new(), tempfile::tempdir().unwrap());
    let mut command = program();
    as_terraform_does(&mut command, &identity, &dir);
    command.envs(level.map(|level| ("TF_LOG", level)));
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut handshake, mut log) = (String::new(), String::new());
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut handshake).await.unwrap();
    Client::connect(&handshake, Some(&identity)).await.controller.shutdown(Empty {}).await.unwrap();
    process.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    log
}

#[tokio::test]
async fn each_line_is_one_that_terraform_reads() {
    let log = log_at(Some("debug")).await;
    assert!(log.contains("Terraform is done"), "{log}");
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let (level, time) =
            (line["@level"].as_str().unwrap(), line["@timestamp"].as_str().unwrap());
        assert!(
            ["error", "warn", "info", "debug"].contains(&level) && line["@message"].is_string(),
            "{line}"
        );
        assert!(time.len() == "2026-01-02T03:04:05.123456Z".len() && time.ends_with('Z'), "{line}");
        assert!(line["@module"].as_str().unwrap().starts_with("quilt"), "{line}");
    }
}

#[tokio::test]
async fn nothing_is_written_for_nobody() {
    assert_eq!(log_at(None).await, "");
    assert_eq!(log_at(Some("error")).await, "");
}
