//! Secrets Manager in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{ACCOUNT, Fake, REGION, error};
use crate::aws::{Kept, Pairs, Secrets};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::rotation::{CURRENT, PREVIOUS, labelled};
use crate::quilt::secret::Secret;

/// What Secrets Manager holds, by name.
#[derive(Default)]
pub struct Vault(BTreeMap<String, Stored>);

/// A secret and what its versions hold.
#[derive(Default)]
struct Stored {
    kept: Kept,
    values: BTreeMap<String, Secret>,
}

impl Stored {
    fn at(&self, label: &str) -> Option<Secret> {
        self.values.get(labelled(&self.kept.versions, label)?).cloned()
    }

    /// Another version; the current one is the one before from then on, where the label is that.
    fn add(&mut self, value: &str, label: &str) -> String {
        let id = format!("version-{}", self.values.len() + 1);
        self.values.insert(id.clone(), value.to_string().into());
        self.label(label, Some(&id));
        id
    }

    fn label(&mut self, label: &str, to: Option<&str>) {
        let versions = &mut self.kept.versions;
        let from = labelled(versions, label).map(str::to_owned);
        if label == CURRENT && from.as_deref() != to {
            for labels in versions.values_mut() {
                labels.remove(PREVIOUS);
            }
            if let Some(labels) = from.and_then(|from| versions.get_mut(&from)) {
                labels.insert(PREVIOUS.into());
            }
        }
        for labels in versions.values_mut() {
            labels.remove(label);
        }
        if let Some(to) = to {
            versions.entry(to.into()).or_default().insert(label.into());
        }
        versions.retain(|_, labels| !labels.is_empty());
    }
}

impl Vault {
    /// The name of a secret that is named so.
    fn name(&self, secret: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(name, stored)| *name == secret || stored.kept.arn == secret)
            .map(|(name, _)| name.clone())
    }

    fn get(&mut self, secret: &str) -> Option<&mut Stored> {
        self.0.get_mut(&self.name(secret)?)
    }

    fn put(&mut self, name: &str, value: &str, tags: &Pairs) -> String {
        let arn = format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf");
        let kept = Kept { arn: arn.clone(), tags: tags.clone(), ..Kept::default() };
        let mut stored = Stored { kept, ..Stored::default() };
        stored.add(value, CURRENT);
        self.0.insert(name.into(), stored);
        arn
    }
}

impl Fake {
    /// A secret that is there already, or holds another value from now on.
    pub fn holding(self, name: &str, value: &str) -> Self {
        self.world().vault.put(name, value, &Pairs::new());
        self
    }

    /// A secret has this tag.
    pub fn tagged(self, name: &str, tag: &str) -> Self {
        let mut world = self.world();
        let kept = &mut world.vault.get(name).expect("it is there").kept;
        kept.tags.insert(tag.into(), "owner".into());
        drop(world);
        self
    }

    /// Something changes a secret by itself from time to time.
    pub fn rotating(self, name: &str) -> Self {
        self.world().vault.get(name).expect("it is there").kept.rotates = true;
        self
    }

    /// Another version of a secret, under this label.
    pub fn adds_version(&self, name: &str, value: &str, label: &str) -> String {
        self.world().vault.get(name).expect("it is there").add(value, label)
    }

    /// A secret that is gone for good.
    pub fn losing(self, name: &str) -> Self {
        self.world().vault.0.remove(name);
        self
    }

    /// A secret and what it holds.
    pub fn held(&self, name: &str) -> Option<(Kept, String)> {
        let value = self.held_at(name, CURRENT)?;
        Some((self.world().vault.get(name)?.kept.clone(), value))
    }

    /// What a secret holds under a label.
    pub fn held_at(&self, name: &str, label: &str) -> Option<String> {
        let value = self.world().vault.get(name)?.at(label);
        value.map(|value| value.reveal().to_owned())
    }
}

#[async_trait]
impl Secrets for Fake {
    async fn value_at(&self, secret: &str, label: &str) -> Result<Option<Secret>> {
        let mut world = self.call("secret_value", secret.into())?;
        match world.vault.get(secret) {
            Some(stored) if stored.kept.going => Err(error(AwsErrorKind::Invalid)),
            found => Ok(found.and_then(|stored| stored.at(label))),
        }
    }

    async fn add(&self, secret: &str, value: &Secret, label: &str) -> Result<String> {
        let mut world = self.call("add_version", format!("{secret} {label}"))?;
        let stored = world.vault.get(secret).ok_or_else(|| error(AwsErrorKind::Gone))?;
        Ok(stored.add(value.reveal(), label))
    }

    async fn relabel(
        &self,
        secret: &str,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<()> {
        let mut world = self.call("relabel", format!("{label} {}", to.unwrap_or("nowhere")))?;
        let stored = world.vault.get(secret).ok_or_else(|| error(AwsErrorKind::Gone))?;
        // A label that is on a version is only moved by whoever says which one that is.
        if labelled(&stored.kept.versions, label) != from {
            return Err(error(AwsErrorKind::Invalid));
        }
        stored.label(label, to);
        Ok(())
    }

    async fn describe(&self, secret: &str) -> Result<Option<Kept>> {
        Ok(self
            .call("describe_secret", secret.into())?
            .vault
            .get(secret)
            .map(|stored| stored.kept.clone()))
    }

    async fn create(
        &self,
        name: &str,
        _description: &str,
        value: &Secret,
        tags: &Pairs,
    ) -> Result<String> {
        let mut world = self.call("create_secret", name.into())?;
        match world.vault.name(name) {
            Some(_) => Err(error(AwsErrorKind::Exists)),
            None => Ok(world.vault.put(name, value.reveal(), tags)),
        }
    }

    async fn tag(&self, secret: &str, tags: &Pairs, gone: &[String]) -> Result<()> {
        let mut world = self.call("tag_secret", secret.into())?;
        let stored = world.vault.get(secret).ok_or_else(|| error(AwsErrorKind::Gone))?;
        stored.kept.tags.extend(tags.clone());
        stored.kept.tags.retain(|key, _| !gone.contains(key));
        Ok(())
    }

    async fn restore(&self, secret: &str) -> Result<()> {
        let mut world = self.call("restore_secret", secret.into())?;
        world
            .vault
            .get(secret)
            .map(|stored| stored.kept.going = false)
            .ok_or_else(|| error(AwsErrorKind::Gone))
    }

    async fn delete(&self, secret: &str, days: i64) -> Result<()> {
        let mut world = self.call("delete_secret", format!("{secret} {days}"))?;
        world
            .vault
            .get(secret)
            .map(|stored| stored.kept.going = true)
            .ok_or_else(|| error(AwsErrorKind::Gone))
    }
}
