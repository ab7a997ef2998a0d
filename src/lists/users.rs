//! The list of `quilt_user`.

use async_trait::async_trait;

use super::begins;
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::user::UserResource;
use crate::tf::Value;

attributes! {
    /// The users of the catalog that the provider block names, those of the stack itself left out.
    pub struct UserFilter {
        /// What the names begin with.
        name_prefix: String = Optional;
        /// Whether they may sign in. Default: both.
        active: bool = Optional;
        /// Whether they are administrators. Default: both.
        admin: bool = Optional;
    }
}

/// The list of `quilt_user`.
pub struct UserList;

/// As asked for, or nothing is asked for.
fn is(wanted: &Value<bool>, value: bool) -> bool {
    wanted.as_ref_option().is_none_or(|wanted| *wanted == value)
}

#[async_trait]
impl ListResource for UserList {
    type Of = UserResource;
    type Filter = UserFilter;

    fn resource(&self) -> &UserResource {
        &UserResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: UserFilter,
        found: &mut Found<'_, '_, UserResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        let all = catalog.users.list().await?;
        for user in all.into_iter().filter(|user| !user.service) {
            let fits = begins(&filter.name_prefix, &user.name)
                && is(&filter.active, user.active)
                && is(&filter.admin, user.admin);
            let title = format!("{} ({})", user.name, user.email);
            let entry =
                Entry { arn: String::new(), called: vec![catalog.host.clone(), user.name], title };
            if fits && !found.add(entry).await {
                break;
            }
        }
        Ok(())
    }
}
