//! `quilt_snapshot` as people use it: of an old stack's database, kept, found again, taken over.

use serde_json::{Value, json};

use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

const THIS: &str = "quilt_snapshot.this";

/// A stack with a database of its own, as templates of the old network make it.
const OLD: &str = r#"Resources:
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

/// What RDS in a region says of a snapshot.
fn in_region(cloud: &Cloud, region: &str, id: &str) -> Option<String> {
    let answer = cloud
        .query_in(region, "rds", "DescribeDBSnapshots", &[("DBSnapshotIdentifier", id)])
        .ok()?;
    answer.find("KmsKeyId").map(|node| node.text.clone())
}

#[test]
fn a_copy_goes_to_another_region_and_its_key() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    let copied =
        |more: &str| format!("  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n{more}");
    let (cloud, project, _) = project(&copied("  copy_to_region = \"eu-west-1\""));
    project.plan().failed().says("its key does not leave its region").says("copy_kms_key_id");
    project.main(&snapshot(&copied("  copy_to_region = \"nowhere-1\"")));
    project.plan().failed().says("There is no AWS region").says("4:   copy_to_region");
    assert_eq!(writes(&cloud), [""; 0]);

    project.main(&snapshot(&copied("  tags = { Purpose = \"move\" }")));
    project.apply().ok();
    let both = format!(
        "  tags = {{ Purpose = \"move\" }}\n  copy_to_region = \"eu-west-1\"\n  copy_kms_key_id = {key:?}\n  delete_on_destroy = true"
    );
    project.main(&snapshot(&copied(&both)));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(in_region(&cloud, "eu-west-1", "mine").as_deref(), Some(key));
    assert!(
        project
            .attribute(THIS, "copy_arn")
            .as_str()
            .is_some_and(|arn| arn.contains(":eu-west-1:") && arn.ends_with(":snapshot:mine"))
    );
    assert_eq!(
        cloud.calls_of("CreateDBSnapshot").len(),
        1,
        "the snapshot itself is not taken again"
    );

    cloud
        .query_in("eu-west-1", "rds", "DeleteDBSnapshot", &[("DBSnapshotIdentifier", "mine")])
        .expect("it is there");
    project.plan().says("copy_arn");
    project.apply().ok();
    project.plan_is_empty();
    project.destroy().ok();
    assert!(in_region(&cloud, "eu-west-1", "mine").is_none() && snapshots(&cloud).is_empty());
}

const ABROAD: &str = "eu-west-1";

/// A snapshot `mine` with a copy in another region, which go with it; `more` stands in its block as well.
pub fn with_a_copy(more: &str) -> (Cloud, Project, String) {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    let copied = format!(
        "  copy_to_region = {ABROAD:?}\n  copy_kms_key_id = {key:?}\n  delete_on_destroy = true"
    );
    let (cloud, project, _) = project(&format!(
        "  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n{copied}\n{more}"
    ));
    (cloud, project, key.into())
}

/// Somebody makes a snapshot `mine` in the other region, of one that is theirs.
fn theirs_abroad(cloud: &Cloud, key: &str) {
    let instance = cloud.resources("old")["DB"].physical_id.clone();
    let taken = [("DBSnapshotIdentifier", "theirs"), ("DBInstanceIdentifier", instance.as_str())];
    let taken = cloud.query("rds", "CreateDBSnapshot", &taken).expect("the instance is there");
    let source = taken.find("DBSnapshotArn").expect("it is told").text.clone();
    let copy = [
        ("TargetDBSnapshotIdentifier", "mine"),
        ("SourceDBSnapshotIdentifier", source.as_str()),
        ("KmsKeyId", key),
    ];
    cloud.query_in(ABROAD, "rds", "CopyDBSnapshot", &copy).expect("the name is free");
    cloud
        .query("rds", "DeleteDBSnapshot", &[("DBSnapshotIdentifier", "theirs")])
        .expect("it is there");
}

