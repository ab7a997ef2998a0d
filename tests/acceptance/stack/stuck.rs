//! Stacks that are stuck: a rollback that failed is continued, a deletion that failed is repeated, as people say and not otherwise.

use serde_json::json;

use super::THIS;
use crate::acceptance::terraform::{DESTROY, Project};
use crate::acceptance::{BROKEN, free, queues, writes};
use crate::cloud::{Cloud, Rule};

const LARGER: &str = "  parameters = { Size = 4096 }\n";

/// A stack whose update failed, and its rollback at `First`.
fn not_rolled_back() -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
    project.main(&free(LARGER));
    project.apply().failed().says("UPDATE_ROLLBACK_FAILED").says("Plan again");
    (cloud, project)
}

#[test]
fn a_failed_rollback_is_told_at_plan_and_continued_on_request() {
    let (cloud, project) = not_rolled_back();
    let plan = project
        .plan()
        .failed()
        .says("on_rollback_failed = \"continue\"")
        .says("First (AWS::SQS::Queue)")
        .says("broken");
    plan.says("rollback_resources_to_skip = [\"First\"]")
        .says("`-refresh=false` leaves that plan out");
    cloud.let_go();
    project.main(&free(&format!("{LARGER}  on_rollback_failed = \"continue\"")));
    project.apply().ok().says("is rolled back first");
    project.plan_is_empty();
    let call = &cloud.calls_of("ContinueUpdateRollback")[0];
    assert!(
        call.token.as_deref().is_some_and(|token| token.starts_with("quilt-rollback-"))
            && call.sent("ResourcesToSkip.member.1").is_none()
    );
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!(
        (stack.status.as_str(), stack.parameters["Size"].as_str()),
        ("UPDATE_COMPLETE", "4096")
    );
    project.main(&free(LARGER));
    cloud.forget();
    project.apply().ok();
    assert_eq!(writes(&cloud), [""; 0], "a word less is noted");
}

#[test]
fn what_cannot_be_rolled_back_is_skipped_by_name() {
    let (cloud, project) = not_rolled_back();
    project.main(&free(&format!("{LARGER}  on_rollback_failed = \"continue\"")));
    project.apply().failed().says("continued and failed again").says("First (AWS::SQS::Queue)");
    cloud.let_go();
    project.main(&free(&format!(
        "{LARGER}  on_rollback_failed = \"continue\"\n  rollback_resources_to_skip = [\"First\"]"
    )));
    project.apply().ok().says("whatever they are: First.");
    project.plan_is_empty();
    let calls = cloud.calls_of("ContinueUpdateRollback");
    assert_eq!(calls.last().and_then(|call| call.sent("ResourcesToSkip.member.1")), Some("First"));
}

#[test]
fn all_that_cannot_be_rolled_back_is_skipped_by_force() {
    let (cloud, project) = not_rolled_back();
    let told = project.plan().failed();
    told.says("`on_rollback_failed = \"force_rollback\"` skips all that could not be rolled back");
    project.main(&free(&format!("{LARGER}  on_rollback_failed = \"force_rollback\"")));
    let plan =
        project.plan().says("count as rolled back, whatever they are: First (AWS::SQS::Queue): ");
    assert_eq!(plan.code, 2, "{}", plan.text);
    assert_eq!(cloud.calls_of("ContinueUpdateRollback").len(), 0, "a plan changes nothing");
    cloud.let_go();
    // Still broken, and skipped all the same.
    cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
    project.apply().ok();
    project.plan_is_empty();
    let calls = cloud.calls_of("ContinueUpdateRollback");
    assert_eq!(
        (calls.len(), calls[0].sent("ForceRollback"), calls[0].sent("ResourcesToSkip.member.1")),
        (1, Some("true"), None)
    );
    assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_COMPLETE");
}

