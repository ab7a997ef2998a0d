//! Destroying what the configuration cannot be planned for: Terraform plans it first, and the refusal names the way around.

use serde_json::json;

use super::THIS;
use crate::acceptance::terraform::{DESTROY, Project};
use crate::acceptance::{BROKEN, QUEUES, free, queues};
use crate::cloud::{Cloud, Rule};

/// Terraform's way without the plan.
fn destroy_unseen(project: &Project) -> crate::acceptance::command::Outcome {
    project.run(&[&DESTROY[..], &["-refresh=false"]].concat())
}

/// A destroy is refused with these words and the way out, and takes that way.
fn refused_and_then_gone(cloud: &Cloud, project: &Project, words: &str) {
    project.destroy().failed().says(words).says("`-refresh=false` leaves that plan out");
    assert!(cloud.stack("queues").is_some() && !project.instance(THIS).is_null());
    destroy_unseen(project).ok();
    assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
}

#[test]
fn a_configuration_that_is_refused() {
    let bucket = |name: &str, cloud: &Cloud| {
        QUEUES.replace(
            "Outputs:",
            &format!("  Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}-{}}}}}\nOutputs:", cloud.account()),
        )
    };
    for (main, template, words) in [
        (
            free("").replace("template.yaml", "elsewhere.yaml"),
            "one",
            "The template file elsewhere.yaml cannot be read",
        ),
        (free(""), "two", "Data (AWS::S3::Bucket) would be replaced"),
        (free("  parameters = { Size = 7 }"), "one", "Size"),
        (free("  parameters = { Colour = \"red\" }"), "one", "Colour"),
    ] {
        let (cloud, project) = queues();
        project.write("template.yaml", &bucket("one", &cloud));
        project.main(&free(""));
        project.apply().ok();
        project.write("template.yaml", &bucket(template, &cloud));
        project.main(&main);
        refused_and_then_gone(&cloud, &project, words);
    }
}

#[test]
fn an_update_that_was_left_as_it_is() {
    let (cloud, project) = queues();
    project.main(&free("  disable_rollback = true"));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    project.main(&free("  disable_rollback = true\n  parameters = { Size = 4096 }"));
    project.apply().failed().says("UPDATE_FAILED");
    cloud.let_go();
    project.main(&free(""));
    refused_and_then_gone(&cloud, &project, "CloudFormation goes on only without a rollback");
}

/// What stops nothing: the file is gone, the block is gone, a stack that is half deleted or whose rollback failed.
#[test]
fn a_configuration_that_lacks_what_a_deletion_does_not_need() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    std::fs::remove_file(project.path("template.yaml")).unwrap();
    project.main("");
    project.apply().ok().says("1 destroyed");
    assert!(cloud.stack("queues").is_none());
}

/// What AWS says is gone is gone, without a look before.
#[test]
fn a_stack_that_is_gone() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.delete_stack("queues").expect("it is not protected");
    cloud.forget();
    destroy_unseen(&project).ok();
    assert!(project.instance(THIS).is_null() && cloud.calls_of("DeleteStack").is_empty());
}

/// The secret of the database is gone, and something is to change: there is no preview, and no error.
#[test]
fn a_secret_that_is_gone() {
    let (cloud, project) = queues();
    let template = QUEUES.replace(
        "  Password: {Type: String, NoEcho: true, MinLength: 3, Default: hunter2}",
        "  DBUrl: {Type: String, NoEcho: true}",
    );
    project.write("template.yaml", &template);
    let login = json!({"Name": "login", "SecretString": json!({"username": "root", "password": "not-a-secret"}).to_string()});
    let arn = cloud.json("secretsmanager", "secretsmanager.CreateSecret", &login)["ARN"].clone();
    let with = |size: u32| {
        free(&format!(
            "  database = {{ endpoint = \"db.internal\", password_secret_arn = {arn} }}\n  parameters = {{ Size = {size} }}"
        ))
    };
    project.main(&with(1024));
    project.apply().ok();
    project.plan_is_empty();
    let delete = json!({"SecretId": arn, "ForceDeleteWithoutRecovery": true});
    cloud.json("secretsmanager", "secretsmanager.DeleteSecret", &delete);
    project.plan_is_empty();
    project.main(&with(2048));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("no preview of its changes").says("There is no secret");
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

/// A database whose deletion failed is finished by the next destroy, by itself as well; what it says to type works.
#[test]
fn a_database_that_is_half_deleted() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let network = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n";
    let with = |more: &str| {
        let arguments = "  name = \"data\"\n  network = quilt_network.this\n  enable_deletion_protection = false\n  enable_termination_protection = false";
        format!("{network}resource \"quilt_database\" \"this\" {{\n{arguments}\n{more}\n}}\n")
    };
    project.main(&with(""));
    project.apply().ok();
    cloud.hold(Rule::stack("data-database").resource("DB").on("delete").fail(BROKEN));
    project.destroy().failed().says("Database data was not deleted");
    assert_eq!(cloud.stack("data-database").expect("it is there").status, "DELETE_FAILED");
    let plan = project
        .plan()
        .says("Database data is half deleted")
        .says("terraform destroy -target=<its address>");
    assert_eq!(plan.code, 0, "it is not made anew unasked: {}", plan.text);
    project.main(&with("  instance_class = \"db.t3.medium\""));
    project.plan().failed().says("It cannot be changed any more").says("-refresh=false` leaves");
    project.main(&with(""));
    cloud.let_go();
    project.run(&[&DESTROY[..], &["-target=quilt_database.this"]].concat()).ok();
    assert!(cloud.stack("data-database").is_none() && cloud.stack("net-network").is_some());
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

/// The mode of each deletion, the oldest first.
fn modes(cloud: &Cloud) -> Vec<Option<String>> {
    let calls = cloud.calls_of("DeleteStack");
    calls.iter().map(|call| call.sent("DeploymentConfig.Mode").map(str::to_owned)).collect()
}

#[test]
fn a_stack_to_throw_away_goes_in_express_mode_and_alone() {
    let (cloud, project) = queues();
    let words = "  express_deletion = true\n";
    project.main(&free(words));
    project.apply().ok();
    project.plan_is_empty();
    project.destroy().ok().says("Stack queues is deleted in express mode");
    assert_eq!(modes(&cloud), [Some("EXPRESS".to_owned())]);

    // A saved plan does not tell what else goes.
    project.apply().ok();
    cloud.forget();
    project.run(&["plan", "-destroy", "-no-color", "-input=false", "-out=plan.bin"]).ok();
    project
        .run(&["apply", "-no-color", "-input=false", "plan.bin"])
        .ok()
        .says("as with a saved plan");
    assert_eq!(modes(&cloud), [None]);

    // Its network goes in the same run.
    let network = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n\n";
    project.write(
        "template.yaml",
        &QUEUES.replacen("Parameters:", "Parameters:\n  Vpc: {Type: String}", 1),
    );
    let beside = format!("{words}  parameters = {{ Vpc = quilt_network.this.vpc_id }}\n");
    project.main(&[network, &free(&beside)].concat());
    project.apply().ok();
    cloud.forget();
    project.destroy().ok().says("this run deletes the network net-network");
    assert_eq!(modes(&cloud), [None, None], "of the stack, and of the network");

    project.main(&free(words).replace("protection = false", "protection = true"));
    project.plan().failed().says("A protected stack is not deleted in express mode");
}
