//! `quilt_stack`: what is met while it is made, changed and deleted.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use super::stack::{config, quilt};
use crate::aws::fake::{Fake, Login};
use crate::cloudformation::changes::{Action, Change, Progress, Proposal, Replacement};
use crate::cloudformation::stack::Part;
use crate::cloudformation::status::Status;
use crate::cx::{ByHand, Settings};
use crate::outcome::AwsErrorKind;

pub fn begun(title: &'static str) -> Scene {
    scene("quilt_stack", title)
}

/// A stack that is there, whose protection is off or on.
fn made(title: &'static str, protected: bool) -> Scene {
    begun(title).made(config(json!({ "enable_termination_protection": protected })))
}

pub fn open(more: Json) -> Json {
    config(with(json!({ "enable_termination_protection": false }), more))
}

/// Where this program lies is known.
fn by_hand(settings: &mut Settings) {
    let program = ".terraform/providers/…/terraform-provider-quilt_v1.2.3".into();
    settings.by_hand = Some(ByHand { program, options: vec![("profile", "prod".into())] });
}

fn bigger() -> Json {
    open(json!({ "parameters": { "Size": "huge" } }))
}

/// A stack that gives out an address.
fn linked(title: &'static str) -> Scene {
    begun(title).over(|fake| fake.outputs(&[("Url", "https://quilt")])).made(open(json!({})))
}

fn change(logical_id: &str, kind: &str, action: Action, replacement: Replacement) -> Change {
    Change {
        action,
        logical_id: logical_id.into(),
        kind: kind.into(),
        replacement,
        ..Change::default()
    }
}

fn failed(status: &'static str, reason: &'static str) -> impl Fn(Fake) -> Fake {
    move |fake| fake.script(&[status]).event("Search", status_of(status), reason)
}

fn status_of(status: &str) -> &'static str {
    if status.contains("ROLLBACK") && status.starts_with("UPDATE") {
        "UPDATE_FAILED"
    } else {
        "CREATE_FAILED"
    }
}

pub fn scenes() -> Vec<Scene> {
    let mut all = creations();
    all.extend(refusals());
    all.extend(changes());
    all.extend(standings());
    all.extend(deletions());
    all
}

fn creations() -> Vec<Scene> {
    let causes = [
        (
            "The account has no address left",
            "The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400, Request ID: 1)",
        ),
        (
            "The region has no room for one more trail",
            "User: 123456789012 already has 5 trails in us-east-1. (Service: CloudTrail, Status Code: 400, Request ID: 1)",
        ),
        (
            "A task does not start",
            "Resource handler returned message: \"Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.\"",
        ),
        (
            "A bucket's name is taken",
            "Resource of type 'AWS::S3::Bucket' with identifier 'prod-analytics' already exists.",
        ),
        (
            "A quota is reached",
            "You have reached the maximum number of VPCs (5). (Service: Ec2, Status Code: 400, Request ID: 1; Error Code: VpcLimitExceeded)",
        ),
        (
            "A service-linked role is missing",
            "Before you can proceed, you must enable a service-linked role to give Amazon OpenSearch Service permissions to access your VPC.",
        ),
        (
            "The load balancer does not take the certificate",
            "Certificate 'arn:aws:acm:us-east-1:123456789012:certificate/1' is not valid. (Error Code: UnsupportedCertificate)",
        ),
        (
            "AWS has no room for the instance",
            "We currently do not have sufficient db.m5.large capacity in the Availability Zones with supported subnets (Error Code: InsufficientDBInstanceCapacity)",
        ),
        (
            "AWS throttles CloudFormation",
            "Rate exceeded (Service: Ecs, Status Code: 400, Request ID: 1; Error Code: ThrottlingException)",
        ),
        (
            "CloudFormation may not make something",
            "User: arn:aws:iam::123456789012:user/me is not authorized to perform: es:CreateDomain (Error Code: AccessDenied)",
        ),
    ];
    let mut all: Vec<_> = causes
        .map(|(title, reason)| {
            begun(title).over(failed("ROLLBACK_COMPLETE", reason)).apply(config(json!({})))
        })
        .into();
    all.extend([
        begun("Quilt is to be made").under(by_hand).plan(quilt(json!({}), json!({}))),
        begun("A stack of the name exists")
            .over(|fake| fake.existing("prod", "CREATE_COMPLETE"))
            .apply(config(json!({}))),
        begun("The creation failed and the stack is left")
            .over(failed("CREATE_FAILED", "No zones"))
            .apply(config(json!({ "on_failure": "DO_NOTHING" }))),
        begun("The creation failed and the stack is deleted")
            .over(failed("DELETE_COMPLETE", "No zones"))
            .apply(config(json!({ "on_failure": "DELETE" }))),
        begun("The creation failed, and the plan after it")
            .over(failed("ROLLBACK_COMPLETE", "No zones"))
            .apply(config(json!({})))
            .plan(config(json!({}))),
        begun("Ctrl-C during a creation")
            .over(|fake| fake.script(&["CREATE_IN_PROGRESS"; 50]))
            .stop_after(20)
            .apply(config(json!({})))
            .plan(config(json!({}))),
        begun("A creation takes longer than it may")
            .over(|fake| fake.script(&["CREATE_IN_PROGRESS"; 5000]))
            .apply(config(json!({ "timeouts": { "create": "1h" } }))),
        begun("The state was lost after a creation")
            .made(config(json!({})))
            .forget_state()
            .plan(config(json!({}))),
        begun("An earlier apply was killed, and the stack is still being created")
            .over(|fake| fake.script(&["CREATE_IN_PROGRESS"; 50]))
            .stop_after(20)
            .apply(config(json!({})))
            .forget()
            .forget_state()
            .plan(config(json!({}))),
        begun("The administrator's secret is somebody else's")
            .over(|fake| fake.holding("prod-admin-password", "x"))
            .apply(quilt(
                json!({ "AdminPassword": { "Type": "String", "NoEcho": true } }),
                json!({}),
            )),
    ]);
    all
}

