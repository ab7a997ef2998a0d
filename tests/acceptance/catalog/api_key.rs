//! `quilt_api_key`: the way to a catalog that takes no passwords, from the apply that turns them off on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::clients::{QUERY, by_each};
use super::super::secrets::{search, watch};
use super::super::stack;
use super::super::templates::{self, fixture};
use super::super::terraform::{APPLY, Project};
use super::project;
use crate::cloud::{Cloud, Fault};

const KEY: &str = "quilt_api_key.admin";

/// What the secret of the key holds.
fn stored(cloud: &Cloud, project: &Project) -> Value {
    let arn = project.attribute(KEY, "api_key_secret_arn");
    let asked = json!({ "SecretId": arn });
    let held = cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &asked);
    serde_json::from_str(held["SecretString"].as_str().expect("it is text")).expect("it is JSON")
}

/// One key lets in; it is the one that the secret holds and the state knows.
fn is_whole(cloud: &Cloud, project: &Project) -> String {
    let held = stored(cloud, project);
    assert_eq!(json!(cloud.registry().live_keys("admin")), json!([held["key_id"]]));
    assert_eq!(project.attribute(KEY, "key_id"), held["key_id"]);
    held["api_key"].as_str().expect("it has one").to_owned()
}

fn key(more: &str) -> String {
    format!("resource \"quilt_api_key\" \"admin\" {{\n  name = \"admin\"\n{more}}}\n\n")
}

fn role(name: &str) -> String {
    format!(
        "resource \"quilt_role\" \"a\" {{\n  catalog = {KEY}\n  name = \"{name}\"\n}}\n\n\
         resource \"quilt_default_role\" \"this\" {{\n  catalog = {KEY}\n  role_id = quilt_role.a.id\n}}\n"
    )
}

/// A project whose provider names no catalog.
fn without_catalog() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let endpoint = cloud.registry().endpoint();
    project.provider(&format!(
        "provider \"quilt\" {{\n  endpoints {{\n    catalog = \"{endpoint}\"\n  }}\n}}\n"
    ));
    (cloud, project)
}

/// The stack with its administrator's password, the key, and the end of passwords.
fn whole(cloud: &Cloud, project: &Project) -> String {
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(cloud, &template);
    wanted.secret.remove("AdminPassword");
    wanted.plain.retain(|name, _| !name.starts_with("Okta") && name != "PasswordAuth");
    wanted.secret.retain(|name, _| !name.starts_with("Okta"));
    let stack = stack(&format!(
        "  template_file = \"quilt.yaml\"\n  enable_termination_protection = false\n{}",
        templates::arguments(&wanted)
    ));
    let sso = format!(
        "resource \"quilt_sso\" \"okta\" {{\n  stack_name = quilt_stack.this.name\n  identity_provider = \"okta\"\n  client_id = \"id\"\n  \
         client_secret_wo = \"s3cr3t\"\n  client_secret_wo_version = 1\n  base_url = \"https://example.okta.com/oauth2/default\"\n  password_auth = false\n  \
         depends_on = [{KEY}]\n}}\n\n"
    );
    format!("{stack}{}{sso}", key("  catalog = quilt_stack.this\n"))
}

