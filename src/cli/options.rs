//! How a command run by hand reaches AWS: by the same options and environment as AWS's own command line.

use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::cx::Cx;
use crate::provider::Provider;
use crate::provider::config::ProviderConfig;
use crate::tf::{Diagnostics, Object, State, Tree};

/// Whose account, and which way.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "AWS")]
pub struct Options {
    /// The region, as eu-central-1. Otherwise AWS_REGION, or the profile's
    #[arg(long, global = true)]
    pub region: Option<String>,
    /// A profile of the shared AWS files. Otherwise AWS_PROFILE
    #[arg(long, global = true)]
    pub profile: Option<String>,
    /// The ARN of a role to assume
    #[arg(long, value_name = "ARN", global = true)]
    pub role: Option<String>,
    /// Another address for all of AWS's services. Otherwise AWS_ENDPOINT_URL
    #[arg(long, value_name = "URL", global = true)]
    pub endpoint_url: Option<String>,
    /// A PEM file of the authorities to trust. Otherwise AWS_CA_BUNDLE
    #[arg(long, value_name = "FILE", global = true)]
    pub ca_bundle: Option<String>,
}

impl Options {
    /// A provider that is set up so, as Terraform would with a provider block.
    ///
    /// # Errors
    /// What is wrong with an option or the environment.
    pub async fn provider(&self) -> anyhow::Result<Arc<Provider>> {
        let (provider, mut d) = (Provider::default(), Diagnostics::default());
        provider.configure(env!("CARGO_PKG_VERSION"), &self.block(), &mut d).await;
        match d.errors.first() {
            Some(e) => anyhow::bail!("{}: {}", e.summary, e.detail),
            None => Ok(Arc::new(provider)),
        }
    }

    /// What a command may use; Ctrl-C ends it.
    ///
    /// # Errors
    /// As `provider`.
    pub async fn cx(&self) -> anyhow::Result<Cx> {
        let stop = CancellationToken::new();
        let told = stop.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                told.cancel();
            }
        });
        Ok(self.provider().await?.cx(stop))
    }

    /// The provider block that says the same.
    fn block(&self) -> Object {
        let text = |value: &Option<String>| value.clone().map_or(Tree::Null, Tree::String);
        let one = |name: &str, value: Tree| (name.to_string(), value);
        let list = |object: Object| Tree::List(vec![Tree::Map(object)]);
        let mut block = Object::from([
            one("region", text(&self.region)),
            one("profile", text(&self.profile)),
            one("custom_ca_bundle", text(&self.ca_bundle)),
            // Nothing is made by hand: whose it would be does not matter.
            one("owner", Tree::String("by-hand".into())),
        ]);
        if let Some(role) = &self.role {
            block.extend([one(
                "assume_role",
                list([one("role_arn", Tree::String(role.clone()))].into()),
            )]);
        }
        if let Some(url) = &self.endpoint_url {
            let all = services().map(|name| one(name, Tree::String(url.clone())));
            block.extend([one("endpoints", Tree::Map(all.collect()))]);
        }
        block
    }
}

/// The services that have an address of their own, each by one name.
fn services() -> impl Iterator<Item = &'static str> {
    let block = ProviderConfig::schema().attributes.iter().find(|a| a.name == "endpoints");
    let all = block.and_then(|a| a.nested()).into_iter().flatten().map(|a| a.name);
    all.filter(|name| *name != "elasticsearch")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn options_are_a_provider_block() {
        let options = Options {
            region: Some("eu-west-1".into()),
            endpoint_url: Some("http://127.0.0.1:1".into()),
            role: Some("arn:aws:iam::123456789012:role/r".into()),
            ..Options::default()
        };
        options.provider().await.unwrap();
        assert!(services().any(|name| name == "logs") && services().count() > 9);
        let wrong = Options { endpoint_url: Some("localhost".into()), ..options };
        let told = wrong.provider().await.err().unwrap().to_string();
        assert!(told.contains("address"), "{told}");
    }
}
