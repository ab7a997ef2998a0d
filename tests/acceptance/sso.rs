//! `quilt_sso`: every identity provider on every family of templates, and beside other changes of the same stack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::templates::fixture;
use super::terraform::Project;
use super::{BROKEN, writes};
use crate::cloud::{Cloud, Rule};

const LEGACY: &str = "gen_a_network10.yaml";
const SINGLE: &str = "gen_b_single_sso.yaml";
const MULTI: &str = "gen_c_terraform.yaml";
const TENANT: &str = "01234567-89ab-cdef-0123-456789abcdef";

/// Identity providers: word, label, arguments, the issuer that is sent.
const PROVIDERS: [(&str, &str, &str, &str); 4] = [
    ("google", "Google", "  domains = [\"example.com\"]\n", ""),
    (
        "azure",
        "Azure",
        "  tenant_id = \"01234567-89ab-cdef-0123-456789abcdef\"\n",
        "https://login.microsoftonline.com/01234567-89ab-cdef-0123-456789abcdef/v2.0",
    ),
    ("okta", "Okta", "  base_url = \"example.okta.com/oauth2/default/\"\n", "https://example.okta.com/oauth2/default"),
    ("onelogin", "OneLogin", "  base_url = \"https://example.onelogin.com/oidc/2\"\n", "https://example.onelogin.com/oidc/2"),
];

const SECRET: &str = "  client_secret_wo = \"s3cr3t\"\n  client_secret_wo_version = 1\n";

/// `quilt_sso.<word>` of the stack `quilt`.
fn sso(word: &str, more: &str) -> String {
    format!(
        "resource \"quilt_sso\" \"{word}\" {{\n  stack_name = \"quilt\"\n  identity_provider = \"{word}\"\n  client_id = \"id\"\n{more}}}\n"
    )
}

fn okta(more: &str) -> String {
    sso("okta", &format!("  base_url = \"https://example.okta.com/oauth2/default\"\n{SECRET}{more}"))
}

fn google(more: &str) -> String {
    sso("google", &format!("{SECRET}{more}"))
}

/// An account with the stack `quilt`, made by somebody else, without an identity provider.
fn quilt(template: &std::path::Path, more: &[(&str, &str)]) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let text = std::fs::read_to_string(template).expect("the template is text");
    let url = cloud.upload("quilt.yaml", &text);
    let mut values = cloud.parameters(&url, &cloud.place());
    values.iter_mut().filter(|(name, _)| name.starts_with("SingleSignOn")).for_each(|(_, value)| value.clear());
    if text.contains("SingleSignOnProvider") {
        values.insert("QuiltWebHost".into(), "quilt.a.example.com".into());
        values.insert("SingleSignOnProvider".into(), "(Disabled)".into());
    }
    values.extend(more.iter().map(|(k, v)| (k.to_string(), v.to_string())));
    let values: Vec<_> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let options = [("TemplateURL", url.as_str()), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "data")];
    cloud.change_stack("CreateStack", "quilt", &options, &values).expect("the template and its values are right");
    assert_eq!(cloud.settled("quilt").status, "CREATE_COMPLETE");
    cloud.forget();
    let project = Project::new(&cloud);
    (cloud, project)
}

fn live(cloud: &Cloud) -> BTreeMap<String, String> {
    cloud.stack("quilt").expect("it is there").parameters
}

/// What was sent as a value in the updates, and nothing of it is a placeholder; all else was left as it is.
fn sent(cloud: &Cloud) -> Vec<BTreeMap<String, String>> {
    let updates = cloud.calls_of("CreateChangeSet");
    let all = live(cloud).len();
    let mut found = Vec::new();
    for update in updates {
        let parameters: BTreeMap<_, _> = update
            .parameters
            .iter()
            .filter_map(|(name, sent)| Some((name.strip_prefix("Parameters.")?.to_owned(), sent.value.clone())))
            .collect();
        assert_eq!(parameters.len(), all, "every parameter is sent or said to stay");
        assert!(!parameters.values().flatten().any(|value| value == "****"), "{update:?}");
        assert_eq!(update.sent("UsePreviousTemplate"), Some("true"), "{update:?}");
        found.push(parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect());
    }
    found
}

