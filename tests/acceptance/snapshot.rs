//! `quilt_snapshot` as people use it: of an old stack's database, kept, found again, taken over.

pub mod copies;

use serde_json::{Value, json};

use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

const THIS: &str = "quilt_snapshot.this";

/// A stack with a database of its own, as templates of the old network make it.
pub const OLD: &str = r#"Resources:
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: "15.12", DBInstanceClass: db.t3.small, AllocatedStorage: "100", DBName: quilt,
                 MasterUsername: keeper, MasterUserPassword: not-a-secret, StorageEncrypted: true}
  Queue: {Type: AWS::SQS::Queue}
"#;

fn snapshot(arguments: &str) -> String {
    format!("resource \"quilt_snapshot\" \"this\" {{\n{arguments}\n}}\n")
}

/// An account with the stack `old`, and a project with this snapshot; with the id of the database.
pub fn project(arguments: &str) -> (Cloud, Project, String) {
    let cloud = Cloud::start();
    cloud.create_stack("old", OLD, &[]).expect("the template is right");
    cloud.settled("old");
    let instance = cloud.resources("old")["DB"].physical_id.clone();
    let project = Project::new(&cloud);
    project.main(&snapshot(arguments));
    cloud.forget();
    (cloud, project, instance)
}

/// The snapshots of the account by name.
pub fn snapshots(cloud: &Cloud) -> Vec<String> {
    let answer = cloud.query("rds", "DescribeDBSnapshots", &[]).expect("listing is always allowed");
    answer
        .members("DBSnapshots")
        .iter()
        .filter_map(|row| row.get("DBSnapshotIdentifier").map(str::to_owned))
        .collect()
}

#[test]
fn a_snapshot_lives_a_whole_life() {
    let (cloud, project, instance) = project("  stack_name = \"old\"");
    let change = project.plan_json()["resource_changes"][0]["change"]["after"].clone();
    assert_eq!(
        (&change["engine_version"], &change["username"], &change["allocated_storage"]),
        (&json!("15.12"), &json!("keeper"), &json!(100))
    );
    assert_eq!(writes(&cloud), [""; 0]);

    project.apply().ok();
    project.plan_is_empty();
    let of = |name| project.attribute(THIS, name);
    let id = of("id").as_str().unwrap_or_default().to_owned();
    assert!(id.starts_with(&instance), "{id}");
    assert_eq!(
        (of("status"), of("snapshot_type"), of("encrypted")),
        (json!("available"), json!("manual"), json!(true))
    );
    assert_eq!(
        (of("db_instance_identifier"), of("snapshot_identifier")),
        (json!(instance), json!(id))
    );

    project.main(&snapshot("  stack_name = \"old\"\n  tags = { Purpose = \"move\" }"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(of("tags_all"), json!({"Purpose": "move"}));

    let other = project.again(&cloud);
    other.main(&snapshot(&format!(
        "  db_instance_identifier = {instance:?}\n  tags = {{ Purpose = \"move\" }}"
    )));
    cloud.forget();
    other.import(THIS, &id).ok();
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);

    cloud.delete_stack("old").expect("it is there");
    project.plan_is_empty();
    project.destroy().ok().says("stays in AWS");
    assert!(snapshots(&cloud).contains(&id), "{:?}", snapshots(&cloud));
}

#[test]
fn a_destroy_deletes_it_when_told() {
    let (cloud, project, _) = project(
        "  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n  delete_on_destroy = true",
    );
    project.apply().ok();
    assert_eq!(snapshots(&cloud), ["mine"]);
    project.destroy().ok();
    assert!(snapshots(&cloud).is_empty());
}

/// A rehearsal's leftover is never the migration's unasked: the destroy that keeps it takes the mark off, and the next one gets another name.
#[test]
fn what_a_rehearsal_leaves_is_taken_over_by_import_alone() {
    let (cloud, project, _) = project("  stack_name = \"old\"");
    project.apply().ok();
    let id = project.attribute(THIS, "id").as_str().unwrap_or_default().to_owned();
    project.destroy().ok().says("stays in AWS");
    cloud.forget();
    project.plan().says(&format!("{id}-2"));
    assert_eq!(writes(&cloud), [""; 0]);
    // What was destroyed can be destroyed again, as after a destroy that did not come to its end.
    project.destroy().ok();
    project.apply().ok();
    assert_eq!(project.attribute(THIS, "id"), json!(format!("{id}-2")));
    project.plan_is_empty();
    assert_eq!(snapshots(&cloud).len(), 2);

    project.run(&["state", "rm", THIS]).ok();
    project.import(THIS, &id).ok();
    project.apply().ok().says("0 added, 1 changed, 0 destroyed");
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "id"), json!(id));
}

