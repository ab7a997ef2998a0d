//! What an update will touch.

use crate::cloudformation::status::Status;
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::order::difference::differs;
use crate::resources::stack::order::secrets::{resends, sends};
use crate::resources::stack::state::{Draft, StackState, set};
use crate::tf::Value;

/// What an update will touch.
#[derive(Default)]
pub struct Touched {
    /// Another template than the stack has, or one that is not known yet.
    pub template: bool,
    /// A parameter gets another value, or one that cannot be compared.
    pub parameters: bool,
    role: bool,
    topics: bool,
    /// Tags differ, those of the provider block included.
    pub tags: bool,
    /// An operation that runs already is waited for first.
    pub resumes: bool,
    /// An operation failed and left the stack as it was; it is tried again.
    pub retries: bool,
    /// A rollback that failed is continued.
    pub continues: bool,
}

impl Touched {
    /// What of a stack an update touches, as it is planned.
    pub fn of(g: &Gathered, draft: &Draft, prior: &StackState) -> Self {
        let Draft { config, planned, private, .. } = draft;
        let (template, status, live) = (g.template(), prior.status(), &private.parameters);
        let changes = |(name, value): (&String, &Value<String>)| match value {
            Value::Value(value) => differs(template, name, value, live, prior, private),
            _ => true,
        };
        Touched {
            template: g.loaded.as_ref().is_none_or(|loaded| loaded.changes(prior)),
            parameters: g.wanted.open
                || g.wanted.values.iter().any(changes)
                || resends(prior, planned, private)
                || sends(prior, planned, template, private, live),
            role: planned.iam_role_arn != prior.iam_role_arn,
            topics: planned.notification_arns.is_unknown()
                || set(&planned.notification_arns) != set(&prior.notification_arns),
            tags: planned.tags_all != prior.tags_all,
            resumes: !status.settled(),
            retries: status.left_as_it_is(),
            continues: status == Status::UpdateRollbackFailed && config.continues(),
        }
    }

    /// No other operation than the update has a part in what it comes to.
    pub fn is_certain(&self) -> bool {
        !self.resumes && !self.retries && !self.continues
    }

    /// CloudFormation works on resources, so outputs may change.
    pub fn outputs(&self) -> bool {
        self.template
            || self.parameters
            || self.role
            || self.topics
            || self.resumes
            || self.retries
            || self.continues
    }
}
