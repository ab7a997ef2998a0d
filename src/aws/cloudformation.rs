//! CloudFormation.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::Builder;
use aws_sdk_cloudformation::types::{
    DeletionMode, DeploymentConfig, DeploymentConfigMode, OnFailure, TemplateStage,
};
use aws_smithy_types::DateTime;

use super::retry::{Patience, unrationed};
use super::{Hook, Page, Stacks, error, no_answer};
use crate::cloudformation::changes::Proposal;
use crate::cloudformation::stack::{Creation, Event, Order, Part, Removal, Skip, Stack};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsErrorKind, Result};
use reader::Reader;
use sets::Sets;
use shapes::{capabilities, event, millis, parameters, part, read, source, status, summary, tags};

mod changes;
mod deleted;
mod drift;
mod failures;
pub mod reader;
mod sets;
mod shapes;

/// CloudFormation in one region.
pub struct CloudFormation {
    client: Client,
    reader: Reader,
    sets: Sets,
}

impl CloudFormation {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        let client = Client::from_conf(config);
        Self { reader: Reader::new(client.clone()), client, sets: Sets::default() }
    }

    /// Hands events over, newest first, until `more` says that it has enough.
    async fn each_event(&self, stack: &str, mut more: impl FnMut(Event) -> bool) -> Result<()> {
        let mut pages =
            self.client.describe_stack_events().stack_name(stack).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("list the stack's events", e))?;
            if !page.stack_events.unwrap_or_default().into_iter().map(event).all(&mut more) {
                break;
            }
        }
        Ok(())
    }
}

/// An operation that ends as soon as it is set up.
fn express() -> DeploymentConfig {
    DeploymentConfig::builder().mode(DeploymentConfigMode::Express).build()
}

#[async_trait]
impl Stacks for CloudFormation {
    async fn find(&self, stack: &str) -> Result<Option<Stack>> {
        self.reader.find(stack).await
    }

    async fn glance(&self, stack: &str) -> Result<Option<Stack>> {
        self.reader.glance(stack).await
    }

    async fn list(&self) -> Result<Vec<Stack>> {
        self.reader.all().await
    }

    async fn last_deleted(&self, name: &str) -> Result<Option<String>> {
        self.newest_deleted(name).await
    }

    async fn page(&self, next: Option<&str>) -> Result<Page<Stack>> {
        self.reader.page(next).await
    }

    async fn create(&self, order: &Order, token: &str) -> Result<String> {
        let (body, url, _) = source(&order.template);
        let _changed = self.reader.changing(&order.name);
        let answer = self
            .client
            .create_stack()
            .stack_name(&order.name)
            .set_template_body(body)
            .set_template_url(url)
            .set_parameters(Some(parameters(order)))
            .set_capabilities(Some(capabilities(order)))
            .set_role_arn(order.role.clone())
            .set_on_failure(order.on_failure.as_deref().map(OnFailure::from))
            .set_disable_rollback(order.disable_rollback.filter(|_| order.on_failure.is_none()))
            .set_timeout_in_minutes(order.timeout_in_minutes.and_then(|n| i32::try_from(n).ok()))
            .set_notification_arns(order.notification_arns.clone().map(Vec::from_iter))
            .set_stack_policy_body(order.policy_body.clone())
            .set_stack_policy_url(order.policy_url.clone())
            .set_tags(tags(order))
            .client_request_token(token)
            .send()
            .await
            .map_err(|e| error::of("create the stack", e))?;
        answer.stack_id.ok_or_else(|| no_answer("create the stack"))
    }

    async fn update(&self, stack: &str, order: &Order, token: &str) -> Result<bool> {
        let (body, url, previous) = source(&order.template);
        let _changed = self.reader.changing(stack);
        let answer = self
            .client
            .update_stack()
            .stack_name(stack)
            .set_template_body(body)
            .set_template_url(url)
            .set_use_previous_template(previous.then_some(true))
            .set_parameters(Some(parameters(order)))
            .set_capabilities(Some(capabilities(order)))
            .set_role_arn(order.role.clone())
            .set_disable_rollback(order.disable_rollback)
            .set_notification_arns(order.notification_arns.clone().map(Vec::from_iter))
            .set_tags(tags(order))
            .client_request_token(token)
            .send()
            .await
            .map_err(|e| error::of("update the stack", e));
        match answer {
            Ok(_) => Ok(true),
            Err(e) if e.aws() == Some(AwsErrorKind::NoChange) => Ok(false),
            Err(e) => Err(e),
        }
    }

    async fn propose(&self, stack: &str, order: &Order, name: &str) -> Result<()> {
        self.begin_proposal(stack, order, name).await
    }

    async fn draft(&self, order: &Order, name: &str) -> Result<String> {
        let _changed = self.reader.changing(&order.name);
        self.begin_draft(order, name).await
    }

    async fn proposed_template(&self, stack: &str, name: &str) -> Result<String> {
        self.template_of(stack, name).await
    }

    async fn proposal(&self, stack: &str, name: &str) -> Result<Option<Proposal>> {
        self.look_at_proposal(stack, name).await
    }

    async fn execute(
        &self,
        stack: &str,
        name: &str,
        disable_rollback: bool,
        token: &str,
    ) -> Result<()> {
        self.carry_out(stack, name, disable_rollback, token).await
    }

    async fn withdraw(&self, stack: &str, name: &str) -> Result<()> {
        self.drop_proposal(stack, name).await
    }

    async fn proposals(&self, stack: &str) -> Result<Vec<String>> {
        self.list_proposals(stack).await
    }

