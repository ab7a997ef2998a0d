//! `quilt_database` as people use it: new, and restored from the snapshot of an old stack in one apply.

use serde_json::{Value, json};

use super::terraform::{APPLY, Project};
use super::{until_held, writes};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_database.this";

const NETWORK: &str = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n";

const SNAPSHOT: &str = "resource \"quilt_snapshot\" \"old\" {\n  stack_name = \"old\"\n}\n";

fn database(arguments: &str) -> String {
    format!(
        "resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n  network = quilt_network.this\n  enable_deletion_protection = false\n  enable_termination_protection = false\n{arguments}\n}}\n"
    )
}

/// An old stack whose database has this version.
fn old(cloud: &Cloud, version: &str) {
    let body = format!(
        "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {{Engine: postgres, EngineVersion: \"{version}\", \
         DBInstanceClass: db.t3.small, AllocatedStorage: \"120\", DBName: catalog, MasterUsername: keeper, \
         MasterUserPassword: old-secret-word, StorageEncrypted: true}}\n"
    );
    cloud.create_stack("old", &body, &[]).expect("the template is right");
    cloud.settled("old");
}

/// What RDS says of the instance in the state.
fn instance(cloud: &Cloud, project: &Project, name: &str) -> String {
    let id = project.attribute(THIS, "db_instance_identifier");
    let parameters = [("DBInstanceIdentifier", id.as_str().expect("it is made"))];
    let answer = cloud.query("rds", "DescribeDBInstances", &parameters).expect("it is made");
    answer.members("DBInstances")[0].get(name).unwrap_or_default().to_owned()
}

/// The password in Secrets Manager.
fn password(cloud: &Cloud, project: &Project) -> String {
    let secret = json!({"SecretId": project.attribute(THIS, "password_secret_arn")});
    let answer = cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &secret);
    let pair: Value = serde_json::from_str(answer["SecretString"].as_str().expect("there is one"))
        .expect("it is JSON");
    assert_eq!(pair["username"], project.attribute(THIS, "username"));
    pair["password"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_database_lives_a_whole_life() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&format!("{NETWORK}{}", database("")));
    project.apply().ok();
    project.plan_is_empty();
    let of = |name| project.attribute(THIS, name);
    assert_eq!(
        (of("username"), of("database_name"), of("engine_version_actual")),
        (json!("root"), json!("quilt"), json!("15.18"))
    );
    let secret = password(&cloud, &project);
    assert!(secret.len() >= 32 && !project.state().to_string().contains(&secret));
    let before = of("db_instance_identifier");

    project.main(&format!("{NETWORK}{}", database("  instance_class = \"db.t3.medium\"")));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(
        (instance(&cloud, &project, "DBInstanceClass"), of("db_instance_identifier")),
        ("db.t3.medium".into(), before.clone())
    );

    let other = project.again(&cloud);
    let (vpc, subnets) = (
        project.attribute("quilt_network.this", "vpc_id"),
        project.attribute("quilt_network.this", "intra_subnet_ids"),
    );
    let literal = format!("{{ vpc_id = {vpc}, intra_subnet_ids = {subnets} }}");
    other.main(
        &database("  instance_class = \"db.t3.medium\"").replace("quilt_network.this", &literal),
    );
    cloud.forget();
    other.import(THIS, "data").ok();
    other.plan_is_empty();
    assert_eq!((writes(&cloud), other.attribute(THIS, "db_instance_identifier")), (vec![], before));
    project.destroy().ok();
    assert!(cloud.stack("data-database").is_none());
}

