//! How calls are stopped and how the process ends.

use std::process::Stdio;
use std::time::{Duration, Instant};

use quilt_provider::wire::goplugin::Empty;
use quilt_provider::wire::proto::stop_provider;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::client::{Client, Identity, object, thing, told};
use super::{Served, Started, as_terraform_does, program};

async fn waits(
    client: &Client,
    name: &'static str,
) -> tokio::task::JoinHandle<quilt_provider::wire::proto::apply_resource_change::Response> {
    let mut client = client.clone();
    let call = tokio::spawn(async move { client.create(thing([("name", name.into())])).await });
    tokio::time::timeout(Duration::from_millis(200), std::future::pending::<()>())
        .await
        .unwrap_err();
    assert!(!call.is_finished());
    call
}

#[tokio::test]
async fn a_stop_reaches_the_calls_under_way_and_not_the_next() {
    let mut client = Served::start().await.client().await;
    for _ in 0..2 {
        let call = waits(&client, "slow").await;
        let begun = Instant::now();
        client.provider.stop_provider(stop_provider::Request {}).await.unwrap();
        let answer = call.await.unwrap();
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        assert_eq!(told(&answer.diagnostics), [(String::new(), "Thing slow is not finished")]);
        assert_eq!(
            (answer.diagnostics[0].severity, &object(answer.new_state.as_ref())["id"]),
            (2, &"slow".into())
        );
    }
    assert_eq!(told(&client.create(thing([("name", "a".into())])).await.diagnostics), []);
}

#[tokio::test]
async fn the_end_does_not_wait_for_calls_that_never_end() {
    let served = Served::start().await;
    let mut client = served.client().await;
    let call = waits(&client, "deaf").await;
    let begun = Instant::now();
    client.controller.shutdown(Empty {}).await.unwrap();
    served.running.await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    call.abort();
}

#[tokio::test]
async fn the_end_lets_calls_that_can_be_stopped_answer() {
    let served = Served::start().await;
    let mut client = served.client().await;
    let call = waits(&client, "slow").await;
    client.controller.shutdown(Empty {}).await.unwrap();
    assert_eq!(
        told(&call.await.unwrap().diagnostics),
        [(String::new(), "Thing slow is not finished")]
    );
    served.running.await.unwrap();
    assert!(served.life.end.is_cancelled());
}

#[tokio::test]
async fn the_program_ends_when_terraform_is_done() {
    let mut started = Started::start().await;
    let mut client = started.client().await;
    client.controller.shutdown(Empty {}).await.unwrap();
    started.ends_within(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn an_interrupt_is_left_to_terraform() {
    let mut started = Started::start().await;
    let mut client = started.client().await;
    started.signal("-INT").await;
    started.signal("-INT").await;
    tokio::time::timeout(Duration::from_millis(300), started.process.wait()).await.unwrap_err();
    assert!(client.is_served().await);
}

#[tokio::test]
async fn told_to_terminate_it_leaves_within_seconds() {
    let mut started = Started::start().await;
    let mut client = started.client().await;
    started.signal("-TERM").await;
    assert!(client.is_served().await, "answers are still given");
    started.ends_within(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn it_does_not_outlive_terraform() {
    let (identity, dir) = (Identity::new(), tempfile::tempdir().unwrap());
    let mut shell = Command::new("sh");
    as_terraform_does(&mut shell, &identity, &dir);
    // A shell in Terraform's place, which waits for its child.
    let program = program().as_std().get_program().to_owned();
    let mut shell = shell
        .args(["-c", r#""$0"; :"#])
        .arg(program)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut handshake = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut handshake).await.unwrap();
    assert!(Client::connect(&handshake, Some(&identity)).await.is_served().await);
    shell.kill().await.unwrap();
    let begun = Instant::now();
    while dir.path().read_dir().unwrap().count() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "it is still there");
        tokio::time::timeout(Duration::from_millis(50), std::future::pending::<()>())
            .await
            .unwrap_err();
    }
}
