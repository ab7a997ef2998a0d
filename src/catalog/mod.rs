//! The calls we make to a Quilt registry, in our own words. Only under this folder is GraphQL named.

use std::sync::Arc;

use async_trait::async_trait;

use crate::aws::Secrets;
use crate::outcome::Result;
use crate::quilt::access::{Permissions, Policy, Role};
use crate::quilt::secret::Secret;

mod buckets;
#[cfg(test)]
pub mod fake;
pub mod http;
mod health;
mod keys;
mod tables;
mod users;

pub use buckets::Buckets;
pub use health::Health;
pub use keys::{Key, Keys, OwnKey};
pub use tables::{Tabled, Tables};
pub use users::{UserOrder, Users};

/// Catalogs, wherever they are.
pub trait Catalogs: Send + Sync {
    /// The catalog at this host, for who asks. Nothing is called before it is needed, and one sign-in serves all.
    fn at(&self, host: &str, who: Who) -> Arc<Catalog>;
}

/// Where a catalog is, and how to sign in to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The host where people open it.
    pub host: String,
    /// How to sign in.
    pub sign_in: SignIn,
}

/// How to sign in.
#[derive(Clone, Debug, PartialEq)]
pub enum SignIn {
    /// By an API key.
    Key(Secret),
    /// By a password.
    Password {
        /// Name or e-mail address.
        username: String,
        /// ARN of the secret that holds the password.
        secret_arn: String,
    },
    /// By an API key that a secret holds.
    KeyAt {
        /// ARN of the secret.
        secret_arn: String,
    },
}

/// Who asks: the same with the way to the password or the key.
#[derive(Clone)]
pub enum Who {
    /// The holder of an API key.
    Key(Secret),
    /// A user with a password, which is read when it is needed.
    Password {
        /// Name or e-mail address.
        username: String,
        /// ARN of the secret.
        secret_arn: String,
        /// Where the secret is read.
        secrets: Arc<dyn Secrets>,
    },
    /// The holder of an API key in a secret, which is read when it is needed.
    KeyAt {
        /// ARN of the secret.
        secret_arn: String,
        /// Where the secret is read.
        secrets: Arc<dyn Secrets>,
    },
}

/// One catalog, as one administrator has it.
pub struct Catalog {
    /// The host where people open it.
    pub host: String,
    /// Who asks.
    pub access: Arc<dyn Access>,
    /// Buckets.
    pub buckets: Arc<dyn Buckets>,
    /// How its stack is.
    pub health: Arc<dyn Health>,
    /// Roles.
    pub roles: Arc<dyn Roles>,
    /// Policies.
    pub policies: Arc<dyn Policies>,
    /// Tabulator tables.
    pub tables: Arc<dyn Tables>,
    /// Users.
    pub users: Arc<dyn Users>,
    /// API keys of who asks.
    pub keys: Arc<dyn Keys>,
    /// The mapping of what an identity provider says to roles.
    pub mapping: Arc<dyn Mapping>,
}

impl Catalog {
    /// The catalog at this host, everything of which is done by one.
    pub fn of<
        R: Access + Buckets + Health + Roles + Policies + Tables + Users + Keys + Mapping + 'static,
    >(
        host: &str,
        registry: Arc<R>,
    ) -> Self {
        Self {
            host: host.into(),
            access: registry.clone(),
            buckets: registry.clone(),
            health: registry.clone(),
            roles: registry.clone(),
            policies: registry.clone(),
            tables: registry.clone(),
            users: registry.clone(),
            keys: registry.clone(),
            mapping: registry,
        }
    }
}

/// Who asks, by the registry's own word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Me {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Is an administrator.
    pub admin: bool,
}

/// Who asks, and whom.
#[async_trait]
pub trait Access: Send + Sync {
    /// Who asks. One attempt, and no more: who waits for a catalog to come does so by this.
    async fn me(&self) -> Result<Me>;
    /// Version of the platform, as `1.68.0`; empty where it is not told.
    async fn version(&self) -> Result<String>;
    /// People sign in by passwords.
    async fn passwords(&self) -> Result<bool>;
    /// The bucket of the catalog's own stack: no two catalogs have the same, and another host leaves it. Empty where it is not told.
    async fn service_bucket(&self) -> Result<String>;
}

/// What a role is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleOrder {
    /// The name.
    pub name: String,
    /// What is behind it.
    pub held: Held,
}

/// What is behind a role.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    /// The registry's own IAM role, with policies by their ids.
    Policies(Vec<String>),
    /// An IAM role of somebody else, by its ARN.
    Arn(String),
}

/// Roles.
#[async_trait]
pub trait Roles: Send + Sync {
    /// All of them.
    async fn list(&self) -> Result<Vec<Role>>;
    /// Makes one.
    async fn create(&self, order: &RoleOrder) -> Result<Role>;
    /// Changes one, all of it.
    async fn update(&self, id: &str, order: &RoleOrder) -> Result<Role>;
    /// Deletes one.
    async fn delete(&self, id: &str) -> Result<()>;
    /// The role that new users get; `None`: none is set.
    async fn default(&self) -> Result<Option<Role>>;
    /// The sign-in mapping rules what new users get, and not the setting.
    async fn default_is_ruled(&self) -> Result<bool>;
    /// Sets the role that new users get.
    async fn set_default(&self, id: &str) -> Result<()>;
}

/// What a policy is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyOrder {
    /// The title.
    pub title: String,
    /// What is behind it.
    pub grant: Grant,
    /// Ids of the roles that hold it.
    pub roles: Vec<String>,
}

/// What is behind a policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// The registry's own IAM policy, for these buckets.
    Permissions(Permissions),
    /// An IAM policy of somebody else, by its ARN.
    Arn(String),
}

/// Policies.
#[async_trait]
pub trait Policies: Send + Sync {
    /// All of them.
    async fn list(&self) -> Result<Vec<Policy>>;
    /// Makes one.
    async fn create(&self, order: &PolicyOrder) -> Result<Policy>;
    /// Changes one, all of it.
    async fn update(&self, id: &str, order: &PolicyOrder) -> Result<Policy>;
    /// Deletes one.
    async fn delete(&self, id: &str) -> Result<()>;
    /// The names of all buckets that the catalog has.
    async fn buckets(&self) -> Result<Vec<String>>;
}

/// A sign-in mapping that is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// YAML, as it was sent.
    pub text: String,
    /// When it was set.
    pub timestamp: String,
    /// Who set it, by name: they stay administrator whatever it says.
    pub uploader: String,
}

/// The mapping of what an identity provider says to roles.
#[async_trait]
pub trait Mapping: Send + Sync {
    /// The one that is set.
    async fn mapping(&self) -> Result<Option<Mapped>>;
    /// Sets one, or none.
    async fn set_mapping(&self, text: Option<&str>) -> Result<()>;
}
