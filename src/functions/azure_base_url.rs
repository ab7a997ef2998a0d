//! Function `azure_base_url`: the issuer of a tenant of Azure.

use crate::arguments;
use crate::kinds::function::{Extra, Function, Refused, at};
use crate::quilt::sso::issuer::{AZURE_HOST, check_azure_host, of_tenant_at};

arguments! {
    /// The issuer of a tenant of Microsoft Entra ID (Azure), for `base_url` of a `quilt_sso`.
    ///
    /// It ends in `/v2.0`, without which people end up in a loop of sign-ins.
    pub struct AzureArguments {
        /// The directory (tenant) id, or a domain of the tenant.
        tenant: String;
        /// Host of the cloud: `login.microsoftonline.com` unless said. National clouds have `login.microsoftonline.us` or
        /// `login.partner.microsoftonline.cn`, tenants for customers `<name>.ciamlogin.com`.
        endpoint: Extra<String>;
    }
}

/// Function `azure_base_url`.
pub struct AzureBaseUrlFunction;

impl Function for AzureBaseUrlFunction {
    const NAME: &'static str = "azure_base_url";
    const RETURNS: &'static str = "The issuer.";
    type Arguments = AzureArguments;
    type Answer = String;

    fn answer(
        AzureArguments { tenant, endpoint: Extra(endpoint) }: AzureArguments,
    ) -> Result<String, Refused> {
        let host = endpoint.as_deref().unwrap_or(AZURE_HOST);
        check_azure_host(host).map_err(at("endpoint"))?;
        of_tenant_at(host, &tenant).map_err(at("tenant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};

    const TENANT: &str = "01234567-89ab-cdef-0123-456789abcdef";

    #[test]
    fn the_issuer_ends_in_the_version() {
        assert_eq!(
            answered(&AzureBaseUrlFunction, &[TENANT.into()]),
            format!("https://login.microsoftonline.com/{TENANT}/v2.0")
        );
        for host in [
            "login.microsoftonline.us",
            "login.partner.microsoftonline.cn",
            "example.ciamlogin.com",
        ] {
            assert_eq!(
                answered(&AzureBaseUrlFunction, &[TENANT.into(), host.into()]),
                format!("https://{host}/{TENANT}/v2.0")
            );
        }
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        for tenant in ["", "common", "my tenant", "v2.0", "a/b"] {
            assert_eq!(refused(&AzureBaseUrlFunction, &[tenant.into()]).0, Some(0), "{tenant}");
        }
        for host in [
            "",
            "https://login.microsoftonline.us",
            "evil-login.microsoftonline.com",
            ".ciamlogin.com",
            "a.b.ciamlogin.com",
            "example.okta.com",
        ] {
            let (at, why) = refused(&AzureBaseUrlFunction, &[TENANT.into(), host.into()]);
            assert!(at == Some(1) && why.contains("is no host of Azure's"), "{host}: {why}");
        }
    }
}
