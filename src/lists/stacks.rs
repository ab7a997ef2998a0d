//! The list of `quilt_stack`.

use async_trait::async_trait;

use super::{Stacks, Strings, begins, tagged};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::stack::StackResource;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

attributes! {
    /// The Quilt deployments of the account in one region, or all its CloudFormation stacks. Stacks that are part of another one (nested
    /// stacks) are left out.
    pub struct StackFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// Whether stacks of other templates than Quilt's are left out. Default: true.
        quilt_only: bool = Optional;
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Statuses, as `UPDATE_COMPLETE`. Default: every one that a stack has.
        statuses: Set<Value<String>> = Optional;
        /// Tags that each has, those of AWS itself left out.
        tags: Strings = Optional;
    }
}

/// The list of `quilt_stack`.
pub struct StackList;

/// What a Quilt template has and gives out.
fn is_quilt(stack: &Stack) -> bool {
    ["QuiltWebHost"]
        .iter()
        .any(|name| stack.parameters.contains_key(*name) || stack.outputs.contains_key(*name))
}

impl StackFilter {
    fn fits(&self, stack: &Stack) -> bool {
        let quilt = self.quilt_only == Value::Value(false) || is_quilt(stack);
        let has = |statuses: &Set<Value<String>>| {
            statuses.into_iter().flatten().any(|status| status == stack.status.as_str())
        };
        quilt
            && begins(&self.name_prefix, &stack.name)
            && tagged(&self.tags, &stack.tags)
            && self.statuses.as_ref_option().is_none_or(has)
    }
}

#[async_trait]
impl ListResource for StackList {
    type Of = StackResource;
    type Filter = StackFilter;

    fn resource(&self) -> &StackResource {
        &StackResource
    }

    fn validate(&self, filter: &StackFilter, d: &mut Diagnostics) {
        let statuses = filter.statuses.as_ref_option().into_iter().flatten().flatten();
        for status in
            statuses.filter(|text| matches!(Status::from(text.as_str()), Status::Other(_)))
        {
            d.fail_at(
                AttributePath::new("statuses"),
                "This is no status of a stack",
                format!("CloudFormation has no status `{status}`. Write one as it stands in the console, as `UPDATE_COMPLETE`."),
            );
        }
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: StackFilter,
        found: &mut Found<'_, '_, StackResource>,
    ) -> Result<()> {
        let aws = cx.aws(filter.region.as_deref_option()).await?;
        let mut stacks = Stacks::of(&aws);
        while let Some(stack) = stacks.next().await? {
            if filter.fits(&stack) {
                let title = format!("{} ({})", stack.name, stack.status);
                let entry = Entry { arn: stack.id, called: vec![stack.name], title };
                if !found.add(entry).await {
                    break;
                }
            }
        }
        Ok(())
    }
}
