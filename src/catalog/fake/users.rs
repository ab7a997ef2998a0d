//! Users of the registry in memory.

use async_trait::async_trait;

use super::{Registry, refused};
use crate::catalog::{UserOrder, Users};
use crate::outcome::Result;
use crate::quilt::access::User;

impl Registry {
    /// One of them as it is.
    pub fn one_user(&self, name: &str) -> Option<User> {
        self.world().users.iter().find(|user| user.name == name).cloned()
    }

    /// One is changed past Terraform.
    pub fn edit_user(&self, name: &str, edit: impl FnOnce(&mut User)) {
        edit(self.world().users.iter_mut().find(|user| user.name == name).unwrap());
    }

    /// Whom the registry has written to.
    pub fn mails(&self) -> Vec<String> {
        self.world().mails.clone()
    }

    fn change_user(
        &self,
        call: &'static str,
        name: &str,
        change: impl FnOnce(&mut User),
    ) -> Result<()> {
        self.change(call, name, |world| {
            let user = world.users.iter_mut().find(|user| user.name == name);
            let user = user.ok_or_else(|| refused("UserDoesNotExist"))?;
            if user.service {
                return Err(refused("ServiceUser"));
            }
            change(user);
            Ok(())
        })
    }
}

#[async_trait]
impl Users for Registry {
    async fn list(&self) -> Result<Vec<User>> {
        Ok(self.begin("users")?.users.clone())
    }

    async fn create(&self, order: &UserOrder) -> Result<()> {
        self.change("create_user", &order.name, |world| {
            if world.users.iter().any(|u| u.name == order.name || u.email == order.email) {
                return Err(refused("Conflict"));
            }
            let known = |name: &String| world.roles.iter().any(|role| role.name == *name);
            if !known(&order.role) || !order.extra_roles.iter().all(known) {
                return Err(refused("RolesNotFound"));
            }
            world.mails.push(order.email.clone());
            world.users.push(User {
                name: order.name.clone(),
                email: order.email.clone(),
                active: true,
                role: Some(order.role.clone()),
                extra_roles: order.extra_roles.clone(),
                ..User::default()
            });
            Ok(())
        })
    }

    async fn set_email(&self, name: &str, email: &str) -> Result<()> {
        self.change_user("set_email", name, |user| user.email = email.into())
    }

    async fn set_roles(&self, name: &str, role: &str, extra_roles: &[String]) -> Result<()> {
        if self.world().mapped.is_some() {
            return self.change("set_roles", name, |_| Err(refused("SsoConfigConflict")));
        }
        self.change_user("set_roles", name, |user| {
            (user.role, user.extra_roles) = (Some(role.into()), extra_roles.to_vec());
        })
    }

    async fn set_admin(&self, name: &str, admin: bool) -> Result<()> {
        self.change_user("set_admin", name, |user| user.admin = admin)
    }

    async fn set_active(&self, name: &str, active: bool) -> Result<()> {
        self.change_user("set_active", name, |user| user.active = active)
    }

    async fn delete(&self, name: &str) -> Result<()> {
        self.change("delete_user", name, |world| {
            world.users.retain(|user| user.name != name);
            Ok(())
        })
    }
}
