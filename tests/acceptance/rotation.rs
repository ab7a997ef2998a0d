//! A database's password that is replaced under a running stack: to its end, interrupted at each of its steps, and where the stack does not follow.

use serde_json::{Value, json};

use super::actions::action;
use super::clients::{ACTIONS, Client, able, by_each};
use super::command::{Outcome, signal};
use super::secrets;
use super::terraform::{APPLY, Project};
use super::wiring::escaped;
use super::{BROKEN, until_held, writes};
use crate::cloud::{Cloud, Rule};

/// What a deployment does with the URL of its database, as far as it matters here: a service is given it.
const TEMPLATE: &str = "Parameters:\n  DBUrl: {Type: String, NoEcho: true}\n  DBAccessorSecurityGroup: {Type: AWS::EC2::SecurityGroup::Id}\nResources:\n  \
                        Service: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Ref DBUrl}}\n  Queue: {Type: AWS::SQS::Queue, DependsOn: Service}\n";

const MAIN: &str = r#"
resource "quilt_network" "this" {
  name                          = "net"
  enable_termination_protection = false
}

resource "quilt_database" "this" {
  name                          = "data"
  network                       = quilt_network.this
  enable_deletion_protection    = false
  enable_termination_protection = false
}

resource "quilt_stack" "this" {
  name                          = "quilt"
  template_file                 = "template.yaml"
  database                      = quilt_database.this
  enable_termination_protection = false
}
"#;

const ARGUMENTS: &str =
    "    stack_name = quilt_stack.this.name\n    database   = quilt_database.this";

const INVOKE: &str = "-invoke=action.quilt_rotate_database_password.this";

mod twice;

/// A deployment that signs in to its database.
struct Scene {
    cloud: Cloud,
    project: Project,
}

impl Scene {
    fn new(client: &Client) -> Self {
        let cloud = Cloud::start();
        let mut project = Project::by(&cloud, client);
        secrets::watch(&mut project);
        project.write("template.yaml", TEMPLATE);
        let action = action("quilt_rotate_database_password", ARGUMENTS);
        project.main(&format!("{MAIN}{action}"));
        project.apply().ok();
        cloud.forget();
        Self { cloud, project }
    }

