//! Secrets Manager in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{ACCOUNT, Fake, REGION, error};
use crate::aws::{Kept, Pairs, Secrets};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::secret::Secret;

/// What Secrets Manager holds, by name.
#[derive(Default)]
pub struct Vault(BTreeMap<String, (Kept, Secret)>);

impl Vault {
    /// The name of a secret that is named so.
    fn name(&self, secret: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(name, (kept, _))| *name == secret || kept.arn == secret)
            .map(|(name, _)| name.clone())
    }

    fn get(&mut self, secret: &str) -> Option<&mut (Kept, Secret)> {
        self.0.get_mut(&self.name(secret)?)
    }

    fn put(&mut self, name: &str, value: &str, tags: &Pairs) -> String {
        let arn = format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf");
        let kept = Kept { arn: arn.clone(), tags: tags.clone(), going: false };
        self.0.insert(name.into(), (kept, value.to_string().into()));
        arn
    }
}

impl Fake {
    /// A secret that is there already, or holds another value from now on.
    pub fn holding(self, name: &str, value: &str) -> Self {
        self.world().vault.put(name, value, &Pairs::new());
        self
    }

    /// A secret that is gone for good.
    pub fn losing(self, name: &str) -> Self {
        self.world().vault.0.remove(name);
        self
    }

    /// A secret and what it holds.
    pub fn held(&self, name: &str) -> Option<(Kept, String)> {
        self.world().vault.get(name).map(|(kept, value)| (kept.clone(), value.reveal().to_string()))
    }
}

#[async_trait]
impl Secrets for Fake {
    async fn value(&self, secret: &str) -> Result<Option<Secret>> {
        let mut world = self.call("secret_value", secret.into())?;
        match world.vault.get(secret) {
            Some((kept, _)) if kept.going => Err(error(AwsErrorKind::Invalid)),
            found => Ok(found.map(|(_, value)| value.clone())),
        }
    }

    async fn describe(&self, secret: &str) -> Result<Option<Kept>> {
        Ok(self
            .call("describe_secret", secret.into())?
            .vault
            .get(secret)
            .map(|(kept, _)| kept.clone()))
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

    async fn restore(&self, secret: &str) -> Result<()> {
        let mut world = self.call("restore_secret", secret.into())?;
        world
            .vault
            .get(secret)
            .map(|(kept, _)| kept.going = false)
            .ok_or_else(|| error(AwsErrorKind::Gone))
    }

    async fn delete(&self, secret: &str, days: i64) -> Result<()> {
        let mut world = self.call("delete_secret", format!("{secret} {days}"))?;
        world
            .vault
            .get(secret)
            .map(|(kept, _)| kept.going = true)
            .ok_or_else(|| error(AwsErrorKind::Gone))
    }
}
