//! The parts of AWS that know nothing of each other, and their regions.

use crate::cloudformation::meant::near;

/// Every region there is, of all partitions.
#[rustfmt::skip]
pub const REGIONS: &[&str] = &[
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
    "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1",
    "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-isoe-west-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1",
    "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1",
    "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "us-isof-east-1",
    "us-isof-south-1", "us-west-1", "us-west-2",
];

/// A part of AWS with its own accounts, ARNs and hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The second part of every ARN, as `aws-cn`.
    pub name: &'static str,
    /// What the names of its regions begin with.
    regions: &'static str,
    /// The end of its hosts, as `amazonaws.com.cn`.
    pub suffix: &'static str,
    /// The end of its console's hosts, after the region; `None` where that is not public.
    pub console: Option<&'static str>,
    /// The end of its hosts that answer on IPv6 too; `None` where that is not public.
    pub ipv6: Option<&'static str>,
}

/// All of them. The commercial one is the first: a region that nobody knows is taken for one of its own.
#[rustfmt::skip]
pub const PARTITIONS: [Partition; 8] = [
    Partition { name: "aws", regions: "", suffix: "amazonaws.com", console: Some("console.aws.amazon.com"), ipv6: Some("api.aws") },
    Partition { name: "aws-cn", regions: "cn-", suffix: "amazonaws.com.cn", console: Some("console.amazonaws.cn"), ipv6: Some("api.amazonwebservices.com.cn") },
    Partition { name: "aws-us-gov", regions: "us-gov-", suffix: "amazonaws.com", console: Some("console.amazonaws-us-gov.com"), ipv6: Some("api.aws") },
    Partition { name: "aws-eusc", regions: "eusc-", suffix: "amazonaws.eu", console: Some("console.amazonaws-eusc.eu"), ipv6: Some("api.amazonwebservices.eu") },
    Partition { name: "aws-iso", regions: "us-iso-", suffix: "c2s.ic.gov", console: None, ipv6: None },
    Partition { name: "aws-iso-b", regions: "us-isob-", suffix: "sc2s.sgov.gov", console: None, ipv6: None },
    Partition { name: "aws-iso-e", regions: "eu-isoe-", suffix: "cloud.adc-e.uk", console: None, ipv6: None },
    Partition { name: "aws-iso-f", regions: "us-isof-", suffix: "csp.hci.ic.gov", console: None, ipv6: None },
];

/// The region is one of GovCloud's.
pub fn is_gov_cloud(region: &str) -> bool {
    of(region).name == "aws-us-gov"
}

/// Where a region is: `cn-…` in China, `us-gov-…` in GovCloud, the commercial partition otherwise.
pub fn of(region: &str) -> Partition {
    let [commercial, others @ ..] = PARTITIONS;
    others.into_iter().find(|other| region.starts_with(other.regions)).unwrap_or(commercial)
}

/// Of what is one for all regions of a partition: the end of its host, and the region that calls to it are signed for.
pub fn world(region: &str) -> (String, String) {
    let Partition { name, suffix, .. } = of(region);
    match name {
        "aws" => (suffix.into(), "us-east-1".into()),
        "aws-us-gov" => (format!("us-gov.{suffix}"), "us-gov-west-1".into()),
        "aws-cn" => (format!("cn-north-1.{suffix}"), "cn-north-1".into()),
        _ => (format!("{region}.{suffix}"), region.into()),
    }
}

/// By the second part of an ARN, as `aws-cn`.
pub fn named(name: &str) -> Option<Partition> {
    PARTITIONS.into_iter().find(|partition| partition.name == name)
}

/// What to write in place of a region that there is not.
pub fn correction(region: &str) -> String {
    match meant(region) {
        Some(meant) => format!("Did you mean `{meant}`?"),
        None => "A region is written as `eu-central-1`.".into(),
    }
}

/// The region that was probably meant: written in capitals, as a zone, or misspelt.
fn meant(region: &str) -> Option<&'static str> {
    let lower = region.trim().to_lowercase();
    let whole = lower.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let known = |name: &str| REGIONS.iter().find(|region| **region == name).copied();
    known(&lower).or_else(|| known(whole)).or_else(|| near(&lower, REGIONS.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_that_was_meant_is_found() {
        for (written, meant) in [
            ("US-EAST-1", "Did you mean `us-east-1`?"),
            ("us-east-1a", "Did you mean `us-east-1`?"),
            ("eu-central-l", "Did you mean `eu-central-1`?"),
            (" eu-west-1 ", "Did you mean `eu-west-1`?"),
            ("moon", "A region is written as `eu-central-1`."),
            ("", "A region is written as `eu-central-1`."),
        ] {
            assert_eq!(correction(written), meant, "{written}");
        }
    }

    #[test]
    fn regions_have_partitions() {
        for (region, name, suffix) in [
            ("eu-central-1", "aws", "amazonaws.com"),
            ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-west-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
            ("new-1", "aws", "amazonaws.com"),
        ] {
            assert_eq!((of(region).name, of(region).suffix), (name, suffix), "{region}");
            assert_eq!(named(name), Some(of(region)), "{region}");
        }
        assert_eq!(named("gcp"), None);
    }

    #[test]
    fn every_partition_has_regions() {
        let used = |p: &Partition| REGIONS.iter().any(|region| of(region) == *p);
        assert!(PARTITIONS.iter().all(used));
    }
}
