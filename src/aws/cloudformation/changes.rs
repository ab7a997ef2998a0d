//! Change sets: an update that is compared with the stack before it is carried out.

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    AttributeChangeType, Change as SdkChange, ChangeAction, ChangeSetStatus, ChangeSetType,
    ChangeSource, ExecutionStatus, OnStackFailure, PolicyAction, Replacement as SdkReplacement,
    RequiresRecreation, ResourceAttribute, ResourceChange, ResourceChangeDetail, TemplateStage,
};

use super::{CloudFormation, capabilities, parameters, source, tags};
use crate::aws::{error, no_answer};
use crate::cloudformation::arn::Arn;
use crate::cloudformation::changes::{
    Action, Cause, Change, Policy, Progress, Proposal, Replacement,
};
use crate::cloudformation::prose;
use crate::cloudformation::stack::{Order, name_of};
use crate::outcome::{AwsErrorKind, Result};

/// Deepest nesting that the reason of a failed change set is followed into.
const DEPTH: usize = 6;

impl CloudFormation {
    pub(super) async fn begin_proposal(
        &self,
        stack: &str,
        order: &Order,
        name: &str,
    ) -> Result<()> {
        let (body, url, previous) = source(&order.template);
        let call = self
            .client
            .create_change_set()
            .stack_name(stack)
            .change_set_name(name)
            .change_set_type(ChangeSetType::Update)
            .set_template_body(body)
            .set_template_url(url)
            .set_use_previous_template(previous.then_some(true))
            .set_parameters(Some(parameters(order)))
            .set_capabilities(Some(capabilities(order)))
            .set_role_arn(order.role.clone())
            .set_notification_arns(order.notification_arns.clone().map(Vec::from_iter))
            .set_tags(tags(order))
            .include_nested_stacks(true)
            .client_token(name);
        let made = call.send().await.map_err(|e| error::of("make a change set", e))?;
        self.sets.note(name, made.id());
        Ok(())
    }

    /// A creation, compared with nothing: the stack stays in review until the set is executed.
    pub(super) async fn begin_draft(&self, order: &Order, name: &str) -> Result<String> {
        let (body, url, _) = source(&order.template);
        let call = self
            .client
            .create_change_set()
            .stack_name(&order.name)
            .change_set_name(name)
            .change_set_type(ChangeSetType::Create)
            .set_template_body(body)
            .set_template_url(url)
            .set_parameters(Some(parameters(order)))
            .set_capabilities(Some(capabilities(order)))
            .set_role_arn(order.role.clone())
            .set_on_stack_failure(order.on_failure.as_deref().map(OnStackFailure::from))
            .set_notification_arns(order.notification_arns.clone().map(Vec::from_iter))
            .set_tags(tags(order))
            .client_token(name);
        let answer = call.send().await.map_err(|e| error::of("make a change set", e))?;
        self.sets.note(name, answer.id());
        answer.stack_id.ok_or_else(|| no_answer("make a change set"))
    }

    /// The template that a change set goes by, as it was handed in.
    pub(super) async fn template_of(&self, stack: &str, name: &str) -> Result<String> {
        let call = self
            .client
            .get_template()
            .stack_name(stack)
            .change_set_name(self.sets.called(name))
            .template_stage(TemplateStage::Original);
        let answer =
            call.send().await.map_err(|e| error::of("read the change set's template", e))?;
        answer.template_body.ok_or_else(|| no_answer("read the change set's template"))
    }

    pub(super) async fn look_at_proposal(
        &self,
        stack: &str,
        name: &str,
    ) -> Result<Option<Proposal>> {
        let stack = Some(stack.to_string()).filter(|_| Arn::of(name).is_none());
        let call = self
            .client
            .describe_change_set()
            .set_stack_name(stack)
            .change_set_name(self.sets.called(name))
            .include_property_values(true);
        let (mut pages, mut progress, mut changes) = (call.into_paginator().send(), None, vec![]);
        while let Some(page) = pages.next().await {
            let page = match page.map_err(|e| error::of("read the change set", e)) {
                Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(None),
                page => page?,
            };
            let now = match progress.take() {
                Some(known) => known,
                None => self.progress(&page).await,
            };
            changes.extend(page.changes.unwrap_or_default().into_iter().filter_map(change));
            let ready = now == Progress::Ready;
            progress = Some(now);
            if !ready {
                break;
            }
        }
        Ok(progress.map(|progress| Proposal { progress, changes }))
    }

