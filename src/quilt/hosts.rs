//! The host names of a Quilt deployment, derived from the one people use.

use std::collections::BTreeMap;

/// Endings that no registry of domains sells: those of RFC 6762, RFC 6761, ICANN's `internal` and what RFC 6762's appendix G names.
const PRIVATE: [&str; 12] = [
    "internal",
    "local",
    "test",
    "localhost",
    "invalid",
    "example",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "alt",
];

/// Hosts derived from the catalog's, which is bare: no scheme, no slash.
#[derive(Clone, Debug, PartialEq)]
pub struct Hosts {
    /// The catalog.
    pub web: String,
    /// The registry: `<first label>-registry.<rest>`.
    pub registry: String,
    /// The S3 proxy: `<first label>-s3-proxy.<rest>`.
    pub s3_proxy: String,
}

impl Hosts {
    /// The hosts beside `web`, which may come with a scheme, as old templates gave it out. `None` when it has no dot.
    pub fn of(web: &str) -> Option<Self> {
        let web = bare(web);
        let (label, rest) = web.split_once('.')?;
        let beside = |suffix: &str| format!("{label}-{suffix}.{rest}");
        Some(Self { registry: beside("registry"), s3_proxy: beside("s3-proxy"), web: web.clone() })
    }

    /// The hosts beside `web`, which is bare and every one of which may stand in DNS.
    ///
    /// # Errors
    /// It is no such host, as a sentence.
    pub fn checked(web: &str) -> Result<Self, String> {
        if bare(web) != web {
            let space = if web.trim() == web { "" } else { " (it has a space at an end)" };
            return Err(format!(
                "`{web}` is not a host name alone{space}. Write `{}`.",
                bare(web.trim())
            ));
        }
        let hosts = Self::of(web).ok_or_else(|| {
            format!("`{web}` has no domain. Write a host such as `quilt.example.com`.")
        })?;
        let lengthy = [&hosts.registry, &hosts.s3_proxy]
            .into_iter()
            .find(|host| host.len() > 253 || host.split('.').any(|l| l.len() > 63));
        match (is_host(web), lengthy) {
            (false, _) => Err(format!(
                "`{web}` is not a host name: between its dots it may have letters, digits and hyphens only. Write one such as `quilt.example.com`."
            )),
            (true, Some(host)) => Err(format!(
                "`{web}` is too long: Quilt also uses `{host}`, and DNS allows 63 characters between two dots and 253 in all. Write a shorter one."
            )),
            (true, None) => Ok(hosts),
        }
    }

    /// Why the hosts beside this one are probably somebody else's: it is a whole domain, and so are they. Under an ending that is for
    /// private networks they are whoever's it is.
    pub fn doubt(&self) -> Option<String> {
        let (label, ending) = self.web.split_once('.')?;
        if ending.contains('.')
            || PRIVATE.iter().any(|private| private.eq_ignore_ascii_case(ending))
        {
            return None;
        }
        Some(format!(
            "`{}` is a whole domain, and Quilt uses two hosts beside it: `{}` and `{}`, which are other domains and may belong to anybody. Write a host \
             inside the domain, such as `quilt.{label}.{ending}`.",
            self.web, self.registry, self.s3_proxy
        ))
    }

    /// Where every identity provider sends people back to.
    pub fn callback_url(&self) -> String {
        format!("{}/oauth-callback", self.url())
    }

    /// Where people open it.
    pub fn url(&self) -> String {
        format!("https://{}", self.web)
    }

    /// Every name that needs a record, with its target.
    pub fn cnames(&self, target: &str) -> BTreeMap<String, String> {
        [&self.web, &self.registry, &self.s3_proxy]
            .map(|host| (host.clone(), target.to_string()))
            .into()
    }
}

/// A host without scheme, path and surrounding space.
pub fn bare(host: &str) -> String {
    let host = host.trim();
    let host =
        host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).unwrap_or(host);
    host.split('/').next().unwrap_or(host).trim().to_string()
}

/// It may stand in DNS.
pub fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hosts_from_one() {
        let hosts = Hosts::of("https://quilt.example.com/").unwrap();
        assert_eq!(
            (hosts.registry.as_str(), hosts.s3_proxy.as_str()),
            ("quilt-registry.example.com", "quilt-s3-proxy.example.com")
        );
        assert_eq!(hosts.url(), "https://quilt.example.com");
        assert_eq!(hosts.cnames("lb").len(), 3);
        assert_eq!(Hosts::of("localhost"), None);
        assert_eq!(bare(" http:// a.b \t/ x"), "a.b");
    }

    #[test]
    fn the_hosts_beside_a_whole_domain_may_be_anybody_s() {
        let doubt = |web: &str| Hosts::checked(web).unwrap().doubt();
        let why = doubt("acme.com").unwrap();
        assert!(why.contains("`acme-registry.com`") && why.contains("`quilt.acme.com`"), "{why}");
        for web in ["quilt.acme.com", "quilt.internal", "quilt.LOCAL", "a.b.co"] {
            assert_eq!(doubt(web), None, "{web}");
        }
    }

    #[test]
    fn hosts_that_cannot_stand_in_dns() {
        assert!(Hosts::checked("Quilt-1.example.com").is_ok());
        for (web, says) in [
            ("https://quilt.example.com", "Write `quilt.example.com`."),
            ("quilt.example.com ", "Write `quilt.example.com`."),
            ("quilt", "has no domain"),
            ("", "has no domain"),
            ("quilt..com", "is not a host name"),
            ("-quilt.example.com", "is not a host name"),
            ("qu ilt.example.com", "is not a host name"),
            ("*.example.com", "is not a host name"),
            (&format!("{}.example.com", "q".repeat(55)), "is too long: Quilt also uses `qqq"),
        ] {
            let why = Hosts::checked(web).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }
}
