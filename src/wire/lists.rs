//! Lists of what is there.

use super::call::unserved;
use super::events::{Events, once};
use super::proto::*;
use super::service::Service;

const KIND: &str = "list resource";

impl Service {
    pub(super) async fn validate_list_resource_config(
        &self,
        r: validate_list_resource_config::Request,
    ) -> validate_list_resource_config::Response {
        validate_list_resource_config::Response { diagnostics: unserved(KIND, &r.type_name) }
    }

    pub(super) fn list_resource(&self, r: list_resource::Request) -> Events<list_resource::Event> {
        let diagnostic = unserved(KIND, &r.type_name);
        once(list_resource::Event { diagnostic, ..Default::default() })
    }
}
