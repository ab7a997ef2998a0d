//! Imports from a catalog that no provider block names: the stack with its host is looked for, and the password that its `quilt_stack` has made.

use serde_json::json;

use super::settings::from_nothing;
use crate::cloud::Cloud;

const GUESTS: &str = "quilt_role.guests";
const DEFAULT: &str = "quilt_default_role.this";
const SECRET: &str = "quilt/queues/admin-password";
const SECOND: &str =
    "Parameters:\n  QuiltWebHost: {Type: String}\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n";

#[test]
fn the_stack_with_the_host_leads_to_its_catalog() {
    let cloud = Cloud::start();
    let project = from_nothing(&cloud);
    let host = project.attribute("quilt_stack.this", "web_host");
    let host = host.as_str().expect("it is known");
    project.run(&["state", "rm", GUESTS, DEFAULT]).ok();
    project.import(GUESTS, &format!("{host}/Guests")).ok();
    project.import(DEFAULT, host).ok();
    project.plan_is_empty();

    let state = project.run(&["state", "rm", GUESTS]).ok();
    state.says("Removed");
    project
        .import(GUESTS, "Guests")
        .failed()
        .says("needs to know which catalog")
        .says("data.example.com/Guests");
    project
        .import(GUESTS, "other.example.com/Guests")
        .failed()
        .says("has the host other.example.com")
        .says("Nothing was imported")
        .says("catalog { host =");
    cloud.create_stack("second", SECOND, &[("QuiltWebHost", host)]).expect("it is right");
    cloud.settled("second");
    project
        .import(GUESTS, &format!("{host}/Guests"))
        .failed()
        .says("2 stacks have the host")
        .says("second");
    cloud.delete_stack("second").expect("it goes");
    cloud.json(
        "secretsmanager",
        "secretsmanager.DeleteSecret",
        &json!({ "SecretId": SECRET, "RecoveryWindowInDays": 7 }),
    );
    project
        .import(GUESTS, &format!("{host}/Guests"))
        .failed()
        .says("nothing says how to sign in there")
        .says(SECRET);
}
