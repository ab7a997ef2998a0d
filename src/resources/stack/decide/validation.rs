//! What can be said about a `quilt_stack` offline: arguments that exclude each other, names, limits, shapes.

use crate::cloudformation::arn::Arn;
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::stack::Skip;
use crate::cloudformation::template::MAX_OBJECT;
use crate::outcome::not_json;
use crate::quilt::hosts::Hosts;
use crate::quilt::names;
use crate::resources::stack::quilt::wiring;
use crate::resources::stack::shorthands::{SHORTHANDS, Shorthand};
use crate::resources::stack::state::{FORCE_ROLLBACK, StackState, Strings};
use crate::resources::{stack_policy, tags, timeouts};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

const ON_FAILURE: [&str; 3] = ["ROLLBACK", "DELETE", "DO_NOTHING"];
const ON_ROLLBACK_FAILED: [&str; 3] = ["fail", "continue", FORCE_ROLLBACK];
const DELETION_MODES: [&str; 2] = ["STANDARD", "FORCE_DELETE_STACK"];
const CAPABILITIES: [&str; 3] =
    ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];
const MOST_TOPICS: usize = 5;
const MOST_PARAMETERS: usize = 200;

fn at(name: &'static str) -> AttributePath {
    AttributePath::new(name)
}

/// Checks a configuration.
pub fn validate(config: &StackState, d: &mut Diagnostics) {
    if let Some(Err(e)) = config.name.as_ref_option().map(|n| names::check_stack_name(n)) {
        d.fail_at(at("name"), "This name is not valid", e);
    }
    one_template(config, d);
    parameters(config, d);
    shorthands(config, d);
    wiring::validate(config, d);
    inheritance(config, d);
    failure(config, d);
    policy(config, d);
    grants(config, d);
    replaceable(config, d);
    tags::validate(&config.tags, d);
    timeouts::validate(&config.timeouts, d);
}

fn one_template(config: &StackState, d: &mut Diagnostics) {
    let all = [
        ("template_file", &config.template_file),
        ("template_body", &config.template_body),
        ("template_url", &config.template_url),
    ];
    // What is not known yet may turn out to be null.
    let given: Vec<_> = all.iter().filter(|(_, v)| v.is_value()).collect();
    match given.as_slice() {
        // Only a creation needs one.
        [] | [_] => {}
        [_, (second, _), ..] => {
            let named: Vec<_> = given.iter().map(|(name, _)| format!("`{name}`")).collect();
            d.fail_at(
                at(second),
                "More than one template",
                format!("{} are given; keep one of them.", named.join(" and ")),
            );
        }
    }
    if let Some(body) = config.template_body.as_ref_option().filter(|b| b.len() > MAX_OBJECT) {
        let detail = format!("It has {} bytes; CloudFormation takes {MAX_OBJECT}.", body.len());
        d.fail_at(at("template_body"), "The template is too large", detail);
    }
    if let Some(url) = config.template_url.as_ref_option().filter(|u| !u.starts_with("https://")) {
        let detail = format!(
            "`{url}` is not one: CloudFormation reads templates from S3, as `https://<bucket>.s3.<region>.amazonaws.com/<key>`."
        );
        d.fail_at(at("template_url"), "Not a URL in S3", detail);
    }
}

fn parameters(config: &StackState, d: &mut Diagnostics) {
    let (plain, secret) = (entries(&config.parameters), entries(&config.parameters_wo));
    if plain.len() + secret.len() > MOST_PARAMETERS {
        let detail = format!("CloudFormation takes {MOST_PARAMETERS}.");
        d.fail_at(at("parameters"), "Too many parameters", detail);
    }
    for name in secret.keys().filter(|name| plain.contains_key(*name)) {
        let detail =
            format!("`{name}` is in `parameters_wo` as well. Keep it there, and remove it here.");
        d.fail_at(at("parameters").key(name.clone()), "Parameter given twice", detail);
    }
    for (attribute, all) in [("parameters", &plain), ("parameters_wo", &secret)] {
        for (name, _) in all.iter().filter(|(_, v)| v.as_ref_option().is_some_and(|v| v == HIDDEN))
        {
            let detail = format!(
                "`{HIDDEN}` is what CloudFormation shows instead of the value of `{name}`. Give the real value, or leave the parameter out to keep it."
            );
            d.fail_at(at(attribute).key(name.clone()), "Not a value", detail);
        }
    }
}

