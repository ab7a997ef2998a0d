//! What a plan shows of an update: a change set that is made, read and deleted.

use std::time::{Duration, Instant};

use crate::acceptance::terraform::Project;
use crate::acceptance::{QUEUES, free, queues, writes};
use crate::cloud::{Cloud, Fault, Rule};

/// An account and a project whose stack is as configured.
fn made() -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.forget();
    (cloud, project)
}

/// The calls about change sets, in order.
fn calls(cloud: &Cloud) -> Vec<String> {
    cloud
        .calls()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| action.contains("ChangeSet"))
        .collect()
}

fn sets(cloud: &Cloud) -> usize {
    cloud
        .query("cloudformation", "ListChangeSets", &[("StackName", "queues")])
        .expect("the stack is there")
        .members("Summaries")
        .len()
}

/// Behind the place where the program lies.
const WATCH: &str = "terraform-provider-quilt watch queues --wait --region us-east-1`";

const SHOWN: [&str; 3] = ["CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"];
const APPLIED: [&str; 4] =
    ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "ListChangeSets"];

#[test]
fn a_creation_is_told_how_to_be_watched_and_once() {
    let (_cloud, project) = queues();
    project.main(&free(""));
    let plan = project.plan().says("Stack queues can be watched while it is made").says(WATCH);
    assert_eq!(plan.code, 2, "{}", plan.text);
    let apply = project.apply().ok().says(WATCH);
    assert_eq!(apply.text.matches("can be watched").count(), 1, "{}", apply.text);
    let plan = project.plan().does_not_say("can be watched");
    assert_eq!(plan.code, 0, "{}", plan.text);
}