fn names(sent: &BTreeMap<String, String>) -> Vec<&str> {
    sent.keys().map(String::as_str).collect()
}

/// On, nothing to do, imported, off, for one identity provider.
fn lives(template: &std::path::Path, family: &str, (word, label, arguments, issuer): (&str, &str, &str, &str)) {
    let (cloud, project) = quilt(template, &[]);
    let (before, address) = (cloud.stack("quilt").expect("it is there"), format!("quilt_sso.{word}"));
    let secret = if family == "legacy" { "" } else { SECRET };
    project.main(&sso(word, &format!("{arguments}{secret}")));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    let of = |name| project.attribute(&address, name);
    assert_eq!((of("id"), of("family")), (json!(format!("quilt/{word}")), json!(family)));
    assert_eq!(of("issuer_url"), if issuer.is_empty() { json!(null) } else { json!(issuer) });
    assert_eq!(of("redirect_uri"), json!(format!("https://{}/oauth-callback", live(&cloud)["QuiltWebHost"])));
    let now = cloud.stack("quilt").expect("it is there");
    let sorted = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!((&now.tags, sorted(&now.capabilities)), (&before.tags, sorted(&before.capabilities)));
    let values = now.parameters;
    let expected = match family {
        "multi" => (values[&format!("{label}Auth")].as_str(), values[&format!("{label}ClientId")].as_str()),
        "single" => (if values["SingleSignOnProvider"] == label { "Enabled" } else { "" }, values["SingleSignOnClientId"].as_str()),
        _ if word == "google" => (if values["IdentityProvider"] == label { "Enabled" } else { "" }, values["GoogleClientId"].as_str()),
        _ => (values["AuthType"].as_str(), values["AuthClientId"].as_str()),
    };
    assert_eq!(expected, ("Enabled", "id"));
    assert!(issuer.is_empty() || values.values().any(|value| value == issuer), "{values:?}");
    let updates = sent(&cloud);
    assert_eq!(updates.len(), 1);
    assert!(names(&updates[0]).iter().all(|name| *name != "PasswordAuth"), "{updates:?}");

    let other = project.again(&cloud);
    cloud.forget();
    other.main(&sso(word, arguments));
    other.import(&address, &format!("quilt/{word}")).ok();
    other.apply().ok();
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);

    project.destroy().ok().says("1 destroyed");
    let after = cloud.stack("quilt").expect("it stays");
    assert_eq!((after.status.as_str(), after.parameters), ("UPDATE_COMPLETE", before.parameters));
    sent(&cloud);
}

fn each(template: &str, family: &str) {
    std::thread::scope(|scope| PROVIDERS.iter().for_each(|provider| drop(scope.spawn(|| lives(&fixture(template), family, *provider)))));
}

#[test]
fn every_provider_of_a_legacy_template() {
    each(LEGACY, "legacy");
}

#[test]
fn every_provider_of_a_template_with_one_sign_in() {
    each(SINGLE, "single");
}

#[test]
fn every_provider_of_a_template_with_many() {
    each(MULTI, "multi");
}

#[test]
fn the_real_templates_sign_in() {
    let Some(folder) = std::env::var_os("QUILT_REAL_TEMPLATES") else { return };
    let folder = std::path::PathBuf::from(folder);
    lives(&folder.join("quilt-1.62-cloudformation.yaml"), "single", PROVIDERS[1]);
    lives(&folder.join("quilt-1.64-terraform.yaml"), "multi", PROVIDERS[2]);
}