fn entries(map: &Value<Strings>) -> Strings {
    map.iter()
        .flatten()
        .filter(|(_, v)| !v.is_null())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

fn shorthands(config: &StackState, d: &mut Diagnostics) {
    for Shorthand { attribute, parameter, value, .. } in &SHORTHANDS {
        let value = value(config);
        let twice = config.maps().into_iter();
        for (map, _) in twice.filter(|(_, map)| clashes(entries(map).get(*parameter), value)) {
            let detail = format!("`{attribute}` sets `{parameter}` as well; keep one of them.");
            d.fail_at(at(map).key(*parameter), "Parameter given twice", detail);
        }
    }
    match config.web_host.as_ref_option().map(|host| Hosts::checked(host)) {
        Some(Err(why)) => d.fail_at(at("web_host"), "Not a host name", why),
        Some(Ok(hosts)) => {
            if let Some(why) = hosts.doubt() {
                d.warn_at(at("web_host"), "Two hosts outside this domain", why);
            }
        }
        None => {}
    }
    unversioned(config, d);
}

/// Warns of secrets that are sent once and never again.
fn unversioned(config: &StackState, d: &mut Diagnostics) {
    let secret = entries(&config.parameters_wo);
    if !secret.is_empty() && config.parameters_wo_version.is_null() {
        let detail = "Terraform cannot see that a write-only value changes. Without `parameters_wo_version` a new value is never sent to AWS. Write \
                      `parameters_wo_version = 1`, and raise the number with each new value.";
        d.warn_at(at("parameters_wo_version"), "A changed secret will not be sent", detail);
    }
}

/// Both are given, and do not say the same. What Terraform writes for an import says both.
fn clashes(parameter: Option<&Value<String>>, shorthand: &Value<String>) -> bool {
    matches!((parameter, shorthand), (Some(Value::Value(one)), Value::Value(other)) if one != other)
        || matches!((parameter, shorthand), (Some(Value::Unknown), Value::Value(_)))
}

fn inheritance(config: &StackState, d: &mut Diagnostics) {
    if config.inherit_parameters_from.is_value() && config.inherit_parameters_from == config.name {
        let detail = "Give the name of another stack, or leave it out.";
        d.fail_at(at("inherit_parameters_from"), "A stack cannot inherit from itself", detail);
    }
}

fn failure(config: &StackState, d: &mut Diagnostics) {
    one_of("on_failure", &config.on_failure, &ON_FAILURE, d);
    one_of("on_rollback_failed", &config.on_rollback_failed, &ON_ROLLBACK_FAILED, d);
    one_of("deletion_mode", &config.deletion_mode, &DELETION_MODES, d);
    let goes_on = config.on_rollback_failed.is_unknown() || config.continues();
    let named = !known(&config.rollback_resources_to_skip).is_empty();
    if named && config.skip() == Skip::Forced {
        let detail = "`on_rollback_failed = \"force_rollback\"` skips everything that could not be rolled back. Remove this, or write \"continue\".";
        d.fail_at(at("rollback_resources_to_skip"), "Two answers to one question", detail);
    }
    if named && !goes_on {
        let detail = "Resources are skipped only when a rollback is continued. Set `on_rollback_failed = \"continue\"`, or remove this.";
        d.fail_at(at("rollback_resources_to_skip"), "Nothing is skipped", detail);
    }
    let protected = &config.enable_termination_protection;
    if config.express_deletion == Value::Value(true)
        && (protected.is_null() || *protected == Value::Value(true))
    {
        let detail = "Only a stack to throw away is deleted in express mode. Write `enable_termination_protection = false` beside it, or remove this.";
        d.fail_at(
            at("express_deletion"),
            "A protected stack is not deleted in express mode",
            detail,
        );
    }
    if config.on_failure.is_value() && config.disable_rollback == Value::Value(true) {
        let detail = "`on_failure` already says what a failed creation does. Keep one of them; `DO_NOTHING` is the same for a creation.";
        d.fail_at(at("disable_rollback"), "Two answers to one question", detail);
    }
    if config.timeout_in_minutes.as_ref_option().is_some_and(|n| *n < 1) {
        d.fail_at(at("timeout_in_minutes"), "Not a time limit", "Write minutes, 1 or more.");
    }
}

fn one_of(name: &'static str, value: &Value<String>, all: &[&str], d: &mut Diagnostics) {
    if let Some(value) = value.as_ref_option().filter(|v| !all.contains(&v.as_str())) {
        d.fail_at(
            at(name),
            "Not one of the values",
            format!("It is `{value}`. Write one of: {}.", all.join(", ")),
        );
    }
}

fn policy(config: &StackState, d: &mut Diagnostics) {
    if config.policy_body.is_value() && config.policy_url.is_value() {
        let detail = "`policy_body` is given as well; keep one of them.";
        d.fail_at(at("policy_url"), "Two stack policies", detail);
    }
    let Value::Value(body) = &config.policy_body else { return };
    if body.len() > stack_policy::MAX_BODY {
        let detail = format!(
            "It has {} bytes; CloudFormation takes {}.",
            body.len(),
            stack_policy::MAX_BODY
        );
        d.fail_at(at("policy_body"), "The stack policy is too large", detail);
    }
    if let Err(e) = serde_json::from_str::<serde_json::Value>(body) {
        let why = match body.trim_start().starts_with(['{', '[']) {
            true => {
                format!("What is wrong: {}. `jsonencode` writes JSON that is right.", not_json(&e))
            }
            false => format!(
                "It begins with `{}`. If this is the path of a file, write `policy_body = file(\"…\")`.",
                body.chars().take(40).collect::<String>().escape_default()
            ),
        };
        d.fail_at(at("policy_body"), "The stack policy is not JSON", why);
    }
}

fn replaceable(config: &StackState, d: &mut Diagnostics) {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric());
    for id in known(&config.allow_replacement).into_iter().filter(|id| !id.split('.').all(part)) {
        let detail = format!(
            "`{id}` is not a logical id. Write it as the template does, in letters and digits: `DB`; for one in a nested stack: `Nested.DB`."
        );
        d.fail_at(at("allow_replacement"), "Not a logical id", detail);
    }
}