#[test]
fn a_plan_shows_what_the_apply_then_does() {
    let (cloud, project) = made();
    project.plan_is_empty();
    assert_eq!(calls(&cloud), [""; 0]);
    project.main(&free("  parameters = { Size = 2048 }"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    let plan = plan.says("Stack queues: 2 changed").says("- 2 AWS::SQS::Queue: First, Second");
    let plan = plan.says(WATCH);
    assert_eq!(
        (calls(&cloud), sets(&cloud)),
        (SHOWN.map(String::from).to_vec(), 0),
        "{}",
        plan.text
    );
    cloud.forget();
    project.apply().ok();
    assert_eq!(
        (calls(&cloud), sets(&cloud)),
        ([&SHOWN[..], &APPLIED].concat().into_iter().map(String::from).collect(), 0)
    );
    cloud.forget();
    project.plan_is_empty();
    project.main(&free("  parameters = { Size = 2048 }\n  tags = { team = \"data\" }"));
    assert_eq!(project.plan().code, 2);
    project.main(&free("  parameters = { Size = 4096 }\n  preview = false"));
    assert_eq!(project.plan().code, 2);
    assert_eq!(calls(&cloud), [""; 0], "tags replace nothing, and who wants no preview gets none");
}

/// Plan, second plan and apply: a change set for the first and one for the last; nothing is looked up twice.
#[test]
fn the_plan_within_the_apply_takes_what_the_first_one_found() {
    let (cloud, project) = made();
    project.write(
        "template.yaml",
        &QUEUES.replace("Outputs:", "  Third: {Type: AWS::SQS::Queue}\nOutputs:"),
    );
    cloud.hold(Rule::stack("queues").resource("Third").on("create").hold(2.0));
    project.apply().ok().says("Stack queues: 1 added");
    let count = |action: &str| cloud.calls_of(action).len();
    assert_eq!(
        (count("CreateChangeSet"), count("ExecuteChangeSet"), count("GetTemplate")),
        (2, 1, 1),
        "the template before is asked for once: what is said as before lasts"
    );
    project.plan_is_empty();

    let host = "Parameters:\n  QuiltWebHost: {Type: String}\n  CertificateArnELB: {Type: String}";
    project.write("template.yaml", &QUEUES.replace("Parameters:", host));
    let wanted = serde_json::json!({"DomainName": "*.example.com", "ValidationMethod": "DNS"});
    let arn = cloud.json("acm", "CertificateManager.RequestCertificate", &wanted)["CertificateArn"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    cloud.forget();
    project
        .main(&free(&format!("  web_host = \"quilt.example.com\"\n  certificate_arn = \"{arn}\"")));
    project.apply().ok();
    assert_eq!(count("DescribeCertificate"), 1);
}

#[test]
fn a_saved_plan_is_applied_without_another_preview() {
    let (cloud, project) = made();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.run(&["plan", "-no-color", "-out=plan.bin"]).ok().says("2 changed");
    cloud.forget();
    project.run(&["apply", "-no-color", "plan.bin"]).ok().does_not_say("2 changed");
    // Terraform hands on what the first plan found since 1.16; before that the update is compared once more, so that what is known stays so.
    let made = calls(&cloud);
    assert!(made == APPLIED || made == [&SHOWN[..], &APPLIED].concat(), "{made:?}");
    project.plan_is_empty();
}

#[test]
fn what_would_be_lost_stops_the_plan() {
    let (cloud, project) = queues();
    let bucket = |name: &str| {
        format!(
            "Resources: {{Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}-{}}}}}}}\n",
            cloud.account()
        )
    };
    project.write("template.yaml", &bucket("one"));
    project.main(&free(""));
    project.apply().ok();
    cloud.forget();
    project.write("template.yaml", &bucket("two"));
    let plan = project.plan();
    assert_eq!(plan.code, 1, "{}", plan.text);
    plan.says("Stack queues would lose what it holds")
        .says("Data (AWS::S3::Bucket) would be replaced by a new one")
        .says("template_file");
    assert_eq!((calls(&cloud), sets(&cloud)), (SHOWN.map(String::from).to_vec(), 0));
    project.main(&free("  allow_replacement = [\"Data\"]"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("Stack queues: 1 replaced").says("- AWS::S3::Bucket: Data (BucketName)");
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn a_role_that_may_only_read_still_gets_a_plan() {
    let (cloud, project) = made();
    project.main(&free("  parameters = { Size = 2048 }"));
    cloud.weather(Fault::Denied.on("CreateChangeSet"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("Stack queues: no preview of its changes").says("cloudformation:CreateChangeSet");
    cloud.clear_up();
    assert_eq!((writes(&cloud), sets(&cloud)), (vec!["CreateChangeSet".to_string()], 0));
    cloud.weather(Fault::Denied.on("CreateChangeSet"));
    project.apply().failed().says("cloudformation:CreateChangeSet").says("guide \"Permissions\"");
    cloud.clear_up();
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn what_other_resources_decide_is_not_shown() {
    let (cloud, project) = made();
    let other = "resource \"terraform_data\" \"size\" {\n  input = 2048\n}\n";
    project
        .main(&format!("{other}{}", free("  parameters = { Size = terraform_data.size.output }")));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("no preview of its changes").says("`parameters`");
    assert_eq!(calls(&cloud), [""; 0]);
    project.apply().ok();
    // Within the apply the value is known, and what the update leaves as it is can be compared.
    let compared = ["CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"];
    assert_eq!(calls(&cloud), [&compared[..], &APPLIED[..]].concat());
    project.plan_is_empty();
}

#[test]
fn a_large_template_is_shown_once_its_bucket_is_there() {
    let (cloud, project) = made();
    let large = |size: u32| {
        format!(
            "{}\n# {}\n",
            QUEUES.replace("Default: 1024", &format!("Default: {size}")),
            "x".repeat(60_000)
        )
    };
    project.write("template.yaml", &large(2048));
    project.plan().says("a plan does not make it");
    assert_eq!(writes(&cloud), [""; 0]);
    project.write(
        "template.yaml",
        &large(1024).replace("Outputs:", "  Third: {Type: AWS::SQS::Queue}\nOutputs:"),
    );
    project.apply().ok();
    project.write("template.yaml", &large(1024));
    cloud.forget();
    project.plan().says("Stack queues: 1 removed");
    assert_eq!(writes(&cloud), ["PutObject", "CreateChangeSet", "DeleteChangeSet"]);
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn ctrl_c_and_kill_in_a_preview() {
    let (cloud, project) = made();
    project.main(&free("  parameters = { Size = 2048 }"));
    cloud.hold(Rule::stack("queues").on("review").hold(600.0));
    let compared = |project: &Project| {
        cloud.forget();
        let running = project.start(&["plan", "-no-color", "-input=false"]);
        let end = Instant::now() + Duration::from_secs(60);
        while cloud.calls_of("DescribeChangeSet").is_empty() {
            assert!(Instant::now() < end, "nothing is compared");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    };
    compared(&project).interrupt().0.failed();
    assert_eq!(sets(&cloud), 0);
    let running = compared(&project);
    running.send("KILL", true);
    running.wait();
    assert_eq!(sets(&cloud), 1);
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(sets(&cloud), 0);
}