/// Somebody deletes ours and takes another one under its name.
#[test]
fn another_one_under_its_name_is_never_deleted() {
    let (cloud, project, instance) = project(
        "  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n  delete_on_destroy = true",
    );
    project.apply().ok();
    let mine = [("DBSnapshotIdentifier", "mine")];
    cloud.query("rds", "DeleteDBSnapshot", &mine).expect("it is there");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    cloud
        .query("rds", "CreateDBSnapshot", &[mine[0], ("DBInstanceIdentifier", instance.as_str())])
        .expect("the name is free");
    cloud.forget();
    let kept = std::fs::read(project.path("terraform.tfstate")).expect("there is one");
    project
        .run(&["destroy", "-no-color", "-input=false", "-auto-approve", "-refresh=false"])
        .ok()
        .says("somebody else's and stays");
    std::fs::write(project.path("terraform.tfstate"), kept).expect("it is writable");
    // A refresh sees that ours is gone, and the configuration is planned first.
    project.destroy().failed().says("this configuration did not take it");
    assert_eq!((snapshots(&cloud), writes(&cloud)), (vec!["mine".to_owned()], vec![]));
}

#[test]
fn a_lost_state_finds_it_again_and_a_stranger_does_not() {
    let (cloud, project, instance) = project("  stack_name = \"old\"");
    project.apply().ok();
    std::fs::remove_file(project.path("terraform.tfstate")).expect("there is one");
    cloud.forget();
    project.apply().ok().says("is taken over");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);

    let parameters =
        [("DBSnapshotIdentifier", "theirs"), ("DBInstanceIdentifier", instance.as_str())];
    cloud.query("rds", "CreateDBSnapshot", &parameters).expect("the instance is there");
    cloud.forget();
    let other = project.again(&cloud);
    other.main(&snapshot("  stack_name = \"old\"\n  snapshot_identifier = \"theirs\""));
    other
        .plan()
        .failed()
        .says("A snapshot named theirs exists already")
        .says("import {")
        .says("3:   snapshot_identifier");
    assert_eq!((writes(&cloud), other.instance(THIS)), (vec![], Value::Null));
}

#[test]
fn bad_input_is_refused_at_its_line() {
    let (cloud, project, instance) = project("");
    cloud
        .create_stack("queues", "Resources: {Queue: {Type: AWS::SQS::Queue}}", &[])
        .expect("the template is right");
    cloud.forget();
    for (argument, words) in [
        ("stack_name = \"none\"", "There is no stack none in us-east-1"),
        ("stack_name = \"queues\"", "makes no database"),
        ("db_instance_identifier = \"none\"", "There is no database instance none"),
        ("db_instance_identifier = \"A_B\"", "A_B"),
        ("snapshot_identifier = \"rds:old-2026-01-01\"", "automatic snapshot"),
        ("engine_version = \"15\"", "read-only"),
    ] {
        let source = if argument.starts_with("s") && !argument.contains("identifier")
            || argument.starts_with("db")
        {
            ""
        } else {
            "\n  stack_name = \"old\""
        };
        project.main(&snapshot(&format!("  {argument}{source}")));
        project
            .plan()
            .failed()
            .says(words)
            .says("on main.tf line 2, in")
            .says(&format!("2:   {argument}"));
    }
    project.main(&snapshot(&format!(
        "  stack_name = \"old\"\n  db_instance_identifier = {instance:?}"
    )));
    project.plan().failed().says("Not both");
    project.main(&snapshot(""));
    project.plan().failed().says("Set `stack_name`");
    assert!(writes(&cloud).is_empty() && snapshots(&cloud).is_empty());
}

/// An import has no mark, and the policy lets only what has it be deleted: the apply that writes `delete_on_destroy` sets it.
#[test]
fn an_imported_one_is_marked_before_it_is_deleted() {
    let (cloud, project, instance) = project(
        "  stack_name = \"old\"\n  snapshot_identifier = \"theirs\"\n  delete_on_destroy = true",
    );
    cloud
        .query(
            "rds",
            "CreateDBSnapshot",
            &[("DBSnapshotIdentifier", "theirs"), ("DBInstanceIdentifier", &instance)],
        )
        .expect("it is there");
    cloud.forget();
    project.import(THIS, "theirs").ok();
    project.apply().ok().says("1 changed");
    let tags = cloud.calls_of("AddTagsToResource");
    assert!(tags.len() == 1 && format!("{:?}", tags[0]).contains("quilt:taken-by"), "{tags:?}");
    project.plan_is_empty();
    project.destroy().ok();
    assert!(snapshots(&cloud).is_empty());
}

#[test]
fn a_full_account_is_told_and_nothing_is_lost() {
    let (cloud, project, _) = project("  stack_name = \"old\"");
    cloud.quota("snapshots", 0);
    project.apply().failed().says("SnapshotQuotaExceeded").says("Service Quotas");
    cloud.quota("snapshots", 10);
    project.apply().ok();
    project.plan_is_empty();
}