#[test]
fn a_stack_that_is_not_rolled_back_can_be_destroyed() {
    let (cloud, project) = not_rolled_back();
    cloud.let_go();
    project.run(&[&DESTROY[..], &["-refresh=false"]].concat()).ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn what_cannot_be_deleted_is_left_behind_on_request() {
    for (words, sent) in [
        ("retain_resources = [\"First\", \"Second\"]", ("RetainResources.member.1", "First")),
        ("deletion_mode = \"FORCE_DELETE_STACK\"", ("DeletionMode", "FORCE_DELETE_STACK")),
    ] {
        let (cloud, project) = queues();
        project.main(&free(""));
        project.apply().ok();
        cloud.hold(Rule::stack("queues").resource("First").on("delete").fail(BROKEN));
        let told = project
            .destroy()
            .failed()
            .says("First (AWS::SQS::Queue)")
            .says("retain_resources = [\"First\"]");
        told.says("deletion_mode = \"FORCE_DELETE_STACK\"").does_not_say("empty_buckets");
        assert_eq!(project.plan().says("is half deleted").code, 0, "it is not made anew unasked");
        project.main(&free(&format!("  {words}")));
        cloud.forget();
        project.apply().ok();
        assert_eq!(writes(&cloud), [""; 0], "the words are noted");
        assert_eq!(project.attribute(THIS, "status"), json!("DELETE_FAILED"));
        project.destroy().ok();
        assert!(cloud.stack("queues").is_none());
        let calls = cloud.calls_of("DeleteStack");
        assert_eq!(
            (calls.len(), calls[0].sent(sent.0), calls[0].sent("RetainResources.member.2")),
            (1, Some(sent.1), None)
        );
    }
}

#[test]
fn words_said_in_time_need_no_second_destroy() {
    let (cloud, project) = queues();
    project.main(&free("  retain_resources = [\"First\"]"));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("First").on("delete").fail(BROKEN));
    project.destroy().ok();
    let sent: Vec<_> = cloud
        .calls_of("DeleteStack")
        .iter()
        .map(|call| call.sent("RetainResources.member.1").map(str::to_owned))
        .collect();
    assert_eq!(sent, [None, Some("First".to_owned())]);
}

const BUCKETS: &str = r#"Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
"#;

#[test]
fn full_buckets_are_emptied_on_request_alone() {
    let (cloud, project) = queues();
    project.write("template.yaml", BUCKETS);
    project.main(&free(""));
    project.apply().ok();
    let resources = cloud.resources("queues");
    let (data, kept) =
        (resources["Data"].physical_id.clone(), resources["Kept"].physical_id.clone());
    for n in 0..3 {
        for bucket in [&data, &kept] {
            cloud
                .s3("PUT", &format!("/{bucket}/key{}", n / 2), &[], b"text")
                .expect("it is stored");
        }
    }
    cloud.s3("DELETE", &format!("/{data}/key0"), &[], b"").expect("it is marked as deleted");
    let told = project
        .destroy()
        .failed()
        .says("not empty")
        .says(&format!("empty_buckets = true  # deletes for good every object in {data}"));
    told.does_not_say(&kept);
    project.main(&free("  empty_buckets = true"));
    project.apply().ok();
    let destroyed = project.destroy().ok().says("may be emptied").says(&data);
    destroyed.says("deleted for good");
    assert!(
        cloud.stack("queues").is_none() && cloud.s3("GET", &format!("/{data}"), &[], b"").is_err()
    );
    assert!(
        cloud.s3("GET", &format!("/{kept}/key0"), &[], b"").is_ok(),
        "what the template retains is left alone"
    );
}

#[test]
fn buckets_of_a_protected_stack_are_never_emptied() {
    let (cloud, project) = queues();
    project.write("template.yaml", BUCKETS);
    project.main(
        &free("  empty_buckets = true").replace(
            "enable_termination_protection = false",
            "enable_termination_protection = true",
        ),
    );
    project.apply().ok();
    let data = cloud.resources("queues")["Data"].physical_id.clone();
    cloud.s3("PUT", &format!("/{data}/key"), &[], b"text").expect("it is stored");
    project.destroy().failed().says("Termination protection is on").does_not_say("may be emptied");
    project
        .run(&[&DESTROY[..], &["-refresh=false"]].concat())
        .failed()
        .says("Termination protection is on");
    assert!(cloud.s3("GET", &format!("/{data}/key"), &[], b"").is_ok());
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let (_cloud, project) = queues();
    for (words, said) in [
        (
            "on_rollback_failed = \"skip\"",
            "It is `skip`. Write one of: fail, continue, force_rollback.",
        ),
        ("deletion_mode = \"FORCE\"", "It is `FORCE`. Write one of: STANDARD, FORCE_DELETE_STACK."),
        (
            "rollback_resources_to_skip = [\"First\"]",
            "Resources are skipped only when a rollback is continued",
        ),
        (
            "on_rollback_failed = \"force_rollback\"\n  rollback_resources_to_skip = [\"First\"]",
            "Two answers to one question",
        ),
    ] {
        project.main(&free(&format!("  {words}")));
        project.run(&["validate", "-no-color"]).failed().says(said);
    }
}
