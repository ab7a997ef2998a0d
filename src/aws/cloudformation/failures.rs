//! What failed in an operation or for a change set, from the API that tells of validation and hooks as well.

use aws_sdk_cloudformation::operation::describe_events::builders::DescribeEventsFluentBuilder;
use aws_sdk_cloudformation::types::{
    Annotation, AnnotationStatus, EventFilter, EventType, HookFailureMode, OperationEvent,
};

use super::{CloudFormation, error, millis, status};
use crate::aws::{Hook, HookNote};
use crate::cloudformation::stack::Event;
use crate::cloudformation::status::Status;
use crate::outcome::Result;

impl CloudFormation {
    /// What failed, without what is only warned of.
    pub(super) async fn failures_of(
        &self,
        call: DescribeEventsFluentBuilder,
    ) -> Result<Vec<Event>> {
        let found = self.failed_of(call).await?.into_iter();
        Ok(found.filter(|event| !warns(event)).map(failure).collect())
    }

    /// What validation and hooks have found in a change set, what is only warned of as well.
    pub(super) async fn validation_of(&self, stack: &str, name: &str) -> Result<Vec<Event>> {
        let call = self.client.describe_change_set().stack_name(stack).change_set_name(name);
        let set = call.send().await.map_err(|e| error::of("read the change set", e))?;
        let events =
            self.client.describe_events().change_set_name(set.change_set_id.unwrap_or_default());
        let found = self.failed_of(events).await?.into_iter();
        let validated = |e: &OperationEvent| {
            matches!(
                e.event_type,
                Some(EventType::ValidationError | EventType::HookInvocationError)
            )
        };
        Ok(found.filter(validated).map(failure).collect())
    }

    async fn failed_of(&self, call: DescribeEventsFluentBuilder) -> Result<Vec<OperationEvent>> {
        let call = call.filters(EventFilter::builder().failed_events(true).build());
        let (mut pages, mut found) = (call.into_paginator().send(), vec![]);
        while let Some(page) = pages.next().await {
            found.extend(
                page.map_err(|e| error::of("list what failed", e))?
                    .operation_events
                    .unwrap_or_default(),
            );
        }
        found.sort_by_key(|e| e.timestamp.or(e.start_time).map(|t| (t.secs(), t.subsec_nanos())));
        Ok(found)
    }

    /// What a hook said by its invocation.
    pub(super) async fn hook_of(&self, invocation: &str) -> Result<Hook> {
        let call = self.client.get_hook_result().hook_result_id(invocation);
        let answer = call.send().await.map_err(|e| error::of("read what the hook said", e))?;
        let failed = |note: &&Annotation| note.status == Some(AnnotationStatus::Failed);
        let notes = answer.annotations.unwrap_or_default();
        Ok(Hook {
            name: answer.type_name.unwrap_or_default(),
            reason: answer.hook_status_reason,
            notes: notes.iter().filter(failed).cloned().map(note).collect(),
        })
    }

    /// By the set's ARN: its name alone is not enough for CloudFormation.
    pub(super) async fn objections_to(&self, stack: &str, name: &str) -> Result<Vec<Event>> {
        let call = self
            .client
            .describe_change_set()
            .stack_name(stack)
            .change_set_name(self.sets.called(name));
        let set = call.send().await.map_err(|e| error::of("read the change set", e))?;
        let (arn, _) = self
            .first_failed(
                set.change_set_id.unwrap_or_default(),
                set.status_reason.unwrap_or_default(),
            )
            .await;
        self.failures_of(self.client.describe_events().change_set_name(arn)).await
    }
}

/// It stops nothing.
fn warns(e: &OperationEvent) -> bool {
    let mode = match e.event_type {
        Some(EventType::ValidationError) => &e.validation_failure_mode,
        Some(EventType::HookInvocationError) => &e.hook_failure_mode,
        _ => &None,
    };
    *mode == Some(HookFailureMode::Warn)
}

fn note(note: Annotation) -> HookNote {
    HookNote {
        name: note.annotation_name.unwrap_or_default(),
        message: note.status_message.unwrap_or_default(),
        remedy: note.remediation_message,
        link: note.remediation_link,
        severity: note.severity_level.map(|level| level.as_str().to_lowercase()),
    }
}

/// An event as a stack's events tell it.
fn failure(e: OperationEvent) -> Event {
    let (status, reason) = match e.event_type {
        Some(EventType::ValidationError) => {
            (Status::ValidationFailed, at(e.validation_status_reason, e.validation_path))
        }
        Some(EventType::HookInvocationError) => {
            (Status::HookFailed, at(e.hook_status_reason, e.hook_type))
        }
        _ => (status(e.resource_status), e.resource_status_reason),
    };
    Event {
        hook: None,
        logical_id: e.logical_resource_id.unwrap_or_default(),
        physical_id: e.physical_resource_id.unwrap_or_default(),
        kind: e.resource_type.unwrap_or_default(),
        status,
        reason,
        token: e.client_request_token,
        operation: e.operation_id,
        at: e.timestamp.or(e.start_time).map(millis).unwrap_or_default(),
    }
}

/// A reason, and where in the template or by which hook.
fn at(reason: Option<String>, place: Option<String>) -> Option<String> {
    match (reason, place) {
        (Some(reason), Some(place)) => {
            Some(format!("{} ({place})", reason.trim().trim_end_matches('.')))
        }
        (reason, _) => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validation_is_told_with_its_place_and_warnings_are_none() {
        let event = |mode: HookFailureMode| {
            OperationEvent::builder()
                .event_type(EventType::ValidationError)
                .validation_failure_mode(mode)
                .logical_resource_id("Data")
                .resource_type("AWS::S3::Bucket")
                .validation_status_reason("It exists.")
                .validation_path("/Resources/Data")
                .build()
        };
        assert!(warns(&event(HookFailureMode::Warn)) && !warns(&event(HookFailureMode::Fail)));
        let found = failure(event(HookFailureMode::Fail));
        assert_eq!(
            (found.status.as_str(), found.reason.as_deref()),
            ("VALIDATION_FAILED", Some("It exists (/Resources/Data)"))
        );
        let hook = OperationEvent::builder()
            .event_type(EventType::HookInvocationError)
            .hook_type("Acme::Hook")
            .hook_status_reason("No.");
        let hook = failure(hook.build());
        assert_eq!(
            (hook.status.as_str(), hook.reason.as_deref()),
            ("HOOK_FAILED", Some("No (Acme::Hook)"))
        );
    }
}
