//! A sign-in beside running operations, and one whose own operation fails or is stopped.

use super::{MULTI, google, live, okta, quilt};
use crate::acceptance::BROKEN;
use crate::acceptance::templates::fixture;
use crate::acceptance::terraform::APPLY;
use crate::cloud::{Cloud, Rule};

#[test]
fn a_failed_update_leaves_everything_as_it_was() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    let before = project.instance("quilt_sso.okta");
    cloud.hold(Rule::stack("quilt").on("update").fail(BROKEN));
    project.main(&okta("").replace("\"id\"", "\"other\""));
    project.apply().failed().says("the stack is as it was before (UPDATE_ROLLBACK_COMPLETE)");
    assert_eq!(project.instance("quilt_sso.okta")["attributes"], before["attributes"]);
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["OktaClientId"], "other");
}

#[test]
fn a_running_operation_is_waited_for() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    cloud.hold(Rule::stack("quilt").on("update").hold(3.0).times(1));
    let other = project.again(&cloud);
    other.main(&google(""));
    let first = other.start(&APPLY);
    cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
    project.main(&okta("").replace("\"id\"", "\"other\""));
    project.apply().ok();
    first.wait().ok();
    project.plan_is_empty();
    other.plan_is_empty();
    assert_eq!(
        (live(&cloud)["OktaClientId"].as_str(), live(&cloud)["GoogleAuth"].as_str()),
        ("other", "Enabled")
    );
}

#[test]
fn ctrl_c_loses_nothing() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    for (action, word) in
        [("1 added", "is not finished"), ("1 changed", "was not updated: stopped")]
    {
        cloud.hold(Rule::stack("quilt").on("update").hold(600.0));
        let running = project.start(&APPLY);
        cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
        std::thread::sleep(std::time::Duration::from_millis(300));
        running.interrupt().0.failed().says(word);
        cloud.let_go();
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(cloud.settled("quilt").status, "UPDATE_COMPLETE", "{action}");
        project.main(&okta("").replace("\"id\"", "\"other\""));
    }
    assert_eq!(live(&cloud)["OktaClientId"], "other");
}

#[test]
fn what_takes_too_long_is_told_and_changes_nothing() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    let patient = |limit: &str| okta(&format!("  timeouts {{\n    create = \"{limit}\"\n  }}\n"));
    cloud.hold(Rule::stack("quilt").on("update").hold(600.0).times(1));
    theirs(&cloud, "AdminEmail", "other@example.com");
    cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
    cloud.forget();
    project.main(&patient("2s"));
    project
        .apply()
        .failed()
        .says("After 2 s, the stack is being updated (UPDATE_IN_PROGRESS) still")
        .says("Raise the `timeouts` block");
    assert!(
        cloud.calls_of("CreateChangeSet").is_empty()
            && project.instance("quilt_sso.okta").is_null()
    );
    cloud.let_go();
    project.main(&patient("5m"));
    project.apply().ok();
    project.plan_is_empty();
    let values = live(&cloud);
    assert_eq!(
        (values["OktaAuth"].as_str(), values["AdminEmail"].as_str()),
        ("Enabled", "other@example.com")
    );
}

#[test]
fn somebody_elses_operation_is_waited_for() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    cloud.hold(Rule::stack("quilt").on("update").hold(2.0).times(1));
    theirs(&cloud, "AdminEmail", "other@example.com");
    cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
    project.main(&okta(""));
    project.apply().ok();
    project.plan_is_empty();
    let values = live(&cloud);
    assert_eq!(
        (values["OktaAuth"].as_str(), values["AdminEmail"].as_str()),
        ("Enabled", "other@example.com")
    );
}

#[test]
fn two_workspaces_at_once_end_right() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    cloud.hold(Rule::stack("quilt").on("update").hold(0.3));
    let other = project.again(&cloud);
    for (client, admin) in [("id", "one"), ("second", "two")] {
        project.main(&okta("").replace("\"id\"", &format!("{client:?}")));
        other.main(&google("").replace("\"id\"", &format!("{admin:?}")));
        let (one, two) = (project.start(&APPLY), other.start(&APPLY));
        one.wait().ok();
        two.wait().ok();
        project.plan_is_empty();
        other.plan_is_empty();
        let values = live(&cloud);
        assert_eq!(
            (values["OktaClientId"].as_str(), values["GoogleClientId"].as_str()),
            (client, admin)
        );
    }
}

/// Somebody else changes a parameter, and does not wait for its end.
fn theirs(cloud: &Cloud, name: &str, value: &str) {
    let all = live(cloud);
    let row = |i: usize, known: &String| {
        let key = format!("Parameters.member.{i}");
        let changed =
            if known == name { ("ParameterValue", value) } else { ("UsePreviousValue", "true") };
        [
            (format!("{key}.ParameterKey"), known.clone()),
            (format!("{key}.{}", changed.0), changed.1.to_string()),
        ]
    };
    let rows: Vec<_> = all.keys().enumerate().flat_map(|(i, known)| row(i + 1, known)).collect();
    let mut options = vec![("UsePreviousTemplate", "true")];
    options.extend(rows.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    cloud.change_stack("UpdateStack", "quilt", &options, &[]).expect("the value is right");
}
