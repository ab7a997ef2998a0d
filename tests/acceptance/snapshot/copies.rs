//! Copies of a snapshot: into another region, under another key, and whose they are.

use super::{OLD, THIS, project, snapshot, snapshots};
use crate::acceptance::command::Outcome;
use crate::acceptance::terraform::Project;
use crate::acceptance::writes;
use crate::cloud::Cloud;

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
fn unseen(project: &Project, more: &[&str]) -> Outcome {
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
