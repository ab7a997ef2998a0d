//! What is secret is told to nobody: not in AWS's words, not as a line of the configuration.

use crate::acceptance::secrets::{search, watch};
use crate::acceptance::terraform::Project;
use crate::acceptance::{free, queues, writes};
use crate::cloud::{Fault, Rule};

const SECRET: &str = "canary w0 'three' %43 \\ {z}";

/// The password among the parameters that are kept, or those that are not.
fn main(project: &mut Project, argument: &str, more: &str) {
    project.set("TF_VAR_secret", SECRET);
    let version = if argument == "parameters_wo" { "\n  parameters_wo_version = 1" } else { "" };
    let secret = "variable \"secret\" {\n  type      = string\n  sensitive = true\n}\n\n";
    project.main(&format!(
        "{secret}{}",
        free(&format!("  {argument} = {{ Password = var.secret }}{version}{more}"))
    ));
}

fn refused(action: &str) -> crate::cloud::Weather {
    let message = format!("Parameter 'Password': {SECRET} does not please us");
    Fault::Refused { status: 400, code: "ValidationError".into(), message }.on(action).times(1)
}

fn nowhere(project: &Project, printed: &str) {
    let found: Vec<_> = search(project, printed, &[SECRET])
        .into_iter()
        .filter(|place| !place.starts_with("terraform.tfstate"))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_aws_quotes_is_struck_out() {
    for argument in ["parameters_wo", "parameters"] {
        let (cloud, mut project) = queues();
        watch(&mut project);
        main(&mut project, argument, "");
        let mut printed = String::new();
        cloud.weather(refused("CreateStack"));
        printed.push_str(
            &project.apply().failed().says("Parameter 'Password': *** does not please us").text,
        );
        cloud.hold(
            Rule::stack("queues")
                .resource("First")
                .on("create")
                .fail(&format!("{SECRET} is no size"))
                .times(1),
        );
        printed.push_str(&project.apply().failed().says("*** is no size").text);
        project.apply().ok();
        main(&mut project, argument, "\n  tags = { team = \"data\" }");
        cloud.weather(refused("CreateChangeSet"));
        printed.push_str(&project.apply().failed().says("*** does not please us").text);
        project.apply().ok();
        if argument == "parameters" {
            cloud.weather(refused("DescribeStacks"));
            printed.push_str(&project.plan().failed().says("*** does not please us").text);
        }
        nowhere(&project, &printed);
    }
}

#[test]
fn a_write_only_value_that_cloudformation_shows_is_refused() {
    let (cloud, project) = queues();
    for value in ["4099", "99"] {
        project.main(&free(&format!(
            "  parameters_wo = {{ Size = \"{value}\" }}\n  parameters_wo_version = 1"
        )));
        let plan = project
            .plan()
            .failed()
            .says("This parameter is not secret")
            .says("Give it in `parameters`.");
        plan.does_not_say(&format!("\"{value}\"")).does_not_say("`99`");
    }
    assert_eq!(writes(&cloud), [""; 0]);
}

/// Terraform prints the line of the attribute that an error is at.
#[test]
fn no_line_with_a_secret_is_shown() {
    let (cloud, project) = queues();
    let both = |more: &str| {
        project.main(&free(&format!("  parameters = {{ {more}Password = \"xy\" }}")));
        project.plan().failed().does_not_say("\"xy\"")
    };
    both("")
        .says("does not fit the parameter `Password`")
        .says("This is about `parameters[\"Password\"]`");
    both("Sizes = 3, ").says("no parameter `Sizes`").says("This is about `parameters[\"Sizes\"]`");
    project.main(&free("  parameters = { Sizes = 3 }"));
    project.plan().failed().says("Sizes = 3");
    project.main(
        "resource \"quilt_sso\" \"this\" {\n  stack_name = \"queues\"\n  identity_provider = \"google\"\n  client_id = \"c\"\n  \
         client_secret = \"first-one\"\n  client_secret_wo = \"second-one\"\n  client_secret_wo_version = 1\n}\n",
    );
    project
        .plan()
        .failed()
        .says("client_secret")
        .does_not_say("first-one")
        .does_not_say("second-one");
    assert_eq!(writes(&cloud), [""; 0]);
}

/// It has a default, which is what the stack has: AWS shows neither.
#[test]
fn a_secret_that_is_added_later_is_sent() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    cloud.forget();
    project.main(&free("  parameters = { Size = 2048, Password = \"first-one\" }"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.says("A secret will be kept in the state").says("1 to change");
    project.apply().ok().says("A secret will be kept in the state").says("1 changed");
    assert_eq!(
        cloud.calls_of("CreateChangeSet").last().expect("it is sent").sent("Parameters.Password"),
        Some("first-one")
    );
    let plan = project.plan();
    assert_eq!(plan.code, 0, "{}", plan.text);
    plan.does_not_say("A secret will be kept in the state");
}

/// What the state says of a stack that was taken over is what the stack has.
#[test]
fn an_imported_stack_is_sent_the_secret_it_is_to_have() {
    let (cloud, project) = queues();
    let body = std::fs::read_to_string(project.path("template.yaml")).expect("it was written");
    cloud.create_stack("queues", &body, &[("Password", "theirs")]).expect("right");
    cloud.settled("queues");
    project.main(&free("  parameters = { Password = \"ours-now\" }"));
    project.import("quilt_stack.this", "queues").ok();
    project.apply().ok().says("A secret will be kept in the state");
    assert_eq!(
        cloud.calls_of("CreateChangeSet").last().expect("it is sent").sent("Parameters.Password"),
        Some("ours-now")
    );
    project.plan_is_empty();
}
