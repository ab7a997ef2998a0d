//! A stack, its network, its database and its search domain in one apply, and a password that nobody sees.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::network::BROUGHT;
use super::secrets;
use super::templates::{self, Wanted, fixture};
use super::terraform::Project;
use super::{QUEUES, stack, writes};
use crate::cloud::Cloud;

const THIS: &str = "quilt_stack.this";

/// Another password, which no escaping leaves as it is.
const ROTATED: &str = "r0tated p@ss/w:rd%41?";

const BESIDE: &str = "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n\n\
                      resource \"quilt_database\" \"this\" {\n  name = \"data\"\n  network = quilt_network.this\n  enable_deletion_protection = false\n  enable_termination_protection = false\n}\n\n\
                      resource \"quilt_search\" \"this\" {\n  name = \"find\"\n  network = quilt_network.this\n  size = \"small\"\n  \
                      enable_termination_protection = false\n}\n\n";

/// `search` as an object of ids, its endpoint with a scheme.
fn search(wanted: &Wanted) -> String {
    let of = |name: &str| wanted.plain.get(name).cloned().unwrap_or_default();
    format!(
        "  search = {{\n    domain_arn = {:?}\n    endpoint = \"https://{}\"\n    accessor_security_group_id = {:?}\n  }}\n",
        of("SearchDomainArn"),
        of("SearchDomainEndpoint"),
        of("SearchClusterAccessorSecurityGroup")
    )
}

/// What is still to be given when objects bring the rest.
fn rest(wanted: &Wanted) -> Wanted {
    let objects = [
        "DBUrl",
        "DBAccessorSecurityGroup",
        "SearchDomainArn",
        "SearchDomainEndpoint",
        "SearchClusterAccessorSecurityGroup",
    ];
    let left =
        |name: &String| !BROUGHT.contains(&name.as_str()) && !objects.contains(&name.as_str());
    let of = |all: &std::collections::BTreeMap<String, String>| {
        all.iter().filter(|(n, _)| left(n)).map(|(n, v)| (n.clone(), v.clone())).collect()
    };
    Wanted { plain: of(&wanted.plain), secret: of(&wanted.secret) }
}

fn wired(search: &str, rest: &Wanted) -> String {
    format!(
        "{BESIDE}resource \"quilt_stack\" \"this\" {{\n  name = \"quilt\"\n  template_file = \"quilt.yaml\"\n  network = quilt_network.this\n  \
         database = quilt_database.this\n{search}  enable_termination_protection = false\n{}}}\n",
        templates::arguments(rest)
    )
}

/// The login in Secrets Manager.
fn login(cloud: &Cloud, arn: &Value) -> Value {
    let answer =
        cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &json!({"SecretId": arn}));
    serde_json::from_str(answer["SecretString"].as_str().expect("it is text")).expect("it is JSON")
}

/// As it stands in a URL.
pub fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

#[test]
fn a_deployment_is_wired_in_one_apply() {
    lives(&fixture("gen_c_terraform.yaml"));
}

#[test]
fn the_real_template_is_wired_too() {
    let Some(folder) = std::env::var_os("QUILT_REAL_TEMPLATES") else { return };
    let files = PathBuf::from(folder)
        .read_dir()
        .expect("QUILT_REAL_TEMPLATES names a folder")
        .flatten()
        .map(|entry| entry.path());
    let found: Vec<_> =
        files.filter(|file| file.to_string_lossy().ends_with("terraform.yaml")).collect();
    assert_eq!(found.len(), 1, "one template of the Terraform variant");
    lives(&found[0]);
}

