//! Roles of a registry.

use async_trait::async_trait;
use graphql_client::GraphQLQuery;
use serde::Deserialize;
use serde_json::Value;

use super::Registry;
use crate::catalog::{Held, RoleOrder, Roles};
use crate::outcome::Result;
use crate::quilt::access::Role;

/// Queries of this file, each checked when it is compiled.
macro_rules! queries {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(schema_path = "src/catalog/schema.graphql", query_path = "src/catalog/http/roles.graphql")]
        struct $name;
    )* };
}

queries!(
    ListRoles,
    DefaultRole,
    DefaultRoleRule,
    CreateManagedRole,
    CreateUnmanagedRole,
    UpdateManagedRole,
    UpdateUnmanagedRole,
    DeleteRole,
    SetDefaultRole
);

const MAKE: &str = "make the role";
const CHANGE: &str = "change the role";
const DEFAULT: &str = "tell the default role";

/// A role of either kind.
#[derive(Deserialize)]
struct AnyRole {
    #[serde(rename = "__typename")]
    kind: String,
    id: String,
    name: String,
    arn: String,
    #[serde(default)]
    policies: Vec<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct List {
    roles: Vec<AnyRole>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Default {
    default_role: Option<AnyRole>,
}

#[derive(Deserialize)]
struct Rule {
    admin: RuleOfAdmin,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleOfAdmin {
    is_default_role_setting_disabled: bool,
}

impl From<AnyRole> for Role {
    fn from(role: AnyRole) -> Self {
        let AnyRole { kind, id, name, arn, policies } = role;
        let policies = policies.into_iter().map(|policy| policy.id).collect();
        Self { id, name, arn, managed: kind == "ManagedRole", policies }
    }
}

impl Registry {
    fn role(&self, doing: &'static str, mut result: Value) -> Result<Role> {
        let role = result.get_mut("role").map(Value::take).unwrap_or_default();
        self.understood::<AnyRole>(doing, role).map(Role::from)
    }
}

#[async_trait]
impl Roles for Registry {
    async fn list(&self) -> Result<Vec<Role>> {
        let List { roles } =
            self.query::<ListRoles, _>("list the roles", list_roles::Variables {}).await?;
        Ok(roles.into_iter().map(Role::from).collect())
    }

    async fn create(&self, order: &RoleOrder) -> Result<Role> {
        let (name, success) = (order.name.clone(), "RoleCreateSuccess");
        let made = match order.held.clone() {
            Held::Policies(policies) => {
                use create_managed_role::{ManagedRoleInput, Variables};
                let input = ManagedRoleInput { name, policies };
                self.change::<CreateManagedRole>(MAKE, Variables { input }, success).await?
            }
            Held::Arn(arn) => {
                use create_unmanaged_role::{UnmanagedRoleInput, Variables};
                let input = UnmanagedRoleInput { name, arn };
                self.change::<CreateUnmanagedRole>(MAKE, Variables { input }, success).await?
            }
        };
        self.role(MAKE, made)
    }

    async fn update(&self, id: &str, order: &RoleOrder) -> Result<Role> {
        let (id, name, success) = (id.to_string(), order.name.clone(), "RoleUpdateSuccess");
        let changed = match order.held.clone() {
            Held::Policies(policies) => {
                use update_managed_role::{ManagedRoleInput, Variables};
                let input = ManagedRoleInput { name, policies };
                self.change::<UpdateManagedRole>(CHANGE, Variables { id, input }, success).await?
            }
            Held::Arn(arn) => {
                use update_unmanaged_role::{UnmanagedRoleInput, Variables};
                let input = UnmanagedRoleInput { name, arn };
                self.change::<UpdateUnmanagedRole>(CHANGE, Variables { id, input }, success).await?
            }
        };
        self.role(CHANGE, changed)
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let variables = delete_role::Variables { id: id.into() };
        let success = "RoleDeleteSuccess";
        self.change::<DeleteRole>("delete the role", variables, success).await.map(drop)
    }

    async fn default(&self) -> Result<Option<Role>> {
        let Default { default_role } =
            self.query::<DefaultRole, _>(DEFAULT, default_role::Variables {}).await?;
        Ok(default_role.map(Role::from))
    }

    async fn default_is_ruled(&self) -> Result<bool> {
        let Rule { admin } =
            self.query::<DefaultRoleRule, _>(DEFAULT, default_role_rule::Variables {}).await?;
        Ok(admin.is_default_role_setting_disabled)
    }

    async fn set_default(&self, id: &str) -> Result<()> {
        let variables = set_default_role::Variables { id: id.into() };
        let success = "RoleSetDefaultSuccess";
        self.change::<SetDefaultRole>("set the default role", variables, success).await.map(drop)
    }
}
