//! Ephemeral resource `quilt_api_key`: an API key of a catalog, for one run and kept nowhere.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::attributes;
use crate::catalog::{SignIn, Site};
use crate::cx::Cx;
use crate::kinds::ephemeral::{Ephemeral, Lease};
use crate::outcome::{Error, Result};
use crate::resources::catalog::{self, CatalogInput};
use crate::tf::{AttributePath, Diagnostics, Report, Value};

attributes! {
    /// An API key of a Quilt catalog, made for one run and revoked at its end: kept neither in the state nor in a plan. It is that of the user who
    /// signs in, and may do what this user may. Needs Quilt 1.67.
    pub struct ApiKeyOpening {
        /// Name of the key, as the catalog shows it.
        name: String = Required;
        /// The catalog: `quilt_stack.<name>`, or an object. Default: the one of the provider block.
        catalog: CatalogInput = Optional;
        /// After how many days it ends if the run's end does not revoke it, 1 to 365. Default: 1.
        expires_in_days: i64 = Optional;
        /// The key.
        secret: String = Computed.sensitive();
        /// When it ends.
        expires_at: String = Computed;
    }
}

/// Ephemeral resource `quilt_api_key`.
pub struct ApiKeyEphemeral;

/// What is needed to revoke it: nothing of this is secret.
#[derive(Serialize, Deserialize)]
struct Opened {
    id: String,
    /// Host, user and the secret's ARN; `None`: the provider block's catalog. Without a user the secret holds a key.
    site: Option<(String, Option<String>, String)>,
}

#[async_trait]
impl Ephemeral for ApiKeyEphemeral {
    const NAME: &'static str = "quilt_api_key";
    type State = ApiKeyOpening;

    fn subject(config: &ApiKeyOpening) -> String {
        format!("API key {}", config.name.as_deref_option().unwrap_or_default())
    }

    fn validate(&self, config: &ApiKeyOpening, d: &mut Diagnostics) {
        if config.expires_in_days.as_ref_option().is_some_and(|days| !(1..=365).contains(days)) {
            let at = AttributePath::new("expires_in_days");
            d.fail_at(at, "Not how long a key lasts", "Give 1 to 365 days.");
        }
    }

    async fn open(&self, cx: &Cx, config: ApiKeyOpening) -> Result<(ApiKeyOpening, Lease)> {
        let catalog = catalog::open(cx, &config.catalog).await?;
        let name = config.name.clone().unwrap_or_default();
        let days = config.expires_in_days.as_option().unwrap_or(1);
        let key = catalog.keys.create(&name, days).await?;
        cx.veil.learn(key.secret.reveal());
        let site = catalog::site(cx, &config.catalog)?.and_then(said);
        let private = serde_json::to_vec(&Opened { id: key.id, site }).unwrap_or_default();
        let opening = ApiKeyOpening {
            secret: Value::Value(key.secret.reveal().into()),
            expires_at: key.expires_at.into(),
            ..config
        };
        Ok((opening, Lease { renew_at: None, private }))
    }

    async fn close(&self, cx: &Cx, private: &[u8]) -> Result<()> {
        let Ok(Opened { id, site }) = serde_json::from_slice(private) else { return Ok(()) };
        let site = site.map(|(host, username, secret_arn)| Site {
            host,
            sign_in: match username {
                Some(username) => SignIn::Password { username, secret_arn },
                None => SignIn::KeyAt { secret_arn },
            },
        });
        match cx.catalog(site.as_ref()).await?.keys.revoke(&id).await {
            // It has ended by itself, or somebody has revoked it.
            Err(Error::Catalog(e)) if e.code == "NotFound" => Ok(()),
            done => done,
        }
    }
}

/// The way to a catalog without what is secret; `None`: that is the provider block's.
fn said(site: Site) -> Option<(String, Option<String>, String)> {
    match site.sign_in {
        SignIn::Password { username, secret_arn } => Some((site.host, Some(username), secret_arn)),
        SignIn::KeyAt { secret_arn } => Some((site.host, None, secret_arn)),
        SignIn::Key(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::catalog::tests::{fake, input, writes};
    use crate::tf::known;

    #[tokio::test]
    async fn a_key_lasts_as_long_as_the_run() {
        let fake = fake();
        let cx = fake.cx();
        let config =
            ApiKeyOpening { name: known("ci"), catalog: input(), ..ApiKeyOpening::default() };
        let (opened, lease) = ApiKeyEphemeral.open(&cx, config).await.unwrap();
        let secret = opened.secret.clone().unwrap();
        assert!(!String::from_utf8_lossy(&lease.private).contains(&secret));
        assert_eq!(cx.veil.strike(&secret), "***");
        ApiKeyEphemeral.close(&cx, &lease.private).await.unwrap();
        assert_eq!(writes(&fake), ["create_key ci", "revoke_key k1"]);
    }
}
