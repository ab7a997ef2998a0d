//! RDS in memory: snapshots walk through the statuses they are given.

use std::collections::{BTreeMap, VecDeque};

use async_trait::async_trait;

use super::pages::page;
use super::{ACCOUNT, Fake, REGION, error};
use crate::aws::{Databases, Page, Pairs};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::database::{Facts, Instance, Offer};
use crate::quilt::secret::Secret;
use crate::quilt::snapshot::Snapshot;

/// What RDS holds.
#[derive(Default)]
pub struct Rds {
    instances: BTreeMap<String, Instance>,
    snapshots: BTreeMap<String, Snapshot>,
    /// What the next looks at a snapshot see: status and percent.
    looks: VecDeque<(&'static str, i32)>,
    /// Versions that are offered, and what can be ordered of each class, where a test says so.
    offered: Option<Vec<String>>,
    offers: BTreeMap<String, Vec<Offer>>,
    /// How many of the next looks at a snapshot that is there do not see it.
    unseen: u32,
    /// Passwords of master users, and how many looks at an instance still see that it takes one.
    passwords: BTreeMap<String, String>,
    taking: u32,
}

impl Rds {
    /// Switches the deletion protection of every instance.
    pub fn protect(&mut self, on: bool) {
        self.instances.values_mut().for_each(|instance| instance.protected = on);
    }
}

/// The database `old-db-1` of a stack of the old network, in this status.
pub fn old_database(status: &str) -> Instance {
    let facts = Facts {
        engine: "postgres".into(),
        engine_version: "15.12".into(),
        username: "root".into(),
        allocated_storage: 100,
        encrypted: true,
        kms_key_id: Some("arn:key".into()),
    };
    Instance {
        id: "old-db-1".into(),
        resource_id: "db-ABC".into(),
        status: status.into(),
        database_name: "quilt".into(),
        facts,
        ..Instance::default()
    }
}

impl Fake {
    /// RDS has this instance.
    pub fn instance(self, instance: Instance) -> Self {
        self.world().rds.instances.insert(instance.id.clone(), instance);
        self
    }

    /// An instance as it is.
    pub fn held_instance(&self, id: &str) -> Instance {
        self.world().rds.instances[id].clone()
    }

    /// The password of an instance's master user; `None`: nobody has set one.
    pub fn password_of(&self, id: &str) -> Option<String> {
        self.world().rds.passwords.get(id).cloned()
    }

    /// The master user of an instance has this password.
    pub fn signing_in(self, id: &str, password: &str) -> Self {
        self.world().rds.passwords.insert(id.into(), password.into());
        self
    }

    /// A snapshot that is there already.
    pub fn snapshot(self, snapshot: Snapshot) -> Self {
        self.world().rds.snapshots.insert(snapshot.id.clone(), snapshot);
        self
    }

