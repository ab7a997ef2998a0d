//! Function `hosts`: the host names of a deployment.

use crate::arguments;
use crate::attributes;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::hosts::Hosts;

arguments! {
    /// The host names of a Quilt deployment, derived from the one that people open.
    ///
    /// For the certificate and the DNS records, before there is a deployment. All three names are on one level, so that a certificate for
    /// `*.example.com` is for each of them. The host of Connect (Quilt 1.68 and later) follows from the stack's name and is not among them.
    pub struct HostsArguments {
        /// Host name of the catalog, as `quilt.example.com`.
        web_host: String;
    }
}

attributes! {
    /// The host names of a deployment.
    pub struct HostNames {
        /// Host name of the catalog.
        web_host: String = Computed;
        /// Host name of the registry.
        registry_host: String = Computed;
        /// Host name of the S3 proxy.
        s3_proxy_host: String = Computed;
        /// Where people open the catalog.
        url: String = Computed;
        /// The redirect URI that every identity provider is told.
        callback_url: String = Computed;
    }
}

/// Function `hosts`.
pub struct HostsFunction;

impl Function for HostsFunction {
    const NAME: &'static str = "hosts";
    const RETURNS: &'static str = "The host names and the URLs that follow from them.";
    type Arguments = HostsArguments;
    type Answer = HostNames;

    fn answer(HostsArguments { web_host }: HostsArguments) -> Result<HostNames, Refused> {
        let hosts = Hosts::checked(&web_host).map_err(at("web_host"))?;
        Ok(HostNames {
            url: hosts.url().into(),
            callback_url: hosts.callback_url().into(),
            web_host: hosts.web.into(),
            registry_host: hosts.registry.into(),
            s3_proxy_host: hosts.s3_proxy.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};

    #[test]
    fn hosts_follow_from_the_catalogs() {
        let hosts = answered(&HostsFunction, &["quilt.example.com".into()]);
        assert_eq!(hosts["registry_host"], "quilt-registry.example.com");
        assert_eq!(hosts["s3_proxy_host"], "quilt-s3-proxy.example.com");
        assert_eq!(
            [&hosts["url"], &hosts["web_host"]],
            ["https://quilt.example.com", "quilt.example.com"]
        );
        assert_eq!(hosts["callback_url"], "https://quilt.example.com/oauth-callback");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let (at, why) = refused(&HostsFunction, &["https://quilt.example.com/".into()]);
        assert_eq!(
            (at, why.as_str()),
            (
                Some(0),
                "`https://quilt.example.com/` is not a host name alone. Write `quilt.example.com`."
            )
        );
    }
}
