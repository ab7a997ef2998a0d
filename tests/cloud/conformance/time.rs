//! Time and failure on demand: long operations in seconds, failures so many times, resources that wait for a call, an engine that goes with whoever started it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::QUEUES;
use crate::cloud::{Cloud, Rule};

const BROKEN: &str = "Resource handler returned message: \"broken\"";

/// The cloud's own: forty-five minutes in three seconds, with the stack in progress all the while.
#[test]
fn a_long_creation_passes_quickly() {
    let cloud = Cloud::start();
    cloud.hurry(900.0);
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(45.0 * 60.0));
    let begun = Instant::now();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    assert_eq!(
        cloud.stack("queues").map(|stack| stack.status).as_deref(),
        Some("CREATE_IN_PROGRESS")
    );
    assert_eq!(cloud.settled("queues").status, "CREATE_COMPLETE");
    assert!((2.9..8.0).contains(&begun.elapsed().as_secs_f64()), "{:?}", begun.elapsed());
}

/// The cloud's own: a resource fails as often as told, and then no more.
#[test]
fn failures_come_so_many_times() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN).times(2));
    let ends = [1, 2, 3].map(|_| {
        cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
        cloud.settled("queues").status
    });
    assert_eq!(ends, ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"]);
}

/// Guide, "Create wait conditions in a CloudFormation template": a resource asks for a call, and the stack waits for it.
#[test]
fn a_stack_waits_to_be_called() {
    let body = "Resources:\n  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}\n  \
                Wait: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref Handle, Timeout: '600'}}\n";
    for (word, end) in [("SUCCESS", "CREATE_COMPLETE"), ("FAILURE", "ROLLBACK_COMPLETE")] {
        let cloud = Cloud::start();
        cloud.create_stack("waits", body, &[]).expect("the template is right");
        cloud.until("waits", |_| {
            cloud
                .resources("waits")
                .get("Wait")
                .is_some_and(|wait| wait.status == "CREATE_IN_PROGRESS")
        });
        let signal = [
            ("StackName", "waits"),
            ("LogicalResourceId", "Wait"),
            ("UniqueId", "one"),
            ("Status", word),
        ];
        cloud.query("cloudformation", "SignalResource", &signal).expect("the resource waits");
        assert_eq!(cloud.settled("waits").status, end);
    }
}

/// An engine of our own, behind a shell; its process id, and how long it took to answer.
fn engine() -> (Child, u32, Duration) {
    let launch = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cloud/engine/launch.py");
    let begun = Instant::now();
    let mut shell = Command::new("sh")
        .args(["-c", "exec 3<&0; python3 \"$0\" <&3 & wait", &launch.display().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let mut line = String::new();
    BufReader::new(shell.stdout.take().expect("stdout is piped"))
        .read_line(&mut line)
        .expect("the engine says where it is");
    let said: serde_json::Value =
        serde_json::from_str(&line).unwrap_or_else(|wrong| panic!("{wrong}: {line}"));
    (
        shell,
        said["pid"].as_u64().and_then(|pid| pid.try_into().ok()).expect("it says its process"),
        begun.elapsed(),
    )
}

fn gone(pid: u32) -> bool {
    let end = Instant::now() + Duration::from_secs(5);
    while Path::new(&format!("/proc/{pid}")).exists() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// The cloud's own: nothing is left behind by whoever is killed, nor by whoever closes its input.
#[test]
fn an_engine_goes_with_whoever_started_it() {
    let (mut shell, pid, took) = engine();
    shell.kill().expect("it runs");
    assert_eq!(shell.wait().expect("it is our child").signal(), Some(9));
    assert!(gone(pid), "{pid} outlives a killed parent");
    assert!(took < Duration::from_secs(10), "it took {took:?} to answer");
    let (mut shell, pid, _) = engine();
    drop(shell.stdin.take());
    assert!(gone(pid), "{pid} outlives its input");
    shell.wait().expect("it is our child");
}