#[test]
fn an_old_database_is_restored_in_one_apply_and_stays() {
    let cloud = Cloud::start();
    old(&cloud, "15.12");
    let project = Project::new(&cloud);
    let all = |arguments| format!("{NETWORK}{SNAPSHOT}{}", database(arguments));
    project.main(&all("  snapshot = quilt_snapshot.old"));
    project.apply().ok();
    project.plan_is_empty();
    let of = |name| project.attribute(THIS, name);
    assert_eq!(
        (of("username"), of("database_name"), of("allocated_storage")),
        (json!("keeper"), json!("catalog"), json!(120))
    );
    assert_eq!(
        (of("snapshot_identifier"), of("engine_version_actual")),
        (project.attribute("quilt_snapshot.old", "id"), json!("15.18"))
    );
    assert_ne!(password(&cloud, &project), "old-secret-word");
    let made = of("db_instance_identifier");

    for later in ["  snapshot_identifier = \"other\"", ""] {
        project.main(&all(later));
        cloud.forget();
        project.apply().ok().says("keeps its data");
        assert_eq!((writes(&cloud), of("db_instance_identifier")), (vec![], made.clone()));
    }
}

#[test]
fn what_cannot_be_restored_is_refused_with_nothing_created() {
    let cloud = Cloud::start();
    old(&cloud, "11.19");
    let project = Project::new(&cloud);
    cloud.forget();
    project.main(&format!("{NETWORK}{SNAPSHOT}{}", database("  snapshot = quilt_snapshot.old")));
    project.plan().failed().says("to 11.22 first");
    for (argument, words) in [
        ("snapshot_identifier = \"nope\"", "There is no snapshot nope in us-east-1"),
        ("snapshot_identifier = \"rds:old-2026\"", "automatic snapshot"),
        ("network_type = \"IPV6\"", "DUAL, IPV4"),
        ("backup_retention_days = 0", "Write 1 to 35"),
    ] {
        project.main(&format!("{}{NETWORK}", database(&format!("  {argument}"))));
        project
            .plan()
            .failed()
            .says(words)
            .says("on main.tf line 6, in")
            .says(&format!("6:   {argument}"));
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn the_engine_goes_up_where_rds_lets_it() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let of = |version: &str| {
        project.main(&format!("{NETWORK}{}", database(&format!("  engine_version = {version:?}"))))
    };
    of("11.19");
    project.apply().ok();
    project.plan_is_empty();
    let made = project.attribute(THIS, "db_instance_identifier");
    cloud.forget();
    of("15.18");
    project.plan().failed().says("Write 11.22 as `engine_version`");
    assert_eq!(writes(&cloud), [""; 0]);
    for version in ["11.22", "15.18"] {
        of(version);
        project.apply().ok();
        project.plan_is_empty();
    }
    assert_eq!(
        (
            project.attribute(THIS, "engine_version_actual"),
            project.attribute(THIS, "db_instance_identifier")
        ),
        (json!("15.18"), made)
    );
}

/// A restore takes long, and is not begun twice whichever way Terraform ends in it.
#[test]
fn an_interrupted_restore_goes_on() {
    for signal in ["INT", "KILL"] {
        let cloud = Cloud::start();
        old(&cloud, "15.12");
        let project = Project::new(&cloud);
        project
            .main(&format!("{NETWORK}{SNAPSHOT}{}", database("  snapshot = quilt_snapshot.old")));
        cloud.hold(Rule::stack("data-database").resource("DB").on("create").hold(600.0));
        let running = project.start(&APPLY);
        let id = until_held(&cloud, &running, "data-database", "DB", "create");
        match signal {
            "INT" => drop(running.interrupt().0.failed().says("Database data is not finished")),
            _ => {
                running.send(signal, false);
                running.wait();
            }
        }
        project.nothing_is_left_running();
        cloud.let_go();
        project.apply().ok().does_not_say("destroyed and then created");
        project.plan_is_empty();
        assert_eq!(
            (project.attribute(THIS, "id"), project.attribute(THIS, "username")),
            (json!(id), json!("keeper"))
        );
        let made = cloud.calls_of("CreateStack").into_iter().filter(|call| {
            call.sent("StackName") == Some("data-database") && call.status == Some(200)
        });
        assert_eq!(
            (
                made.count(),
                cloud.calls_of("CreateDBSnapshot").len(),
                cloud.calls_of("DeleteStack").len()
            ),
            (1, 1, 0),
            "{signal}"
        );
    }
}
