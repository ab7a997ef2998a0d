//! Ephemeral resources: what is opened for one run goes where it is wanted, and is kept nowhere.

use serde_json::json;

use super::secrets::{search, watch};
use super::templates::{self, fixture};
use super::terraform::Project;
use super::{QUEUES, stack};
use crate::cloud::Cloud;

/// No escaping leaves them as they are.
const FIRST: &str = "canary w0 'one' %41 \\ {x}";
const SECOND: &str = "canary w0 'two' %42 \\ {y}";

fn hold(cloud: &Cloud, call: &str, name: &str, text: &str) {
    let key = if call == "CreateSecret" { "Name" } else { "SecretId" };
    cloud.json(
        "secretsmanager",
        &format!("secretsmanager.{call}"),
        &json!({ key: name, "SecretString": json!({ "password": text }).to_string() }),
    );
}

fn sent(cloud: &Cloud, call: &str) -> Option<String> {
    cloud.calls_of(call).last()?.sent("Parameters.Password").map(str::to_owned)
}

/// Plans into a file, shows it, applies it and shows the state; everything that was printed.
fn lived(project: &Project) -> String {
    let mut printed = project.run(&["plan", "-no-color", "-out=plan.bin"]).ok().text;
    printed += &project.run(&["show", "-json", "plan.bin"]).ok().text;
    printed += &project.run(&["apply", "-no-color", "plan.bin"]).ok().text;
    printed + &project.run(&["show", "-json"]).ok().text
}

#[test]
fn a_secret_reaches_a_stack_and_is_kept_nowhere() {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    watch(&mut project);
    project.write("template.yaml", QUEUES);
    hold(&cloud, "CreateSecret", "login", FIRST);
    let main = |version: u32| {
        let opened = "ephemeral \"quilt_secret\" \"login\" {\n  secret_id = \"login\"\n  key = \"password\"\n}\n";
        let arguments = format!(
            "  template_file = \"template.yaml\"\n  enable_termination_protection = false\n  parameters_wo = {{ Password = \
             ephemeral.quilt_secret.login.value }}\n  parameters_wo_version = {version}"
        );
        format!("{opened}{}", stack(&arguments))
    };
    project.main(&main(1));
    let mut printed = lived(&project);
    assert_eq!(sent(&cloud, "CreateStack").as_deref(), Some(FIRST));
    project.plan_is_empty();
    hold(&cloud, "PutSecretValue", "login", SECOND);
    project.plan_is_empty();
    project.main(&main(2));
    printed += &lived(&project);
    assert_eq!(sent(&cloud, "CreateChangeSet").as_deref(), Some(SECOND));
    let found = search(&project, &printed, &[FIRST, SECOND]);
    assert!(found.is_empty(), "{found:#?}");
    project.destroy().ok();
}

#[test]
fn what_is_not_there_is_told_at_its_argument() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main("ephemeral \"quilt_secret\" \"none\" {\n  secret_id = \"nowhere\"\n}\n");
    let told = project.plan().failed();
    told.says("There is no secret nowhere in us-east-1").says("on main.tf line 2, in");
    project.main("ephemeral \"quilt_admin_password\" \"none\" {\n  stack_name = \"nope\"\n}\n");
    let told = project.plan().failed();
    told.says("There is no stack nope in us-east-1").says("on main.tf line 2, in");
}

/// The password that the first stack's creation makes is what the second one is made with, in one apply.
#[test]
fn the_administrators_password_reaches_another_stack_and_is_kept_nowhere() {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    watch(&mut project);
    let template =
        std::fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the fixture is text");
    project.write("quilt.yaml", &template);
    project.write("template.yaml", QUEUES);
    let mut wanted = templates::wanted(&cloud, &template);
    wanted.secret.remove("AdminPassword");
    let quilt = stack(&format!(
        "  template_file = \"quilt.yaml\"\n  enable_termination_protection = false\n{}",
        templates::arguments(&wanted)
    ))
    .replace("\"queues\"", "\"quilt\"");
    let trial = "ephemeral \"quilt_admin_password\" \"it\" {\n  stack_name = quilt_stack.this.id\n}\n\
                 resource \"quilt_stack\" \"trial\" {\n  name = \"queues\"\n  template_file = \"template.yaml\"\n  \
                 enable_termination_protection = false\n  parameters_wo_version = 1\n  \
                 parameters_wo = { Password = ephemeral.quilt_admin_password.it.password }\n}\n";
    project.main(&format!("{quilt}{trial}"));
    let printed = lived(&project);
    let held = cloud.json(
        "secretsmanager",
        "secretsmanager.GetSecretValue",
        &json!({ "SecretId": "quilt/quilt/admin-password" }),
    );
    let password = held["SecretString"].as_str().expect("it is text").to_owned();
    assert_eq!(sent(&cloud, "CreateStack"), Some(password.clone()));
    project.plan_is_empty();
    let found = search(&project, &printed, &[&password]);
    assert!(found.is_empty(), "{found:#?}");
    project.destroy().ok();
}
