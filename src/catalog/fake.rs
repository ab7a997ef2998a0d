//! A registry in memory, which refuses and fails as a real one does. For tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;

use super::{Access, Catalog, Catalogs, Grant, Held, Mapped, Me, PolicyOrder, RoleOrder, Who};
use crate::outcome::{CatalogError, CatalogErrorKind, Error, Result};
use crate::quilt::access::{MOST_POLICIES, Permissions, Policy, RESERVED_ROLES, Role, User};
use crate::quilt::bucket::Bucket;
use crate::quilt::canary::Canary;
use crate::web::Clock;

mod buckets;
mod calls;
mod health;
mod keys;
mod strikes;
mod tables;
mod users;

pub use strikes::Strike;

const DOING: &str = "do that";

/// A registry in memory; every host leads to it, which the second member is. The third: who asks.
#[derive(Clone, Default)]
pub struct Registry(Arc<Mutex<World>>, String, Option<Who>);

#[derive(Default)]
struct World {
    made: usize,
    roles: Vec<Role>,
    policies: Vec<Policy>,
    users: Vec<User>,
    mails: Vec<String>,
    canaries: Option<Vec<Canary>>,
    buckets: BTreeMap<String, Bucket>,
    tables: BTreeMap<(String, String), String>,
    closed: BTreeMap<String, &'static str>,
    scanned: bool,
    default_role: Option<String>,
    mapped: Option<Mapped>,
    mapping_roles: BTreeSet<String>,
    ruled: bool,
    version: String,
    no_passwords: bool,
    elsewhere: Option<&'static str>,
    drops: bool,
    dies_after: Option<usize>,
    keys: Vec<keys::Held>,
    refuses_passwords: bool,
    keys_make_none: bool,
    clock: Clock,
    calls: Vec<String>,
    failures: Vec<Failure>,
    strike: Option<(usize, Strike)>,
}

struct Failure {
    call: &'static str,
    kind: CatalogErrorKind,
    /// The change is stored all the same.
    stored: bool,
    times: usize,
}

impl Registry {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Buckets that the catalog has.
    pub fn buckets(self, names: &[&str]) -> Self {
        let named = |name: &&str| {
            (name.to_string(), Bucket { name: name.to_string(), ..Bucket::default() })
        };
        self.world().buckets.extend(names.iter().map(named));
        self
    }

    /// Somebody with an account.
    pub fn user(self, user: User) -> Self {
        self.world().users.push(user);
        self
    }

    /// A policy that is there.
    pub fn policy(self, id: &str, title: &str, permissions: Permissions) -> Self {
        self.world().policies.push(Policy {
            id: id.into(),
            title: title.into(),
            arn: format!("arn:aws:iam::123456789012:policy/{id}"),
            managed: true,
            permissions,
            roles: BTreeSet::new(),
        });
        self
    }

    /// A managed role that is there.
    pub fn role(self, id: &str, name: &str, policies: &[&str]) -> Self {
        let policies = policies.iter().map(ToString::to_string).collect();
        let arn = format!("arn:aws:iam::123456789012:role/{id}");
        let role = Role { id: id.into(), name: name.into(), arn, managed: true, policies };
        self.world().roles.push(role);
        self
    }

    /// The sign-in mapping names these roles.
    pub fn maps_to(self, roles: &[&str]) -> Self {
        self.world().mapping_roles = roles.iter().map(ToString::to_string).collect();
        self
    }

    /// The sign-in mapping is this text.
    pub fn maps(self, text: &str) -> Self {
        let (timestamp, uploader) = ("2026-11-29T00:00:00Z".into(), "admin".into());
        self.world().mapped = Some(Mapped { text: text.into(), timestamp, uploader });
        self
    }

    /// The next policy is stored without its buckets, and its creation fails.
    pub fn drops_permissions(&self) {
        self.world().drops = true;
        self.fails_stored("create_policy");
    }

    /// The mapping rules which role is the default.
    pub fn rules_default(self) -> Self {
        self.world().ruled = true;
        self
    }

    /// Nobody signs in by a password.
    pub fn without_passwords(self) -> Self {
        self.world().no_passwords = true;
        self
    }

    /// Its version.
    pub fn at_version(self, version: &str) -> Self {
        self.world().version = version.into();
        self
    }

