//! `quilt_default_role` and `quilt_sso_mapping`, and everything in one apply with the stack.

use super::super::clients::{QUERY, by_each};
use super::super::stack;
use super::super::templates::{self, fixture};
use super::super::terraform::Project;
use super::project;
use crate::cloud::{Cloud, Fault};

const ROLES: &str = "resource \"quilt_role\" \"guests\" {\n  name = \"Guests\"\n}\n\nresource \"quilt_role\" \"analysts\" {\n  name = \"Analysts\"\n}\n\n";

fn default_role(of: &str) -> String {
    format!("resource \"quilt_default_role\" \"this\" {{\n  role_id = quilt_role.{of}.id\n}}\n\n")
}

fn mapping(admin: bool) -> String {
    format!(
        "resource \"quilt_sso_mapping\" \"this\" {{\n  default_role = quilt_role.guests.name\n  mappings = [{{\n    schema = jsonencode({{ type = \"object\", required = \
         [\"groups\"], properties = {{ groups = {{ contains = {{ const = \"science\" }} }} }} }})\n    roles = [quilt_role.analysts.name]\n    admin = {admin}\n  }}]\n}}\n"
    )
}

#[test]
fn a_default_role_and_a_mapping_live_a_whole_life() {
    let (cloud, project) = project();
    project.main(&format!("{ROLES}{}{}", default_role("guests"), mapping(true)));
    project.apply().ok().says("4 added");
    project.plan_is_empty();
    project.main(&format!("{ROLES}{}{}", default_role("analysts"), mapping(false)));
    project.apply().ok().says("2 changed");
    project.plan_is_empty();
    cloud.registry().signs_in("ana@example.com", serde_json::json!({ "groups": ["science"] }));
    let people = cloud.registry().holds()["users"].to_string();
    assert!(people.contains("ana@example.com") && people.contains("Analysts"), "{people}");
    let other = project.again(&cloud);
    other.provider(&super::by_key(&cloud));
    let import =
        |name: &str, id: &str| format!("import {{\n  to = quilt_{name}\n  id = \"{id}\"\n}}\n");
    let imports = import("default_role.this", "data.example.com")
        + &import("sso_mapping.this", "data.example.com")
        + &import("role.guests", "Guests")
        + &import("role.analysts", "Analysts");
    other.main(&format!("{ROLES}{}{}{imports}", default_role("analysts"), mapping(false)));
    other.apply().ok().says("4 imported, 0 added");
    other.plan_is_empty();
}

#[test]
fn the_last_way_of_administrators_is_not_taken() {
    let (cloud, project) = project();
    let registry = cloud.registry();
    let passwords = |word: &str| registry.set(serde_json::json!({ "password_auth": word }));
    let refused = "nobody would be certain to be an administrator who can sign in";
    passwords("DISABLED");
    project.main(&format!("{ROLES}{}", mapping(false)));
    project
        .plan()
        .failed()
        .says(refused)
        .says("admin stays one by applying this, but does not sign in");
    project.main(&format!("{ROLES}{}", mapping(true)));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&format!("{ROLES}{}", mapping(false)));
    project.apply().failed().says(refused);
    assert!(registry.holds()["mapping"]["text"].to_string().contains("admin: true"));
    // The administrator with a password signs in by it again.
    passwords("ENABLED");
    project.apply().ok();
    project.plan_is_empty();
    // It is taken away: people keep what they have.
    passwords("DISABLED");
    project.destroy().ok();
    assert!(registry.holds()["users"]["admin"]["admin"] == true);
}

#[test]
fn settings_are_listed() {
    by_each(QUERY, "the lists of a catalog's settings", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        project.provider(&super::by_key(&cloud));
        let lists = "list \"quilt_default_role\" \"this\" {\n  provider = quilt\n}\n\nlist \"quilt_sso_mapping\" \"this\" {\n  provider = quilt\n}\n";
        project.write("all.tfquery.hcl", lists);
        project.run(&["query", "-no-color"]).ok();
    });
}

/// A stack, its roles and the default one in one apply: the password is the one that this very apply has made.
pub fn from_nothing(cloud: &Cloud) -> Project {
    let project = Project::new(cloud);
    let endpoint = cloud.registry().endpoint();
    project.provider(&format!(
        "provider \"quilt\" {{\n  endpoints {{\n    catalog = \"{endpoint}\"\n  }}\n}}\n"
    ));
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(cloud, &template);
    wanted.secret.remove("AdminPassword");
    let stack = stack(&format!(
        "  template_file = \"quilt.yaml\"\n  enable_termination_protection = false\n{}",
        templates::arguments(&wanted)
    ));
    let inside = "  catalog = quilt_stack.this\n}";
    let roles = format!("{ROLES}{}", default_role("guests")).replace("\n}", &format!("\n{inside}"));
    project.main(&format!("{stack}{roles}"));
    project.apply().ok().says("4 added");
    project
}

#[test]
fn a_stack_and_its_roles_are_made_in_one_apply() {
    let cloud = Cloud::start();
    let project = from_nothing(&cloud);
    project.plan_is_empty();
    let holds = cloud.registry().holds().to_string();
    assert!(holds.contains("Guests"), "{holds}");
    let state = std::fs::read_to_string(project.path("terraform.tfstate")).unwrap();
    let password = cloud.json(
        "secretsmanager",
        "secretsmanager.GetSecretValue",
        &serde_json::json!({ "SecretId": "quilt/queues/admin-password" }),
    );
    let password = password["SecretString"].as_str().expect("it is text");
    assert!(!state.contains(password), "the password is in the state");
}

#[test]
fn a_key_lasts_as_long_as_a_run() {
    let (cloud, project) = project();
    project.main("ephemeral \"quilt_api_key\" \"run\" {\n  name = \"run\"\n}\n\nresource \"quilt_role\" \"guests\" {\n  name = \"Guests\"\n}\n");
    project.apply().ok().says("1 added");
    let changes = cloud.registry().changes();
    let times = |name: &str| changes.iter().filter(|one| *one == name).count();
    // The provider block's own key was made by the test.
    assert!(
        times("apiKeyRevoke") > 0 && times("apiKeyCreate") == times("apiKeyRevoke"),
        "{changes:?}"
    );
}

/// Each change that is sent fails once although it is stored, and once before it is: nothing is there twice, and the next apply ends it.
#[test]
fn failures_at_every_change_make_nothing_twice() {
    let changes = ["roleCreateManaged", "roleSetDefault", "admin.setSsoConfig"];
    for stored in [true, false] {
        let (cloud, project) = project();
        project.main(&format!("{ROLES}{}{}", default_role("guests"), mapping(true)));
        for change in changes {
            let fault = Fault::InternalError.on(change).of_service("registry").times(1);
            cloud.weather(if stored { fault.after() } else { fault });
        }
        for _ in 0..4 {
            if project.apply().code == 0 {
                break;
            }
        }
        project.plan_is_empty();
        let holds = cloud.registry().holds().to_string();
        assert!(holds.contains("Analysts"), "{holds}");
        let made = cloud.registry().changes();
        let times = made.iter().filter(|one| *one == "roleCreateManaged").count();
        assert_eq!(times, if stored { 2 } else { 3 }, "{made:?}");
    }
}