/// From nothing to a catalog without passwords in one apply, and on from there by the key alone.
#[test]
fn a_catalog_is_governed_after_its_passwords_are_off() {
    let (cloud, mut project) = without_catalog();
    watch(&mut project);
    let whole = whole(&cloud, &project);
    project.main(&format!("{whole}{}", role("Guests")));
    let mut printed = project.apply().ok().says("5 added").text;
    let registry = cloud.registry();
    let first = is_whole(&cloud, &project);
    assert_eq!(registry.holds()["default_role"], "Guests");
    project.plan_is_empty();

    // Nobody signs in by a password from now on.
    cloud.forget();
    project.main(&format!("{whole}{}", role("Visitors")));
    printed += &project.apply().ok().says("1 changed").text;
    assert_eq!(registry.holds()["default_role"], "Visitors");
    assert!(!registry.asked().contains(&"login".to_string()), "{:?}", registry.asked());

    // The key is renewed before it ends, by itself.
    registry.ages("admin", 340);
    let planned = project.plan().says("API key admin is renewed");
    printed += &planned.text;
    printed += &project.apply().ok().says("1 changed").text;
    let second = is_whole(&cloud, &project);
    assert_ne!(first, second);
    project.plan_is_empty();

    // Somebody revokes it: nobody is let in, and what signs in by it does not hide that. An administrator's own key in the secret is the way back.
    let query = "mutation($id: ID!) { admin { apiKeys { revoke(id: $id) { __typename } } } }";
    registry.does(query, json!({ "id": project.attribute(KEY, "key_id") }));
    project.plan().failed().says("There has to be another API key admin");
    let by_hand = json!({ "SecretId": project.attribute(KEY, "api_key_secret_arn"), "SecretString": registry.key("by hand") });
    cloud.json("secretsmanager", "secretsmanager.PutSecretValue", &by_hand);
    printed += &project.apply().ok().says("1 changed").text;
    let third = is_whole(&cloud, &project);
    project.plan_is_empty();
    printed += &project.run(&["plan", "-no-color", "-out=plan.bin"]).text;
    let found = search(&project, &printed, &[&first, &second, &third]);
    assert!(found.is_empty(), "{found:#?}");
    project.destroy().ok();
    assert!(cloud.stacks().is_empty() && registry.live_keys("admin").is_empty());
    let changes = registry.changes();
    assert_eq!(changes.last().map(String::as_str), Some("apiKeyRevoke"), "{changes:?}");
}

#[test]
fn a_key_that_was_revoked_is_made_anew_in_its_secret() {
    let (cloud, project) = project();
    project.main(&format!("{}{}", key(""), role("Guests")));
    project.apply().ok().says("3 added");
    let arn = project.attribute(KEY, "api_key_secret_arn");
    let query = "mutation($id: ID!) { admin { apiKeys { revoke(id: $id) { __typename } } } }";
    cloud.registry().does(query, json!({ "id": project.attribute(KEY, "key_id") }));
    project.plan().says("does not let in any more, and is made anew");
    project.apply().ok().says("0 added, 1 changed, 0 destroyed");
    is_whole(&cloud, &project);
    assert_eq!(project.attribute(KEY, "api_key_secret_arn"), arn);
    project.plan_is_empty();
}

#[test]
fn it_is_taken_over_and_listed() {
    let (cloud, project) = project();
    project.main(&key(""));
    project.apply().ok();
    let name = "quilt/data.example.com/api-key/admin";
    let other = project.again(&cloud);
    other.provider(&super::by_key(&cloud));
    other.main(&format!("{}import {{\n  to = {KEY}\n  id = \"{name}\"\n}}\n", key("")));
    other.apply().ok().says("1 imported, 0 added, 0 changed");
    other.plan_is_empty();
    by_each(QUERY, "the list of API keys", |client| {
        let listing = Project::by(&cloud, client);
        listing.provider(&super::by_key(&cloud));
        listing
            .write("all.tfquery.hcl", "list \"quilt_api_key\" \"all\" {\n  provider = quilt\n}\n");
        listing.run(&["query", "-no-color"]).ok().says("admin");
    });
}

#[test]
fn a_provider_block_signs_in_by_a_secret() {
    let (cloud, project) = project();
    project.main(&key(""));
    project.apply().ok();
    let arn = project.attribute(KEY, "api_key_secret_arn");
    let other = project.again(&cloud);
    let endpoint = cloud.registry().endpoint();
    other.provider(&format!(
        "provider \"quilt\" {{\n  catalog {{\n    host               = \"data.example.com\"\n    api_key_secret_arn = {arn}\n  }}\n  endpoints {{\n    \
         catalog = \"{endpoint}\"\n  }}\n}}\n"
    ));
    other.main("resource \"quilt_role\" \"a\" {\n  name = \"Guests\"\n}\n");
    other.apply().ok().says("1 added");
    other.plan_is_empty();
    other.main("");
    other.apply().ok();
}

