//! Who asks the registry in memory, and the API keys that it has made.

use async_trait::async_trait;
use futures_util::FutureExt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Registry, World, error, refused};
use crate::catalog::{Key, Keys, OwnKey, Who};
use crate::outcome::{CatalogErrorKind, Result};
use crate::quilt::api_key::{key_in, moment};
use crate::web::Clock;

/// What every key that was made here begins with.
const MADE: &str = "qk_secret_of_key_";
const DAY: i64 = 24 * 3600;

/// A key, and what only its holder knows.
pub struct Held {
    key: OwnKey,
    secret: String,
}

fn written(at: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}

impl World {
    /// Keys that it has made let in as long as they last; of others it is taken that they do.
    fn lets_in(&self, secret: &str) -> bool {
        match self.keys.iter().find(|held| held.secret == secret) {
            Some(held) => self.is_active(&held.key),
            None => !secret.starts_with(MADE) && !secret.is_empty(),
        }
    }

    fn is_active(&self, key: &OwnKey) -> bool {
        moment(&key.expires_at).is_some_and(|end| end > self.clock.now())
    }
}

impl Registry {
    /// Its clock, and that of whoever asks it.
    pub fn clock(&self) -> Clock {
        self.world().clock.clone()
    }

    /// Nobody signs in by a password any more.
    pub fn refuses_passwords(&self) {
        self.world().refuses_passwords = true;
    }

    /// Whoever has signed in by a key makes no other one.
    pub fn keys_make_none(&self) {
        self.world().keys_make_none = true;
    }

    /// The keys that let somebody in, by id and name.
    pub fn live_keys(&self) -> Vec<(String, String)> {
        let world = self.world();
        let live = world.keys.iter().filter(|held| world.is_active(&held.key));
        live.map(|held| (held.key.id.clone(), held.key.name.clone())).collect()
    }

    /// One is made past Terraform.
    pub fn key(self, name: &str) -> Self {
        self.world().make_key(name, 90);
        self
    }

    /// One is revoked past Terraform.
    pub fn drop_key(&self, id: &str) {
        self.world().keys.retain(|held| held.key.id != id);
    }

    /// Whoever asks is known.
    pub(super) fn knows(&self) -> Result<()> {
        let known = match &self.2 {
            None => true,
            Some(Who::Key(key)) => self.world().lets_in(key.reveal()),
            Some(Who::Password { .. }) => !self.world().refuses_passwords,
            Some(Who::KeyAt { secret_arn, secrets }) => {
                let held = secrets.value(secret_arn).now_or_never().expect("the fake is quick")?;
                let key = held.and_then(key_in).unwrap_or_default();
                self.world().lets_in(key.reveal())
            }
        };
        if known { Ok(()) } else { Err(error(CatalogErrorKind::SignIn, "")) }
    }

    fn is_keyed(&self) -> bool {
        matches!(self.2, Some(Who::Key(_) | Who::KeyAt { .. }))
    }
}

impl World {
    fn make_key(&mut self, name: &str, days: i64) -> Key {
        self.made += 1;
        let (id, now) = (format!("k{}", self.made), self.clock.now());
        let secret = format!("{MADE}{}", self.made);
        let key = OwnKey {
            id: id.clone(),
            name: name.into(),
            active: true,
            created_at: written(now),
            expires_at: written(now + days * DAY),
        };
        let expires_at = key.expires_at.clone();
        self.keys.push(Held { key, secret: secret.clone() });
        Key { id, secret: secret.into(), expires_at }
    }
}

#[async_trait]
impl Keys for Registry {
    async fn own(&self) -> Result<Vec<OwnKey>> {
        let world = self.begin("keys")?;
        let all = world.keys.iter().map(|held| held.key.clone());
        Ok(all.map(|key| OwnKey { active: world.is_active(&key), ..key }).collect())
    }

    async fn create(&self, name: &str, days: i64) -> Result<Key> {
        let keyed = self.is_keyed();
        self.change("create_key", name, |world| match keyed && world.keys_make_none {
            true => Err(error(CatalogErrorKind::Denied, "")),
            false => Ok(world.make_key(name, days)),
        })
    }

    async fn revoke(&self, id: &str) -> Result<()> {
        self.change("revoke_key", id, |world| {
            let before = world.keys.len();
            world.keys.retain(|held| held.key.id != id);
            if world.keys.len() == before { Err(refused("NotFound")) } else { Ok(()) }
        })
    }
}
