//! The way to a catalog, from what is said of it.

use std::sync::Arc;

use super::Cx;
use crate::catalog::{Catalog, SignIn, Site, Who};
use crate::outcome::{Error, Result};
use crate::tf::AttributePath;

impl Cx {
    /// The catalog that is meant: this one, or the provider block's when `None`. Nothing of it is called here.
    ///
    /// # Errors
    /// Nobody says which; `NotYet` while that is not known.
    pub async fn catalog(&self, site: Option<&Site>) -> Result<Arc<Catalog>> {
        let Some(site) = site.or(self.settings.catalog.as_ref()) else {
            return Err(if self.settings.catalog_open { Error::NotYet } else { missing() });
        };
        let who = match &site.sign_in {
            SignIn::Key(key) => Who::Key(key.clone()),
            SignIn::Password { username, secret_arn } => Who::Password {
                username: username.clone(),
                secret_arn: secret_arn.clone(),
                secrets: self.aws_of(secret_arn, None).await?.secrets.clone(),
            },
            SignIn::KeyAt { secret_arn } => Who::KeyAt {
                secret_arn: secret_arn.clone(),
                secrets: self.aws_of(secret_arn, None).await?.secrets.clone(),
            },
        };
        Ok(self.catalogs.at(&site.host, who))
    }
}

fn missing() -> Error {
    Error::config(
        AttributePath::new("catalog"),
        "Nothing says which catalog is meant.",
        "Write `catalog = quilt_stack.<name>`, or name a catalog in the provider block: `catalog { host = \"data.example.com\" … }`.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::cx::Settings;

    #[tokio::test]
    async fn a_catalog_is_said_somewhere() {
        let (cx, key) = (Fake::default().cx(), SignIn::Key("qk_1".to_string().into()));
        let of = |host: &str| Site { host: host.into(), sign_in: key.clone() };
        assert_eq!(cx.catalog(Some(&of("a"))).await.map(|c| c.host.clone()), Ok("a".into()));
        assert!(matches!(cx.catalog(None).await.err(), Some(Error::Config { .. })));
        let with = |settings| Cx { settings: Arc::new(settings), ..cx.clone() };
        let open = with(Settings { catalog_open: true, ..Settings::default() });
        assert_eq!(open.catalog(None).await.err(), Some(Error::NotYet));
        let block = with(Settings { catalog: Some(of("b")), ..Settings::default() });
        assert_eq!(block.catalog(None).await.map(|c| c.host.clone()), Ok("b".into()));
        assert_eq!(block.catalog(Some(&of("a"))).await.map(|c| c.host.clone()), Ok("a".into()));
    }
}
