//! CloudFormation's shapes: ours as it takes them, and its own as ours.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::types::{
    Capability, HookStatus, Parameter as SdkParameter, ResourceStatus, StackEvent,
    StackResourceDetail, StackResourceSummary, Tag,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::cloudformation::catalogued;
use crate::cloudformation::stack::{Event, Order, Parameter, Part, Stack, Template};
use crate::cloudformation::status::Status;

/// Body, URL, and whether the stack's own is meant.
pub(super) fn source(template: &Template) -> (Option<String>, Option<String>, bool) {
    match template {
        Template::Previous => (None, None, true),
        Template::Body(body) => (Some(body.to_string()), None, false),
        Template::Url(url) | Template::Loose { url, .. } => (None, Some(url.clone()), false),
    }
}

pub(super) fn parameters(order: &Order) -> Vec<SdkParameter> {
    let one = |(name, value): (&String, &Parameter)| {
        let p = SdkParameter::builder().parameter_key(name);
        match value {
            Parameter::Value(value) => p.parameter_value(value).build(),
            Parameter::Previous => p.use_previous_value(true).build(),
        }
    };
    order.parameters.iter().map(one).collect()
}

pub(super) fn capabilities(order: &Order) -> Vec<Capability> {
    order.capabilities.iter().map(|c| Capability::from(c.as_str())).collect()
}

pub(super) fn tags(order: &Order) -> Option<Vec<Tag>> {
    let one = |(k, v): (&String, &String)| Tag::builder().key(k).value(v).build();
    order.tags.as_ref().map(|tags| tags.iter().map(one).collect())
}

pub(super) fn read(s: aws_sdk_cloudformation::types::Stack) -> Stack {
    let moved_at = [s.creation_time, s.last_updated_time, s.deletion_time]
        .into_iter()
        .flatten()
        .map(millis)
        .max();
    let changed_at = s
        .last_updated_time
        .or(s.creation_time)
        .and_then(|t| t.fmt(Format::DateTime).ok())
        .unwrap_or_default();
    let outputs = s
        .outputs
        .unwrap_or_default()
        .into_iter()
        .filter_map(|o| Some((o.output_key?, o.output_value.unwrap_or_default())));
    let parameters = s.parameters.unwrap_or_default().into_iter();
    let tags = s
        .tags
        .unwrap_or_default()
        .into_iter()
        .filter_map(|t| Some((t.key?, t.value.unwrap_or_default())))
        .collect::<BTreeMap<_, _>>();
    let name = s.stack_name.unwrap_or_default();
    Stack {
        id: s.stack_id.unwrap_or_default(),
        provisioned_product: catalogued::product(&name, &tags),
        name,
        status: s.stack_status.map(|s| s.as_str().into()).unwrap_or_default(),
        reason: s.stack_status_reason,
        description: s.description.filter(|text| !text.is_empty()),
        outputs: outputs.collect(),
        parameters: parameters
            .filter_map(|p| Some((p.parameter_key?, p.parameter_value.unwrap_or_default())))
            .collect(),
        tags: tags.into_iter().filter(|(k, _)| !k.starts_with("aws:")).collect(),
        role: s.role_arn.filter(|r| !r.is_empty()),
        notification_arns: s.notification_arns.unwrap_or_default().into_iter().collect(),
        capabilities: s
            .capabilities
            .unwrap_or_default()
            .iter()
            .map(|c| c.as_str().to_string())
            .collect::<BTreeSet<_>>(),
        disable_rollback: s.disable_rollback.unwrap_or_default(),
        timeout_in_minutes: s.timeout_in_minutes.map(i64::from),
        protected: s.enable_termination_protection.unwrap_or_default(),
        nested: s.parent_id.is_some_and(|parent| !parent.is_empty()),
        changed_at,
        moved_at: moved_at.unwrap_or_default(),
    }
}

pub(super) fn status(told: Option<ResourceStatus>) -> Status {
    told.map(|status| status.as_str().into()).unwrap_or_default()
}

pub(super) fn event(e: StackEvent) -> Event {
    let refused = e.hook_status == Some(HookStatus::HookCompleteFailed);
    Event {
        hook: e.hook_invocation_id.filter(|_| refused),
        logical_id: e.logical_resource_id.unwrap_or_default(),
        physical_id: e.physical_resource_id.unwrap_or_default(),
        kind: e.resource_type.unwrap_or_default(),
        status: status(e.resource_status),
        reason: e.resource_status_reason,
        token: e.client_request_token,
        operation: e.operation_id,
        at: e.timestamp.map(millis).unwrap_or_default(),
    }
}

pub(super) fn millis(t: DateTime) -> i64 {
    t.to_millis().unwrap_or_default()
}

pub(super) fn part(r: StackResourceDetail) -> Part {
    Part {
        logical_id: r.logical_resource_id.unwrap_or_default(),
        kind: r.resource_type.unwrap_or_default(),
        physical_id: r.physical_resource_id.unwrap_or_default(),
        status: status(r.resource_status),
        reason: r.resource_status_reason,
    }
}

pub(super) fn summary(r: StackResourceSummary) -> Part {
    Part {
        logical_id: r.logical_resource_id.unwrap_or_default(),
        kind: r.resource_type.unwrap_or_default(),
        physical_id: r.physical_resource_id.unwrap_or_default(),
        status: status(r.resource_status),
        reason: r.resource_status_reason,
    }
}