#[test]
fn an_older_quilt_and_somebody_elses_secret_are_told_at_plan() {
    let (cloud, project) = project();
    project.main(&key(""));
    cloud.registry().set(json!({ "platform": "1.66.0" }));
    project.plan().failed().says("from version 1.67 on, and this is 1.66.0");
    cloud.registry().set(json!({ "platform": "1.71.0" }));
    let asked = json!({ "Name": "quilt/data.example.com/api-key/admin", "SecretString": "theirs" });
    cloud.json("secretsmanager", "secretsmanager.CreateSecret", &asked);
    project.plan().failed().says("which this configuration did not make");
}

/// Each change fails once although it is stored, and once before it is: one key is left, and it is the one in the secret.
#[test]
fn failures_at_every_change_leave_one_key() {
    for stored in [true, false] {
        let (cloud, project) = project();
        let faults = |change: &'static str| {
            let fault = Fault::InternalError.on(change).of_service("registry").times(1);
            cloud.weather(if stored { fault.after() } else { fault });
        };
        let until_empty = || {
            for _ in 0..4 {
                if project.apply().code == 0 {
                    break;
                }
            }
            project.plan_is_empty();
            is_whole(&cloud, &project);
        };
        project.main(&key(""));
        faults("apiKeyCreate");
        until_empty();
        cloud.registry().ages("admin", 340);
        faults("apiKeyCreate");
        faults("apiKeyRevoke");
        until_empty();
        project.destroy().ok();
        assert!(cloud.registry().live_keys("admin").is_empty());
    }
}

/// Two blocks and one secret: refused, and nothing is changed.
#[test]
fn two_blocks_never_have_one_secret() {
    let (cloud, project) = project();
    let second = |more: &str| {
        format!("resource \"quilt_api_key\" \"other\" {{\n  name = \"admin\"\n{more}}}\n")
    };
    project.main(&format!("{}{}", key(""), second("")));
    project.apply().failed().says("Two blocks make the secret");
    assert!(cloud.registry().live_keys("admin").is_empty());
    project.main(&key(""));
    project.apply().ok();
    let before = is_whole(&cloud, &project);
    project.main(&format!("{}{}", key(""), second("")));
    project.apply().failed().says("has another block already");
    project.main(&second(""));
    project.apply().failed().says("moved {");
    project.main(&key("  lifecycle {\n    create_before_destroy = true\n  }\n"));
    let replace: Vec<_> = APPLY.into_iter().chain(["-replace=quilt_api_key.admin"]).collect();
    project.run(&replace).failed().says("create_before_destroy");
    assert_eq!(is_whole(&cloud, &project), before);
    project.main(&key(""));
    project.run(&replace).ok();
    assert_ne!(is_whole(&cloud, &project), before, "another key in the same secret");
    project.plan_is_empty();
}

/// Killed once the key is made and its text is not yet in the secret: the next apply leaves one.
#[test]
fn a_killed_apply_leaves_one_key() {
    let (cloud, project) = project();
    project.main(&key(""));
    for made in [false, true] {
        if made {
            cloud.registry().ages("admin", 340);
        }
        let begun = |cloud: &Cloud| {
            cloud.registry().changes().iter().filter(|one| *one == "apiKeyCreate").count()
        };
        let before = begun(&cloud);
        cloud.weather(
            Fault::Slow { seconds: 60.0 }
                .on("apiKeyCreate")
                .of_service("registry")
                .after()
                .times(1),
        );
        let running = project.start(&APPLY);
        let end = Instant::now() + Duration::from_secs(60);
        while begun(&cloud) == before && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(50));
        }
        std::thread::sleep(Duration::from_millis(500));
        running.send("KILL", true);
        running.wait();
        project.nothing_is_left_running();
        cloud.clear_up();
        assert_eq!(cloud.registry().live_keys("admin").len(), if made { 2 } else { 1 });
        project.apply().ok();
        is_whole(&cloud, &project);
        project.plan_is_empty();
    }
}
