//! Stacks that are deleted, which CloudFormation lists for 90 days.

use aws_sdk_cloudformation::types::StackStatus;

use super::CloudFormation;
use crate::aws::error;
use crate::outcome::Result;

impl CloudFormation {
    /// The ARN of the one of this name that was deleted last. In which order they are listed, the API's text leaves open.
    pub(super) async fn newest_deleted(&self, name: &str) -> Result<Option<String>> {
        let call = self.client.list_stacks().stack_status_filter(StackStatus::DeleteComplete);
        let (mut pages, mut newest) = (call.into_paginator().send(), None);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("list the deleted stacks", e))?;
            let named = page.stack_summaries.unwrap_or_default().into_iter();
            for stack in named.filter(|stack| stack.stack_name() == Some(name)) {
                let at = stack.deletion_time.map(|t| (t.secs(), t.subsec_nanos()));
                let (_, newest_at) = newest.get_or_insert((stack.stack_id.clone(), at));
                if at >= *newest_at {
                    newest = Some((stack.stack_id, at));
                }
            }
        }
        Ok(newest.and_then(|(id, _)| id))
    }
}
