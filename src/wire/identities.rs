//! What identifies a resource beside its state, and the configuration that is written from a state.

use super::call::run;
use super::proto::*;
use super::service::Service;
use crate::tf::Report;

impl Service {
    pub(super) async fn upgrade_resource_identity(
        &self,
        r: upgrade_resource_identity::Request,
    ) -> upgrade_resource_identity::Response {
        let call = self.resource("UpgradeResourceIdentity", &r.type_name, None);
        let (_, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let detail = format!("A {} is known by its state alone.", resource.name());
            d.fail("This resource has no identity", detail);
            None::<()>
        })
        .await;
        upgrade_resource_identity::Response { diagnostics, ..Default::default() }
    }

    pub(super) async fn generate_resource_config(
        &self,
        r: generate_resource_config::Request,
    ) -> generate_resource_config::Response {
        let call = self.resource("GenerateResourceConfig", &r.type_name, r.state.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let detail = format!(
                "Terraform writes the configuration of a {} from its state.",
                resource.name()
            );
            d.fail("The provider writes no configuration", detail);
            None::<()>
        })
        .await;
        generate_resource_config::Response { diagnostics, ..Default::default() }
    }
}