/// What AWS may say to any call.
fn refusals() -> Vec<Scene> {
    let kinds = [
        ("The creation is not allowed", AwsErrorKind::Denied),
        ("The credentials have expired during a creation", AwsErrorKind::Credentials),
        ("The clock is wrong", AwsErrorKind::Clock),
        ("AWS does not answer", AwsErrorKind::Later),
        ("The account may have no more stacks", AwsErrorKind::Quota),
        ("CloudFormation finds the request wrong", AwsErrorKind::Invalid),
        ("CloudFormation says that something is gone", AwsErrorKind::Gone),
    ];
    let mut all: Vec<_> = kinds
        .map(|(title, kind)| {
            begun(title).over(move |fake| fake.fail("create", kind)).apply(config(json!({})))
        })
        .into();
    all.push(
        begun("The plan of a creation may not look")
            .over(|fake| fake.fail("find", AwsErrorKind::Denied))
            .plan(config(json!({}))),
    );
    all.push(
        begun("AWS cannot be reached by the plan of a creation")
            .over(|fake| fake.fail("find", AwsErrorKind::Later))
            .plan(config(json!({}))),
    );
    all.push(
        made("A refresh may not look", false)
            .world(|fake| fake.fail("find", AwsErrorKind::Denied))
            .plan(open(json!({}))),
    );
    all.push(
        made("A refresh finds another account", false)
            .world(|fake| {
                fake.signed_in(Login::To("210987654321"));
                fake
            })
            .plan(open(json!({}))),
    );
    all
}

fn changes() -> Vec<Scene> {
    let would = |changes: fn() -> Vec<Change>| move |fake: Fake| fake.would(changes());
    let topic = || vec![change("T", "AWS::SNS::Topic", Action::Modify, Replacement::Never)];
    let bucket = || vec![change("Data", "AWS::S3::Bucket", Action::Modify, Replacement::Always)];
    let tasks = || {
        ["Bulk", "Registry", "Tabulator"]
            .map(|id| change(id, "AWS::ECS::TaskDefinition", Action::Modify, Replacement::Perhaps))
            .into()
    };
    let policy = |effect: &str| {
        json!({ "Statement": [{ "Effect": effect, "Action": "Update:*", "Principal": "*", "Resource": "*" }] }).to_string()
    };
    vec![
        made("An update changes a resource", false)
            .under(by_hand)
            .world(would(topic))
            .plan(bigger()),
        made("An update perhaps replaces task definitions", false)
            .world(would(tasks))
            .plan(bigger()),
        made("An update would replace a bucket", false).world(would(bucket)).plan(bigger()),
        made("An update would replace a bucket, and may", false)
            .world(would(bucket))
            .plan(with(bigger(), json!({ "allow_replacement": ["Data"] }))),
        made("What may be replaced is not in the template", false)
            .world(would(bucket))
            .plan(with(bigger(), json!({ "allow_replacement": ["t"] }))),
        made("No change set may be made", false)
            .world(|fake| fake.fail("propose", AwsErrorKind::Denied))
            .plan(bigger()),
        made("A value is known only during the apply", false)
            .plan(with(bigger(), json!({ "parameters": { "Size": "?" } }))),
        made("The apply meets what the plan did not show", false)
            .world(would(topic))
            .world(would(bucket))
            .apply(bigger()),
        made("A value that is written no more stays", false)
            .plan(open(json!({ "parameters": {} }))),
        made("Another template is refused by the stack policy", false)
            .made(open(json!({ "policy_body": policy("Deny") })))
            .world(would(topic))
            .plan(with(bigger(), json!({ "policy_body": policy("Deny") }))),
        made("An update is rolled back", false)
            .world(failed("UPDATE_ROLLBACK_COMPLETE", "No capacity"))
            .apply(bigger()),
        made("An update fails and is not rolled back", false)
            .world(failed("UPDATE_FAILED", "No capacity"))
            .apply(with(bigger(), json!({ "disable_rollback": true }))),
        made("An update's rollback fails", false)
            .world(failed("UPDATE_ROLLBACK_FAILED", "No capacity"))
            .apply(bigger()),
        linked("An update leaves something behind")
            .world(|fake| {
                fake.leaves("Data", "data-1", "The bucket you tried to delete is not empty")
            })
            .apply(bigger()),
        linked("Other topics are nothing to CloudFormation")
            .world(|fake| {
                let nothing = Proposal { progress: Progress::Empty, changes: vec![] };
                fake.compares(vec![nothing]).fail("update", AwsErrorKind::NoChange)
            })
            .apply(open(
                json!({ "notification_arns": ["arn:aws:sns:us-east-1:123456789012:new"] }),
            )),
        made("Ctrl-C during an update", false)
            .world(|fake| fake.script(&["UPDATE_IN_PROGRESS"; 50]))
            .stop_after(20)
            .apply(bigger()),
        made("An update takes longer than it may", false)
            .world(|fake| fake.script(&["UPDATE_IN_PROGRESS"; 5000]))
            .apply(with(bigger(), json!({ "timeouts": { "update": "1h" } }))),
        begun("A secret in the state")
            .made(open(json!({})))
            .plan(open(json!({ "parameters": { "Secret": "new" } }))),
        begun("A secret changes, and its version does not")
            .over(|fake| fake.secret("Secret"))
            .made(open(json!({ "parameters_wo": { "Secret": "one" }, "parameters_wo_version": 1 })))
            .plan(open(json!({ "parameters_wo": { "Secret": "two" } }))),
    ]
}

