//! The data perimeter: from where the buckets of Quilt may be reached, as a service control policy.

use ipnetwork::IpNetwork;

use super::{Entries, Statement, Words, distinct, policy};
use crate::quilt::network::check_range;

/// The most letters of a service control policy.
const MOST: usize = 5120;
/// Ranges that AWS never sees a request come from: whoever is in them reaches S3 through an endpoint of a VPC, or by another address.
const PRIVATE: [&str; 5] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/// Who is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Perimeter {
    /// How the names of the buckets begin.
    pub bucket_prefix: String,
    /// The VPCs from whose endpoints requests may come.
    pub vpc_ids: Vec<String>,
    /// The public addresses from which requests may come.
    pub ip_ranges: Vec<String>,
    /// The tag of principals that may come from anywhere.
    pub exempt_tag: Option<String>,
    /// The partition of the buckets.
    pub partition: String,
}

impl Perimeter {
    /// The policy. Whoever meets one of the conditions passes: all of them have to be false before anything is denied.
    ///
    /// # Errors
    /// It is longer than AWS takes.
    pub fn policy(&self) -> Result<String, String> {
        let buckets = format!("arn:{}:s3:::{}*", self.partition, self.bucket_prefix);
        let text = policy([Statement {
            sid: Some("PreventUnexpectedNetworksButAllowAWSServices"),
            effect: "Deny",
            action: Words::of(["s3:*"]),
            resource: Some(Words::of([buckets.clone(), format!("{buckets}/*")])),
            condition: Some(self.outside()),
            ..Statement::default()
        }]);
        match text.len() {
            ..=MOST => Ok(text),
            length => Err(format!(
                "The policy would have {length} letters, and a service control policy has {MOST} at the most. Name fewer."
            )),
        }
    }

    /// A condition with an empty list would hold for nobody or everybody, so there is none.
    fn outside(&self) -> Entries<Entries<Words>> {
        let of = |operator: &str, entries: Vec<(String, Words)>| {
            let entries: Vec<_> =
                entries.into_iter().filter(|(_, words)| !words.0.is_empty()).collect();
            (operator.to_string(), Entries(entries))
        };
        let tag = self
            .exempt_tag
            .iter()
            .map(|tag| (format!("aws:PrincipalTag/{tag}"), Words::of(["true"])))
            .collect();
        let service = ["aws:PrincipalIsAWSService", "aws:ViaAWSService"]
            .map(|key| (key.to_string(), Words::of(["false"])));
        let all = vec![
            of(
                "StringNotEqualsIfExists",
                vec![("aws:SourceVpc".into(), Words(distinct(&self.vpc_ids)))],
            ),
            of("Null", tag),
            of(
                "NotIpAddressIfExists",
                vec![("aws:SourceIp".into(), Words(distinct(&self.ip_ranges)))],
            ),
            of("Bool", service.into()),
        ];
        Entries(all.into_iter().filter(|(_, entries)| !entries.0.is_empty()).collect())
    }
}

/// Checks how the names of buckets begin.
///
/// # Errors
/// No bucket begins so.
pub fn check_prefix(text: &str) -> Result<(), String> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    match (text.is_empty(), begins && text.len() <= 63 && text.bytes().all(allowed)) {
        (true, _) => {
            Err("It is empty: every bucket of the organisation would be inside the perimeter. Write how the names begin, as `quilt`."
                .into())
        }
        (_, true) => Ok(()),
        (_, false) => Err(format!(
            "`{text}` is not how the name of a bucket begins: small letters, digits, dots and hyphens, and no `*`. Write it as `quilt`."
        )),
    }
}

