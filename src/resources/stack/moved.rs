//! A stack that `aws_cloudformation_stack` managed, taken over by a `moved` block.

use std::collections::BTreeMap;

use super::state::StackState;
use crate::cloudformation::parameters::HIDDEN;
use crate::kinds::resource::Source;
use crate::tf::{Kind, Object, Set, Value};

/// What hashicorp/aws keeps, under our names, which are its own. Secrets it shows as `****` are left out.
pub fn from(source: &Source, old: &Object) -> Option<StackState> {
    if source.type_name != "aws_cloudformation_stack" || !is_aws(&source.provider) {
        return None;
    }
    let mut state = StackState {
        id: get(old, "id"),
        name: get(old, "name"),
        region: get(old, "region"),
        template_body: get(old, "template_body"),
        parameters: some(get(old, "parameters"), BTreeMap::is_empty),
        capabilities: get(old, "capabilities"),
        iam_role_arn: not_empty(get(old, "iam_role_arn")),
        on_failure: not_empty(get(old, "on_failure")),
        disable_rollback: get(old, "disable_rollback").filter(|on| *on),
        timeout_in_minutes: get(old, "timeout_in_minutes"),
        notification_arns: some(get(old, "notification_arns"), |set: &Set<_>| set.0.is_empty()),
        policy_body: not_empty(get(old, "policy_body")),
        policy_url: not_empty(get(old, "policy_url")),
        tags: some(get(old, "tags"), BTreeMap::is_empty),
        ..StackState::default()
    };
    if not_empty(get(old, "template_url")).is_value() {
        (state.template_url, state.template_body) = (get(old, "template_url"), Value::Null);
    }
    if let Value::Value(parameters) = &mut state.parameters {
        parameters.retain(|_, value| value.as_ref_option().is_none_or(|v| v != HIDDEN));
    }
    Some(state)
}

/// OpenTofu 1.10 to 1.12.3 names the provider by its type alone.
fn is_aws(provider: &str) -> bool {
    provider == "aws" || provider.ends_with("/hashicorp/aws")
}

/// A value of the old state; null where it is of another type.
fn get<T: Kind>(old: &Object, name: &'static str) -> Value<T> {
    let at = crate::tf::AttributePath::new(name);
    old.get(name).and_then(|tree| Value::read(tree, &at).ok()).unwrap_or_default()
}

/// It may keep an empty list for what was not given.
fn some<T>(value: Value<T>, empty: impl Fn(&T) -> bool) -> Value<T> {
    value.filter(|value| !empty(value))
}

/// hashicorp/aws keeps "" for what was not given.
fn not_empty(value: Value<String>) -> Value<String> {
    value.filter(|text| !text.is_empty())
}