    fn words() -> Vec<&'static str> {
        APPLY.into_iter().chain([INVOKE]).collect()
    }

    fn invoke(&self) -> Outcome {
        self.project.run(&Self::words())
    }

    fn secret(&self, id: &Value, label: &str) -> Option<String> {
        let asked = json!({"SecretId": id, "VersionStage": label});
        let answer = self.cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &asked);
        answer["SecretString"].as_str().map(str::to_owned)
    }

    /// The password under a label of the database's secret.
    fn held(&self, label: &str) -> String {
        let arn = self.project.attribute("quilt_database.this", "password_secret_arn");
        let pair: Value =
            serde_json::from_str(&self.secret(&arn, label).expect("there is such a version"))
                .expect("it is JSON");
        assert_eq!(pair["username"], "root");
        pair["password"].as_str().expect("it is text").to_owned()
    }

    fn labels(&self) -> String {
        let arn = self.project.attribute("quilt_database.this", "password_secret_arn");
        let answer = self.cloud.json(
            "secretsmanager",
            "secretsmanager.DescribeSecret",
            &json!({ "SecretId": arn }),
        );
        answer["VersionIdsToStages"].to_string()
    }

    /// What the stack's service signs in with.
    fn signs_in_with(&self) -> String {
        let id = json!(self.cloud.resources("quilt")["Service"].physical_id);
        self.secret(&id, "AWSCURRENT").expect("the service has one")
    }

    fn url(&self, password: &str) -> String {
        let host = self.project.attribute("quilt_database.this", "endpoint");
        let port = self.project.attribute("quilt_database.this", "port");
        let (password, host) = (escaped(password), host.as_str().expect("a host"));
        format!("postgresql://root:{password}@{host}:{port}/quilt")
    }

    /// It is over: the secret's current password is what RDS was given last and what the service has.
    #[track_caller]
    fn is_over(&self) -> String {
        let now = self.held("AWSCURRENT");
        assert_eq!(self.signs_in_with(), self.url(&now));
        assert!(!self.labels().contains("QUILT_ROTATION"), "{}", self.labels());
        let given = self.cloud.calls_of("ModifyDBInstance");
        if let Some(last) = given.last() {
            assert_eq!(last.sent("MasterUserPassword"), Some(now.as_str()));
        }
        self.project.plan_is_empty();
        now
    }

    fn nothing_is_left(&self, printed: &str, passwords: &[&str]) {
        let found = secrets::search(&self.project, printed, passwords);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn secret_database_and_stack_get_one_new_password() {
    by_each(ACTIONS, "rotation: to its end", |client| {
        let scene = Scene::new(client);
        let old = scene.is_over();
        let service = Rule::stack("quilt").resource("Service").on("update");
        scene.cloud.hold(service.hold(12.0).times(1));
        let outcome = scene.invoke().ok().says("The database gets a new password");
        let outcome = outcome.says("has a new password, and stack quilt signs in with it (");
        outcome.says("takes its new password (").says("the stack is being updated (");
        let new = scene.is_over();
        assert!(new != old && scene.held("AWSPREVIOUS") == old);
        let all = writes(&scene.cloud);
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        let expected = [
            "PutSecretValue",
            "UpdateSecretVersionStage",
            "CreateChangeSet",
            "DeleteChangeSet",
            "ModifyDBInstance",
            "UpdateSecretVersionStage",
            "CreateChangeSet",
            "ExecuteChangeSet",
        ];
        assert_eq!(all[..expected.len()], expected);
        let printed = scene.project.run(&["show", "-json"]).ok().text;
        scene.nothing_is_left(&(printed + &scene.project.plan().text), &[&old, &new]);
        // An update of the stack that comes later keeps it.
        scene.project.write("template.yaml", &TEMPLATE.replace("Queue:", "Other:"));
        scene.project.apply().ok();
        assert_eq!(scene.is_over(), new);
    });
}

#[test]
fn ctrl_c_comes_into_effect_once_the_stack_is_told() {
    for client in able(ACTIONS, "rotation: Ctrl-C") {
        let scene = Scene::new(&client);
        let old = scene.held("AWSCURRENT");
        scene.cloud.hold(Rule::stack("quilt").resource("Service").on("update").hold(600.0));
        let running = scene.project.start(&Scene::words());
        until_held(&scene.cloud, &running, "quilt", "Service", "update");
        let (outcome, _) = running.interrupt();
        let outcome = outcome.failed();
        let outcome = outcome.says("The new database password of quilt was not finished: stopped");
        scene.project.nothing_is_left_running();
        assert!(scene.labels().contains("QUILT_ROTATION") && scene.held("AWSPREVIOUS") == old);
        let new = scene.held("QUILT_ROTATION");
        scene.nothing_is_left(&outcome.text, &[&old, &new]);
        scene.cloud.let_go();
        scene.cloud.settled("quilt");
        scene.invoke().ok();
        assert_eq!(scene.is_over(), new, "it is gone on with");
    }
}

/// Kills every process of the provider that a project has started.
fn kill(processes: &std::path::Path) {
    let noted = std::fs::read_to_string(processes).unwrap_or_default();
    for pid in noted.lines().filter_map(|line| line.parse::<i64>().ok()) {
        signal("KILL", pid);
    }
}

#[test]
fn killed_before_each_write_the_next_invocation_finishes_it() {
    for client in able(ACTIONS, "rotation: killed") {
        let scene = Scene::new(&client);
        let calls = ["PutSecretValue", "ModifyDBInstance", "UpdateSecretVersionStage"];
        for call in calls.into_iter().chain(["ExecuteChangeSet"]) {
            let before = scene.is_over();
            let processes = scene.project.path("processes");
            scene.cloud.before(call, move |_| kill(&processes));
            scene.invoke().failed();
            scene.project.nothing_is_left_running();
            scene.invoke().ok();
            assert_ne!(scene.is_over(), before, "killed before {call}");
        }
    }
}

#[test]
fn an_update_that_is_rolled_back_turns_the_password_back() {
    for client in able(ACTIONS, "rotation: rolled back") {
        let scene = Scene::new(&client);
        let old = scene.is_over();
        scene
            .cloud
            .hold(Rule::stack("quilt").resource("Service").on("update").fail(BROKEN).times(1));
        let outcome = scene.invoke().failed().says("broken").says("all is as before");
        assert_eq!(scene.is_over(), old);
        scene.nothing_is_left(&outcome.text, &[&old]);
        scene.invoke().ok();
        assert_ne!(scene.is_over(), old);
    }
}
