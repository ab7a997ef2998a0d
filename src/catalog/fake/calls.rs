//! What the registry in memory answers, subject by subject.

use async_trait::async_trait;

use super::{Registry, fault, refused};
use crate::catalog::{Held, Mapped, Mapping, Policies, PolicyOrder, RoleOrder, Roles};
use crate::outcome::Result;
use crate::quilt::access::{Policy, Role};

#[async_trait]
impl Roles for Registry {
    async fn list(&self) -> Result<Vec<Role>> {
        Ok(self.begin("roles")?.roles.clone())
    }

    async fn create(&self, order: &RoleOrder) -> Result<Role> {
        self.change("create_role", &order.name, |world| {
            world.check_role(None, order)?;
            let id = world.uuid();
            Ok(world.put_role(id, order))
        })
    }

    async fn update(&self, id: &str, order: &RoleOrder) -> Result<Role> {
        self.change("update_role", &order.name, |world| {
            world.check_role(Some(id), order)?;
            let Some(old) = world.roles.iter().find(|r| r.id == id).cloned() else {
                return Err(fault());
            };
            if old.name != order.name && world.mapping_roles.contains(&old.name) {
                return Err(refused("RoleNameUsedBySsoConfig"));
            }
            match (old.managed, &order.held) {
                (true, Held::Arn(_)) => Err(refused("RoleIsManaged")),
                (false, Held::Policies(_)) => Err(refused("RoleIsUnmanaged")),
                _ => Ok(world.put_role(id.into(), order)),
            }
        })
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.change("delete_role", id, |world| {
            let Some(role) = world.roles.iter().find(|r| r.id == id).cloned() else {
                return Err(refused("RoleDoesNotExist"));
            };
            if world.mapping_roles.contains(&role.name) {
                return Err(refused("RoleNameUsedBySsoConfig"));
            }
            if world.users.iter().any(|user| user.has(&role.name)) {
                return Err(refused("RoleAssigned"));
            }
            world.roles.retain(|r| r.id != id);
            if world.default_role.as_deref() == Some(id) {
                world.default_role = None;
            }
            Ok(())
        })
    }

    async fn default(&self) -> Result<Option<Role>> {
        let world = self.begin("default_role")?;
        Ok(world.roles.iter().find(|r| Some(&r.id) == world.default_role.as_ref()).cloned())
    }

    async fn default_is_ruled(&self) -> Result<bool> {
        Ok(self.begin("default_is_ruled")?.ruled)
    }

    async fn set_default(&self, id: &str) -> Result<()> {
        self.change("set_default", id, |world| {
            if world.ruled {
                return Err(refused("SsoConfigConflict"));
            }
            if !world.roles.iter().any(|r| r.id == id) {
                return Err(refused("RoleDoesNotExist"));
            }
            world.default_role = Some(id.into());
            Ok(())
        })
    }
}

#[async_trait]
impl Policies for Registry {
    async fn list(&self) -> Result<Vec<Policy>> {
        Ok(self.begin("policies")?.seen_policies())
    }

    async fn create(&self, order: &PolicyOrder) -> Result<Policy> {
        self.change("create_policy", &order.title, |world| {
            world.check_policy(None, order)?;
            let id = world.uuid();
            Ok(world.put_policy(id, order))
        })
    }

    async fn update(&self, id: &str, order: &PolicyOrder) -> Result<Policy> {
        self.change("update_policy", &order.title, |world| {
            world.check_policy(Some(id), order)?;
            match world.policies.iter().any(|p| p.id == id) {
                true => Ok(world.put_policy(id.into(), order)),
                false => Err(refused("PolicyDoesNotExist")),
            }
        })
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.change("delete_policy", id, |world| {
            if world.roles.iter().any(|r| r.policies.contains(id)) {
                return Err(refused("PolicyAssigned"));
            }
            world.policies.retain(|p| p.id != id);
            Ok(())
        })
    }

    async fn buckets(&self) -> Result<Vec<String>> {
        Ok(self.begin("buckets")?.buckets.keys().cloned().collect())
    }
}

#[async_trait]
impl Mapping for Registry {
    async fn mapping(&self) -> Result<Option<Mapped>> {
        Ok(self.begin("mapping")?.mapped.clone())
    }

    async fn set_mapping(&self, text: Option<&str>) -> Result<()> {
        self.change("set_mapping", text.unwrap_or_default(), |world| {
            world.mapped = text.map(|text| Mapped {
                text: text.into(),
                timestamp: "2026-11-29T00:00:00Z".into(),
                uploader: "admin".into(),
            });
            Ok(())
        })
    }
}
