//! Actions: what is done when it is asked for.

use super::call::unserved;
use super::events::{Events, once};
use super::proto::invoke_action::event::{Completed, Type};
use super::proto::*;
use super::service::Service;

const KIND: &str = "action";

impl Service {
    pub(super) async fn validate_action_config(
        &self,
        r: validate_action_config::Request,
    ) -> validate_action_config::Response {
        validate_action_config::Response { diagnostics: unserved(KIND, &r.type_name) }
    }

    pub(super) async fn plan_action(&self, r: plan_action::Request) -> plan_action::Response {
        plan_action::Response { diagnostics: unserved(KIND, &r.action_type), deferred: None }
    }

    /// Without an end Terraform calls the stream broken: what is wrong is told in it.
    pub(super) fn invoke_action(&self, r: invoke_action::Request) -> Events<invoke_action::Event> {
        let completed = Completed { diagnostics: unserved(KIND, &r.action_type) };
        once(invoke_action::Event { r#type: Some(Type::Completed(completed)) })
    }
}
