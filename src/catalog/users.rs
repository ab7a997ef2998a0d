//! What is asked of a registry about its users.

use async_trait::async_trait;

use crate::outcome::Result;
use crate::quilt::access::User;

/// What a new user is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct UserOrder {
    /// The name, which stays.
    pub name: String,
    /// The e-mail address, to which the registry writes.
    pub email: String,
    /// The role in use, by name.
    pub role: String,
    /// Those that they may change to, by name.
    pub extra_roles: Vec<String>,
}

/// Users. Whoever is not there is refused as `UserDoesNotExist`.
#[async_trait]
pub trait Users: Send + Sync {
    /// All of them.
    async fn list(&self) -> Result<Vec<User>>;
    /// Makes one. The registry sends a mail.
    async fn create(&self, order: &UserOrder) -> Result<()>;
    /// Gives one another address.
    async fn set_email(&self, name: &str, email: &str) -> Result<()>;
    /// Gives one these roles and no others, by their names.
    async fn set_roles(&self, name: &str, role: &str, extra_roles: &[String]) -> Result<()>;
    /// Makes one an administrator, or no longer.
    async fn set_admin(&self, name: &str, admin: bool) -> Result<()>;
    /// Lets one sign in, or no longer.
    async fn set_active(&self, name: &str, active: bool) -> Result<()>;
    /// Deletes one.
    async fn delete(&self, name: &str) -> Result<()>;
}
