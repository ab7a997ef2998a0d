//! Where the template comes from, and which of its changes are changes.

use std::time::{Duration, Instant};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::THIS;
use crate::acceptance::terraform::APPLY;
use crate::acceptance::{QUEUES, free, queues, stack, writes};
use crate::cloud::{Cloud, Fault};

/// The queues in a template too large to be sent in a call.
fn large(word: &str) -> String {
    format!("{QUEUES}Metadata: {{Filler: {}}}\n", word.repeat(60_000 / word.len()))
}

fn key(template: &str) -> String {
    let digest: String =
        Sha256::digest(template).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}.template")
}

fn sent(cloud: &Cloud, action: &str, parameter: &str) -> Vec<String> {
    cloud
        .calls_of(action)
        .iter()
        .filter_map(|call| call.sent(parameter).map(str::to_owned))
        .collect()
}

#[test]
fn large_templates_go_through_a_bucket() {
    let (cloud, project) = queues();
    let (first, second) =
        (large("a"), large("b").replace("First: {", "First: {Metadata: {A: b}, "));
    project.write("template.yaml", &first);
    project.main(&free(""));
    assert_eq!(project.plan().code, 2);
    assert_eq!(writes(&cloud), [""; 0], "a plan makes no bucket");
    project.apply().ok();
    project.plan_is_empty();
    project.write("template.yaml", &second);
    project.apply().ok().says("1 changed");
    project.plan_is_empty();

    let bucket = sent(&cloud, "CreateBucket", "Bucket");
    assert_eq!(bucket.len(), 1, "one bucket, made once");
    assert!(
        bucket[0].starts_with(&format!("cfn-templates-{}-us-east-1-", cloud.account())),
        "{bucket:?}"
    );
    assert_eq!(
        sent(&cloud, "PutObject", "Key"),
        [key(&first), key(&second), key(&second)],
        "once more for what the plan shows"
    );
    let urls: Vec<_> = [
        sent(&cloud, "CreateStack", "TemplateURL"),
        sent(&cloud, "CreateChangeSet", "TemplateURL"),
    ]
    .concat();
    let version = |template: &str| format!("{}?versionId=", key(template));
    assert!(
        urls[0].contains(&version(&first))
            && urls[1..].iter().all(|url| url.contains(&version(&second))),
        "{urls:?}"
    );
    assert_eq!(cloud.template("queues"), second);
    guarded(&cloud, &bucket[0]);
    project.destroy().ok();
    assert!(cloud.s3("HEAD", &format!("/{}", bucket[0]), &[], b"").is_ok(), "the bucket is kept");
}

/// CloudFormation does not update a description by itself, and says so; that is no failure, and nothing to do next time.
#[test]
fn a_description_alone_is_nothing_to_do() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let before = cloud.template("queues");
    project.write("template.yaml", &format!("Description: Two queues\n{before}"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.template("queues"), before);
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert!(cloud.template("queues").starts_with("Description: Two queues"));
}