    async fn delete(&self, stack: &str, removal: &Removal, token: &str) -> Result<()> {
        let _changed = self.reader.changing(stack);
        let retain = (!removal.retain.is_empty()).then(|| removal.retain.iter().cloned().collect());
        let call = self
            .client
            .delete_stack()
            .stack_name(stack)
            .set_role_arn(removal.role.clone())
            .client_request_token(token);
        let call = call
            .set_retain_resources(retain)
            .set_deletion_mode(removal.force.then_some(DeletionMode::ForceDeleteStack))
            .set_deployment_config(removal.express.then(express));
        call.send().await.map(drop).map_err(|e| error::of("delete the stack", e))
    }

    async fn protect(&self, stack: &str, on: bool) -> Result<()> {
        let _changed = self.reader.changing(stack);
        let call = self
            .client
            .update_termination_protection()
            .stack_name(stack)
            .enable_termination_protection(on);
        call.send().await.map(drop).map_err(|e| error::of("switch termination protection", e))
    }

    async fn set_policy(&self, stack: &str, body: Option<&str>, url: Option<&str>) -> Result<()> {
        let call = self.client.set_stack_policy().stack_name(stack);
        let call = call
            .set_stack_policy_body(body.map(Into::into))
            .set_stack_policy_url(url.map(Into::into));
        call.send().await.map(drop).map_err(|e| error::of("set the stack policy", e))
    }

    async fn policy(&self, stack: &str) -> Result<Option<String>> {
        let answer = self.client.get_stack_policy().stack_name(stack).send().await;
        Ok(answer.map_err(|e| error::of("read the stack policy", e))?.stack_policy_body)
    }

    async fn template(&self, stack: &str) -> Result<String> {
        let call =
            self.client.get_template().stack_name(stack).template_stage(TemplateStage::Original);
        let answer = call.send().await.map_err(|e| error::of("read the stack's template", e))?;
        answer.template_body.ok_or_else(|| no_answer("read the stack's template"))
    }

    async fn events(&self, stack: &str, began: &Status) -> Result<Vec<Event>> {
        let mut events = vec![];
        self.each_event(stack, |e| {
            let first = e.status == *began && e.physical_id == stack;
            events.push(e);
            !first
        })
        .await?;
        Ok(events)
    }

    async fn recent(&self, stack: &str) -> Result<Vec<Event>> {
        let answer = self.client.describe_stack_events().stack_name(stack).send().await;
        let answer = answer.map_err(|e| error::of("list the stack's events", e))?;
        Ok(answer.stack_events.unwrap_or_default().into_iter().map(event).collect())
    }

    async fn failures(&self, operation: &str) -> Result<Vec<Event>> {
        self.failures_of(self.client.describe_events().operation_id(operation)).await
    }

    async fn objections(&self, stack: &str, name: &str) -> Result<Vec<Event>> {
        self.objections_to(stack, name).await
    }

    async fn validation(&self, stack: &str, name: &str) -> Result<Vec<Event>> {
        self.validation_of(stack, name).await
    }

    async fn hook(&self, invocation: &str) -> Result<Hook> {
        self.hook_of(invocation).await
    }

    async fn validate(&self, body: &str) -> Result<()> {
        let call = self.client.validate_template().template_body(body);
        call.send().await.map(drop).map_err(|e| error::of("accept the template", e))
    }

    async fn part(&self, stack: &str, logical_id: &str) -> Result<Option<Part>> {
        let call =
            self.client.describe_stack_resource().stack_name(stack).logical_resource_id(logical_id);
        match call.send().await.map_err(|e| error::of("describe the stack's resource", e)) {
            Ok(answer) => Ok(answer.stack_resource_detail.map(part)),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }

    async fn parts(&self, stack: &str) -> Result<Vec<Part>> {
        let (mut pages, mut parts) =
            (self.client.list_stack_resources().stack_name(stack).into_paginator().send(), vec![]);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("list the stack's resources", e))?;
            parts
                .extend(page.stack_resource_summaries.unwrap_or_default().into_iter().map(summary));
        }
        Ok(parts)
    }

    async fn continue_rollback(
        &self,
        stack: &str,
        skip: &Skip,
        role: Option<&str>,
        token: &str,
    ) -> Result<()> {
        let _changed = self.reader.changing(stack);
        // CloudFormation takes one of the two.
        let (named, forced) = match skip {
            Skip::Named(ids) if ids.is_empty() => (None, None),
            Skip::Named(ids) => (Some(ids.iter().cloned().collect()), None),
            Skip::Forced => (None, Some(true)),
        };
        let call = self.client.continue_update_rollback().stack_name(stack);
        let call = call.set_resources_to_skip(named).set_force_rollback(forced);
        let call = call.set_role_arn(role.map(str::to_string)).client_request_token(token);
        call.send().await.map(drop).map_err(|e| error::of("continue the rollback", e))
    }

    async fn creation(&self, stack: &str) -> Result<Creation> {
        let mut pages =
            self.client.describe_stack_events().stack_name(stack).into_paginator().send();
        let (mut oldest, mut completed) = (None, None);
        while let Some(page) = pages.next().await {
            for event in page
                .map_err(|e| error::of("list the stack's events", e))?
                .stack_events
                .unwrap_or_default()
            {
                let own = event.physical_resource_id.as_deref() == Some(stack);
                let status = status(event.resource_status);
                if own && status == Status::CreateComplete {
                    completed = event.timestamp;
                }
                if status != Status::ReviewInProgress {
                    oldest = Some(event.client_request_token);
                }
            }
        }
        // A creation by change set has no token before the set is executed; it gave the set that name.
        let token = match oldest {
            Some(token) => token,
            None => self.list_proposals(stack).await?.into_iter().next(),
        };
        let now = DateTime::from(SystemTime::now()).secs();
        let age = completed
            .map(|at| Duration::from_secs(now.saturating_sub(at.secs()).max(0).unsigned_abs()));
        Ok(Creation { token, age })
    }
}
