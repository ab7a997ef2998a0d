//! Policies of a registry.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::{Grant, Policies, PolicyOrder};
use crate::outcome::Result;
use crate::quilt::access::{Level, Permissions, Policy};

/// Queries of this file, each checked when it is compiled.
macro_rules! queries {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/policies.graphql")]
        struct $name;
    )* };
}

queries!(
    ListPolicies,
    ListBucketNames,
    CreateManagedPolicy,
    CreateUnmanagedPolicy,
    UpdateManagedPolicy,
    UpdateUnmanagedPolicy,
    DeletePolicy
);

const MAKE: &str = "make the policy";
const CHANGE: &str = "change the policy";
const SUCCESS: &str = "Policy";

#[derive(Deserialize)]
struct OnePolicy {
    id: String,
    title: String,
    arn: String,
    managed: bool,
    permissions: Vec<Permission>,
    roles: Vec<Id>,
}

#[derive(Deserialize)]
struct Permission {
    bucket: Named,
    level: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct List {
    policies: Vec<OnePolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Buckets {
    bucket_configs: Vec<Named>,
}

impl From<OnePolicy> for Policy {
    fn from(policy: OnePolicy) -> Self {
        let OnePolicy { id, title, arn, managed, permissions, roles } = policy;
        // A level that we do not know allows reading at the least.
        let level = |word: &str| Level::of(word).unwrap_or(Level::Read);
        let permissions =
            permissions.into_iter().map(|one| (one.bucket.name, level(&one.level))).collect();
        let roles = roles.into_iter().map(|role| role.id).collect();
        Self { id, title, arn, managed, permissions, roles }
    }
}

/// The permissions of a query's own types, which each query has for itself.
macro_rules! inputs {
    ($module:ident, $permissions:expr) => {
        $permissions
            .into_iter()
            .map(|(bucket, level)| $module::PermissionInput {
                bucket,
                level: match level {
                    Level::Read => $module::BucketPermissionLevel::READ,
                    Level::ReadWrite => $module::BucketPermissionLevel::READ_WRITE,
                },
            })
            .collect()
    };
}

impl Registry {
    fn policy(&self, doing: &'static str, made: Value) -> Result<Policy> {
        self.understood::<OnePolicy>(doing, made).map(Policy::from)
    }

    async fn create_managed(&self, order: PolicyOrder, permissions: Permissions) -> Result<Value> {
        use create_managed_policy::{ManagedPolicyInput, Variables};
        let (title, roles) = (order.title, order.roles);
        let permissions = inputs!(create_managed_policy, permissions);
        let input = ManagedPolicyInput { title, roles, permissions };
        self.change::<CreateManagedPolicy>(MAKE, Variables { input }, SUCCESS).await
    }

    async fn update_managed(
        &self,
        id: String,
        order: PolicyOrder,
        permissions: Permissions,
    ) -> Result<Value> {
        use update_managed_policy::{ManagedPolicyInput, Variables};
        let (title, roles) = (order.title, order.roles);
        let permissions = inputs!(update_managed_policy, permissions);
        let input = ManagedPolicyInput { title, roles, permissions };
        self.change::<UpdateManagedPolicy>(CHANGE, Variables { id, input }, SUCCESS).await
    }
}

#[async_trait]
impl Policies for Registry {
    async fn list(&self) -> Result<Vec<Policy>> {
        let List { policies } =
            self.query::<ListPolicies, _>("list the policies", list_policies::Variables {}).await?;
        Ok(policies.into_iter().map(Policy::from).collect())
    }

    async fn create(&self, order: &PolicyOrder) -> Result<Policy> {
        let order = order.clone();
        let made = match order.grant.clone() {
            Grant::Permissions(permissions) => self.create_managed(order, permissions).await?,
            Grant::Arn(arn) => {
                use create_unmanaged_policy::{UnmanagedPolicyInput, Variables};
                let input = UnmanagedPolicyInput { title: order.title, arn, roles: order.roles };
                self.change::<CreateUnmanagedPolicy>(MAKE, Variables { input }, SUCCESS).await?
            }
        };
        self.policy(MAKE, made)
    }

    async fn update(&self, id: &str, order: &PolicyOrder) -> Result<Policy> {
        let (id, order) = (id.to_string(), order.clone());
        let changed = match order.grant.clone() {
            Grant::Permissions(permissions) => self.update_managed(id, order, permissions).await?,
            Grant::Arn(arn) => {
                use update_unmanaged_policy::{UnmanagedPolicyInput, Variables};
                let input = UnmanagedPolicyInput { title: order.title, arn, roles: order.roles };
                let variables = Variables { id, input };
                self.change::<UpdateUnmanagedPolicy>(CHANGE, variables, SUCCESS).await?
            }
        };
        self.policy(CHANGE, changed)
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let variables = delete_policy::Variables { id: id.into() };
        self.change::<DeletePolicy>("delete the policy", variables, "Ok").await.map(drop)
    }

    async fn buckets(&self) -> Result<Vec<String>> {
        let doing = "list the buckets";
        let Buckets { bucket_configs } =
            self.query::<ListBucketNames, _>(doing, list_bucket_names::Variables {}).await?;
        Ok(bucket_configs.into_iter().map(|bucket| bucket.name).collect())
    }
}
