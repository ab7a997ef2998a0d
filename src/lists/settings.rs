//! The lists of settings that a catalog has once: `quilt_default_role` and `quilt_sso_mapping`, where they are set.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::default_role::DefaultRoleResource;
use crate::resources::sso_mapping::SsoMappingResource;

attributes! {
    /// The default role of the provider block's catalog, where one is set.
    pub struct DefaultRoleFilter {}
}

attributes! {
    /// The sign-in mapping of the provider block's catalog, where one is set.
    pub struct SsoMappingFilter {}
}

/// The list of `quilt_default_role`.
pub struct DefaultRoleList;

/// The list of `quilt_sso_mapping`.
pub struct SsoMappingList;

/// What a catalog has once.
fn entry(host: &str, title: String) -> Entry {
    Entry { arn: String::new(), called: vec![host.into()], title }
}

#[async_trait]
impl ListResource for DefaultRoleList {
    type Of = DefaultRoleResource;
    type Filter = DefaultRoleFilter;

    fn resource(&self) -> &DefaultRoleResource {
        &DefaultRoleResource
    }

    async fn list(
        &self,
        cx: &Cx,
        _filter: DefaultRoleFilter,
        found: &mut Found<'_, '_, DefaultRoleResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        if let Some(role) = catalog.roles.default().await? {
            found.add(entry(&catalog.host, role.name)).await;
        }
        Ok(())
    }
}

#[async_trait]
impl ListResource for SsoMappingList {
    type Of = SsoMappingResource;
    type Filter = SsoMappingFilter;

    fn resource(&self) -> &SsoMappingResource {
        &SsoMappingResource
    }

    async fn list(
        &self,
        cx: &Cx,
        _filter: SsoMappingFilter,
        found: &mut Found<'_, '_, SsoMappingResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        if let Some(mapped) = catalog.mapping.mapping().await? {
            found.add(entry(&catalog.host, format!("set by {}", mapped.uploader))).await;
        }
        Ok(())
    }
}