/// Checks the VPCs, beside the ranges of addresses.
///
/// # Errors
/// One is none, or nobody would be left inside.
pub fn check_vpcs(vpcs: &[String], ranges: &[String]) -> Result<(), String> {
    if vpcs.is_empty() && ranges.is_empty() {
        return Err(
            "Neither a VPC nor a range of addresses is named: only services of AWS would reach the buckets. Name Quilt's VPC.".into()
        );
    }
    let is_id = |id: &str| {
        id.strip_prefix("vpc-")
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    let wrong = vpcs.iter().find(|id| !is_id(id));
    wrong.map_or(Ok(()), |id| {
        Err(format!("`{id}` is not the id of a VPC. Write it as `vpc-0123456789abcdef0`."))
    })
}

/// Checks the ranges of addresses.
///
/// # Errors
/// One is none, or not one that AWS sees.
pub fn check_ranges(ranges: &[String]) -> Result<(), String> {
    ranges.iter().try_for_each(|text| {
        check_range(text)?;
        let Ok(range) = text.parse::<IpNetwork>() else { return Ok(()) };
        if range.prefix() == 0 {
            return Err(format!("`{text}` is everywhere: there would be no perimeter. Write the ranges that people come from."));
        }
        let inside = PRIVATE.into_iter().filter_map(|private| private.parse().ok()).find(|private| within(range, *private));
        inside.map_or(Ok(()), |private| {
            Err(format!(
                "`{text}` is in {private}, which is private: S3 sees public addresses, and of whoever comes through an endpoint the VPC. \
                 Name that VPC in `vpc_ids`, or write the public addresses of the way out."
            ))
        })
    })
}

fn within(range: IpNetwork, wide: IpNetwork) -> bool {
    range.prefix() >= wide.prefix() && wide.contains(range.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_string()).collect()
    }

    fn documented() -> Perimeter {
        Perimeter {
            bucket_prefix: "quilt".into(),
            vpc_ids: all(&["vpc-LOCAL", "vpc-VPN"]),
            ip_ranges: all(&["192.0.2.0/24", "203.0.113.0/24"]),
            exempt_tag: Some("NetworkRestrictedExempt".into()),
            partition: "aws".into(),
        }
    }

    /// What Quilt's page on private endpoints describes: either VPC, the tag, the ranges, or a service of AWS.
    #[test]
    fn the_documented_policy() {
        let expected = concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"PreventUnexpectedNetworksButAllowAWSServices","Effect":"Deny","Action":"s3:*","#,
            r#""Resource":["arn:aws:s3:::quilt*","arn:aws:s3:::quilt*/*"],"Condition":{"StringNotEqualsIfExists":"#,
            r#"{"aws:SourceVpc":["vpc-LOCAL","vpc-VPN"]},"Null":{"aws:PrincipalTag/NetworkRestrictedExempt":"true"},"#,
            r#""NotIpAddressIfExists":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]},"#,
            r#""Bool":{"aws:PrincipalIsAWSService":"false","aws:ViaAWSService":"false"}}}]}"#
        );
        assert_eq!(documented().policy().as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_named_is_no_condition() {
        let bare = Perimeter {
            ip_ranges: vec![],
            exempt_tag: None,
            partition: "aws-cn".into(),
            ..documented()
        }
        .policy()
        .unwrap();
        assert!(
            bare.contains("arn:aws-cn:s3:::quilt*") && bare.contains("aws:SourceVpc"),
            "{bare}"
        );
        assert!(
            !bare.contains("Null")
                && !bare.contains("SourceIp")
                && !bare.contains("[]")
                && !bare.contains("{}"),
            "{bare}"
        );
        let many = (0..600).map(|n| format!("vpc-{n:017x}")).collect();
        assert!(
            Perimeter { vpc_ids: many, ..documented() }
                .policy()
                .unwrap_err()
                .contains("5120 at the most")
        );
    }

    #[test]
    fn what_would_lock_out_or_let_in_everybody_is_refused() {
        assert_eq!([check_prefix("quilt"), check_prefix("a.b-1")], [Ok(()), Ok(())]);
        for (prefix, says) in [
            ("", "every bucket"),
            ("quilt*", "no `*`"),
            ("Quilt", "small letters"),
            ("-a", "small letters"),
            ("a/b", "small letters"),
        ] {
            assert!(check_prefix(prefix).unwrap_err().contains(says), "{prefix}");
        }
        assert!(check_vpcs(&[], &[]).unwrap_err().contains("only services of AWS"));
        assert_eq!(check_vpcs(&[], &all(&["192.0.2.0/24"])), Ok(()));
        for id in ["", "vpc-", "subnet-1", "vpc-1 "] {
            assert!(
                check_vpcs(&all(&["vpc-1", id]), &[])
                    .unwrap_err()
                    .contains("is not the id of a VPC"),
                "{id}"
            );
        }
        for (range, says) in [
            ("0.0.0.0/0", "is everywhere"),
            ("::/0", "is everywhere"),
            ("10.1.0.0/16", "is in 10.0.0.0/8, which is private"),
            ("fd00::/8", "is in fc00::/7, which is private"),
            ("192.0.2.1", "is an address, not a range"),
            ("192.0.2.1/24", "Write `192.0.2.0/24`"),
        ] {
            assert!(
                check_ranges(&all(&["198.51.100.0/24", range])).unwrap_err().contains(says),
                "{range}"
            );
        }
        assert_eq!(check_ranges(&all(&["192.0.2.7/32", "2001:db8::/32"])), Ok(()));
    }
}
