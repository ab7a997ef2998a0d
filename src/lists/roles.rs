//! The lists of what is set in a catalog: `quilt_role` and `quilt_policy`.

use async_trait::async_trait;

use super::begins;
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::policy::PolicyResource;
use crate::resources::role::RoleResource;

attributes! {
    /// The roles of the provider block's catalog.
    pub struct RoleFilter {
        /// What the names begin with.
        name_prefix: String = Optional;
    }
}

attributes! {
    /// The policies of the provider block's catalog.
    pub struct PolicyFilter {
        /// What the titles begin with.
        title_prefix: String = Optional;
    }
}

/// The list of `quilt_role`.
pub struct RoleList;

/// The list of `quilt_policy`.
pub struct PolicyList;

/// Something in a catalog, which has no ARN of its own.
fn entry(host: &str, name: String) -> Entry {
    Entry { arn: String::new(), called: vec![host.into(), name.clone()], title: name }
}

#[async_trait]
impl ListResource for RoleList {
    type Of = RoleResource;
    type Filter = RoleFilter;

    fn resource(&self) -> &RoleResource {
        &RoleResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: RoleFilter,
        found: &mut Found<'_, '_, RoleResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        let all = catalog.roles.list().await?;
        for role in all.into_iter().filter(|role| begins(&filter.name_prefix, &role.name)) {
            if !found.add(entry(&catalog.host, role.name)).await {
                break;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ListResource for PolicyList {
    type Of = PolicyResource;
    type Filter = PolicyFilter;

    fn resource(&self) -> &PolicyResource {
        &PolicyResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: PolicyFilter,
        found: &mut Found<'_, '_, PolicyResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        let all = catalog.policies.list().await?;
        for policy in all.into_iter().filter(|policy| begins(&filter.title_prefix, &policy.title)) {
            if !found.add(entry(&catalog.host, policy.title)).await {
                break;
            }
        }
        Ok(())
    }
}
