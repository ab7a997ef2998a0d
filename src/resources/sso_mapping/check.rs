//! What a sign-in mapping's block may not say, offline, and what it means as a whole.

use super::{MappingRule, SsoMappingState};
use crate::quilt::mapping::{Mapping, Rule};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration, offline.
pub fn validate(config: &SsoMappingState, d: &mut Diagnostics) {
    let union = config.union_roles == Value::Value(true);
    for (i, rule) in config.mappings.iter().flatten().enumerate() {
        let at = AttributePath::new("mappings").index(i as i64);
        check_rule(&at, rule, union, d);
    }
}

fn check_rule(at: &AttributePath, rule: &MappingRule, union: bool, d: &mut Diagnostics) {
    let member = |name| at.clone().attribute(name);
    if rule.roles.as_ref_option().is_some_and(Vec::is_empty) {
        d.fail_at(
            member("roles"),
            "The rule gives no role",
            "Name one role at least, as `[quilt_role.<name>.name]`.",
        );
    }
    if union && rule.admin == Value::Value(false) {
        let detail = "With `union_roles` one rule that says `false` is enough: whoever it meets is no administrator, whatever other rules say. Leave `admin` out \
                      where the rule is not about that.";
        d.warn_at(member("admin"), "This rule takes administration away", detail);
    }
    let Some(text) = rule.schema.as_deref_option() else { return };
    let wanted = "Write a JSON schema, as `jsonencode({ type = \"object\", required = [\"groups\"], properties = { … } })`.";
    match serde_json::from_str(text) {
        Ok(schema @ (serde_json::Value::Object(_) | serde_json::Value::Bool(_))) => {
            let loose = Rule { schema, ..Rule::default() }.loose();
            if !loose.is_empty() {
                let detail = format!(
                    "A token without a claim that is only described is met as well: {} stands in `properties`, and not in `required`.",
                    loose.join(", ")
                );
                d.warn_at(member("schema"), "This rule meets people without the claim", detail);
            }
        }
        Ok(_) => d.fail_at(member("schema"), "Not a JSON schema", wanted),
        Err(e) => {
            let why = crate::outcome::not_json(&e);
            d.fail_at(member("schema"), "Not a JSON schema", format!("As it is, {why}. {wanted}"));
        }
    }
}

/// What it means; `None`: something of it is not known yet.
pub fn meant(state: &SsoMappingState) -> Option<Mapping> {
    let rules = match &state.mappings {
        Value::Unknown => return None,
        Value::Null => vec![],
        Value::Value(rules) => rules.iter().map(rule).collect::<Option<_>>()?,
    };
    Some(Mapping {
        default_role: state.default_role.as_ref_option()?.clone(),
        union_roles: *state.union_roles.as_ref_option().unwrap_or(&false),
        rules,
        ..Mapping::default()
    })
}

fn rule(rule: &MappingRule) -> Option<Rule> {
    if rule.admin.is_unknown() {
        return None;
    }
    let roles = rule.roles.as_ref_option()?.iter().map(|role| role.as_ref_option().cloned());
    Some(Rule {
        schema: serde_json::from_str(rule.schema.as_deref_option()?).ok()?,
        roles: roles.collect::<Option<_>>()?,
        admin: rule.admin.as_option(),
    })
}
