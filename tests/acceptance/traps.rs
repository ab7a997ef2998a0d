//! What has cost people their database: each trap of snapshots under CloudFormation, and that it is shut.

use serde_json::json;

use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

const THIS: &str = "quilt_database.this";

const NETWORK: &str = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n";
const ELSEWHERE: &str = "resource \"quilt_network\" \"other\" {\n  name = \"net2\"\n  enable_termination_protection = false\n}\n";

fn database(arguments: &str) -> String {
    format!(
        "{NETWORK}resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n{arguments}\n}}\n"
    )
}

/// A database that is not protected, and its instance.
fn made(arguments: &str) -> (Cloud, Project, String) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&database(&format!(
        "  network = quilt_network.this\n  enable_deletion_protection = false\n  enable_termination_protection = false\n{arguments}"
    )));
    project.apply().ok();
    let instance =
        project.attribute(THIS, "db_instance_identifier").as_str().unwrap_or_default().to_owned();
    cloud.forget();
    (cloud, project, instance)
}

/// The snapshots of the account: name and instance.
fn snapshots(cloud: &Cloud) -> Vec<(String, String)> {
    let answer = cloud.query("rds", "DescribeDBSnapshots", &[]).expect("listing is always allowed");
    let text =
        |row: &crate::cloud::xml::Node, name: &str| row.get(name).unwrap_or_default().to_owned();
    answer
        .members("DBSnapshots")
        .iter()
        .map(|row| (text(row, "DBSnapshotIdentifier"), text(row, "DBInstanceIdentifier")))
        .collect()
}

fn take(cloud: &Cloud, instance: &str, name: &str) {
    let parameters = [("DBInstanceIdentifier", instance), ("DBSnapshotIdentifier", name)];
    cloud.query("rds", "CreateDBSnapshot", &parameters).expect("the instance is available");
}

/// Properties whose change makes a new, empty instance: network, key, and a snapshot where there was none.
#[test]
fn nothing_that_would_replace_the_instance_gets_past_a_plan() {
    let (cloud, project, instance) = made("");
    take(&cloud, &instance, "newer");
    cloud.forget();
    let key = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    let vpc = "{ vpc_id = \"vpc-0\", intra_subnet_ids = [\"subnet-0\", \"subnet-1\"] }";
    for (network, argument, words) in [
        (vpc, String::new(), "A database does not change its network"),
        (
            "quilt_network.this",
            format!("  kms_key_id = {key:?}\n"),
            "A database does not change its key",
        ),
        (
            "quilt_network.this",
            "  snapshot_identifier = \"newer\"\n".into(),
            "a snapshot would replace it",
        ),
        ("quilt_network.this", "  allocated_storage = 20\n".into(), "Storage only grows"),
    ] {
        project.main(&database(&format!(
            "  network = {network}\n  enable_deletion_protection = false\n  enable_termination_protection = false\n{argument}"
        )));
        project.plan().failed().says(words).does_not_say("must be replaced");
    }
    // In the same apply as a whole other network: Terraform asks once more when that is made.
    project.main(&format!(
        "{ELSEWHERE}{}",
        database("  network = quilt_network.other\n  enable_deletion_protection = false\n  enable_termination_protection = false")
    ));
    project.apply().failed().says("A database does not change its network");
    let still = project.attribute(THIS, "db_instance_identifier");
    assert_eq!(
        (json!(instance), cloud.calls_of("UpdateStack").len(), cloud.calls_of("DeleteStack").len()),
        (still, 0, 0)
    );
}

/// A snapshot that is named no longer, renamed, deleted, or a newer one: the database was made once.
#[test]
fn the_snapshot_is_used_once_whatever_comes_of_it() {
    let (cloud, _, source) = made("");
    take(&cloud, &source, "first");
    let project = Project::new(&cloud);
    let restored = |argument: &str| {
        let network = "{ vpc_id = quilt_network.net2.vpc_id, intra_subnet_ids = quilt_network.net2.intra_subnet_ids }";
        let net = NETWORK.replace("\"this\"", "\"net2\"").replace("\"net\"", "\"net2\"");
        format!(
            "{net}resource \"quilt_database\" \"this\" {{\n  name = \"next\"\n  network = {network}\n  enable_deletion_protection = false\n  enable_termination_protection = false\n{argument}\n}}\n"
        )
    };
    project.main(&restored("  snapshot_identifier = \"first\""));
    project.apply().ok();
    project.plan_is_empty();
    let instance = project.attribute(THIS, "db_instance_identifier");
    take(&cloud, &source, "second");
    cloud
        .query("rds", "DeleteDBSnapshot", &[("DBSnapshotIdentifier", "first")])
        .expect("it is there");
    project.plan_is_empty();
    for argument in [
        "  snapshot_identifier = \"second\"",
        "",
        "  snapshot_identifier = \"first\"\n  instance_class = \"db.t3.medium\"",
    ] {
        project.main(&restored(argument));
        project.apply().ok();
        assert_eq!(project.attribute(THIS, "db_instance_identifier"), instance, "{argument}");
    }
    let template = cloud.template("next-database");
    assert_eq!(
        template.matches("Policy: Snapshot").count(),
        2,
        "deletion and replacement take a snapshot first"
    );
    assert_eq!(
        cloud.stack("next-database").expect("it is there").parameters["SnapshotIdentifier"],
        "first"
    );
}