/// The bucket is private, encrypted, versioned, and takes no plain connection.
fn guarded(cloud: &Cloud, bucket: &str) {
    for (setting, wanted) in [
        ("publicAccessBlock", "<BlockPublicPolicy>true"),
        ("encryption", "SSEAlgorithm"),
        ("versioning", "Enabled"),
        ("policy", "aws:SecureTransport"),
    ] {
        let answer = cloud
            .s3("GET", &format!("/{bucket}?{setting}"), &[], b"")
            .unwrap_or_else(|refusal| panic!("{setting}: {refusal}"));
        assert!(
            String::from_utf8_lossy(&answer).contains(wanted),
            "{setting}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
}

#[test]
fn a_bucket_of_ones_own_is_used() {
    let (cloud, project) = queues();
    let bucket = cloud.bucket("own");
    cloud.forget();
    project.provider(&format!("provider \"quilt\" {{\n  template_bucket = \"{bucket}\"\n}}\n"));
    project.write("template.yaml", &large("a"));
    project.main(&free(""));
    project.apply().ok();
    assert_eq!(
        (sent(&cloud, "CreateBucket", "Bucket").len(), sent(&cloud, "PutObject", "Bucket")),
        (0, vec![bucket])
    );
}

/// Somebody's template.
fn planted() -> String {
    QUEUES.replace("Outputs:", "  Theirs: {Type: AWS::SQS::Queue}\nOutputs:")
}

/// What lies under the template's name already, or is put there while CloudFormation has not read it yet.
#[test]
fn what_somebody_planted_in_the_bucket_is_not_deployed() {
    let (cloud, project) = queues();
    project.write("template.yaml", &large("a"));
    project.main(&free(""));
    project.apply().ok();
    let bucket = sent(&cloud, "CreateBucket", "Bucket").remove(0);
    let next = large("b").replace("First: {", "First: {Metadata: {A: b}, ");
    let plant = || {
        cloud
            .s3("PUT", &format!("/{bucket}/{}", key(&next)), &[], planted().as_bytes())
            .expect("it is theirs too")
    };
    plant();
    project.write("template.yaml", &next);
    cloud.forget();
    cloud.weather(Fault::Slow { seconds: 2.0 }.on("PutObject"));
    let running = project.start(&APPLY);
    for stored in [1, 2] {
        until(|| sent(&cloud, "PutObject", "Key").len() == stored);
        plant();
    }
    running.wait().ok().says("1 changed");
    cloud.clear_up();
    project.plan_is_empty();
    assert_eq!(cloud.template("queues"), next);
    assert!(!cloud.resources("queues").contains_key("Theirs"));
}

/// A bucket without versions hands out whatever lies there: CloudFormation's own copy is compared before it is carried out.
#[test]
fn in_a_bucket_without_versions_what_was_read_is_compared() {
    let (cloud, project) = queues();
    let bucket = cloud.bucket("own");
    project.provider(&format!("provider \"quilt\" {{\n  template_bucket = \"{bucket}\"\n}}\n"));
    let (first, second) =
        (large("a"), large("b").replace("First: {", "First: {Metadata: {A: b}, "));
    project.write("template.yaml", &first);
    project.main(&free("  preview = false"));
    let overwritten = |template: &str| {
        cloud.forget();
        let place = format!("/{bucket}/{}", key(template));
        cloud.before("CreateChangeSet", move |cloud| {
            drop(cloud.s3("PUT", &place, &[], planted().as_bytes()).expect("it is theirs too"))
        });
        project.apply().failed().says("somebody wrote over it");
        assert!(
            cloud.calls_of("ExecuteChangeSet").is_empty()
                && cloud.calls_of("CreateStack").is_empty()
        );
    };
    overwritten(&first);
    assert!(
        cloud.stacks().iter().all(|stack| stack.status.starts_with("DELETE")),
        "{:?}",
        cloud.stacks()
    );
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!((cloud.template("queues"), cloud.calls_of("CreateStack").len()), (first, 0));
    project.write("template.yaml", &second);
    overwritten(&second);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.template("queues"), second);
    project.destroy().ok();
}

fn until(seen: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !seen() {
        assert!(Instant::now() < end, "it is not seen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_template_in_the_configuration() {
    let (cloud, project) = queues();
    project.main(&stack(
        "  template_body = file(\"template.yaml\")\n  enable_termination_protection = false",
    ));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.template("queues"), QUEUES);
    project.write("template.yaml", &QUEUES.replace("Default: 1024", "Default: 2048"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
}

#[test]
fn a_template_in_s3() {
    let (cloud, project) = queues();
    let url = cloud.upload("queues.yaml", QUEUES);
    project.main(&stack(&format!(
        "  template_url = \"{url}\"\n  enable_termination_protection = false"
    )));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(sent(&cloud, "CreateStack", "TemplateURL"), [url]);
    cloud.upload("queues.yaml", &QUEUES.replace("Default: 1024", "Default: 2048"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
}

#[test]
fn a_changed_file_under_the_same_path_is_seen() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.write(
        "template.yaml",
        &QUEUES.replace("Url: {Value: !Ref First}", "Url: {Value: !Ref Second}"),
    );
    assert_eq!(project.plan().code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(
        project.attribute(THIS, "outputs"),
        json!(cloud.stack("queues").expect("it is there").outputs)
    );
}

#[test]
fn the_same_content_in_another_dress_is_not_seen() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.forget();
    for (dress, text) in [
        ("CRLF", QUEUES.replace('\n', "\r\n")),
        ("comments", format!("# new\n{}", QUEUES.replace(":\n", ": # why\n"))),
    ] {
        project.write("template.yaml", &text);
        assert_eq!(project.plan().code, 0, "{dress}");
    }
    project.write("template.yaml", IN_JSON);
    assert_eq!(project.plan().code, 0, "JSON");
    project.write("elsewhere.yaml", QUEUES);
    project.main(&free("").replace("template.yaml", "elsewhere.yaml"));
    assert_eq!(project.plan().code, 0, "another path");
    assert_eq!(writes(&cloud), [""; 0]);
}

/// Deeper than our reader follows: CloudFormation takes it, so the text alone tells templates apart.
#[test]
fn a_template_that_only_cloudformation_understands() {
    let (cloud, project) = queues();
    let deep = |more: &str| {
        let (open, close) = ("[".repeat(140), "]".repeat(140));
        format!(
            "{{\"Metadata\": {{\"Deep\": {open}{close}}}, \"Resources\": {{\"Queue\": {{\"Type\": \"AWS::SQS::Queue\"{more}}}}}}}"
        )
    };
    project.write("template.yaml", &deep(""));
    project.main(&free(""));
    project
        .apply()
        .ok()
        .says("The template was not understood here")
        .says("it is nested too deeply");
    assert_eq!(project.plan().says("The template was not understood here").code, 0);
    project.write("template.yaml", &format!("{}\r\n", deep("")));
    assert_eq!(project.plan().code, 0, "the end of the last line is no difference");
    project.write("template.yaml", &deep(", \"Properties\": {\"DelaySeconds\": 5}"));
    project.apply().ok().says("1 changed");
    assert_eq!(project.plan().code, 0);
    assert_eq!(cloud.stack("queues").expect("it is there").status, "UPDATE_COMPLETE");
}

/// The queues as a JSON template, its keys in another order.
const IN_JSON: &str = r#"{
  "Outputs": {"Url": {"Value": {"Ref": "First"}}, "Size": {"Value": {"Ref": "Size"}}},
  "Resources": {
    "Second": {"Properties": {"MaximumMessageSize": {"Ref": "Size"}}, "DependsOn": "First", "Type": "AWS::SQS::Queue"},
    "First": {"Properties": {"MaximumMessageSize": {"Ref": "Size"}}, "Type": "AWS::SQS::Queue"}
  },
  "Parameters": {
    "Password": {"Type": "String", "NoEcho": true, "MinLength": 3, "Default": "hunter2"},
    "Size": {"Type": "Number", "Default": 1024, "MinValue": 1024, "MaxValue": 262144}
  }
}"#;
