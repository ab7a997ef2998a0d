//! A sign-in that changes, by its owner's hand and by others'.

use std::collections::BTreeMap;

use super::{LEGACY, MULTI, SECRET, google, live, names, okta, quilt, sent, sso};
use crate::acceptance::templates::fixture;

#[test]
fn two_providers_of_one_stack_take_turns() {
    let (cloud, project) = quilt(
        &fixture(MULTI),
        &[
            ("PasswordAuth", "Disabled"),
            ("OneLoginAuth", "Enabled"),
            ("OneLoginClientId", "x"),
            ("OneLoginBaseUrl", "x"),
        ],
    );
    project.main(&format!(
        "{}{}",
        okta(""),
        google("  password_auth = false\n  domains = [\"b.com\", \"a.com\"]\n")
    ));
    project.apply().ok().says("2 added");
    project.plan_is_empty();
    let values = live(&cloud);
    assert_eq!(
        (
            values["OktaAuth"].as_str(),
            values["GoogleAuth"].as_str(),
            values["SingleSignOnDomains"].as_str()
        ),
        ("Enabled", "Enabled", "a.com,b.com")
    );
    assert_eq!(sent(&cloud).len(), 4, "of each what the plan shows, and the update");
    project.destroy().ok();
    let values = live(&cloud);
    assert_eq!(
        (
            values["OktaAuth"].as_str(),
            values["GoogleAuth"].as_str(),
            values["PasswordAuth"].as_str()
        ),
        ("Disabled", "Disabled", "Disabled")
    );
}

#[test]
fn the_last_way_to_sign_in_gives_way_to_the_password() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta("  password_auth = false\n"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["PasswordAuth"], "Disabled");
    project.destroy().ok().says("Sign-in with a password is turned on");
    assert_eq!(
        (live(&cloud)["PasswordAuth"].as_str(), live(&cloud)["OktaAuth"].as_str()),
        ("Enabled", "Disabled")
    );
}

#[test]
fn a_stack_that_is_gone_is_no_obstacle() {
    let (cloud, project) = quilt(&fixture(LEGACY), &[]);
    project.main(&sso("google", "  domains = [\"example.com\"]\n"));
    project.apply().ok();
    cloud.delete_stack("quilt").expect("it is not protected");
    project.run(&["destroy", "-no-color", "-input=false", "-auto-approve", "-refresh=false"]).ok();
}

#[test]
fn a_secret_is_sent_again_with_a_new_version() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    cloud.forget();
    project.main(&okta("").replace("s3cr3t", "n3w").replace("version = 1", "version = 2"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let secret: BTreeMap<_, _> = [("OktaClientSecret".to_string(), "n3w".to_string())].into();
    assert_eq!(sent(&cloud), [secret.clone(), secret], "what the plan shows, and the update");
    cloud.forget();
    project.main(&okta("").replace(SECRET, "  client_secret = \"plain\"\n"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(names(&sent(&cloud)[0]), ["OktaClientSecret"]);
}

#[test]
fn what_others_changed_is_seen_and_put_right() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    let change = |name: &'static str, value: &'static str| {
        let all = live(&cloud);
        let mut values: Vec<_> = all
            .iter()
            .map(|(k, v)| {
                (k.as_str(), if v == "****" { "postgresql://hidden" } else { v.as_str() })
            })
            .collect();
        values.retain(|(k, _)| *k != "VoilaAMI"); // shown as what its name in Parameter Store stands for
        values.iter_mut().filter(|(k, _)| *k == name).for_each(|(_, v)| *v = value);
        cloud
            .change_stack("UpdateStack", "quilt", &[("UsePreviousTemplate", "true")], &values)
            .expect("the values are right");
        cloud.settled("quilt");
    };
    change("OktaBaseUrl", "https://other.okta.com/oauth2/default");
    assert_eq!(project.plan().says("1 to change").code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["OktaBaseUrl"], "https://example.okta.com/oauth2/default");
    change("OktaAuth", "Disabled");
    assert_eq!(project.plan().says("1 to add").code, 2);
    project.apply().ok();
    project.plan_is_empty();
}
