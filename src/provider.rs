//! The `provider "quilt"` block: its attributes, and what it hands to calls.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::aws::connect::Connection;
use crate::aws::connect::page::Pages;
use crate::aws::{Aws, Regions};
use crate::catalog::Catalogs;
use crate::catalog::http::Registries;
use crate::cx::{Cx, EndedKeys, Plans, Refreshed, Run, Settings, Turns};
use crate::outcome::{Error, Result, Veil};
use crate::tf::schema::Schema;
use crate::tf::{AttributePath, Diagnostics, Object, Report, State};
use crate::web::{Clock, Silence, Web};
use config::ProviderConfig;
use environment::Environment;
use owner::Owner;

pub use served::Served;

mod access;
mod catalog;
mod check;
pub mod config;
mod environment;
mod machine;
mod owner;
mod served;

/// The provider: what it serves and, once configured, its way to AWS.
pub struct Provider {
    /// What it serves.
    pub served: Served,
    /// What this process never tells.
    pub veil: Veil,
    configured: Mutex<Configured>,
    turns: Turns,
    refreshed: Refreshed,
    ended: EndedKeys,
    run: Run,
    /// Where this program lies, where Terraform has started it.
    program: Option<String>,
}

#[derive(Clone)]
struct Configured {
    regions: Arc<dyn Regions>,
    catalogs: Arc<dyn Catalogs>,
    web: Arc<dyn Web>,
    plans: Plans,
    settings: Arc<Settings>,
}

/// AWS while the provider's settings are not known.
struct Nowhere;

#[async_trait]
impl Regions for Nowhere {
    async fn aws(&self, _region: Option<&str>) -> Result<Arc<Aws>> {
        Err(Error::NotYet)
    }
}

impl Default for Provider {
    fn default() -> Self {
        let web: Arc<dyn Web> = Arc::new(Silence);
        let configured = Configured {
            regions: Arc::new(Nowhere),
            catalogs: Arc::new(Registries::new(web.clone(), None, Veil::default())),
            web,
            plans: Plans::default(),
            settings: Arc::default(),
        };
        Self {
            served: Served::default(),
            veil: Veil::default(),
            configured: configured.into(),
            turns: Turns::default(),
            refreshed: Refreshed::default(),
            ended: EndedKeys::default(),
            run: Run::default(),
            program: None,
        }
    }
}

impl Provider {
    /// The provider for the Terraform that started this process, which starts others of the same run.
    pub fn started() -> Self {
        Self { run: Run::of_parent(), program: machine::program(), ..Self::default() }
    }

    /// The schema of the provider block.
    pub fn schema(&self) -> &'static Schema {
        ProviderConfig::schema()
    }

    /// Checks a provider block, offline.
    pub fn validate(&self, config: &Object, d: &mut Diagnostics) {
        match ProviderConfig::read_object(config, &AttributePath::root()) {
            Ok(config) => check::check(&config, d),
            Err(misfit) => d.misfit(misfit),
        }
    }

    /// Takes a provider block over. Values may be unknown during a plan; AWS is not reached before all of them are known.
    pub async fn configure(&self, terraform_version: &str, config: &Object, d: &mut Diagnostics) {
        self.configure_in(&Environment::real(), terraform_version, config, d);
    }

    fn configure_in(
        &self,
        env: &Environment,
        terraform_version: &str,
        object: &Object,
        d: &mut Diagnostics,
    ) {
        let config = match ProviderConfig::read_object(object, &AttributePath::root()) {
            Ok(config) => config,
            Err(misfit) => return d.misfit(misfit),
        };
        check::check(&config, d);
        env.check(d);
        let said = |owner| Owner { name: owner, anywhere: false };
        let owner = match access::not_empty(&config.owner)
            .map_or_else(|| owner::derive(env), |owner| Ok(said(owner)))
        {
            Ok(owner) => owner,
            Err(why) => {
                return d.fail(
                    why,
                    "Run `terraform init` again, or set `owner` in the provider block.",
                );
            }
        };
        // A catalog may be known later than AWS.
        let known = object.iter().all(|(name, value)| name == "catalog" || value.is_known());
        let access = access::access(&config, env, terraform_version);
        if known && config.assume_role_with_web_identity.is_value() && access.web_identity.is_none()
        {
            let detail = "Give `role_arn` and a token here, or set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.";
            d.fail_at(
                AttributePath::new("assume_role_with_web_identity"),
                "A role or its token is missing",
                detail,
            );
        }
        if d.failed() {
            return;
        }
        let endpoint = config.endpoints.iter().find_map(|e| access::not_empty(&e.catalog));
        let web: Arc<dyn Web> =
            if known { Arc::new(Pages::new(access.network.clone())) } else { Arc::new(Silence) };
        let regions: Arc<dyn Regions> =
            if known { Arc::new(Connection::new(access)) } else { Arc::new(Nowhere) };
        let catalogs = Arc::new(Registries::new(web.clone(), endpoint, self.veil.clone()));
        let Owner { name, anywhere } = owner;
        let open = catalog::is_open(&config) || !known;
        let catalog = catalog::site(&config).filter(|_| !open);
        let by_hand = self.program.as_deref().map(|program| access::by_hand(&config, program));
        let settings = Arc::new(Settings {
            anywhere,
            by_hand,
            catalog,
            catalog_open: open,
            ..access::settings(&config, env, name)
        });
        self.run.begin();
        let configured = Configured { regions, catalogs, web, plans: Plans::default(), settings };
        *self.configured.lock().unwrap_or_else(PoisonError::into_inner) = configured;
    }

    /// What one call may use.
    pub fn cx(&self, stop: CancellationToken) -> Cx {
        let Configured { regions, catalogs, web, plans, settings } =
            self.configured.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let veil = self.veil.clone();
        Cx {
            regions,
            catalogs,
            stop,
            turns: self.turns.clone(),
            refreshed: self.refreshed.clone(),
            ended: self.ended.clone(),
            clock: Clock::default(),
            run: self.run.clone(),
            plans,
            web,
            veil,
            notes: Default::default(),
            progress: Default::default(),
            first: vec![],
            provisional: false,
            settings,
        }
    }
}

#[cfg(test)]
mod tests;
