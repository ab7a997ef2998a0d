//! State of one account under the credentials of another, and keys that are replaced in the middle of a wait. A key is its account here.

use serde_json::json;

use super::command::Outcome;
use super::snapshot::{self, snapshots};
use super::sso::{self, MULTI, okta};
use super::templates::fixture;
use super::terraform::{APPLY, DESTROY, Project};
use super::{free, queues, until_held, writes};
use crate::cloud::{Cloud, Rule};

const THIS: &str = "quilt_stack.this";
const PLAN: [&str; 3] = ["plan", "-no-color", "-input=false"];
const KEY: &str = "AWS_ACCESS_KEY_ID";

/// It fails with both accounts in its words, and neither is changed.
#[track_caller]
fn refused(outcome: Outcome, cloud: &Cloud, other: &Cloud) {
    let accounts = format!(
        "belongs to the AWS account {}, and the credentials in use to the account {}",
        cloud.account(),
        other.account()
    );
    outcome.failed().says(&accounts).says("run Terraform again");
    assert_eq!(
        (writes(cloud), writes(other)),
        (vec![], vec![]),
        "nothing is written in either account"
    );
}

/// Every command with the credentials of `other`; then the state is as before, and so are the credentials.
#[track_caller]
fn by_every_command(cloud: &Cloud, project: &mut Project, other: &Cloud, address: &str) {
    let before = project.instance(address);
    project.set(KEY, other.account());
    cloud.forget();
    for command in [&PLAN[..], &DESTROY, &APPLY] {
        refused(project.run(command), cloud, other);
        refused(project.run(&[command, &["-refresh=false"]].concat()), cloud, other);
    }
    assert_eq!(project.instance(address), before, "the state stands");
    project.set(KEY, cloud.account());
    project.plan_is_empty();
}

#[test]
fn a_stack_of_another_account_is_not_gone() {
    let (cloud, mut project) = queues();
    project.main(&free(""));
    project.apply().ok();
    by_every_command(&cloud, &mut project, &Cloud::start(), THIS);
    project.run(&["state", "rm", THIS]).ok();
    let (id, other) = (cloud.stack("queues").expect("it is there").id, Cloud::start());
    project.set(KEY, other.account());
    refused(project.import(THIS, &id), &cloud, &other);
}

#[test]
fn a_snapshot_of_the_same_name_in_another_account_is_not_deleted() {
    let arguments =
        "  stack_name = \"old\"\n  snapshot_identifier = \"mine\"\n  delete_on_destroy = true";
    let (cloud, mut project, _) = snapshot::project(arguments);
    let (other, theirs, _) = snapshot::project(arguments);
    project.apply().ok();
    theirs.apply().ok();
    other.forget();
    by_every_command(&cloud, &mut project, &other, "quilt_snapshot.this");
    assert_eq!(snapshots(&other), ["mine"]);
    project.destroy().ok();
    assert_eq!((snapshots(&cloud).len(), snapshots(&other).len()), (0, 1));
}

/// Compared is the region of the copy, which is not the provider's.
#[test]
fn a_copy_abroad_in_another_account_is_not_deleted() {
    let (cloud, mut project, _) = snapshot::copies::with_a_copy("");
    let (other, theirs, _) = snapshot::copies::with_a_copy("");
    project.apply().ok();
    theirs.apply().ok();
    other.forget();
    by_every_command(&cloud, &mut project, &other, "quilt_snapshot.this");
    project.destroy().ok();
    theirs.plan_is_empty();
}

#[test]
fn a_secret_is_not_sent_to_another_accounts_stack() {
    let (cloud, mut project) = sso::quilt(&fixture(MULTI), &[]);
    let (other, _) = sso::quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    by_every_command(&cloud, &mut project, &other, "quilt_sso.okta");
    project.main(&okta("").replace("client_secret_wo_version = 1", "client_secret_wo_version = 2"));
    project.run(&[&PLAN[..], &["-out=plan.bin"]].concat()).ok();
    project.set(KEY, other.account());
    cloud.forget();
    refused(project.run(&["apply", "-no-color", "-input=false", "plan.bin"]), &cloud, &other);
    refused(project.apply(), &cloud, &other);
}

/// Keys of this account in a shared file, where they stood in the environment.
fn in_a_file(project: &mut Project, account: &str) {
    for name in [KEY, "AWS_SECRET_ACCESS_KEY"] {
        project.set(name, "");
    }
    project.write(
        "keys",
        &format!(
            "[default]\naws_access_key_id = {account}\naws_secret_access_key = not-a-secret\n"
        ),
    );
    let file = project.path("keys").display().to_string();
    project.set("AWS_SHARED_CREDENTIALS_FILE", &file);
}

/// A command under way whose file of keys becomes another account's while `resource` is held; then the right keys are put back.
fn replaced(
    cloud: &Cloud,
    project: &mut Project,
    command: &[&str],
    (resource, verb): (&str, &str),
) -> Outcome {
    let other = Cloud::start();
    in_a_file(project, cloud.account());
    cloud.hold(Rule::stack("queues").resource(resource).on(verb).hold(600.0));
    let running = project.start(command);
    until_held(cloud, &running, "queues", resource, verb);
    in_a_file(project, other.account());
    let outcome = running.wait().failed().says(other.account());
    let actions: Vec<_> = other.calls().into_iter().map(|call| call.action).collect();
    assert!(
        !actions.is_empty() && actions.iter().all(|action| action == "GetCallerIdentity"),
        "{actions:?}"
    );
    in_a_file(project, cloud.account());
    cloud.let_go();
    outcome
}

#[test]
fn keys_of_another_account_end_the_wait_of_a_creation() {
    let (cloud, mut project) = queues();
    project.main(&free(""));
    let told = replaced(&cloud, &mut project, &APPLY, ("Second", "create"));
    told.says("Stack queues was not created").says("The credentials were replaced under way");
    assert!(project.instance(THIS).is_null(), "with a state it would be tainted");
    let id = cloud.stack("queues").expect("it is there").id;
    project.apply().ok().says("adopts it");
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "id"), json!(id));
}

#[test]
fn keys_of_a_forbidden_account_end_the_wait_of_a_deletion() {
    let (cloud, mut project) = queues();
    project.main(&free(""));
    project.provider(&format!(
        "provider \"quilt\" {{\n  allowed_account_ids = [\"{}\"]\n}}\n",
        cloud.account()
    ));
    project.apply().ok();
    let id = project.attribute(THIS, "id");
    let told = replaced(&cloud, &mut project, &DESTROY, ("First", "delete"));
    told.says("Stack queues was not deleted").says("`allowed_account_ids` allows only");
    assert_eq!(project.attribute(THIS, "id"), id, "it is not gone");
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn what_a_program_of_credentials_prints_is_in_no_log() {
    let (_cloud, mut project) = queues();
    project.main(&free(""));
    project.write("give.sh", "echo hunter2-from-a-program >&2\nexit 3\n");
    project.write(
        "aws",
        &format!("[default]\ncredential_process = sh {}\n", project.path("give.sh").display()),
    );
    for name in [KEY, "AWS_SECRET_ACCESS_KEY"] {
        project.set(name, "");
    }
    let file = project.path("aws").display().to_string();
    project.set("AWS_CONFIG_FILE", &file);
    project.set("AWS_EC2_METADATA_DISABLED", "true");
    project.set("TF_LOG", "trace");
    project
        .plan()
        .failed()
        .says("exit status: 3")
        .says("run it by hand")
        .does_not_say("hunter2-from-a-program");
}