#[test]
fn what_cannot_be_is_refused_at_plan() {
    let (cloud, project) = quilt(&fixture(LEGACY), &[]);
    project.main(&okta(""));
    project.plan().failed().says("takes no client secret for Okta").says("identity_provider = \"okta\"");
    let table = [
        ("okta", "base_url = \"http://example.okta.com\"", "encrypted connection"),
        ("okta", "base_url = \"https://example-admin.okta.com\"", "administrators' console"),
        ("onelogin", "base_url = \"https://example.onelogin.com\"", "/oidc/2"),
        ("google", "base_url = \"https://accounts.google.com\"", "Google needs no URL"),
        ("azure", "base_url = \"https://login.microsoftonline.com/common\"", "every organisation"),
        ("okta", "tenant_id = \"example.com\"", "Only Azure has tenants"),
    ];
    for (word, argument, why) in table {
        project.main(&sso(word, &format!("  {argument}\n")));
        project.plan().failed().says(why);
    }
    project.main(&sso("azure", &format!("  tenant_id = \"{TENANT}\"\n  base_url = \"https://login.microsoftonline.us/{TENANT}\"\n")));
    project.plan().failed().says("Tenant given twice");
    project.main(&okta("  client_secret = \"other\"\n"));
    project.plan().failed().says("Secret given twice");
    project.main(&okta("").replace("\"quilt\"", "\"nothing\""));
    project.apply().failed().says("There is no stack nothing");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_second_provider_needs_a_template_that_takes_it() {
    let (cloud, project) = quilt(&fixture(SINGLE), &[]);
    project.main(&okta(""));
    project.apply().ok();
    project.main(&format!("{}{}", okta(""), google("")));
    project.plan().failed().says("takes one identity provider, and Okta is on already").says("identity_provider = \"google\"");
    project.main(&google("").replace("\"quilt_sso\" \"google\"", "\"quilt_sso\" \"okta\""));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!((live(&cloud)["SingleSignOnProvider"].as_str(), live(&cloud)["SingleSignOnBaseUrl"].as_str()), ("Google", ""));
}

#[test]
fn two_providers_of_one_stack_take_turns() {
    let (cloud, project) = quilt(
        &fixture(MULTI),
        &[("PasswordAuth", "Disabled"), ("OneLoginAuth", "Enabled"), ("OneLoginClientId", "x"), ("OneLoginBaseUrl", "x")],
    );
    project.main(&format!("{}{}", okta(""), google("  password_auth = false\n  domains = [\"b.com\", \"a.com\"]\n")));
    project.apply().ok().says("2 added");
    project.plan_is_empty();
    let values = live(&cloud);
    assert_eq!(
        (values["OktaAuth"].as_str(), values["GoogleAuth"].as_str(), values["SingleSignOnDomains"].as_str()),
        ("Enabled", "Enabled", "a.com,b.com")
    );
    assert_eq!(sent(&cloud).len(), 2);
    project.destroy().ok();
    let values = live(&cloud);
    assert_eq!(
        (values["OktaAuth"].as_str(), values["GoogleAuth"].as_str(), values["PasswordAuth"].as_str()),
        ("Disabled", "Disabled", "Disabled")
    );
}

#[test]
fn the_last_way_to_sign_in_gives_way_to_the_password() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta("  password_auth = false\n"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["PasswordAuth"], "Disabled");
    project.destroy().ok().says("Sign-in with a password is turned on");
    assert_eq!((live(&cloud)["PasswordAuth"].as_str(), live(&cloud)["OktaAuth"].as_str()), ("Enabled", "Disabled"));
}

#[test]
fn a_stack_that_is_gone_is_no_obstacle() {
    let (cloud, project) = quilt(&fixture(LEGACY), &[]);
    project.main(&sso("google", "  domains = [\"example.com\"]\n"));
    project.apply().ok();
    cloud.delete_stack("quilt").expect("it is not protected");
    project.run(&["destroy", "-no-color", "-input=false", "-auto-approve", "-refresh=false"]).ok();
}

