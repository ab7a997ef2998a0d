//! Where a catalog's registry is: another host as a rule, which the catalog itself tells.

use std::time::Duration;

use serde::Deserialize;

use super::Registry;
use crate::outcome::{CatalogErrorKind, Result};
use crate::web::Call;

/// How long the catalog's own settings may take.
const LIMIT: Duration = Duration::from_secs(10);
const DOING: &str = "tell where its registry is";

/// What a catalog tells of itself.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The registry's address, without a slash at its end.
    pub registry: String,
    /// Version of the platform; empty where it is not told.
    pub version: String,
    /// The bucket of its own stack; empty where it is not told.
    pub service_bucket: String,
    /// Nobody signs in by a password.
    pub no_passwords: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    registry_url: Option<String>,
    stack_version: Option<String>,
    service_bucket: Option<String>,
    password_auth: Option<String>,
}

impl Registry {
    /// Where the registry is, asked once.
    pub(super) async fn found(&self) -> Result<&Found> {
        self.found.get_or_try_init(|| self.look()).await
    }

    async fn look(&self) -> Result<Found> {
        let unreached = |why: String| self.error(CatalogErrorKind::Unreached, DOING, why);
        let call = Call {
            method: "GET",
            url: format!("{}/config.json", self.front.trim_end_matches('/')),
            headers: vec![("accept", "application/json".into())],
            body: String::new(),
            limit: LIMIT,
        };
        let page = self.web.call(call).await.map_err(unreached)?;
        if page.status != 200 {
            return Err(unreached(format!(
                "config.json is answered with HTTP status {}",
                page.status
            )));
        }
        let Ok(settings) = serde_json::from_str::<Settings>(&page.body) else {
            return Err(unreached(
                "what answers there is no Quilt catalog: its config.json is no JSON".into(),
            ));
        };
        let registry = settings.registry_url.unwrap_or_default();
        let registry = registry.trim_end_matches('/').to_string();
        if !self.is_safe(&registry) {
            let why = format!(
                "its config.json names no registry that is reached by https (`registryUrl` is \"{registry}\")"
            );
            return Err(unreached(why));
        }
        Ok(Found {
            registry,
            version: settings.stack_version.unwrap_or_default(),
            service_bucket: settings.service_bucket.unwrap_or_default(),
            no_passwords: settings.password_auth.as_deref() == Some("DISABLED"),
        })
    }

    /// A key goes through encrypted lines alone, unless the address that a person gave for catalogs is none.
    fn is_safe(&self, registry: &str) -> bool {
        registry.starts_with("https://")
            || (registry.starts_with("http://") && self.front.starts_with("http://"))
    }
}
