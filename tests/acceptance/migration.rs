//! From network 1.0 to 2.0, as `examples/migration` does it: one apply beside the old deployment, in good weather and bad, and the old one's end.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::templates::{self, fixture};
use super::terraform::{APPLY, Project};
use super::{examples, secrets, until_held, writes};
use crate::cloud::{Cloud, Fault, Rule};

/// The old deployment's name.
pub const OLD: &str = "quilt-old";
/// Secrets of the old deployment and of the identity provider.
const SECRETS: [&str; 2] = ["oldw0rdofthedatabase", "cl13nt-s3cret of okta"];

/// The old deployment, protected as people have it.
pub fn old(cloud: &Cloud) {
    let body =
        std::fs::read_to_string(fixture("gen_a_network10.yaml")).expect("the template is text");
    let wanted = templates::wanted(cloud, &body);
    let mut parameters = wanted.plain;
    parameters.extend(wanted.secret);
    let more = [
        ("DBUser", "keeper"),
        ("DBPassword", SECRETS[0]),
        ("IdentityProvider", "Google"),
        ("GoogleClientId", "g00gle"),
        ("SingleSignOnDomains", "example.com"),
    ];
    parameters.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let pairs: Vec<_> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    cloud.create_stack(OLD, &body, &pairs).expect("the template is right");
    assert_eq!(cloud.settled(OLD).status, "CREATE_COMPLETE", "{:#?}", cloud.events(OLD));
    let protection = [("StackName", OLD), ("EnableTerminationProtection", "true")];
    cloud
        .query("cloudformation", "UpdateTerminationProtection", &protection)
        .expect("the stack is there");
}

/// All that CloudFormation tells of the old deployment.
fn look(cloud: &Cloud) -> String {
    look_at(cloud, OLD)
}

/// All that CloudFormation tells of a stack.
pub fn look_at(cloud: &Cloud, stack: &str) -> String {
    format!(
        "{:#?}\n{}\n{:#?}\n{:#?}",
        cloud.stack(stack),
        cloud.template(stack),
        cloud.resources(stack),
        cloud.events(stack)
    )
}

/// The example with values for the test template; `change` may make other ones of them.
fn project(cloud: &Cloud, change: impl FnOnce(&mut Value)) -> Project {
    let mut project = Project::new(cloud);
    secrets::watch(&mut project);
    place(&mut project);
    values(&project, change);
    project
}

/// Puts the example into a new project.
pub fn place(project: &mut Project) {
    examples::place(project, "migration");
    project.set("TF_VAR_client_secret", SECRETS[1]);
}

/// Values for the test template; `change` may make other ones of them.
pub fn values(project: &Project, change: impl FnOnce(&mut Value)) {
    let mut values = json!({
        "old_name": OLD, "name": "quilt-next", "template_file": fixture("gen_c_terraform.yaml"), "search_size": "small", "enable_protection": false,
        "parameters": {"CloudTrailBucket": "the-trails-bucket", "CanaryNotificationsEmail": "ops@example.com"},
        "identity_provider": "okta", "base_url": "https://example.okta.com/oauth2/default", "client_id": "0oa1b2c3",
    });
    change(&mut values);
    project.write("terraform.tfvars.json", &values.to_string());
}

/// The password that the new database has.
fn password(cloud: &Cloud, project: &Project) -> String {
    let secret =
        json!({"SecretId": project.attribute("quilt_database.this", "password_secret_arn")});
    let answer = cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &secret);
    let login: Value = serde_json::from_str(answer["SecretString"].as_str().expect("it is text"))
        .expect("it is JSON");
    login["password"].as_str().unwrap_or_default().to_owned()
}

/// The administrator's password, which the new stack was given.
fn administrators(cloud: &Cloud, project: &Project) -> String {
    let secret =
        json!({"SecretId": project.attribute("quilt_stack.this", "admin_password_secret_arn")});
    let answer = cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &secret);
    answer["SecretString"].as_str().expect("it is text").to_owned()
}

/// No secret is in the state, a plan, the log of everything, or what was printed.
fn nothing_is_let_out(cloud: &Cloud, project: &Project, printed: &str) {
    let made = [password(cloud, project), administrators(cloud, project)];
    let all: Vec<&str> = SECRETS.iter().copied().chain(made.iter().map(String::as_str)).collect();
    assert!(all.iter().all(|secret| secret.len() > 7), "{all:?}");
    let found = secrets::search(project, printed, &all);
    assert!(found.is_empty(), "{found:#?}");
}