/// Made, told of a rotated password, imported, destroyed; no password is left anywhere.
fn lives(template: &Path) {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    secrets::watch(&mut project);
    let template = std::fs::read_to_string(template).expect("the template is text");
    project.write("quilt.yaml", &template);
    let wanted = templates::wanted(&cloud, &template);
    let (search, rest) = ("  search = quilt_search.this\n", rest(&wanted));
    project.main(&wired(search, &rest));
    let mut printed = project.run(&["plan", "-no-color", "-out=plan.bin"]).ok().text;
    printed += &project.run(&["apply", "-no-color", "plan.bin"]).ok().says("4 added").text;
    project.plan_is_empty();
    let made = cloud.stack("quilt").expect("it was made");
    let database = |name| project.attribute("quilt_database.this", name);
    let arn = database("password_secret_arn");
    let password = login(&cloud, &arn)["password"].as_str().expect("there is one").to_owned();
    let url = |password: &str| {
        let host = database("endpoint");
        format!(
            "postgresql://root:{}@{}:5432/quilt",
            escaped(password),
            host.as_str().unwrap_or_default()
        )
    };
    assert_eq!(
        cloud.calls_of("CreateStack").last().expect("there is one").sent("Parameters.DBUrl"),
        Some(url(&password).as_str())
    );
    assert_eq!(
        json!(made.parameters["DBAccessorSecurityGroup"]),
        database("accessor_security_group_id")
    );
    let search_of = |name| project.attribute("quilt_search.this", name);
    let told = ["SearchDomainArn", "SearchDomainEndpoint", "SearchClusterAccessorSecurityGroup"]
        .map(|name| json!(made.parameters[name]));
    assert_eq!(told, ["domain_arn", "endpoint", "accessor_security_group_id"].map(search_of));

    let rotated = json!({"username": "root", "password": ROTATED}).to_string();
    cloud.json(
        "secretsmanager",
        "secretsmanager.PutSecretValue",
        &json!({"SecretId": arn, "SecretString": rotated}),
    );
    project.plan_is_empty();
    project.main(
        &wired(search, &rest).replace("parameters_wo_version = 1", "parameters_wo_version = 2"),
    );
    printed += &project.run(&["plan", "-no-color", "-out=plan.bin"]).ok().text;
    printed += &project.run(&["apply", "-no-color", "plan.bin"]).ok().says("1 changed").text;
    let sent = cloud
        .calls_of("CreateChangeSet")
        .last()
        .expect("there is one")
        .sent("Parameters.DBUrl")
        .map(str::to_owned);
    assert_eq!(sent, Some(url(ROTATED)));
    project.plan_is_empty();
    printed += &project.run(&["show", "-json"]).ok().text;
    let found = secrets::search(
        &project,
        &printed,
        &[&password, ROTATED, &escaped(&password), &escaped(ROTATED)],
    );
    assert!(found.is_empty(), "{found:#?}");

    project.run(&["state", "rm", THIS]).ok();
    cloud.forget();
    project.import(THIS, "quilt").ok();
    project.apply().ok().says("An imported stack keeps its secrets");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn the_administrators_password_is_made_and_nobody_sees_it() {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    secrets::watch(&mut project);
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    let mut wanted = templates::wanted(&cloud, &template);
    wanted.secret.remove("AdminPassword");
    let main = stack(&format!(
        "  template_file = \"quilt.yaml\"\n  enable_termination_protection = false\n{}",
        templates::arguments(&wanted)
    ));
    project.main(&main.replace("\"queues\"", "\"quilt\""));
    let held = || {
        let answer = cloud.json(
            "secretsmanager",
            "secretsmanager.GetSecretValue",
            &json!({"SecretId": "quilt/quilt/admin-password"}),
        );
        answer["SecretString"].as_str().expect("it is text").to_owned()
    };
    let sent = || {
        cloud
            .calls_of("CreateStack")
            .last()
            .and_then(|call| call.sent("Parameters.AdminPassword").map(str::to_owned))
    };
    let mut printed = project.run(&["plan", "-no-color", "-out=plan.bin"]).ok().text;
    printed += &project.run(&["apply", "-no-color", "plan.bin"]).ok().text;
    project.plan_is_empty();
    let password = held();
    assert_eq!((sent(), password.len()), (Some(password.clone()), 24));
    assert!(
        project
            .attribute(THIS, "admin_password_secret_arn")
            .as_str()
            .is_some_and(|arn| arn.contains(":secret:quilt/quilt/admin-password"))
    );
    printed += &project.run(&["show", "-json"]).ok().text;
    let found = secrets::search(&project, &printed, &[&password]);
    assert!(found.is_empty(), "{found:#?}");
    project.destroy().ok();
    let gone = cloud.json(
        "secretsmanager",
        "secretsmanager.DescribeSecret",
        &json!({"SecretId": "quilt/quilt/admin-password"}),
    );
    assert!(!gone["DeletedDate"].is_null(), "{gone}");
    project.apply().ok();
    assert_eq!((held(), sent()), (password.clone(), Some(password)));
}

#[test]
fn what_does_not_fit_is_refused_with_nothing_created() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", QUEUES);
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    let wanted = templates::wanted(&cloud, &template);
    let place = rest(&wanted);
    cloud.forget();
    let whole = "{\n    endpoint = \"db.internal\"\n    password_secret_arn = \"nowhere\"\n    accessor_security_group_id = \"sg-1\"\n  }";
    project.main(&stack(&format!("  template_file = \"template.yaml\"\n  database = {whole}")));
    project
        .plan()
        .failed()
        .says("This template takes no database")
        .says("on main.tf line 4, in")
        .says("ask Quilt for the Terraform variant");

    project.write("template.yaml", &template);
    let network: Vec<_> =
        wanted.plain.iter().filter(|(name, _)| BROUGHT.contains(&name.as_str())).collect();
    let mut all = place.plain.clone();
    all.extend(network.into_iter().map(|(name, value)| (name.clone(), value.clone())));
    let given = templates::arguments(&Wanted { plain: all, secret: place.secret.clone() });
    let with = |objects: &str| {
        stack(&format!("  template_file = \"template.yaml\"\n{objects}{given}"))
            .replace("\"queues\"", "\"quilt\"")
    };
    project.main(&with(""));
    project
        .plan()
        .failed()
        .says("The template needs a database")
        .says("The template needs a search domain");
    let search = search(&wanted);
    project.main(&with(&format!("{search}  database = {{ endpoint = \"db.internal\" }}\n")));
    project
        .plan()
        .failed()
        .says("`database.password_secret_arn`")
        .says("`database.accessor_security_group_id`");
    project.main(&with(&format!(
        "{search}  database = {}\n",
        whole.replace("db.internal", "db.internal:5432")
    )));
    project.plan().failed().says("Write the host alone");
    project.main(&with(&format!("{search}  database = {whole}\n")));
    project.apply().failed().says("There is no secret nowhere in us-east-1");
    cloud.json(
        "secretsmanager",
        "secretsmanager.CreateSecret",
        &json!({"Name": "nowhere", "SecretString": "hunter2hunter2"}),
    );
    project
        .apply()
        .failed()
        .says("does not hold JSON with `username` and `password`")
        .does_not_say("hunter2");
    let made = writes(&cloud).into_iter().filter(|action| action.contains("Stack")).count();
    assert_eq!((made, project.state()["resources"].as_array().map_or(0, Vec::len)), (0, 0));
}