#[test]
fn a_secret_is_sent_again_with_a_new_version() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    cloud.forget();
    project.main(&okta("").replace("s3cr3t", "n3w").replace("version = 1", "version = 2"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(sent(&cloud), [[("OktaClientSecret".to_string(), "n3w".to_string())].into()]);
    cloud.forget();
    project.main(&okta("").replace(SECRET, "  client_secret = \"plain\"\n"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(names(&sent(&cloud)[0]), ["OktaClientSecret"]);
}

#[test]
fn what_others_changed_is_seen_and_put_right() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    let change = |name: &'static str, value: &'static str| {
        let all = live(&cloud);
        let mut values: Vec<_> =
            all.iter().map(|(k, v)| (k.as_str(), if v == "****" { "postgresql://hidden" } else { v.as_str() })).collect();
        values.retain(|(k, _)| *k != "VoilaAMI"); // shown as what its name in Parameter Store stands for
        values.iter_mut().filter(|(k, _)| *k == name).for_each(|(_, v)| *v = value);
        cloud.change_stack("UpdateStack", "quilt", &[("UsePreviousTemplate", "true")], &values).expect("the values are right");
        cloud.settled("quilt");
    };
    change("OktaBaseUrl", "https://other.okta.com/oauth2/default");
    assert_eq!(project.plan().says("1 to change").code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["OktaBaseUrl"], "https://example.okta.com/oauth2/default");
    change("OktaAuth", "Disabled");
    assert_eq!(project.plan().says("1 to add").code, 2);
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn a_failed_update_leaves_everything_as_it_was() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    let before = project.instance("quilt_sso.okta");
    cloud.hold(Rule::stack("quilt").on("update").fail(BROKEN));
    project.main(&okta("").replace("\"id\"", "\"other\""));
    project.apply().failed().says("the stack is as it was before (UPDATE_ROLLBACK_COMPLETE)");
    assert_eq!(project.instance("quilt_sso.okta")["attributes"], before["attributes"]);
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(live(&cloud)["OktaClientId"], "other");
}

#[test]
fn a_running_operation_is_waited_for() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    project.apply().ok();
    cloud.hold(Rule::stack("quilt").on("update").hold(3.0).times(1));
    let other = project.again(&cloud);
    other.main(&google(""));
    let first = other.start(&super::terraform::APPLY);
    cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
    project.main(&okta("").replace("\"id\"", "\"other\""));
    project.apply().ok();
    first.wait().ok();
    project.plan_is_empty();
    other.plan_is_empty();
    assert_eq!((live(&cloud)["OktaClientId"].as_str(), live(&cloud)["GoogleAuth"].as_str()), ("other", "Enabled"));
}

#[test]
fn ctrl_c_loses_nothing() {
    let (cloud, project) = quilt(&fixture(MULTI), &[]);
    project.main(&okta(""));
    for (action, word) in [("1 added", "is not finished"), ("1 changed", "was not updated: stopped")] {
        cloud.hold(Rule::stack("quilt").on("update").hold(600.0));
        let running = project.start(&super::terraform::APPLY);
        cloud.until("quilt", |stack| stack.status == "UPDATE_IN_PROGRESS");
        std::thread::sleep(std::time::Duration::from_millis(300));
        running.interrupt().0.failed().says(word);
        cloud.let_go();
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(cloud.settled("quilt").status, "UPDATE_COMPLETE", "{action}");
        project.main(&okta("").replace("\"id\"", "\"other\""));
    }
    assert_eq!(live(&cloud)["OktaClientId"], "other");
}

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
    format!("{stack}{}", sign_in.replace("stack_name = \"quilt\"", "stack_name = quilt_stack.this.name"))
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
    let found = ["Size", "OktaAuth", "OktaClientId", "PasswordAuth"].map(|name| values[name].as_str());
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
