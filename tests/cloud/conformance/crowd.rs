//! Accounts do not feel each other, however many work at once.

use std::process::{Command, Stdio};
use std::thread;

use crate::cloud::Cloud;

const NETWORK: &str = r"
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  First: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Second: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
";

/// The engine's stores alone, walked and changed at the worst moments.
#[test]
fn stores_are_walked_while_others_change_them() {
    let launch = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cloud/engine/launch.py");
    let mut process = Command::new("python3")
        .args([launch, "--hammer"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _held = process.stdin.take();
    let done = process.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn networks_come_and_go_in_many_accounts_at_once() {
    let accounts: Vec<_> = (0..8).map(|_| thread::spawn(come_and_go)).collect();
    for account in accounts {
        account.join().expect("no account felt another");
    }
}

fn come_and_go() {
    let cloud = Cloud::start();
    for _ in 0..3 {
        let id = cloud.create_stack("network", NETWORK, &[]).expect("nothing forbids it");
        let answers = (0..10).map(|_| {
            ["DescribeVpcs", "DescribeSubnets"].map(|action| cloud.query("ec2", action, &[]))
        });
        assert!(answers.flatten().all(|answer| answer.is_ok()));
        assert_eq!(cloud.settled(&id).status, "CREATE_COMPLETE");
        cloud.query("cloudformation", "DeleteStack", &[("StackName", &id)]).expect("it may go");
        assert_eq!(cloud.settled(&id).status, "DELETE_COMPLETE");
    }
}
