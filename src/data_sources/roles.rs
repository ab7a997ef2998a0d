//! Data source `quilt_roles`: what roles a catalog has.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::quilt::access::Role;
use crate::tf::{Diagnostics, Value, known};

attributes! {
    /// A role of a catalog.
    pub struct OneRole {
        /// Its id, a UUID.
        id: String = Computed;
        /// Its name.
        name: String = Computed;
        /// ARN of the IAM role behind it.
        arn: String = Computed;
        /// Whether the catalog makes that IAM role itself, from policies.
        managed: bool = Computed;
        /// Ids of the policies that it holds.
        policy_ids: Vec<Value<String>> = Computed;
    }
}

attributes! {
    /// The roles of the catalog that the provider block names, those of the stack itself included.
    pub struct RolesState {
        /// Name of the role that new users get; null where none is set: then nobody can sign up.
        default_role: String = Computed;
        /// Their names, in the order of the alphabet.
        names: Vec<Value<String>> = Computed;
        /// Each of them, in the same order.
        roles: Vec<Value<OneRole>> = Computed;
    }
}

/// `quilt_roles`.
pub struct RolesSource;

fn one(role: Role) -> OneRole {
    OneRole {
        id: role.id.into(),
        name: role.name.into(),
        arn: role.arn.into(),
        managed: role.managed.into(),
        policy_ids: role.policies.into_iter().map(known).collect::<Vec<_>>().into(),
    }
}

#[async_trait]
impl DataSource for RolesSource {
    const NAME: &'static str = "quilt_roles";
    type State = RolesState;

    fn subject(_config: &RolesState) -> String {
        "The list of roles".into()
    }

    async fn read(&self, cx: &Cx, _config: RolesState, _d: &mut Diagnostics) -> Result<RolesState> {
        let catalog = cx.catalog(None).await?;
        let (mut all, default) = (catalog.roles.list().await?, catalog.roles.default().await?);
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(RolesState {
            default_role: default.map(|role| role.name).into(),
            names: all.iter().map(|role| known(&role.name)).collect::<Vec<_>>().into(),
            roles: all.into_iter().map(|role| one(role).into()).collect::<Vec<_>>().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::catalog::fake::Registry;

    #[tokio::test]
    async fn roles_are_listed_with_the_one_that_new_users_get() {
        let policy = Default::default();
        let registry = Registry::default().policy("p", "All", policy);
        let registry = registry.role("2", "Writers", &["p"]).role("1", "Readers", &[]);
        let cx = Fake::default().with_registry(&registry).cx();
        let read = async || {
            let config = RolesState::default();
            DataSource::read(&RolesSource, &cx, config, &mut Diagnostics::default()).await.unwrap()
        };
        assert_eq!(read().await.default_role, Value::Null);
        crate::catalog::Roles::set_default(&registry, "1").await.unwrap();
        let state = read().await;
        assert_eq!(state.default_role, known("Readers"));
        assert_eq!(state.names, vec![known("Readers"), known("Writers")].into());
        let last = state.roles.as_ref_option().unwrap()[1].as_ref_option().unwrap();
        assert_eq!(last.policy_ids, vec![known("p")].into());
    }
}
