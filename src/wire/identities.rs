//! What identifies a resource beside its state, and the configuration that is written from a state.

use std::collections::HashMap;

use super::call::{Call, run};
use super::codec;
use super::proto::resource_identity_schema::IdentityAttribute;
use super::proto::*;
use super::service::Service;
use crate::kinds::resource::AnyResource;
use crate::kinds::resource::identity::{IdentitySchema, Wanted};
use crate::tf::{Diagnostics, Object, Report};

/// An identity on its way.
pub fn data(identity: Object) -> ResourceIdentityData {
    ResourceIdentityData { identity_data: codec::encode(&[], Some(identity)) }
}

/// The identity of what this state is of; where the state does not say enough the one that is stored stands. What is gone has none.
pub fn identity(
    resource: &dyn AnyResource,
    state: Option<&Object>,
    stored: Option<&ResourceIdentityData>,
) -> Option<ResourceIdentityData> {
    let known = resource.identity_of(state?);
    known.map(data).or_else(|| stored.cloned())
}

/// What an import is of: an identity, or else an id.
pub fn wanted(
    call: &Call<'_, dyn AnyResource>,
    r: &import_resource_state::Request,
    d: &mut Diagnostics,
) -> Option<Wanted> {
    let sent = r.identity.as_ref().and_then(|identity| identity.identity_data.as_ref());
    let identity = call.object("identity", sent, d)?;
    Some(identity.map_or_else(|| Wanted::Id(r.id.clone()), Wanted::Identity))
}

fn schema(of: IdentitySchema) -> ResourceIdentitySchema {
    let attribute = |a: crate::kinds::resource::identity::IdentityAttribute| IdentityAttribute {
        name: a.name.into(),
        r#type: b"\"string\"".to_vec(),
        required_for_import: a.required,
        optional_for_import: !a.required,
        description: a.doc,
    };
    ResourceIdentitySchema {
        version: of.version,
        identity_attributes: of.attributes.into_iter().map(attribute).collect(),
    }
}

impl Service {
    pub(super) async fn get_resource_identity_schemas(
        &self,
        _: get_resource_identity_schemas::Request,
    ) -> get_resource_identity_schemas::Response {
        let all = self.provider.served.resources.iter();
        let identity_schemas: HashMap<_, _> = all
            .filter_map(|r| Some((r.name().to_string(), schema(r.identity_schema()?))))
            .collect();
        get_resource_identity_schemas::Response { identity_schemas, diagnostics: vec![] }
    }

    pub(super) async fn upgrade_resource_identity(
        &self,
        r: upgrade_resource_identity::Request,
    ) -> upgrade_resource_identity::Response {
        let call = self.resource("UpgradeResourceIdentity", &r.type_name, None);
        let (upgraded_identity, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            if resource.identity_schema().is_none() {
                let detail = format!("A {} is known by its state alone.", resource.name());
                d.fail("This resource has no identity", detail);
                return None;
            }
            let old = call.stored("stored identity", r.raw_identity.as_ref(), d)?;
            let upgraded = old.map(|old| resource.upgrade_identity(r.version, old));
            Some(ResourceIdentityData { identity_data: codec::encode(&[], upgraded) })
        })
        .await;
        upgrade_resource_identity::Response { upgraded_identity, diagnostics }
    }

    pub(super) async fn generate_resource_config(
        &self,
        r: generate_resource_config::Request,
    ) -> generate_resource_config::Response {
        let call = self.resource("GenerateResourceConfig", &r.type_name, r.state.as_ref());
        let (config, diagnostics) = run(&call, async |d| {
            let resource = call.about(d)?;
            let state = call.written("state", d)?;
            call.encode(Some(resource.written(&self.cx(), &state, d).await?))
        })
        .await;
        generate_resource_config::Response { config, diagnostics }
    }
}