/// How many creations of a stack CloudFormation accepted; one whose answer was lost is asked for again by the same token.
fn created(cloud: &Cloud, stack: &str) -> usize {
    let calls = cloud.calls_of("CreateStack").into_iter();
    let accepted =
        calls.filter(|call| call.sent("StackName") == Some(stack) && call.status == Some(200));
    accepted
        .filter_map(|call| call.sent("ClientRequestToken").map(str::to_owned))
        .collect::<BTreeSet<_>>()
        .len()
}

#[test]
fn one_apply_moves_a_deployment_and_the_old_one_ends_later() {
    let cloud = Cloud::start();
    old(&cloud);
    let before = look(&cloud);
    let project = project(&cloud, |_| {});
    cloud.forget();
    let plan = project.run(&["plan", "-no-color", "-input=false", "-out=plan.bin"]).ok();
    let plan = plan
        .says("quilt-old goes on serving quilt.example.com")
        .says("stop such changes")
        .says("Its roles are new")
        .says("one more VPC");
    let plan = plan.says("Sign-in through Google is on in quilt-old and stays off here");
    let applied = project.run(&["apply", "-no-color", "-input=false", "plan.bin"]).ok();
    project.plan_is_empty();
    assert_eq!(look(&cloud), before, "the old deployment is as it was");

    let of = |address: &str, name: &str| project.attribute(address, name);
    let database = |name: &str| of("quilt_database.this", name);
    assert_eq!(
        (database("username"), database("database_name"), database("engine_version_actual")),
        (json!("keeper"), json!("quilt"), json!("15.18"))
    );
    let (next, was) =
        (cloud.stack("quilt-next").expect("it was made"), cloud.stack(OLD).expect("it is there"));
    for name in
        ["QuiltWebHost", "CertificateArnELB", "AdminEmail", "GoogleClientId", "SingleSignOnDomains"]
    {
        assert_eq!(next.parameters[name], was.parameters[name], "{name} is taken over");
    }
    assert_eq!(
        (json!(next.parameters["DBAccessorSecurityGroup"]), next.parameters["DBUrl"].as_str()),
        (database("accessor_security_group_id"), "****")
    );
    assert_eq!(json!(next.parameters["SearchDomainEndpoint"]), of("quilt_search.this", "endpoint"));
    assert_eq!(
        (next.parameters["OktaAuth"].as_str(), next.parameters["OktaClientId"].as_str()),
        ("Enabled", "0oa1b2c3")
    );
    let cnames = of("quilt_stack.this", "cnames");
    assert_eq!(
        cnames.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>()).unwrap_or_default(),
        ["quilt-registry.example.com", "quilt-s3-proxy.example.com", "quilt.example.com"]
    );
    let back = project.show(&["output", "-json", "cnames_before"]);
    assert_eq!(
        back["quilt.example.com"],
        json!(cloud.stack(OLD).expect("it is there").outputs["LoadBalancerDNSName"])
    );
    nothing_is_let_out(&cloud, &project, &format!("{}{}", plan.text, applied.text));

    // The end of the old deployment: it is taken over, its protection switched off, and its block removed.
    project.write("old-template.yaml", &cloud.template(OLD));
    let block = "import {\n  to = quilt_stack.old\n  id = \"quilt-old\"\n}\n\nresource \"quilt_stack\" \"old\" {\n  name = \"quilt-old\"\n  \
                 template_file = \"old-template.yaml\"\n  enable_termination_protection = ";
    project.write("old.tf", &format!("{block}true\n}}\n"));
    project.apply().ok().says("1 imported, 0 added");
    std::fs::remove_file(project.path("old.tf")).expect("it was written");
    project.plan().failed().says("Termination protection is on for the stack quilt-old");
    project.write("old.tf", &format!("{block}false\n}}\n"));
    project.apply().ok().says("1 changed");
    std::fs::remove_file(project.path("old.tf")).expect("it was written");
    values(&project, |all| all["old_is_there"] = json!(false));
    project.apply().ok().says("0 added, 0 changed, 1 destroyed");
    project.plan_is_empty();
    assert!(
        cloud.stack(OLD).is_none()
            && cloud.stack("quilt-next").is_some_and(|stack| stack.status.ends_with("_COMPLETE"))
    );
    let left = cloud
        .query("rds", "DescribeDBSnapshots", &[])
        .expect("listing is always allowed")
        .members("DBSnapshots")
        .len();
    assert_eq!(left, 2, "the migration's snapshot and the old database's last one");
}