    /// From here on this host leads to another catalog, which has the same in it.
    pub fn leads_elsewhere(&self, host: &'static str) {
        self.world().elsewhere = Some(host);
    }

    /// These calls fail so, the next so many times.
    pub fn fails(&self, call: &'static str, kind: CatalogErrorKind, times: usize) {
        self.world().failures.push(Failure { call, kind, stored: false, times });
    }

    /// This call fails once, and what it was to change is changed all the same.
    pub fn fails_stored(&self, call: &'static str) {
        let kind = CatalogErrorKind::Fault;
        self.world().failures.push(Failure { call, kind, stored: true, times: 1 });
    }

    /// What was called, with what; reads left out.
    pub fn writes(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    /// Roles as they are.
    pub fn all_roles(&self) -> Vec<Role> {
        self.world().roles.clone()
    }

    /// Policies as they are.
    pub fn all_policies(&self) -> Vec<Policy> {
        self.world().seen_policies()
    }

    /// Something is changed past Terraform.
    pub fn edit_role(&self, name: &str, edit: impl FnOnce(&mut Role)) {
        edit(self.world().roles.iter_mut().find(|role| role.name == name).unwrap());
    }

    /// The same with a policy.
    pub fn edit_policy(&self, title: &str, edit: impl FnOnce(&mut Policy)) {
        edit(self.world().policies.iter_mut().find(|policy| policy.title == title).unwrap());
    }

    /// Something is deleted past Terraform.
    pub fn drop_role(&self, name: &str) {
        self.world().roles.retain(|role| role.name != name);
    }

    /// The mapping that is set.
    pub fn mapped(&self) -> Option<Mapped> {
        self.world().mapped.clone()
    }

    /// The default role, by its id.
    pub fn default_role(&self) -> Option<String> {
        self.world().default_role.clone()
    }

    /// Whoever asks is killed once so many more calls have taken effect: the next one panics. `None`: nobody is killed any more.
    pub fn dies_after(&self, calls: Option<usize>) {
        self.world().dies_after = calls;
    }

    fn is_alive(&self) {
        let mut world = self.world();
        let dead = world.dies_after == Some(0);
        world.dies_after = world.dies_after.map(|left| left.saturating_sub(1));
        drop(world);
        assert!(!dead, "killed");
    }

    fn begin(&self, call: &'static str) -> Result<MutexGuard<'_, World>> {
        self.is_alive();
        self.knows()?;
        Strike::answered(self.struck()?, Ok(()))?;
        let mut world = self.world();
        match world.fails(call, false) {
            Some(e) => Err(e),
            None => Ok(world),
        }
    }

    /// Changes something, and may fail before or after it.
    fn change<T>(
        &self,
        call: &'static str,
        with: &str,
        change: impl FnOnce(&mut World) -> Result<T>,
    ) -> Result<T> {
        self.is_alive();
        self.knows()?;
        let strike = self.struck()?;
        let mut world = self.world();
        world.calls.push(format!("{call} {with}"));
        if let Some(e) = world.fails(call, false) {
            return Err(e);
        }
        let done = change(&mut world);
        let done = done.and_then(|done| world.fails(call, true).map_or(Ok(done), Err));
        drop(world);
        Strike::answered(strike, done)
    }
}

fn error(kind: CatalogErrorKind, code: &str) -> Error {
    let message = match kind {
        CatalogErrorKind::Fault => "Internal Server Error".into(),
        _ => format!("as the test says {code}").trim().to_string(),
    };
    Error::Catalog(CatalogError {
        kind,
        host: "data.example.com".into(),
        doing: DOING,
        code: code.into(),
        message,
    })
}

fn refused(code: &str) -> Error {
    error(CatalogErrorKind::Refused, code)
}

fn fault() -> Error {
    error(CatalogErrorKind::Fault, "")
}

impl World {
    fn fails(&mut self, call: &str, stored: bool) -> Option<Error> {
        let mut it = self.failures.iter_mut();
        let failure = it.find(|f| f.call == call && f.stored == stored && f.times > 0)?;
        failure.times -= 1;
        Some(error(failure.kind, ""))
    }

    fn uuid(&mut self) -> String {
        self.made += 1;
        format!("00000000-0000-4000-8000-{:012}", self.made)
    }

    fn check_role(&self, id: Option<&str>, order: &RoleOrder) -> Result<()> {
        let taken = self.roles.iter().any(|r| r.name == order.name && Some(r.id.as_str()) != id);
        if RESERVED_ROLES.contains(&order.name.as_str()) {
            return Err(refused("RoleNameReserved"));
        }
        if taken {
            return Err(refused("RoleNameExists"));
        }
        match &order.held {
            Held::Policies(ids) if ids.len() > MOST_POLICIES => {
                Err(refused("RoleHasTooManyPoliciesToAttach"))
            }
            // An id that is no UUID, or of nothing, fails in the database.
            Held::Policies(ids)
                if !ids.iter().all(|id| self.policies.iter().any(|p| p.id == *id)) =>
            {
                Err(fault())
            }
            _ => Ok(()),
        }
    }

    fn check_policy(&self, id: Option<&str>, order: &PolicyOrder) -> Result<()> {
        let others = || self.policies.iter().filter(|p| Some(p.id.as_str()) != id);
        if others().any(|p| p.title == order.title) {
            return Err(refused("PolicyTitleConflict"));
        }
        match &order.grant {
            Grant::Arn(arn) if others().any(|p| p.arn == *arn) => Err(refused("PolicyArnConflict")),
            Grant::Permissions(all) if !all.keys().all(|name| self.buckets.contains_key(name)) => {
                Err(fault())
            }
            _ => Ok(()),
        }
    }

    fn put_policy(&mut self, id: String, order: &PolicyOrder) -> Policy {
        let (managed, arn, permissions) = match &order.grant {
            Grant::Permissions(_) if std::mem::take(&mut self.drops) => {
                (true, format!("arn:aws:iam::123456789012:policy/{id}"), Permissions::new())
            }
            Grant::Permissions(all) => {
                (true, format!("arn:aws:iam::123456789012:policy/{id}"), all.clone())
            }
            Grant::Arn(arn) => (false, arn.clone(), Permissions::new()),
        };
        for role in &mut self.roles {
            match order.roles.contains(&role.id) {
                true => role.policies.insert(id.clone()),
                false => role.policies.remove(&id),
            };
        }
        let title = order.title.clone();
        let policy =
            Policy { id: id.clone(), title, arn, managed, permissions, roles: BTreeSet::new() };
        self.policies.retain(|p| p.id != id);
        self.policies.push(policy);
        self.seen_policies().into_iter().find(|p| p.id == id).unwrap()
    }

    fn put_role(&mut self, id: String, order: &RoleOrder) -> Role {
        let (managed, arn, policies) = match &order.held {
            Held::Policies(ids) => (
                true,
                format!("arn:aws:iam::123456789012:role/{id}"),
                ids.iter().cloned().collect(),
            ),
            Held::Arn(arn) => (false, arn.clone(), BTreeSet::new()),
        };
        let role = Role { id: id.clone(), name: order.name.clone(), arn, managed, policies };
        self.roles.retain(|r| r.id != id);
        self.roles.push(role.clone());
        role
    }

    /// Policies with the roles that hold each.
    fn seen_policies(&self) -> Vec<Policy> {
        let with = |policy: &Policy| {
            let holders = self.roles.iter().filter(|r| r.policies.contains(&policy.id));
            Policy { roles: holders.map(|r| r.id.clone()).collect(), ..policy.clone() }
        };
        self.policies.iter().map(with).collect()
    }
}

impl Catalogs for Registry {
    fn at(&self, host: &str, who: Who) -> Arc<Catalog> {
        Arc::new(Catalog::of(host, Arc::new(Self(self.0.clone(), host.into(), Some(who)))))
    }
}

#[async_trait]
impl Access for Registry {
    async fn me(&self) -> Result<Me> {
        drop(self.begin("me")?);
        Ok(Me { name: "admin".into(), email: "admin@example.com".into(), admin: true })
    }

    async fn version(&self) -> Result<String> {
        // The catalog tells everybody.
        let mut world = self.world();
        world.fails("version", false).map_or_else(|| Ok(world.version.clone()), Err)
    }

    async fn passwords(&self) -> Result<bool> {
        Ok(!self.begin("passwords")?.no_passwords)
    }

    async fn service_bucket(&self) -> Result<String> {
        let elsewhere = self.begin("service_bucket")?.elsewhere;
        Ok(if elsewhere == Some(&self.1) { "other-service" } else { "service" }.into())
    }
}
