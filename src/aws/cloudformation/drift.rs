//! Drift.

use async_trait::async_trait;
use aws_sdk_cloudformation::types::{
    StackDriftDetectionStatus, StackResourceDrift, StackResourceDriftStatus,
};

use super::CloudFormation;
use crate::aws::{Drifts, error, no_answer};
use crate::cloudformation::drift::{Detection, Drift};
use crate::outcome::Result;

#[async_trait]
impl Drifts for CloudFormation {
    async fn detect(&self, stack: &str) -> Result<String> {
        let answer = self.client.detect_stack_drift().stack_name(stack).send().await;
        let answer = answer.map_err(|e| error::of("look for drift", e))?;
        answer.stack_drift_detection_id.ok_or_else(|| no_answer("look for drift"))
    }

    async fn detection(&self, id: &str) -> Result<Detection> {
        let call = self.client.describe_stack_drift_detection_status().stack_drift_detection_id(id);
        let answer = call.send().await.map_err(|e| error::of("tell how far it is", e))?;
        Ok(match answer.detection_status {
            Some(StackDriftDetectionStatus::DetectionComplete) => Detection::Complete,
            Some(StackDriftDetectionStatus::DetectionFailed) => {
                Detection::Partial(answer.detection_status_reason.unwrap_or_default())
            }
            _ => Detection::Underway,
        })
    }

    async fn drifted(&self, stack: &str) -> Result<Vec<Drift>> {
        let call = self
            .client
            .describe_stack_resource_drifts()
            .stack_name(stack)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Modified)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted);
        let (mut pages, mut all) = (call.into_paginator().send(), vec![]);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("list what has drifted", e))?;
            all.extend(page.stack_resource_drifts.unwrap_or_default().into_iter().map(drift));
        }
        Ok(all)
    }
}

fn drift(d: StackResourceDrift) -> Drift {
    Drift {
        logical_id: d.logical_resource_id.unwrap_or_default(),
        kind: d.resource_type.unwrap_or_default(),
        physical_id: d.physical_resource_id.unwrap_or_default(),
        deleted: d.stack_resource_drift_status == Some(StackResourceDriftStatus::Deleted),
        properties: d
            .property_differences
            .unwrap_or_default()
            .into_iter()
            .filter_map(|difference| difference.property_path)
            .collect(),
    }
}