    async fn progress(&self, set: &DescribeChangeSetOutput) -> Progress {
        let reason = set.status_reason.clone().unwrap_or_default();
        match (&set.status, &set.execution_status) {
            (_, Some(ExecutionStatus::ExecuteInProgress)) => Progress::Underway,
            (
                _,
                Some(
                    ExecutionStatus::ExecuteComplete
                    | ExecutionStatus::ExecuteFailed
                    | ExecutionStatus::Obsolete,
                ),
            ) => Progress::Spent,
            (Some(ChangeSetStatus::CreateComplete), _) => Progress::Ready,
            (Some(ChangeSetStatus::Failed), _) => failed(
                self.first_failed(set.change_set_id.clone().unwrap_or_default(), reason).await.1,
            ),
            (Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress), _) => {
                Progress::Comparing
            }
            _ => Progress::Spent,
        }
    }

    /// A change set that failed because a nested one did names it: that one's reason is the one that helps. ARN and reason.
    pub(super) async fn first_failed(
        &self,
        mut set: String,
        mut reason: String,
    ) -> (String, String) {
        for _ in 0..DEPTH {
            let nested = reason
                .split_whitespace()
                .find(|word| Arn::of(word).is_some_and(|arn| arn.is_set()));
            let Some(nested) = nested.map(str::to_string) else { break };
            let Ok(found) = self.client.describe_change_set().change_set_name(&nested).send().await
            else {
                break;
            };
            match found.status_reason {
                Some(inner) if inner != reason => (set, reason) = (nested, inner),
                _ => break,
            }
        }
        (set, reason)
    }

    /// `disable_rollback` is always said: what holds when it is not, the API's text leaves open.
    pub(super) async fn carry_out(
        &self,
        stack: &str,
        name: &str,
        disable_rollback: bool,
        token: &str,
    ) -> Result<()> {
        let _changed = self.reader.changing(stack);
        let call = self
            .client
            .execute_change_set()
            .stack_name(stack)
            .change_set_name(self.sets.called(name));
        let call = call.disable_rollback(disable_rollback).client_request_token(token);
        call.send().await.map(drop).map_err(|e| error::of("execute the change set", e))
    }

    pub(super) async fn drop_proposal(&self, stack: &str, name: &str) -> Result<()> {
        let call = self
            .client
            .delete_change_set()
            .stack_name(stack)
            .change_set_name(self.sets.called(name));
        match call.send().await.map_err(|e| error::of("delete the change set", e)) {
            Err(e) if e.aws() != Some(AwsErrorKind::Gone) => Err(e),
            _ => Ok(()),
        }
    }

    pub(super) async fn list_proposals(&self, stack: &str) -> Result<Vec<String>> {
        // Asked by name, which every engine answers; what is another stack's by that name is left out.
        let (mut pages, mut names) = (
            self.client.list_change_sets().stack_name(name_of(stack)).into_paginator().send(),
            vec![],
        );
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("list the change sets", e))?;
            let idle = page.summaries.unwrap_or_default().into_iter();
            let idle =
                idle.filter(|s| s.execution_status != Some(ExecutionStatus::ExecuteInProgress));
            for set in idle.filter(|set| set.stack_id().is_none_or(|id| id == stack)) {
                self.sets.note(set.change_set_name().unwrap_or_default(), set.change_set_id());
                names.extend(set.change_set_name);
            }
        }
        Ok(names)
    }
}

fn failed(reason: String) -> Progress {
    match prose::refusal(&reason) {
        AwsErrorKind::NoChange => Progress::Empty,
        AwsErrorKind::Denied => Progress::Denied(reason),
        _ => Progress::Failed(reason),
    }
}

fn change(c: SdkChange) -> Option<Change> {
    let c: ResourceChange = c.resource_change?;
    Some(Change {
        action: match c.action? {
            ChangeAction::Add => Action::Add,
            ChangeAction::Modify | ChangeAction::SyncWithActual => Action::Modify,
            ChangeAction::Remove => Action::Remove,
            ChangeAction::Import => Action::Import,
            _ => Action::Unsure,
        },
        logical_id: c.logical_resource_id.unwrap_or_default(),
        physical_id: c.physical_resource_id.unwrap_or_default(),
        kind: c.resource_type.unwrap_or_default(),
        replacement: match c.replacement {
            Some(SdkReplacement::True) => Replacement::Always,
            Some(SdkReplacement::Conditional) => Replacement::Perhaps,
            _ => Replacement::Never,
        },
        policy: match c.policy_action {
            Some(PolicyAction::Retain | PolicyAction::ReplaceAndRetain) => Policy::Retain,
            Some(PolicyAction::Snapshot | PolicyAction::ReplaceAndSnapshot) => Policy::Snapshot,
            _ => Policy::Delete,
        },
        causes: c.details.unwrap_or_default().into_iter().filter_map(cause).collect(),
        nested: c.change_set_id,
    })
}

fn cause(d: ResourceChangeDetail) -> Option<Cause> {
    let target = d.target?;
    let property = target.name.filter(|_| target.attribute == Some(ResourceAttribute::Properties));
    let from_resource = matches!(
        d.change_source,
        Some(ChangeSource::ResourceReference | ChangeSource::ResourceAttribute)
    );
    let has_values = target.before_value.is_some()
        || target.after_value.is_some()
        || target.attribute_change_type.is_some();
    Some(Cause {
        name: property.or(target.attribute.map(|a| a.as_str().to_string()))?,
        after: target
            .after_value
            .filter(|_| target.attribute_change_type != Some(AttributeChangeType::Remove)),
        before: target
            .before_value
            .filter(|_| target.attribute_change_type != Some(AttributeChangeType::Add)),
        has_values,
        recreates: match target.requires_recreation {
            Some(RequiresRecreation::Always) => Replacement::Always,
            Some(RequiresRecreation::Conditionally) => Replacement::Perhaps,
            _ => Replacement::Never,
        },
        resource: d
            .causing_entity
            .filter(|_| from_resource)
            .map(|e| e.split('.').next().unwrap_or_default().to_string()),
    })
}
