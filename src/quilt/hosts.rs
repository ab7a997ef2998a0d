//! The host names of a Quilt deployment, derived from the one people use.

use std::collections::BTreeMap;

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

    /// Where people open it.
    pub fn url(&self) -> String {
        format!("https://{}", self.web)
    }

    /// Every name that needs a record, with its target.
    pub fn cnames(&self, target: &str) -> BTreeMap<String, String> {
        [&self.web, &self.registry, &self.s3_proxy].map(|host| (host.clone(), target.to_string())).into()
    }
}

/// A host without scheme, path and surrounding space.
pub fn bare(host: &str) -> String {
    let host = host.trim();
    let host = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).unwrap_or(host);
    host.split('/').next().unwrap_or(host).trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hosts_from_one() {
        let hosts = Hosts::of("https://quilt.example.com/").unwrap();
        assert_eq!((hosts.registry.as_str(), hosts.s3_proxy.as_str()), ("quilt-registry.example.com", "quilt-s3-proxy.example.com"));
        assert_eq!(hosts.url(), "https://quilt.example.com");
        assert_eq!(hosts.cnames("lb").len(), 3);
        assert_eq!(Hosts::of("localhost"), None);
        assert_eq!(bare(" http:// a.b \t/ x"), "a.b");
    }
}
