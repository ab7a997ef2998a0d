//! `quilt_stack` and `quilt_sso` of one stack in one configuration.

use super::{live, okta};
use crate::acceptance::terraform::{APPLY, Project};
use crate::cloud::Cloud;

/// A template with many sign-ins, and little else.
const SMALL: &str = r#"Parameters:
  Size: {Type: Number, Default: 1024}
  PasswordAuth: {Type: String, Default: Enabled, AllowedValues: [Enabled, Disabled]}
  QuiltWebHost: {Type: String}
  OktaAuth: {Type: String, Default: Disabled, AllowedValues: [Enabled, Disabled]}
  OktaClientId: {Type: String}
  OktaClientSecret: {Type: String, NoEcho: true}
  OktaBaseUrl: {Type: String}
Resources:
  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size, Tags: [{Key: okta, Value: !Ref OktaAuth}]}}
Outputs:
  Size: {Value: !Ref Size}
"#;

/// `quilt_stack.this` of the small template, and what uses it.
fn both(parameters: &str, sign_in: &str) -> String {
    let stack = format!(
        "resource \"quilt_stack\" \"this\" {{\n  name = \"quilt\"\n  template_file = \"small.yaml\"\n  web_host = \"quilt.example.com\"\n  \
         enable_termination_protection = false\n  parameters = {{ {parameters} }}\n}}\n"
    );
    format!(
        "{stack}{}",
        sign_in.replace("stack_name = \"quilt\"", "stack_name = quilt_stack.this.name")
    )
}

#[test]
fn stack_and_sign_in_live_together() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("small.yaml", SMALL);
    let steps = [
        both("Size = 2048", &okta("")),
        both("Size = 4096", &okta("")),
        both("Size = 4096", &okta("  password_auth = false\n")),
        both("Size = 2048", &okta("").replace("\"id\"", "\"other\"")),
    ];
    for step in steps {
        project.main(&step);
        project.apply().ok();
        project.plan_is_empty();
    }
    let values = live(&cloud);
    let found =
        ["Size", "OktaAuth", "OktaClientId", "PasswordAuth"].map(|name| values[name].as_str());
    assert_eq!(found, ["2048", "Enabled", "other", "Disabled"]);
    project.write("small.yaml", &SMALL.replace("Value: !Ref Size}", "Value: !Sub '${Size}'}"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["OktaAuth"], "Enabled", "a new template leaves the sign-in");
    project.destroy().ok();
    assert!(cloud.stack("quilt").is_none());
}

#[test]
fn a_stack_that_nobody_could_enter_is_refused() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("small.yaml", SMALL);
    project.main(&both("PasswordAuth = \"Disabled\"", ""));
    project.plan().failed().says("Nobody could sign in");
    assert!(cloud.stacks().is_empty());
}

/// A project that holds the small template.
fn small() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("small.yaml", SMALL);
    (cloud, project)
}

#[test]
fn a_parameter_has_one_owner() {
    let (cloud, project) = small();
    project.main(&both("OktaAuth = \"Disabled\"", &okta("")));
    project
        .plan()
        .failed()
        .says("A parameter with two owners")
        .says("`OktaAuth` stands in `parameters`")
        .says("identity_provider = \"okta\"");
    let loose = |parameters: &str, sign_in: &str| {
        both(parameters, sign_in)
            .replace("stack_name = quilt_stack.this.name", "stack_name = \"quilt\"")
    };
    project.main(&loose("PasswordAuth = \"Enabled\"", &okta("  password_auth = true\n")));
    project.plan().failed().says("A parameter with two owners").says("PasswordAuth");
    let secret =
        "  parameters_wo = { OktaClientSecret = \"x\" }\n  parameters_wo_version = 1\n  web_host";
    project.main(&both("Size = 2048", &okta("")).replacen("  web_host", secret, 1));
    project.plan().failed().says("`OktaClientSecret` stands in `parameters_wo`");
    assert!(cloud.stacks().is_empty());

    project.main(&both("PasswordAuth = \"Enabled\"", &okta("")));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&both("PasswordAuth = \"Enabled\"", &okta("  password_auth = true\n")));
    project.plan().failed().says("password_auth = true");
    project.main(&both("", &okta("  password_auth = true\n")));
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn two_sign_ins_do_not_set_the_same() {
    let (cloud, project) = small();
    let alike = okta("").replace("\"quilt_sso\" \"okta\"", "\"quilt_sso\" \"second\"");
    for second in [alike.replace("\"id\"", "\"other\""), alike.clone()] {
        project.main(&both("Size = 2048", &format!("{}{second}", okta(""))));
        project
            .plan()
            .failed()
            .says("Two blocks make the sign-in quilt/okta")
            .says("identity_provider = \"okta\"");
    }
    assert!(cloud.stacks().is_empty());
    // One that is replaced is one.
    project.main(&both("Size = 2048", &okta("")));
    project.apply().ok();
    let replace = [&APPLY[..], &["-replace=quilt_sso.okta"]].concat();
    project.run(&replace).ok().says("1 added, 0 changed, 1 destroyed");
    project.plan_is_empty();
    // Two of them in one state, as after an import under another address.
    project.main(&both("Size = 2048", &format!("{}{alike}", okta(""))));
    project.import("quilt_sso.second", "quilt/okta").ok();
    project.plan().failed().says("Two blocks hold the sign-in quilt/okta");
}

#[test]
fn a_new_stack_is_judged_before_it_is_there() {
    let (cloud, project) = small();
    project.main(&both(
        "Size = 2048",
        &okta("")
            .replace("okta", "azure")
            .replace("base_url", "tenant_id")
            .replace("https://example.azure.com/oauth2/default", super::TENANT),
    ));
    project.plan().failed().says("The stack's template does not take Azure");
    project.main(&both("Size = 2048", &okta("")));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    let plan = plan
        .says("https://quilt.example.com/oauth-callback")
        .says("family = \"multi\"")
        .does_not_say("not there yet");
    drop(plan);
    project.apply().ok();
    project.plan_is_empty();
    project.main(&both("Size = 2048", &okta("")).replace("quilt.example.com", "data.example.com"));
    project.apply().ok().says("https://data.example.com/oauth-callback");
    project.plan_is_empty();
    assert_eq!(
        project.attribute("quilt_sso.okta", "redirect_uri"),
        "https://data.example.com/oauth-callback"
    );
    drop(cloud);
}

#[test]
fn a_stack_that_is_not_there_is_told_at_plan() {
    let (_cloud, project) = small();
    project.main(&okta("").replace("\"quilt\"", "\"nothing\""));
    assert_eq!(
        project
            .plan()
            .says("There is no complete stack nothing in us-east-1 yet")
            .says("stack_name")
            .code,
        2
    );
}
