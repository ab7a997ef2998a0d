//! `quilt_sso` as people use it.

mod changes;
mod families;
pub mod issuer;
mod operations;
mod refusals;
mod together;

use std::collections::BTreeMap;

use super::terraform::Project;
use crate::cloud::Cloud;

const LEGACY: &str = "gen_a_network10.yaml";
const SINGLE: &str = "gen_b_single_sso.yaml";
pub const MULTI: &str = "gen_c_terraform.yaml";
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
    (
        "okta",
        "Okta",
        "  base_url = \"example.okta.com/oauth2/default/\"\n",
        "https://example.okta.com/oauth2/default",
    ),
    (
        "onelogin",
        "OneLogin",
        "  base_url = \"https://example.onelogin.com/oidc/2\"\n",
        "https://example.onelogin.com/oidc/2",
    ),
];

const SECRET: &str = "  client_secret_wo = \"s3cr3t\"\n  client_secret_wo_version = 1\n";

/// `quilt_sso.<word>` of the stack `quilt`.
fn sso(word: &str, more: &str) -> String {
    format!(
        "resource \"quilt_sso\" \"{word}\" {{\n  stack_name = \"quilt\"\n  identity_provider = \"{word}\"\n  client_id = \"id\"\n{more}}}\n"
    )
}

pub fn okta(more: &str) -> String {
    sso(
        "okta",
        &format!("  base_url = \"https://example.okta.com/oauth2/default\"\n{SECRET}{more}"),
    )
}

fn google(more: &str) -> String {
    sso("google", &format!("{SECRET}{more}"))
}

/// An account with the stack `quilt`, made by somebody else, without an identity provider.
pub fn quilt(template: &std::path::Path, more: &[(&str, &str)]) -> (Cloud, Project) {
    let cloud = Cloud::start();
    let text = std::fs::read_to_string(template).expect("the template is text");
    install(&cloud, &text, more);
    let project = Project::new(&cloud);
    (cloud, project)
}

/// Makes the stack `quilt` from a template.
pub fn install(cloud: &Cloud, text: &str, more: &[(&str, &str)]) {
    let url = cloud.upload("quilt.yaml", text);
    let mut values = cloud.parameters(&url, &cloud.place());
    values
        .iter_mut()
        .filter(|(name, _)| name.starts_with("SingleSignOn"))
        .for_each(|(_, value)| value.clear());
    if text.contains("SingleSignOnProvider") {
        values.insert("QuiltWebHost".into(), "quilt.a.example.com".into());
        values.insert("SingleSignOnProvider".into(), "(Disabled)".into());
    }
    values.extend(more.iter().map(|(k, v)| (k.to_string(), v.to_string())));
    let values: Vec<_> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let options = [
        ("TemplateURL", url.as_str()),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "data"),
    ];
    cloud
        .change_stack("CreateStack", "quilt", &options, &values)
        .expect("the template and its values are right");
    assert_eq!(cloud.settled("quilt").status, "CREATE_COMPLETE");
    cloud.forget();
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
            .filter_map(|(name, sent)| {
                Some((name.strip_prefix("Parameters.")?.to_owned(), sent.value.clone()))
            })
            .collect();
        assert_eq!(parameters.len(), all, "every parameter is sent or said to stay");
        assert!(!parameters.values().flatten().any(|value| value == "****"), "{update:?}");
        assert_eq!(update.sent("UsePreviousTemplate"), Some("true"), "{update:?}");
        found.push(
            parameters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        );
    }
    found
}

fn names(sent: &BTreeMap<String, String>) -> Vec<&str> {
    sent.keys().map(String::as_str).collect()
}
