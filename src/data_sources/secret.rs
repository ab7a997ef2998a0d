//! Data source `quilt_secret`: what a secret holds, for those who ask for it.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::deploy::region_of;
use crate::kinds::data_source::DataSource;
use crate::outcome::{Error, Result};
use crate::quilt::secret::Secret;
use crate::tf::{AttributePath, Diagnostics, Value};

attributes! {
    /// What a secret in Secrets Manager holds, as the administrator's or the database's password. Terraform keeps what a data source reads:
    /// whoever reads the state reads the secret. The ephemeral resource of the same name tells it without keeping it (Terraform 1.10, OpenTofu
    /// 1.11); look it up here only where another part of the configuration must keep the plain text.
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
        let value = value_of(
            cx,
            &config.secret_id.clone().unwrap_or_default(),
            config.key.as_deref_option(),
        )
        .await?;
        Ok(SecretLookup { value: Value::Value(value.reveal().into()), ..config })
    }
}

/// What a secret holds: the whole text, or a member of the JSON object in it.
///
/// # Errors
/// There is none, or it has no such member: told at `secret_id` or `key`, with nothing of what it holds.
pub async fn value_of(cx: &Cx, id: &str, key: Option<&str>) -> Result<Secret> {
    let aws = cx.aws(region_of(id)).await?;
    let Some(secret) = aws.secrets.value(id).await? else {
        let what = format!("There is no secret {id} in {}, or it holds nothing.", aws.region);
        return Err(Error::config(
            AttributePath::new("secret_id"),
            what,
            "Give the ARN of a secret that is there.",
        ));
    };
    let value = match key {
        Some(key) => secret.member(key).map_err(|why| {
            Error::config(AttributePath::new("key"), why, "Name another member, or none.")
        })?,
        None => secret,
    };
    cx.veil.learn(value.reveal());
    Ok(value)
}

#[cfg(test)]
mod tests;
