//! Values of NoEcho parameters: sent when they are new, never made up, never a difference of their own.

use crate::acceptance::{free, queues, writes};
use crate::cloud::Cloud;

/// What the last update sent as the password; None for the previous value.
fn password(cloud: &Cloud) -> Option<String> {
    cloud.calls_of("CreateChangeSet").last().expect("there was an update").parameters["Parameters.Password"].value.clone()
}

#[test]
fn a_secret_among_the_parameters() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Password = \"first-one\" }"));
    project.apply().ok().says("A secret will be kept in the state");
    project.plan_is_empty();
    assert_eq!(cloud.calls_of("CreateStack")[0].sent("Parameters.Password"), Some("first-one"));
    project.main(&free("  parameters = { Password = \"first-one\", Size = 2048 }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(password(&cloud), None);
    project.main(&free("  parameters = { Password = \"second-one\", Size = 2048 }"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(password(&cloud).as_deref(), Some("second-one"));
}

#[test]
fn a_secret_that_terraform_does_not_keep() {
    let (cloud, project) = queues();
    let main = |secret: &str, version: u32, size: u32| {
        project.main(&free(&format!(
            "  parameters = {{ Size = {size} }}\n  parameters_wo = {{ Password = \"{secret}\" }}\n  parameters_wo_version = {version}"
        )));
    };
    main("first-one", 1, 1024);
    project.apply().ok().does_not_say("first-one").does_not_say("kept in the state");
    project.plan_is_empty();
    assert_eq!(cloud.calls_of("CreateStack")[0].sent("Parameters.Password"), Some("first-one"));
    main("first-one", 1, 2048);
    project.apply().ok();
    assert_eq!(password(&cloud), None);
    cloud.forget();
    main("second-one", 1, 2048);
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    main("second-one", 2, 2048);
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(password(&cloud).as_deref(), Some("second-one"));
}

#[test]
fn an_imported_stack_keeps_its_secrets_until_told() {
    let (cloud, project) = queues();
    cloud
        .create_stack(
            "queues",
            &std::fs::read_to_string(project.path("template.yaml")).unwrap(),
            &[("Password", "theirs")],
        )
        .expect("right");
    cloud.settled("queues");
    let main = |version: u32| {
        free(&format!(
            "  parameters_wo = {{ Password = \"ours-now\" }}\n  parameters_wo_version = {version}"
        ))
    };
    project.main(&main(1));
    project.import("quilt_stack.this", "queues").ok();
    cloud.forget();
    project.apply().ok().says("An imported stack keeps its secrets");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    project.main(&main(2));
    project.apply().ok().does_not_say("An imported stack keeps its secrets");
    project.plan_is_empty();
    assert_eq!(password(&cloud).as_deref(), Some("ours-now"));
}

#[test]
fn what_cloudformation_shows_instead_is_no_value() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Password = \"****\" }"));
    project
        .plan()
        .failed()
        .says("`****` is what CloudFormation shows instead of the value of `Password`.");
    assert_eq!(writes(&cloud), [""; 0]);
}