fn standings() -> Vec<Scene> {
    let becomes = |title, status: &'static str, more: Json| {
        made(title, false)
            .world(move |fake| {
                fake.becomes("prod", status);
                fake
            })
            .plan(open(more))
    };
    let part = || Part {
        logical_id: "Db".into(),
        kind: "AWS::RDS::DBInstance".into(),
        status: Status::from("UPDATE_FAILED"),
        ..Part::default()
    };
    let stuck = |title, more: Json| {
        made(title, false)
            .world(move |fake| {
                fake.becomes("prod", "UPDATE_ROLLBACK_FAILED");
                fake.stands("prod", part())
            })
            .plan(with(bigger(), more))
    };
    vec![
        becomes("A change set left an empty shell", "REVIEW_IN_PROGRESS", json!({})),
        begun("An empty shell has the name")
            .over(|fake| fake.existing("prod", "REVIEW_IN_PROGRESS"))
            .plan(config(json!({}))),
        becomes("The stack was rolled back", "ROLLBACK_COMPLETE", json!({})),
        becomes("The stack is being deleted", "DELETE_IN_PROGRESS", json!({})),
        becomes("The stack's deletion failed", "DELETE_FAILED", json!({})),
        becomes("The stack is being updated", "UPDATE_IN_PROGRESS", json!({})),
        becomes(
            "The stack's update failed, without a rollback",
            "UPDATE_FAILED",
            json!({ "parameters": { "Size": "huge" } }),
        ),
        stuck("The stack's rollback failed", json!({})),
        stuck(
            "The stack's rollback failed, and is to go on",
            json!({ "on_rollback_failed": "continue", "rollback_resources_to_skip": ["Db"] }),
        ),
        stuck(
            "The stack's rollback failed, and all of it is to be skipped",
            json!({ "on_rollback_failed": "force_rollback" }),
        ),
    ]
}

fn deletions() -> Vec<Scene> {
    let undeletable = |fake: Fake| {
        fake.script(&["DELETE_IN_PROGRESS", "DELETE_FAILED"])
            .part("prod", "Data", "AWS::S3::Bucket", "prod-data")
            .event("Data", "DELETE_FAILED", "The bucket you tried to delete is not empty")
    };
    vec![
        made("A protected stack is destroyed", true).destroy(),
        begun("A protected stack is to go in express mode")
            .plan(config(json!({ "express_deletion": true }))),
        begun("A stack to throw away is destroyed")
            .made(open(json!({ "express_deletion": true })))
            .destroy(),
        begun("A stack to throw away holds a database")
            .over(|fake| fake.part("prod", "Db", "AWS::RDS::DBInstance", "db-1"))
            .made(open(json!({ "express_deletion": true })))
            .destroy(),
        made("A protected stack gets another name", true).plan(config(json!({ "name": "other" }))),
        made("A protected stack goes to another region", true)
            .plan(config(json!({ "region": "eu-west-1" }))),
        made("A stack gets another name", false).plan(open(json!({ "name": "other" }))),
        made("A stack's bucket cannot be deleted", false).world(undeletable).destroy(),
        made("A deletion is not allowed", false)
            .world(|fake| fake.fail("delete", AwsErrorKind::Denied))
            .destroy(),
        begun("A stack's buckets may be emptied")
            .made(open(json!({ "empty_buckets": true })))
            .world(|fake| fake.part("prod", "Data", "AWS::S3::Bucket", "prod-data"))
            .destroy(),
        made("A stack cannot be looked at before it is destroyed", true)
            .world(|fake| fake.fail("find", AwsErrorKind::Later))
            .destroy(),
    ]
}
