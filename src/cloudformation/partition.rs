//! AWS's regions and partitions.

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
    /// The end of its hosts, as `amazonaws.com.cn`.
    pub suffix: &'static str,
    /// The end of its console's hosts, after the region; `None` where that is not public.
    pub console: Option<&'static str>,
}

const COMMERCIAL: Partition =
    Partition { name: "aws", suffix: "amazonaws.com", console: Some("console.aws.amazon.com") };

/// By the beginnings of their regions.
const OTHERS: &[(&str, Partition)] = &[
    (
        "cn-",
        Partition {
            name: "aws-cn",
            suffix: "amazonaws.com.cn",
            console: Some("console.amazonaws.cn"),
        },
    ),
    (
        "us-gov-",
        Partition {
            name: "aws-us-gov",
            suffix: "amazonaws.com",
            console: Some("console.amazonaws-us-gov.com"),
        },
    ),
    (
        "eusc-",
        Partition {
            name: "aws-eusc",
            suffix: "amazonaws.eu",
            console: Some("console.amazonaws-eusc.eu"),
        },
    ),
    ("us-iso-", Partition { name: "aws-iso", suffix: "c2s.ic.gov", console: None }),
    ("us-isob-", Partition { name: "aws-iso-b", suffix: "sc2s.sgov.gov", console: None }),
    ("eu-isoe-", Partition { name: "aws-iso-e", suffix: "cloud.adc-e.uk", console: None }),
    ("us-isof-", Partition { name: "aws-iso-f", suffix: "csp.hci.ic.gov", console: None }),
];

/// The partition of a region; a region that nobody knows is taken for a commercial one.
pub fn of(region: &str) -> Partition {
    OTHERS
        .iter()
        .find(|(start, _)| region.starts_with(start))
        .map_or(COMMERCIAL, |(_, partition)| *partition)
}

/// The partition of this name.
pub fn named(name: &str) -> Option<Partition> {
    OTHERS
        .iter()
        .map(|(_, partition)| *partition)
        .chain([COMMERCIAL])
        .find(|partition| partition.name == name)
}

/// Every end of a host, the longer of two alike first.
pub fn suffixes() -> impl Iterator<Item = &'static str> {
    OTHERS.iter().map(|(_, p)| p.suffix).chain([COMMERCIAL.suffix])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_partitions() {
        let names = [
            "eu-central-1",
            "us-gov-west-1",
            "cn-north-1",
            "us-iso-east-1",
            "eusc-de-east-1",
            "new-1",
        ]
        .map(|r| of(r).name);
        assert_eq!(names, ["aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-eusc", "aws"]);
    }

    #[test]
    fn every_beginning_is_in_use() {
        assert!(OTHERS.iter().all(|(start, _)| REGIONS.iter().any(|r| r.starts_with(start))));
    }
}
