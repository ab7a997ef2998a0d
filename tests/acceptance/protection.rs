//! What is protected is not deleted, whichever road leads there, and nothing is sent to find that out.

use super::terraform::{APPLY, DESTROY, Project};
use super::{QUEUES, free, queues, stack, writes};
use crate::cloud::Cloud;

const NETWORK: &str = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n";

/// A database whose deletion protection is said, with more arguments.
fn database(protected: bool, more: &str) -> String {
    format!(
        "{NETWORK}resource \"quilt_database\" \"this\" {{\n  name = \"data\"\n  network = quilt_network.this\n  enable_deletion_protection \
         = {protected}\n  enable_termination_protection = false\n{more}}}\n"
    )
}

/// `terraform apply` with one more word.
fn apply_with(project: &Project, word: &str) -> super::command::Outcome {
    project.run(&[&APPLY[..], &[word]].concat())
}

/// Switches the deletion protection of the instance behind Terraform's back.
fn switch(cloud: &Cloud, instance: &str, on: bool) {
    let parameters = [
        ("DBInstanceIdentifier", instance),
        ("DeletionProtection", if on { "true" } else { "false" }),
    ];
    cloud.query("rds", "ModifyDBInstance", &parameters).expect("it is allowed");
}

/// Nothing was sent, and the stack takes updates still.
fn unharmed(cloud: &Cloud, name: &str) {
    assert_eq!(cloud.calls_of("DeleteStack").len(), 0);
    let status = cloud.stack(name).expect("it is there").status;
    assert!(["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(&status.as_str()), "{status}");
}

#[test]
fn a_protected_database_outlives_every_road_to_its_deletion() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&database(true, ""));
    project.apply().ok();
    let instance = project.attribute("quilt_database.this", "db_instance_identifier");
    let refused = |outcome: super::command::Outcome| {
        let outcome = outcome
            .failed()
            .says("protected from deletion")
            .says("1. Set `enable_deletion_protection = false`");
        outcome.says("2. Delete or replace it again").does_not_say("Destroy again");
        unharmed(&cloud, "data-database");
        assert_eq!(project.attribute("quilt_database.this", "db_instance_identifier"), instance);
    };
    refused(apply_with(&project, "-replace=quilt_database.this"));
    project.run(&["taint", "quilt_database.this"]).ok();
    refused(project.apply());
    project.run(&["untaint", "quilt_database.this"]).ok();
    project.plan_is_empty();
    project.main(NETWORK);
    refused(project.apply());
    project.main(&database(true, "  count = 0\n"));
    refused(project.apply());
    refused(project.destroy());
    refused(project.run(&[&DESTROY[..], &["-refresh=false"]].concat()));
    // As the words say.
    project.main(&database(false, ""));
    project.apply().ok().says("1 changed");
    apply_with(&project, "-replace=quilt_database.this")
        .ok()
        .says("1 added, 0 changed, 1 destroyed");
    project.destroy().ok();
}

/// A database has both protections by default. One refusal names both, and one change takes both away.
#[test]
fn both_protections_of_a_database_go_in_one_change() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let open = "  enable_deletion_protection = false\n  enable_termination_protection = false\n";
    project.main(&database(false, "").replace(open, ""));
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("data-database").expect("it is made").protected);
    project
        .destroy()
        .failed()
        .says("Termination protection is on for the stack data-database, and the database instance")
        .says("1. Set `enable_termination_protection = false` and `enable_deletion_protection = false`")
        .says("--stack-name data-database")
        .says("aws rds modify-db-instance");
    unharmed(&cloud, "data-database");
    project.main(&database(false, ""));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    project.destroy().ok();
}

/// What somebody has switched in the console counts, in both directions.
#[test]
fn what_rds_says_counts() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&database(false, ""));
    project.apply().ok();
    let instance = project.attribute("quilt_database.this", "db_instance_identifier");
    let instance = instance.as_str().expect("it is made");
    switch(&cloud, instance, true);
    project
        .destroy()
        .failed()
        .says(&format!("The database instance {instance} is protected from deletion"));
    apply_with(&project, "-replace=quilt_database.this").failed().says("protected from deletion");
    unharmed(&cloud, "data-database");
    switch(&cloud, instance, false);
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn a_protected_stack_outlives_replace_and_taint() {
    let (cloud, project) = queues();
    project.main(&stack("  template_file = \"template.yaml\""));
    project.apply().ok();
    let refused = |outcome: super::command::Outcome| {
        let outcome = outcome.failed().says("Termination protection is on for the stack queues");
        outcome
            .says("1. Set `enable_termination_protection = false`")
            .does_not_say("Destroy again");
        unharmed(&cloud, "queues");
    };
    refused(apply_with(&project, "-replace=quilt_stack.this"));
    project.run(&["taint", "quilt_stack.this"]).ok();
    refused(project.apply());
    project.run(&["untaint", "quilt_stack.this"]).ok();
    project.main("");
    refused(project.apply());
}

/// A stack whose own template holds the database.
#[test]
fn a_protected_database_inside_a_stack_is_looked_up_first() {
    let database = "  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres, DBInstanceClass: db.t3.small, AllocatedStorage: \
                    \"20\", MasterUsername: root, MasterUserPassword: not-a-secret}\nOutputs:";
    let (cloud, project) = queues();
    project.write("template.yaml", &QUEUES.replace("Outputs:", database));
    project.main(&free(""));
    project.apply().ok();
    let instance = cloud.resources("queues")["DB"].physical_id.clone();
    switch(&cloud, &instance, true);
    for outcome in [project.destroy(), apply_with(&project, "-replace=quilt_stack.this")] {
        let outcome = outcome
            .failed()
            .says(&format!("The database instance {instance} is protected from deletion"));
        outcome.says("aws rds modify-db-instance --no-deletion-protection").says(&instance);
        unharmed(&cloud, "queues");
    }
    switch(&cloud, &instance, false);
    cloud.forget();
    project.destroy().ok();
    assert_eq!(writes(&cloud), ["DeleteStack"]);
    assert!(cloud.stacks().is_empty());
}
