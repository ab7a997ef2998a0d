//! Data sources: what is looked up, what is told of it, and what is not there.

use serde_json::json;

use super::templates::{self, Wanted, fixture};
use super::terraform::Project;
use super::{QUEUES, stack, writes};
use crate::cloud::Cloud;

/// An old stack from the template of network 1.0, with what it is given like every Quilt stack.
fn old(cloud: &Cloud, given: &Wanted) {
    let template =
        std::fs::read_to_string(fixture("gen_a_network10.yaml")).expect("the fixture is text");
    let all = [
        ("AdminEmail", "keeper@example.com"),
        ("AdminPassword", "hunter2hunter2"),
        ("DBPassword", "abcdefgh12345678"),
        ("CertificateArnELB", &given.plain["CertificateArnELB"]),
        ("QuiltWebHost", &given.plain["QuiltWebHost"]),
    ];
    cloud.create_stack("old", &template, &all).expect("the template is right");
    cloud.settled("old");
}

#[test]
fn an_old_stack_is_looked_up() {
    let cloud = Cloud::start();
    let template =
        std::fs::read_to_string(fixture("gen_a_network10.yaml")).expect("the fixture is text");
    old(&cloud, &templates::wanted(&cloud, &template));
    let project = Project::new(&cloud);
    let id = cloud.stack("old").expect("it is there").id;
    project.main(&format!(
        "data \"quilt_stack\" \"old\" {{\n  name = \"old\"\n}}\ndata \"quilt_stack\" \"same\" {{\n  name = {id:?}\n}}\n\
         output \"old\" {{\n  value = data.quilt_stack.old\n}}\noutput \"same\" {{\n  value = data.quilt_stack.same.id\n}}\n\
         resource \"quilt_snapshot\" \"old\" {{\n  db_instance_identifier = data.quilt_stack.old.db_instance_identifier\n}}\n"
    ));
    cloud.forget();
    project.apply().ok();
    assert_eq!(writes(&cloud), ["CreateDBSnapshot"]);
    project.plan_is_empty();
    let outputs = project.state()["outputs"].clone();
    let old = &outputs["old"]["value"];
    assert_eq!(
        (&outputs["same"]["value"], &old["id"], &old["network_version"]),
        (&json!(id), &json!(id), &json!("1.0"))
    );
    assert_eq!(
        (&old["external_database"], &old["sso_family"], &old["status"]),
        (&json!(false), &json!("legacy"), &json!("CREATE_COMPLETE"))
    );
    assert!(
        old["secret_parameters"]
            .as_array()
            .is_some_and(|names| names.contains(&json!("DBPassword"))),
        "{old}"
    );
    assert!(
        old["parameters"]["DBPassword"].is_null()
            && old["parameters"]["AdminEmail"] == "keeper@example.com",
        "{old}"
    );
    assert!(
        old["db_instance_identifier"].is_string()
            && old["url"].as_str().is_some_and(|url| url.starts_with("https://")),
        "{old}"
    );
}

#[test]
fn any_stack_is_looked_up_and_none_is_told_at_its_name() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    let project = Project::new(&cloud);
    let lookup = |name: &str| {
        format!(
            "data \"quilt_stack\" \"this\" {{\n  name = {name:?}\n}}\noutput \"it\" {{\n  value = data.quilt_stack.this\n}}\n"
        )
    };
    project.main(&lookup("queues"));
    project.apply().ok();
    let it = project.state()["outputs"]["it"]["value"].clone();
    assert_eq!(
        (&it["outputs"]["Size"], &it["url"], &it["external_database"]),
        (&json!("1024"), &json!(null), &json!(null))
    );
    project.main(&lookup("nope"));
    project
        .plan()
        .failed()
        .says("There is no stack nope in us-east-1")
        .says("on main.tf line 2, in");
}

#[test]
fn a_stack_tells_how_it_was_made() {
    let cloud = Cloud::start();
    let (role, topic) = (
        format!("arn:aws:iam::{}:role/deployer", cloud.account()),
        "arn:aws:sns:us-east-1:123456789012:news",
    );
    let body = format!("Description: Two queues.\n{QUEUES}");
    let options = [
        ("TemplateBody", body.as_str()),
        ("RoleARN", &role),
        ("NotificationARNs.member.1", topic),
        ("TimeoutInMinutes", "7"),
        ("DisableRollback", "true"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "data"),
    ];
    cloud.change_stack("CreateStack", "queues", &options, &[]).expect("the template is right");
    cloud.settled("queues");
    let project = Project::new(&cloud);
    let main = |arguments: &str| {
        project.main(&format!(
            "data \"quilt_stack\" \"this\" {{\n  name = \"queues\"\n{arguments}}}\noutput \"it\" {{\n  value = data.quilt_stack.this\n}}\n"
        ));
    };
    let seen = || project.state()["outputs"]["it"]["value"].clone();
    main("  include_template = true\n");
    project.apply().ok();
    let it = seen();
    assert_eq!(
        (&it["iam_role_arn"], &it["notification_arns"]),
        (&json!(role), &json!([topic])),
        "{it}"
    );
    assert_eq!(
        (&it["timeout_in_minutes"], &it["disable_rollback"], &it["tags"]),
        (&json!(7), &json!(true), &json!({ "team": "data" })),
        "{it}"
    );
    assert_eq!(
        (&it["capabilities"], &it["description"]),
        (&json!(["CAPABILITY_AUTO_EXPAND", "CAPABILITY_NAMED_IAM"]), &json!("Two queues.")),
        "{it}"
    );
    assert_eq!(it["template_body"], json!(body));
    main("");
    project.apply().ok();
    assert_eq!(seen()["template_body"], json!(null));
}