/// Encryption is the snapshot's and a create-only property: said otherwise, it would replace the instance. A shared snapshot is named by its ARN.
#[test]
fn a_restored_database_is_as_encrypted_as_its_snapshot() {
    let cloud = Cloud::start();
    let old = "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres, EngineVersion: \"15.12\", DBInstanceClass: \
               db.t3.small, AllocatedStorage: \"20\", MasterUsername: keeper, MasterUserPassword: not-a-secret}\n";
    cloud.create_stack("plain", old, &[]).expect("the template is right");
    cloud.settled("plain");
    take(&cloud, &cloud.resources("plain")["DB"].physical_id, "plain");
    let project = Project::new(&cloud);
    let arn = format!("arn:aws:rds:us-east-1:{}:snapshot:plain", cloud.account());
    let main = |class: &str| {
        let arguments = format!(
            "  enable_deletion_protection = false\n  enable_termination_protection = false\n  snapshot_identifier = {arn:?}\n  instance_class = {class:?}"
        );
        project.main(&database(&format!("  network = quilt_network.this\n{arguments}")));
    };
    main("db.t3.small");
    project.apply().ok();
    project.plan_is_empty();
    let of = |name: &str| project.attribute(THIS, name);
    let (instance, user) = (of("db_instance_identifier"), of("username"));
    let told = cloud.stack("data-database").expect("it was made").parameters;
    assert_eq!(
        (told["StorageEncrypted"].as_str(), told["SnapshotIdentifier"].as_str(), user),
        ("false", arn.as_str(), json!("keeper"))
    );
    main("db.t3.medium");
    project.apply().ok().says("0 added, 1 changed, 0 destroyed");
    project.plan_is_empty();
    assert_eq!(of("db_instance_identifier"), instance);
}

/// Another name is another database. A protected one stands in the way of that; one that is not leaves its content in a snapshot.
#[test]
fn another_name_is_refused_while_protected_and_then_leaves_a_snapshot() {
    let (cloud, project, instance) = made("");
    let named = |name: &str, protected: bool| {
        let text = database(&format!(
            "  network = quilt_network.this\n  enable_deletion_protection = {protected}\n  enable_termination_protection = {protected}"
        ));
        project.main(&text.replace("\"data\"", &format!("{name:?}")));
    };
    named("data", true);
    project.apply().ok();
    cloud.forget();
    named("other", true);
    project
        .plan()
        .failed()
        .says("is protected from deletion")
        .says("enable_deletion_protection = false");
    assert_eq!(writes(&cloud), [""; 0]);
    named("data", false);
    project.apply().ok();
    named("other", false);
    project.apply().ok().says("1 added, 0 changed, 1 destroyed");
    project.plan_is_empty();
    let left = snapshots(&cloud);
    assert!(left.len() == 1 && left[0].1 == instance, "{left:?}");
}

/// A stack that is deleted leaves a last snapshot; a protected one is not deleted, and the plan says so.
#[test]
fn a_destroy_is_refused_and_then_leaves_a_snapshot() {
    let (cloud, project, instance) = made("");
    project.main(&database("  network = quilt_network.this"));
    project.apply().ok();
    cloud.forget();
    project
        .destroy()
        .failed()
        .says("enable_deletion_protection = false")
        .says("Nothing was deleted");
    assert_eq!(writes(&cloud), [""; 0]);
    project.main(&database("  network = quilt_network.this\n  enable_deletion_protection = false\n  enable_termination_protection = false"));
    project.apply().ok();
    project.destroy().ok();
    let left = snapshots(&cloud);
    assert!(left.len() == 1 && left[0].1 == instance, "{left:?}");
}

/// A name that is taken, a snapshot that is automatic, of another region or of another engine: at the attribute, with nothing made.
#[test]
fn bad_sources_and_taken_names_are_refused_at_plan() {
    let (cloud, project, instance) = made("");
    take(&cloud, &instance, "here");
    let other = project.again(&cloud);
    let mysql = "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: mysql, EngineVersion: \"8.0\", DBInstanceClass: \
                 db.t3.small, AllocatedStorage: \"20\", MasterUsername: root, MasterUserPassword: not-a-secret}\n";
    cloud.create_stack("mysql", mysql, &[]).expect("the template is right");
    cloud.settled("mysql");
    take(&cloud, &cloud.resources("mysql")["DB"].physical_id, "mysql");
    cloud.forget();
    let place = "{ vpc_id = \"vpc-0\", intra_subnet_ids = [\"subnet-0\", \"subnet-1\"] }";
    let next = |arguments: &str| {
        format!("resource \"quilt_database\" \"this\" {{\n  network = {place}\n{arguments}\n}}\n")
    };
    for (arguments, words, line) in [
        ("  name = \"data\"", "A stack named data-database exists already", "3:   name"),
        (
            "  snapshot_identifier = \"rds:data-2026-01-01\"\n  name = \"next\"",
            "automatic snapshot",
            "3:   snapshot_identifier",
        ),
        (
            "  snapshot_identifier = \"mysql\"\n  name = \"next\"",
            "Its engine is mysql",
            "3:   snapshot_identifier",
        ),
        (
            "  snapshot_identifier = \"here\"\n  region = \"eu-west-1\"\n  name = \"next\"",
            "There is no snapshot here in eu-west-1",
            "3:   snapshot_identifier",
        ),
    ] {
        other.main(&next(arguments));
        other.plan().failed().says(words).says(line);
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

/// What exists is replaced under its own name where a person asks for it, also after an import.
#[test]
fn a_taken_name_does_not_stand_in_the_way_of_a_replacement() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(NETWORK);
    project.apply().ok();
    let other = project.again(&cloud);
    other.plan().failed().says("A stack named net-network exists already").says("import {");
    other.import("quilt_network.this", "net").ok();
    let arguments =
        ["apply", "-no-color", "-input=false", "-auto-approve", "-replace=quilt_network.this"];
    other.run(&arguments).ok().says("1 added, 0 changed, 1 destroyed");
    other.plan_is_empty();
}