    /// What the next looks at a snapshot under way see; afterwards it is available.
    pub fn looks(self, looks: &[(&'static str, i32)]) -> Self {
        self.world().rds.looks = looks.iter().copied().collect();
        self
    }

    /// The next looks at a snapshot that is there, so many, do not see it yet.
    pub fn unseen(&self, looks: u32) {
        self.world().rds.unseen = looks;
    }

    /// New databases may have these versions.
    pub fn offering(self, versions: &[&str]) -> Self {
        self.world().rds.offered = Some(versions.iter().map(ToString::to_string).collect());
        self
    }

    /// This can be ordered of a class.
    pub fn ordering(self, class: &str, offers: &[Offer]) -> Self {
        self.world().rds.offers.insert(class.into(), offers.to_vec());
        self
    }

    /// Somebody deletes a snapshot.
    pub fn lose(&self, id: &str) {
        self.world().rds.snapshots.remove(id);
    }

    /// A snapshot as it is.
    pub fn taken(&self, id: &str) -> Option<Snapshot> {
        self.world().rds.snapshots.get(id).cloned()
    }
}

#[async_trait]
impl Databases for Fake {
    async fn instance(&self, id: &str) -> Result<Option<Instance>> {
        let mut world = self.call("instance", id.into())?;
        let (taking, Some(instance)) = (world.rds.taking, world.rds.instances.get_mut(id)) else {
            return Ok(None);
        };
        // RDS shows first that a password comes, then that it is set, then nothing.
        instance.password_comes = taking > 2;
        if taking > 0 {
            let taken = if taking == 1 { "available" } else { "resetting-master-credentials" };
            instance.status = if taking > 2 { "available".into() } else { taken.into() };
        }
        let instance = instance.clone();
        world.rds.taking = taking.saturating_sub(1);
        Ok(Some(instance))
    }

    async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>> {
        let mut world = self.call("snapshot", String::new())?;
        let rds = &mut world.rds;
        let Some(snapshot) = rds.snapshots.get_mut(id) else { return Ok(None) };
        if rds.unseen > 0 {
            rds.unseen -= 1;
            return Ok(None);
        }
        if snapshot.going() {
            return Ok(rds.snapshots.remove(id).filter(|_| false));
        }
        if !snapshot.available() && !snapshot.failed() {
            (snapshot.status, snapshot.percent) = rds
                .looks
                .pop_front()
                .map_or(("available".into(), 100), |(status, percent)| (status.into(), percent));
            snapshot.created_at = time::OffsetDateTime::now_utc()
                .format(&time::format_description::well_known::Rfc3339)
                .ok();
        }
        Ok(Some(snapshot.clone()))
    }

    async fn snapshot_page(&self, next: Option<&str>) -> Result<Page<Snapshot>> {
        let world = self.call("snapshot_page", next.unwrap_or_default().into())?;
        Ok(page(world.rds.snapshots.values().cloned().collect(), next))
    }

    async fn snapshots(&self, instance: &str) -> Result<Vec<Snapshot>> {
        let world = self.call("snapshots", instance.into())?;
        let all = world.rds.snapshots.values();
        Ok(all.filter(|s| s.instance == instance && s.kind == "manual").cloned().collect())
    }

    async fn take(&self, id: &str, instance: &str, tags: &Pairs) -> Result<Snapshot> {
        let mut world = self.call("take", format!("{id} {instance}"))?;
        if world.rds.snapshots.contains_key(id) {
            return Err(error(AwsErrorKind::Exists));
        }
        let Some(source) = world.rds.instances.get_mut(instance) else {
            return Err(error(AwsErrorKind::Gone));
        };
        if source.status != "available" {
            // Whatever it is doing, it has done it by the next try.
            source.status = if source.stuck() { source.status.clone() } else { "available".into() };
            return Err(error(AwsErrorKind::State));
        }
        let snapshot = Snapshot {
            id: id.into(),
            arn: format!("arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:{id}"),
            instance: instance.into(),
            status: "creating".into(),
            kind: "manual".into(),
            facts: source.facts.clone(),
            tags: tags.clone(),
            ..Snapshot::default()
        };
        world.rds.snapshots.insert(id.into(), snapshot.clone());
        Ok(snapshot)
    }

    async fn copy(
        &self,
        id: &str,
        source: &str,
        key: Option<&str>,
        tags: &Pairs,
    ) -> Result<Snapshot> {
        let mut world = self.call("copy", format!("{id} {}", key.unwrap_or_default()))?;
        if world.rds.snapshots.contains_key(id) {
            return Err(error(AwsErrorKind::Exists));
        }
        let Some(mut copy) = world.rds.snapshots.values().find(|s| s.arn == source).cloned() else {
            return Err(error(AwsErrorKind::Gone));
        };
        (copy.id, copy.arn, copy.status, copy.tags) =
            (id.into(), format!("{source}:{id}"), "creating".into(), tags.clone());
        world.rds.snapshots.insert(id.into(), copy.clone());
        Ok(copy)
    }

    async fn delete_snapshot(&self, id: &str) -> Result<()> {
        let mut world = self.call("delete_snapshot", id.into())?;
        if let Some(snapshot) = world.rds.snapshots.get_mut(id) {
            snapshot.status = "deleting".into();
        }
        Ok(())
    }

    async fn upgrades(&self, version: &str) -> Result<Vec<String>> {
        let targets: &[&str] = match version {
            "11.19" => &["11.22"],
            "11.22" | "15.12" => &["15.15", "15.18"],
            _ => &[],
        };
        drop(self.call("upgrades", version.into())?);
        Ok(targets.iter().map(ToString::to_string).collect())
    }

    async fn offered(&self) -> Result<Vec<String>> {
        let usual =
            ["11.19", "11.22", "12.15", "15.12", "15.15", "15.18", "16.4"].map(String::from);
        let world = self.call("offered", String::new())?;
        Ok(world.rds.offered.clone().unwrap_or(usual.into()))
    }

    async fn offers(&self, class: &str, version: &str) -> Result<Vec<Offer>> {
        let usual = ["gp2", "gp3"].map(|kind| Offer {
            storage_type: kind.into(),
            multi_az: true,
            least: 20,
            most: 65_536,
        });
        let world = self.call("offers", format!("{class} {version}"))?;
        Ok(world.rds.offers.get(class).cloned().unwrap_or(usual.into()))
    }

    async fn tag(&self, arn: &str, set: &Pairs, remove: &[String]) -> Result<()> {
        let mut world = self.call("tag", format!("{set:?} {remove:?}"))?;
        if let Some(snapshot) = world.rds.snapshots.values_mut().find(|s| s.arn == arn) {
            snapshot.tags.retain(|key, _| !remove.contains(key));
            snapshot.tags.extend(set.clone());
        }
        Ok(())
    }

    async fn set_password(&self, id: &str, password: &Secret) -> Result<()> {
        let mut world = self.call("set_password", id.into())?;
        let Some(instance) = world.rds.instances.get_mut(id) else {
            return Err(error(AwsErrorKind::Gone));
        };
        if instance.status != "available" {
            return Err(error(AwsErrorKind::State));
        }
        world.rds.passwords.insert(id.into(), password.reveal().into());
        world.rds.taking = 3;
        Ok(())
    }
}
