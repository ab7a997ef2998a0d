//! Ephemeral resource `quilt_secret`: what a secret holds, for one run and kept nowhere.

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::data_sources::secret::value_of;
use crate::kinds::ephemeral::{Ephemeral, Lease};
use crate::outcome::Result;
use crate::tf::Value;

attributes! {
    /// What a secret in Secrets Manager holds, as the database's password: read anew in each run, and kept neither in the state nor in a plan.
    /// It goes where Terraform lets such values go: into write-only arguments, provider blocks and other ephemeral resources.
    ///
    /// It is read in the plan as well, if the secret is known by then; where it is made in the same apply, the plan goes on without it.
    pub struct SecretOpening {
        /// ARN of the secret, as `password_secret_arn` of a `quilt_database` or `admin_password_secret_arn` of a `quilt_stack`; or the name of
        /// one in the provider's region.
        secret_id: String = Required;
        /// A member of the JSON object that the secret holds: `password` or `username` of a database's secret. Without it the whole text is given.
        key: String = Optional;
        /// What the secret holds.
        value: String = Computed.sensitive();
    }
}

/// Ephemeral resource `quilt_secret`.
pub struct SecretEphemeral;

#[async_trait]
impl Ephemeral for SecretEphemeral {
    const NAME: &'static str = "quilt_secret";
    type State = SecretOpening;

    fn subject(config: &SecretOpening) -> String {
        format!("Secret {}", config.secret_id.as_deref_option().unwrap_or_default())
    }

    async fn open(&self, cx: &Cx, config: SecretOpening) -> Result<(SecretOpening, Lease)> {
        let id = config.secret_id.clone().unwrap_or_default();
        let value = value_of(cx, &id, config.key.as_deref_option()).await?;
        let value = Value::Value(value.reveal().into());
        Ok((SecretOpening { value, ..config }, Lease::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::kinds::ephemeral::AnyEphemeral;
    use crate::tf::{Diagnostics, State, Tree, known};

    async fn open(id: &str, key: Option<&str>) -> (Option<Tree>, Diagnostics) {
        let fake = Fake::default().holding("login", r#"{"password": "s3cr\"et"}"#);
        let config = SecretOpening {
            secret_id: known(id),
            key: key.map(str::to_string).into(),
            value: Value::Null,
        };
        let mut d = Diagnostics::default();
        let opened =
            AnyEphemeral::open(&SecretEphemeral, &fake.cx(), config.write_object(), &mut d).await;
        (opened.map(|(object, _)| object["value"].clone()), d)
    }

    #[tokio::test(start_paused = true)]
    async fn it_tells_what_the_data_source_tells() {
        assert_eq!(open("login", Some("password")).await.0, Some(Tree::String("s3cr\"et".into())));
        let (whole, _) = open("login", None).await;
        assert_eq!(whole, Some(Tree::String(r#"{"password": "s3cr\"et"}"#.into())));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_there_is_told_at_its_argument() {
        let (none, d) = open("other", None).await;
        assert_eq!((none, d.errors[0].attribute.to_string().as_str()), (None, "secret_id"));
        let (none, d) = open("login", Some("host")).await;
        assert_eq!((none, d.errors[0].attribute.to_string().as_str()), (None, "key"));
        assert!(!format!("{:?}", d.errors).contains("s3cr"));
    }
}
