//! The list of `quilt_api_key`: the keys of who asks that are kept in secrets by the names which the provider gives them.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::begins;
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::quilt::api_key::secret_name;
use crate::resources::api_key::ApiKeyResource;

attributes! {
    /// The API keys of the provider block's user that are kept in Secrets Manager under the names which a `quilt_api_key` gives unless told
    /// (`quilt/<host>/api-key/<name>`).
    pub struct ApiKeyFilter {
        /// What the names begin with.
        name_prefix: String = Optional;
    }
}

/// The list of `quilt_api_key`.
pub struct ApiKeyList;

#[async_trait]
impl ListResource for ApiKeyList {
    type Of = ApiKeyResource;
    type Filter = ApiKeyFilter;

    fn resource(&self) -> &ApiKeyResource {
        &ApiKeyResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: ApiKeyFilter,
        found: &mut Found<'_, '_, ApiKeyResource>,
    ) -> Result<()> {
        let (catalog, aws) = (cx.catalog(None).await?, cx.aws(None).await?);
        let all = catalog.keys.own().await?.into_iter().filter(|key| key.active);
        let names: BTreeSet<_> = all.map(|key| key.name).collect();
        for name in names.into_iter().filter(|name| begins(&filter.name_prefix, name)) {
            let secret = secret_name(&catalog.host, &name);
            let held = aws.secrets.describe(&secret).await?.filter(|held| !held.going);
            let Some(held) = held else { continue };
            if !found.add(Entry { arn: held.arn, called: vec![secret], title: name }).await {
                break;
            }
        }
        Ok(())
    }
}
