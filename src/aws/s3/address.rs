//! Addresses of S3 objects, in all the ways people write them.

use std::net::IpAddr;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::cloudformation::partition::{self, PARTITIONS, REGIONS};
use crate::quilt::secret::MEANT;

/// An object.
#[derive(Debug, PartialEq)]
pub(super) struct Address {
    /// The name alone, without region and domain.
    pub bucket: String,
    /// The path inside the bucket, with its escapes undone.
    pub key: String,
    /// Version, where one is named.
    pub version: Option<String>,
    /// Region, where one is named.
    pub region: Option<String>,
}

/// The address that CloudFormation reads an object by: always AWS's own, whatever address we use ourselves.
pub(super) fn of(region: &str, bucket: &str, key: &str, version: Option<&str>) -> String {
    let host = format!("s3.{region}.{}", partition::of(region).suffix);
    let version = version
        .map(|version| format!("?versionId={}", utf8_percent_encode(version, MEANT)))
        .unwrap_or_default();
    match bucket.contains('.') {
        // AWS's certificate covers one name before the host, not several.
        true => format!("https://{host}/{bucket}/{key}{version}"),
        false => format!("https://{bucket}.{host}/{key}{version}"),
    }
}

/// A host that takes no name before it: an IP address or `localhost`.
pub(super) fn is_bare(endpoint: &str) -> bool {
    let host = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest)
        .split('/')
        .next()
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// `%2F` and its like; anything that is none stays.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Reads an address of AWS, an `s3://` one, or one below our own endpoint.
pub(super) fn read(url: &str, endpoint: Option<&str>) -> Option<Address> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let version = query.split('&').find_map(|pair| pair.strip_prefix("versionId=")).map(decoded);
    let below = endpoint.and_then(|e| place.strip_prefix(e.trim_end_matches('/')));
    let (bucket, key, region) =
        match (place.strip_prefix("s3://"), below.and_then(|b| b.strip_prefix('/'))) {
            (Some(path), _) | (None, Some(path)) => {
                path.split_once('/').map(|(b, k)| (b, k, None))?
            }
            (None, None) => of_aws(place)?,
        };
    let whole = !bucket.is_empty() && !key.is_empty();
    whole.then(|| Address { bucket: bucket.into(), key: decoded(key), version, region })
}

fn of_aws(place: &str) -> Option<(&str, &str, Option<String>)> {
    let (host, path) = place.strip_prefix("https://")?.split_once('/')?;
    let name = PARTITIONS.iter().find_map(|p| host.strip_suffix(p.suffix)?.strip_suffix('.'))?;
    let (bucket, service) = match name {
        _ if is_service(name) => ("", name),
        _ => name
            .match_indices('.')
            .map(|(i, _)| (&name[..i], &name[i + 1..]))
            .find(|(_, rest)| is_service(rest))?,
    };
    let region = service
        .trim_start_matches("s3")
        .trim_start_matches(['.', '-'])
        .trim_start_matches("dualstack.");
    let region = REGIONS.contains(&region).then(|| region.to_string());
    match bucket {
        "" => path.split_once('/').map(|(bucket, key)| (bucket, key, region)),
        bucket => Some((bucket, path, region)),
    }
}

/// `s3`, `s3.eu-central-1`, `s3-eu-central-1` or `s3.dualstack.eu-central-1`.
fn is_service(name: &str) -> bool {
    let rest = name.strip_prefix("s3").map(|rest| rest.strip_prefix(".dualstack").unwrap_or(rest));
    rest.is_some_and(|rest| {
        rest.is_empty() || REGIONS.contains(&rest.trim_start_matches(['.', '-']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Option<String> {
        let a = read(url, Some("http://localhost:4566/"))?;
        Some(format!(
            "{} {} {} {}",
            a.bucket,
            a.key,
            a.version.unwrap_or("-".into()),
            a.region.unwrap_or("-".into())
        ))
    }

    #[test]
    fn addresses_are_read() {
        let table = [
            ("https://b.s3.eu-central-1.amazonaws.com/a/k.yaml", "b a/k.yaml - eu-central-1"),
            ("https://my.b.s3.amazonaws.com/k", "my.b k - -"),
            ("https://b.s3-us-west-2.amazonaws.com/k?versionId=v%2B1", "b k v+1 us-west-2"),
            ("https://s3.cn-north-1.amazonaws.com.cn/b/k", "b k - cn-north-1"),
            ("https://s3.dualstack.eu-west-1.amazonaws.com/b/a%20b", "b a b - eu-west-1"),
            ("https://s3.amazonaws.com/b/k", "b k - -"),
            ("s3://b/a/k?x=1&versionId=2", "b a/k 2 -"),
            ("http://localhost:4566/b/k", "b k - -"),
        ];
        for (url, expected) in table {
            assert_eq!(parts(url).as_deref(), Some(expected), "{url}");
        }
        for url in [
            "https://example.com/b/k",
            "https://b.s3.amazonaws.com/",
            "s3://b",
            "http://b.s3.amazonaws.com/k",
            "https://evils3.amazonaws.com/b/k",
        ] {
            assert_eq!(parts(url), None, "{url}");
        }
    }

    #[test]
    fn addresses_for_cloudformation_follow_the_partition() {
        assert_eq!(
            of("eu-central-1", "b", "k", Some("v+1")),
            "https://b.s3.eu-central-1.amazonaws.com/k?versionId=v%2B1"
        );
        assert_eq!(of("cn-north-1", "b", "k", None), "https://b.s3.cn-north-1.amazonaws.com.cn/k");
        assert_eq!(
            of("us-gov-west-1", "my.b", "k", None),
            "https://s3.us-gov-west-1.amazonaws.com/my.b/k"
        );
    }

    #[test]
    fn bare_hosts_take_no_name_before_them() {
        let bare = [
            "http://127.0.0.1:4566",
            "http://localhost:4566/",
            "http://[::1]:1",
            "https://s3.example.com",
        ]
        .map(is_bare);
        assert_eq!(bare, [true, true, true, false]);
    }
}