/// The snapshot takes forty minutes, of which one second lasts ten milliseconds here; Ctrl-C meanwhile; the restore fails once; Ctrl-C in the stack's
/// creation: each time the next apply goes on, and nothing is made twice.
#[test]
fn a_migration_gets_through_bad_weather() {
    let cloud = Cloud::start();
    old(&cloud);
    let before = look(&cloud);
    let project = project(&cloud, |_| {});
    cloud.forget();
    cloud.hurry(100.0);
    cloud.hold(Rule::stack(".*").resource("Snapshot").on("take").hold(40.0 * 60.0));
    cloud.weather(Fault::Throttled.on("Describe.*").odds(0.1));
    cloud.weather(Fault::Reset.on("CreateStack|CreateDBSnapshot").after().odds(0.5).times(3));
    let reason = "Resource handler returned message: \"Cannot upgrade postgres from 15.12 to 15.18 (Service: Rds, Status Code: 400)\"";
    cloud
        .hold(Rule::stack("quilt-next-database").resource("DB").on("create").fail(reason).times(1));
    let begun = Instant::now();
    let running = project.start(&APPLY);
    while !cloud.calls_of("CreateDBSnapshot").iter().any(|call| call.status == Some(200)) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut printed = running.interrupt().0.failed().says("quilt-old-db").text;
    let failed = project
        .apply()
        .failed()
        .says("Cannot upgrade postgres from 15.12 to 15.18")
        .says("rolled the creation back");
    assert!(
        begun.elapsed() > Duration::from_secs(24),
        "forty minutes were waited for: {:?}",
        begun.elapsed()
    );
    assert_eq!(look(&cloud), before);
    assert!(
        cloud.stack("quilt-next").is_none(),
        "nothing is built on a database that is not there"
    );

    cloud.hold(Rule::stack("quilt-next").resource("LoadBalancer").on("create").hold(60_000.0));
    let running = project.start(&APPLY);
    let id = until_held(&cloud, &running, "quilt-next", "LoadBalancer", "create");
    let stopped = running.interrupt().0.failed().says("Stack quilt-next is not finished");
    project.nothing_is_left_running();
    cloud.let_go();
    let applied = project.apply().ok();
    project.plan_is_empty();
    assert_eq!((project.attribute("quilt_stack.this", "id"), look(&cloud)), (json!(id), before));
    let counts = ["quilt-next-network", "quilt-next-database", "quilt-next-search", "quilt-next"]
        .map(|stack| created(&cloud, stack));
    let taken = cloud
        .calls_of("CreateDBSnapshot")
        .into_iter()
        .filter(|call| call.status == Some(200))
        .count();
    assert_eq!((counts, taken), ([1, 2, 1, 1], 1));
    printed += &[failed.text, stopped.text, applied.text].concat();
    nothing_is_let_out(&cloud, &project, &printed);
}

#[test]
fn what_cannot_be_moved_is_refused_with_nothing_created() {
    let cloud = Cloud::start();
    old(&cloud);
    let eleven = "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres, EngineVersion: \"11.19\", DBInstanceClass: \
                  db.t3.small, AllocatedStorage: \"20\", MasterUsername: root, MasterUserPassword: not-a-secret}\n";
    cloud.create_stack("eleven", eleven, &[]).expect("the template is right");
    cloud
        .create_stack("mysql", &eleven.replace("postgres", "mysql").replace("11.19", "8.0"), &[])
        .expect("the template is right");
    cloud
        .create_stack("queues", "Resources: {Queue: {Type: AWS::SQS::Queue}}", &[])
        .expect("the template is right");
    for stack in ["eleven", "mysql", "queues"] {
        cloud.settled(stack);
    }
    let project = project(&cloud, |_| {});
    cloud.forget();
    for (name, value, words, place) in [
        ("name", json!(OLD), "A stack cannot inherit from itself", "inherit_parameters_from"),
        ("name", json!("queues"), "A stack named queues exists already", "name "),
        (
            "old_name",
            json!("none"),
            "There is no stack none in us-east-1",
            "stack_name = var.old_name",
        ),
        ("old_name", json!("queues"), "makes no database", "stack_name = var.old_name"),
        ("old_name", json!("eleven"), "to 11.22 first", "quilt_database"),
        (
            "old_name",
            json!("mysql"),
            "Its engine is mysql",
            "snapshot                   = quilt_snapshot.old",
        ),
        ("web_host", json!("quilt.a.example.com"), "QuiltWebHost", "web_host"),
        ("parameters", json!({}), "CloudTrailBucket", "parameters"),
        (
            "region",
            json!("eu-west-1"),
            "There is no stack quilt-old in eu-west-1",
            "stack_name = var.old_name",
        ),
        ("template_file", json!(fixture("gen_a_network10.yaml")), "DBUrl", "database"),
    ] {
        values(&project, |all| all[name] = value);
        project.plan().failed().says(words).says(place);
    }
    assert_eq!(writes(&cloud), [""; 0]);
}
