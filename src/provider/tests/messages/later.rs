//! `quilt_stack`: upgrades, imports, and what is inherited from another stack.

use serde_json::{Value as Json, json};

use super::life::{begun, open};
use super::scene::{Scene, template, with};
use super::stack::config;

pub fn scenes() -> Vec<Scene> {
    let mut all = upgrades();
    all.extend(imports());
    all
}

fn upgrades() -> Vec<Scene> {
    let version = |version: &str| {
        let metadata = json!({ "git_tag": format!("v{version}") }).to_string();
        let body = json!({
            "Resources": { "T": { "Type": "AWS::SNS::Topic", "Properties": { "DisplayName": version } } },
            "Outputs": { "TemplateBuildMetadata": { "Value": metadata } },
        });
        open(json!({ "parameters": null, "template_body": body.to_string() }))
    };
    let takes = json!({ "SearchDomainArn": { "Type": "String" }, "SearchDomainEndpoint": { "Type": "String" }, "SearchClusterAccessorSecurityGroup": { "Type": "String" } });
    let searched = |search: Json| {
        open(
            json!({ "parameters": null, "template_body": template(takes.clone()), "search": search }),
        )
    };
    let whole = json!({ "domain_arn": "a", "endpoint": "search.internal", "accessor_security_group_id": "sg-1" });
    let sized = |default: &str| {
        open(
            json!({ "parameters": null, "template_body": template(json!({ "Size": { "Type": "String", "Default": default } })) }),
        )
    };
    vec![
        begun("A stack on network 1.0 is given a template for network 2.0")
            .made(network(json!({})))
            .plan(network(json!({ "IntraSubnets": { "Type": "String", "Default": "" } }))),
        begun("Quilt goes back to an older version")
            .made(version("1.62.0"))
            .plan(version("1.60.0")),
        begun("An upgrade leaves a stop out").made(version("1.62.0")).plan(version("1.67.0")),
        begun("An upgrade leaves a stop out, and that is meant")
            .made(version("1.62.0"))
            .plan(with(version("1.67.0"), json!({ "allow_version_skip": true }))),
        begun("An object beside the stack is taken out")
            .made(searched(whole))
            .plan(searched(Json::Null)),
        begun("A default changes, and the stack keeps its value")
            .made(sized("small"))
            .plan(sized("large")),
    ]
}

/// A Quilt template with a flat network, and these parameters besides.
fn network(more: Json) -> Json {
    let takes = json!({ "QuiltWebHost": { "Type": "String", "Default": "quilt.example.com" } });
    open(json!({ "parameters": null, "template_body": template(with(takes, more)) }))
}

fn imports() -> Vec<Scene> {
    vec![
        begun("No such stack to import").import("prod"),
        begun("What is imported ends with a space").import("prod "),
        begun("A stack of another account is imported")
            .import("arn:aws:cloudformation:us-east-1:210987654321:stack/prod/1"),
        begun("A stack that Service Catalog launched is imported, changed and destroyed")
            .over(|fake| fake.catalogued("prod", "pp-abcdefghijklm"))
            .import("prod")
            .apply(json!({ "name": "prod", "tags": { "Team": "data" }, "enable_termination_protection": false }))
            .destroy(),
        begun("What is imported is no name").import("https://console.aws.amazon.com/"),
        begun("An identity of another account is imported")
            .import_by(&[("name", "prod"), ("account_id", "210987654321")]),
        begun("An identity that lacks its name is imported").import_by(&[("region", "us-east-1")]),
        begun("The configuration of a stack with a long template is written")
            .made(open(json!({ "template_body": long() })))
            .write(),
        begun("The stack to inherit from does not exist")
            .plan(config(json!({ "inherit_parameters_from": "old" }))),
        begun("The stack to inherit from has secrets")
            .over(|fake| fake.secret("Secret").using("old", "Secret", "****"))
            .plan(config(json!({ "inherit_parameters_from": "old" }))),
    ]
}

/// A template of more than a page.
fn long() -> String {
    let text = "Quilt ".repeat(200);
    format!(
        "{{\"Description\": \"{text}\", \"Parameters\": {{\"Size\": {{\"Type\": \"String\"}}}}, \"Resources\": {{\"T\": {{\"Type\": \"AWS::SNS::Topic\"}}}}}}"
    )
}
