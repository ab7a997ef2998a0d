//! Data source `quilt_secret`: what a secret holds, for those who ask for it.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::deploy::region_of;
use crate::kinds::data_source::DataSource;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Value};

attributes! {
    /// What a secret in Secrets Manager holds, as the administrator's or the database's password. Terraform keeps what a data source reads:
    /// whoever reads the state reads the secret. Nothing else of this provider needs it; look it up only where another part of the configuration
    /// must have the plain text.
    pub struct SecretLookup {
        /// ARN of the secret, as `password_secret_arn` of a `quilt_database` or `admin_password_secret_arn` of a `quilt_stack`; or the name of
        /// one in the provider's region.
        secret_id: String = Required;
        /// A member of the JSON object that the secret holds: `password` or `username` of a database's secret. Without it the whole text is given.
        key: String = Optional;
        /// What the secret holds.
        value: String = Computed.sensitive();
    }
}

/// Data source `quilt_secret`.
pub struct SecretSource;

#[async_trait]
impl DataSource for SecretSource {
    const NAME: &'static str = "quilt_secret";
    type State = SecretLookup;

    fn subject(config: &SecretLookup) -> String {
        format!("Secret {}", config.secret_id.as_deref_option().unwrap_or_default())
    }

    async fn read(
        &self,
        cx: &Cx,
        config: SecretLookup,
        _d: &mut Diagnostics,
    ) -> Result<SecretLookup> {
        let id = config.secret_id.clone().unwrap_or_default();
        let aws = cx.aws(region_of(&id)).await?;
        let Some(secret) = aws.secrets.value(&id).await? else {
            let what = format!("There is no secret {id} in {}, or it holds nothing.", aws.region);
            return Err(Error::config(
                AttributePath::new("secret_id"),
                what,
                "Give the ARN of a secret that is there.",
            ));
        };
        let told = match config.key.as_ref_option() {
            Some(key) => secret.member(key).map_err(|why| {
                Error::config(AttributePath::new("key"), why, "Name another member, or none.")
            })?,
            None => secret,
        };
        cx.veil.learn(told.reveal());
        Ok(SecretLookup { value: Value::Value(told.reveal().into()), ..config })
    }
}

#[cfg(test)]
mod tests;