fn grants(config: &StackState, d: &mut Diagnostics) {
    for capability in known(&config.capabilities) {
        if !CAPABILITIES.contains(&capability.as_str()) {
            let detail =
                format!("It is `{capability}`. Write one of: {}.", CAPABILITIES.join(", "));
            d.fail_at(at("capabilities"), "Not a capability", detail);
        }
    }
    let topics = known(&config.notification_arns);
    if topics.len() > MOST_TOPICS {
        let detail =
            format!("CloudFormation takes {MOST_TOPICS} topics, and {} are given.", topics.len());
        d.fail_at(at("notification_arns"), "Too many topics", detail);
    }
    for topic in topics.iter().filter(|t| !is_arn(t, "sns", "")) {
        let detail = format!(
            "`{topic}` is not the ARN of an SNS topic. Write it as `arn:aws:sns:<region>:<account>:<topic>` (`arn` of `aws_sns_topic`)."
        );
        d.fail_at(at("notification_arns"), "Not a topic", detail);
    }
    if let Some(role) = config.iam_role_arn.as_ref_option().filter(|r| !is_arn(r, "iam", "role/")) {
        let detail = format!(
            "`{role}` is not the ARN of an IAM role. Write it as `arn:aws:iam::<account>:role/<role>` (`arn` of `aws_iam_role`)."
        );
        d.fail_at(at("iam_role_arn"), "Not a role", detail);
    }
}

fn is_arn(text: &str, service: &str, kind: &str) -> bool {
    Arn::of(text).is_some_and(|arn| arn.named(service, kind).is_some())
}

fn known(set: &Value<Set<Value<String>>>) -> Vec<&String> {
    set.iter().flatten().flatten().collect()
}
