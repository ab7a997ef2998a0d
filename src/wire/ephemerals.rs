//! Ephemeral resources: what is open while something uses it, and stored nowhere.

use super::call::unserved;
use super::proto::*;
use super::service::Service;

const KIND: &str = "ephemeral resource";

impl Service {
    pub(super) async fn validate_ephemeral_resource_config(
        &self,
        r: validate_ephemeral_resource_config::Request,
    ) -> validate_ephemeral_resource_config::Response {
        validate_ephemeral_resource_config::Response { diagnostics: unserved(KIND, &r.type_name) }
    }

    pub(super) async fn open_ephemeral_resource(
        &self,
        r: open_ephemeral_resource::Request,
    ) -> open_ephemeral_resource::Response {
        let diagnostics = unserved(KIND, &r.type_name);
        open_ephemeral_resource::Response { diagnostics, ..Default::default() }
    }

    pub(super) async fn renew_ephemeral_resource(
        &self,
        r: renew_ephemeral_resource::Request,
    ) -> renew_ephemeral_resource::Response {
        let diagnostics = unserved(KIND, &r.type_name);
        renew_ephemeral_resource::Response { diagnostics, ..Default::default() }
    }

    pub(super) async fn close_ephemeral_resource(
        &self,
        r: close_ephemeral_resource::Request,
    ) -> close_ephemeral_resource::Response {
        close_ephemeral_resource::Response { diagnostics: unserved(KIND, &r.type_name) }
    }
}