/// Applies without a look before.
fn unseen(project: &Project, more: &[&str]) -> super::command::Outcome {
    project.run(
        &[&["apply", "-no-color", "-input=false", "-auto-approve", "-refresh=false"][..], more]
            .concat(),
    )
}

/// By -replace, taint and count 0: the very copy of the state goes, and another one that came to its name stays.
#[test]
fn a_copy_is_deleted_only_as_the_one_of_the_state() {
    for way in ["replace", "taint", "count"] {
        let (cloud, project, key) =
            with_a_copy("  count = var.count_of\n}\nvariable \"count_of\" {\n  default = 1");
        let this = format!("{THIS}[0]");
        let delete = |project: &Project| match way {
            "replace" => unseen(project, &[&format!("-replace={this}")]),
            "taint" => {
                project.run(&["taint", &this]).ok();
                unseen(project, &[])
            }
            _ => unseen(project, &["-var=count_of=0"]),
        };
        project.apply().ok();
        delete(&project).ok();
        assert_eq!(in_region(&cloud, ABROAD, "mine").is_some(), way != "count", "{way}");
        project.apply().ok();
        cloud
            .query_in(ABROAD, "rds", "DeleteDBSnapshot", &[("DBSnapshotIdentifier", "mine")])
            .expect("it is there");
        theirs_abroad(&cloud, &key);
        cloud.forget();
        let outcome =
            delete(&project).says("The snapshot mine in eu-west-1 is somebody else's and stays");
        match way {
            "count" => outcome.ok(),
            _ => outcome.failed().says("this configuration did not take it"),
        };
        let deleted: Vec<_> =
            cloud.calls_of("DeleteDBSnapshot").iter().map(|call| call.number).collect();
        assert_eq!(
            (deleted.len(), in_region(&cloud, ABROAD, "mine").is_some()),
            (1, true),
            "{way}: only the snapshot itself goes"
        );
    }
}

/// What stands under the copy's name already is somebody else's, or too old to be the rest of an apply that was interrupted.
#[test]
fn a_copy_that_is_left_over_is_not_taken_over() {
    let (cloud, project, key) = with_a_copy("");
    theirs_abroad(&cloud, &key);
    cloud.forget();
    project.apply().failed().says("this configuration did not take it");
    assert_eq!(
        (
            writes(&cloud).contains(&"CopyDBSnapshot".into()),
            in_region(&cloud, ABROAD, "mine").is_some()
        ),
        (false, true)
    );
    cloud
        .query_in(ABROAD, "rds", "DeleteDBSnapshot", &[("DBSnapshotIdentifier", "mine")])
        .expect("it is there");
    project.apply().ok();
    project.plan_is_empty();
    assert!(project.attribute(THIS, "copy_created_at").is_string());
    project.destroy().ok();
    assert!(in_region(&cloud, ABROAD, "mine").is_none() && snapshots(&cloud).is_empty());
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

/// Two snapshots of one name in two regions, and one place for their copies.
#[test]
fn two_copies_do_not_share_a_name() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    let (cloud, project, _) = project("");
    let stack = [("StackName", "old"), ("TemplateBody", OLD)];
    cloud.query_in("us-west-2", "cloudformation", "CreateStack", &stack).expect("it is right");
    let rest = format!(
        "  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n  copy_to_region = {ABROAD:?}\n  \
         copy_kms_key_id = {key:?}\n  delete_on_destroy = true\n}}\n"
    );
    project.main(&format!(
        "resource \"quilt_snapshot\" \"this\" {{\n{rest}resource \"quilt_snapshot\" \"west\" {{\n  \
         region = \"us-west-2\"\n  depends_on = [{THIS}]\n{rest}"
    ));
    project.apply().failed().says("A snapshot named mine is in eu-west-1 already");
    assert_eq!(cloud.calls_of("CopyDBSnapshot").len(), 1);
    project.main("");
    project.destroy().ok();
    assert!(in_region(&cloud, ABROAD, "mine").is_none() && snapshots(&cloud).is_empty());
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
