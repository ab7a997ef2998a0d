//! What one call may use.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use crate::aws::{Aws, Regions};
use crate::catalog::{Catalogs, Site};
use crate::outcome::{Error, Result, Veil};
use crate::tf::Diagnostics;
use crate::web::{Clock, Web};

mod by_hand;
mod catalog;
pub mod claims;
mod ended;
mod plans;
pub mod progress;
mod refreshed;
mod usage;
pub mod run;
pub mod whose;

use progress::Progress;

pub use by_hand::ByHand;
pub use ended::EndedKeys;
pub use plans::{Place, Plan, PlannedStack, Plans};
pub use refreshed::Refreshed;
pub use run::Run;
pub use usage::{Going, Staying};

/// What one call may use: AWS, the word to stop, turns, and the provider's settings.
#[derive(Clone)]
pub struct Cx {
    /// Where AWS is reached.
    pub regions: Arc<dyn Regions>,
    /// Where catalogs are reached.
    pub catalogs: Arc<dyn Catalogs>,
    /// Cancelled when Terraform wants an end.
    pub stop: CancellationToken,
    /// One change per stack at a time.
    pub turns: Turns,
    /// What this plan has said of each stack.
    pub plans: Plans,
    /// What this run of Terraform has said.
    pub run: Run,
    /// The world outside AWS.
    pub web: Arc<dyn Web>,
    /// Stacks that this process has looked at.
    pub refreshed: Refreshed,
    /// API keys that it has found dead.
    pub ended: EndedKeys,
    /// What time it is.
    pub clock: Clock,
    /// What the person is told beside the result of the call.
    pub notes: Notes,
    /// What the person is told while the call lasts.
    pub progress: Progress,
    /// What the first plan of this very change remembered, in its second; empty in the first, and where Terraform does not hand it on.
    pub first: Vec<u8>,
    /// This plan may be thrown away: nobody has looked at what it begins with, and Terraform may do so and plan once more (`-minimal-refresh`).
    /// Whatever it does not know is then found out by the second one.
    pub provisional: bool,
    /// What is never told.
    pub veil: Veil,
    /// The provider's settings.
    pub settings: Arc<Settings>,
}

/// Warnings of one call, wherever they arise; each is told once.
#[derive(Clone, Default)]
pub struct Notes(Arc<Mutex<Diagnostics>>);

impl Notes {
    /// Tells something.
    pub fn tell(&self, tell: impl FnOnce(&mut Diagnostics)) {
        tell(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Hands over what was told.
    pub fn hand_over(&self, d: &mut Diagnostics) {
        for warning in
            std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).warnings)
        {
            if !d.warnings.contains(&warning) {
                d.warnings.push(warning);
            }
        }
    }
}

/// What the provider block says beside how AWS is reached.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Who makes things: part of every creation's token. Never empty.
    pub owner: String,
    /// Another machine may be the same owner: nothing tells them apart.
    pub anywhere: bool,
    /// Tags of every taggable object.
    pub default_tags: BTreeMap<String, String>,
    /// Some of those are not known yet.
    pub default_tags_open: bool,
    /// Tags that are not looked at.
    pub ignore_tags: IgnoreTags,
    /// The bucket for large templates; made by the provider when not given.
    pub template_bucket: Option<String>,
    /// How a person runs this program; `None`: where it lies is not known.
    pub by_hand: Option<ByHand>,
    /// The catalog that is meant where a resource names none.
    pub catalog: Option<Site>,
    /// Which that is is not known yet.
    pub catalog_open: bool,
}

/// Tags that others set and Terraform leaves alone.
#[derive(Clone, Debug, Default)]
pub struct IgnoreTags {
    /// Whole keys.
    pub keys: Vec<String>,
    /// Beginnings of keys.
    pub key_prefixes: Vec<String>,
}

impl IgnoreTags {
    /// This key is not looked at.
    pub fn covers(&self, key: &str) -> bool {
        self.keys.iter().any(|k| k == key)
            || self.key_prefixes.iter().any(|p| key.starts_with(p.as_str()))
    }
}

impl Cx {
    /// AWS in a region, the provider's own when `None`.
    pub async fn aws(&self, region: Option<&str>) -> Result<Arc<Aws>> {
        self.regions.aws(region).await
    }

    /// The same during a plan; `None` while the provider's settings are not known yet.
    pub async fn aws_if_known(&self, region: Option<&str>) -> Result<Option<Arc<Aws>>> {
        match self.aws(region).await {
            Ok(aws) => Ok(Some(aws)),
            Err(Error::NotYet) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// One change per stack at a time within this process; others wait for their turn in order.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>);

impl Turns {
    /// Waits for the turn on `stack`; it ends when the guard is dropped.
    pub async fn take(&self, stack: &str) -> OwnedMutexGuard<()> {
        let turn = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(stack.into())
            .or_default()
            .clone();
        turn.lock_owned().await
    }
}

#[cfg(test)]
pub mod fake {
    //! A context for tests.

    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::aws::fake::Fake;
    use crate::catalog::SignIn;
    use crate::catalog::fake::Registry;
    use crate::web::Silence;

    /// A call's context over an empty AWS.
    pub fn cx() -> Cx {
        Fake::default().cx()
    }

    impl Cx {
        /// Stops after so long, as a person does with Ctrl-C.
        pub fn stops_after(&self, moment: Duration) {
            let stop = self.stop.clone();
            tokio::spawn(async move {
                let _ = timeout(moment, std::future::pending::<()>()).await;
                stop.cancel();
            });
        }
    }

    /// The provider block names a catalog.
    #[derive(Clone, Default)]
    struct Named(bool);

    impl Fake {
        /// The same with this registry, whose catalog the provider block names.
        pub fn with_registry(self, registry: &Registry) -> Self {
            self.with_beside(registry.clone()).with_beside(Named(true))
        }

        /// The registry of this account's catalog, at whichever host.
        pub fn catalog(&self) -> Registry {
            self.beside()
        }

        /// A call's context over this AWS.
        pub fn cx(&self) -> Cx {
            let sign_in = || SignIn::Key("qk_0".to_string().into());
            let site = || Site { host: "data.example.com".into(), sign_in: sign_in() };
            let catalog = self.beside::<Named>().0.then(site);
            let settings = Settings { owner: "owner".into(), catalog, ..Settings::default() };
            Cx {
                regions: Arc::new(self.clone()),
                catalogs: Arc::new(self.catalog()),
                stop: Default::default(),
                turns: Default::default(),
                refreshed: Default::default(),
                ended: self.beside(),
                clock: self.catalog().clock(),
                plans: Default::default(),
                run: Default::default(),
                web: Arc::new(Silence),
                notes: Default::default(),
                progress: Default::default(),
                veil: Default::default(),
                first: vec![],
                provisional: false,
                settings: Arc::new(settings),
            }
        }
    }
}