#[test]
fn a_new_stack_inherits_from_an_old_one() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(&cloud, &template);
    old(&cloud, &wanted);
    let before = cloud.stack("old").expect("it is there");
    ["QuiltWebHost", "CertificateArnELB", "AdminEmail"]
        .iter()
        .for_each(|name| drop(wanted.plain.remove(*name)));
    let main = |from: &str| {
        let arguments = templates::arguments(&wanted);
        let head = format!(
            "  template_file = \"quilt.yaml\"\n  inherit_parameters_from = {from:?}\n  enable_termination_protection = false\n"
        );
        stack(&format!("{head}{arguments}")).replace("\"queues\"", "\"new\"")
    };
    project.main(&main("nope"));
    project
        .plan()
        .failed()
        .says("There is no stack nope in us-east-1")
        .says("on main.tf line 4, in");
    project.main(&main("old"));
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("new").expect("it was made").parameters;
    for name in ["QuiltWebHost", "CertificateArnELB", "AdminEmail"] {
        assert_eq!(made[name], before.parameters[name], "{name}");
    }
    let after = cloud.stack("old").expect("it is there");
    assert_eq!((after.status, after.parameters), (before.status, before.parameters));
    cloud.delete_stack("old").expect("nothing holds it");
    project.plan_is_empty();
}

/// Quilt's canaries are named by the build of the template: two stacks of one build do not live beside each other.
#[test]
fn names_that_a_build_fixes_are_told_at_plan() {
    let Some(file) =
        templates::real().into_iter().find(|file| file.to_string_lossy().contains("terraform"))
    else {
        return;
    };
    let cloud = Cloud::start();
    let template = std::fs::read_to_string(file).expect("the template is text");
    let (url, given) =
        (cloud.upload("quilt.yaml", &template), templates::wanted(&cloud, &template));
    let all: Vec<_> = given
        .plain
        .iter()
        .chain(&given.secret)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    cloud
        .change_stack("CreateStack", "quilt-old", &[("TemplateURL", &url)], &all)
        .expect("the template and its values are right");
    assert_eq!(cloud.settled("quilt-old").status, "CREATE_COMPLETE");
    let project = Project::new(&cloud);
    project.write("quilt.yaml", &template);
    let secrets =
        format!("  parameters_wo = {}\n  parameters_wo_version = 1", templates::map(&given.secret));
    let main = stack(&format!(
        "  template_file = \"quilt.yaml\"\n  inherit_parameters_from = \"quilt-old\"\n{secrets}"
    ));
    project.main(&main.replace("\"queues\"", "\"quilt-next\""));
    cloud.forget();
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("Names are taken by quilt-old")
        .says("canary stabl-ctlg-search")
        .says("Ask Quilt for another build");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_secret_is_looked_up_and_not_shown() {
    let cloud = Cloud::start();
    let held = json!({"Name": "login", "SecretString": "{\"username\": \"root\", \"password\": \"hunter2hunter2\"}"});
    let arn = cloud.json("secretsmanager", "secretsmanager.CreateSecret", &held)["ARN"].clone();
    cloud.forget();
    let project = Project::new(&cloud);
    let main = |id: &str, key: &str| {
        format!(
            "data \"quilt_secret\" \"login\" {{\n  secret_id = {id}\n  key = {key:?}\n}}\n\
             output \"it\" {{\n  value = data.quilt_secret.login.value\n  sensitive = true\n}}\n"
        )
    };
    project.main(&main(&arn.to_string(), "password"));
    let applied = project.apply().ok();
    assert!(!applied.text.contains("hunter2"), "{}", applied.text);
    assert_eq!(project.state()["outputs"]["it"]["value"], "hunter2hunter2");
    project.plan_is_empty();
    project.main(&main("\"login\"", "host"));
    let refused = project.plan().failed().says("no text `host`").says("on main.tf line 3, in");
    assert!(!refused.text.contains("hunter2"), "{}", refused.text);
    project.main(&main("\"nope\"", "password"));
    project
        .plan()
        .failed()
        .says("There is no secret nope in us-east-1")
        .says("on main.tf line 2, in");
    assert!(writes(&cloud).is_empty(), "a look changes nothing");
}
