//! Function `data_perimeter_policy`: from where the buckets of an organisation may be reached.

use crate::arguments;
use crate::kinds::function::{Extra, Function, Refused, at};
use crate::quilt::policy::named::check_partition;
use crate::quilt::policy::perimeter::{Perimeter, check_prefix, check_ranges, check_vpcs};

arguments! {
    /// The service control policy of a data perimeter: buckets whose names begin alike are reached from known networks only.
    ///
    /// Nothing is denied to a request that comes from one of the VPCs, or from one of the ranges of addresses, or by a principal with the tag, or by a service of AWS, for
    /// itself or for a principal. Try it on one clean bucket first, as a bucket policy with a `Principal` of `*`: a policy of the organisation can lock everybody
    /// out. Terraform is subject to it too: the prefix `quilt` is also that of buckets which hold templates.
    pub struct PerimeterArguments {
        /// How the names of the buckets begin, without `*`.
        bucket_prefix: String;
        /// Ids of the VPCs from whose S3 endpoints requests may come: Quilt's, and the one that users come through.
        vpc_ids: Vec<String>;
        /// Ranges of public addresses from which requests may come. It may be empty.
        ip_ranges: Vec<String>;
        /// Key of the tag by which a principal may come from anywhere, as `NetworkRestrictedExempt`: the way back in while the policy is tried. Null for none.
        exempt_tag: Option<String>;
        /// The partition of the buckets: `aws` unless said, or `aws-cn`, `aws-us-gov`.
        partition: Extra<String>;
    }
}

/// Function `data_perimeter_policy`.
pub struct DataPerimeterPolicyFunction;

impl Function for DataPerimeterPolicyFunction {
    const NAME: &'static str = "data_perimeter_policy";
    const RETURNS: &'static str =
        "The policy as JSON, for `content` of an `aws_organizations_policy`.";
    type Arguments = PerimeterArguments;
    type Answer = String;

    fn answer(arguments: PerimeterArguments) -> Result<String, Refused> {
        let PerimeterArguments {
            bucket_prefix,
            vpc_ids,
            ip_ranges,
            exempt_tag,
            partition: Extra(partition),
        } = arguments;
        let partition = partition.unwrap_or_else(|| "aws".into());
        check_prefix(&bucket_prefix).map_err(at("bucket_prefix"))?;
        check_vpcs(&vpc_ids, &ip_ranges).map_err(at("vpc_ids"))?;
        check_ranges(&ip_ranges).map_err(at("ip_ranges"))?;
        exempt_tag.as_deref().map_or(Ok(()), check_tag).map_err(at("exempt_tag"))?;
        check_partition(&partition).map_err(at("partition"))?;
        let longest = if ip_ranges.len() > vpc_ids.len() { "ip_ranges" } else { "vpc_ids" };
        Perimeter { bucket_prefix, vpc_ids, ip_ranges, exempt_tag, partition }
            .policy()
            .map_err(at(longest))
    }
}

/// The key of a tag as IAM takes it.
fn check_tag(key: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    let sound = (1..=128).contains(&key.chars().count())
        && key.chars().all(allowed)
        && !key.to_lowercase().starts_with("aws:");
    if sound {
        Ok(())
    } else {
        Err(format!(
            "`{key}` is not the key of a tag. Write one as `NetworkRestrictedExempt`, or null for none."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, list, refused};
    use crate::tf::Tree;

    fn arguments() -> [Tree; 5] {
        [
            "quilt".into(),
            list(&["vpc-1"]),
            list(&["192.0.2.0/24"]),
            "NetworkRestrictedExempt".into(),
            "aws-us-gov".into(),
        ]
    }

    #[test]
    fn the_partition_is_the_one_that_is_said() {
        let policy = answered(&DataPerimeterPolicyFunction, &arguments());
        assert!(policy.as_str().unwrap().contains("arn:aws-us-gov:s3:::quilt*/*"), "{policy}");
        let policy = answered(&DataPerimeterPolicyFunction, &arguments()[..4]);
        assert!(policy.as_str().unwrap().contains("arn:aws:s3:::quilt*/*"), "{policy}");
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        let wrong: [Tree; 5] = [
            "quilt*".into(),
            list(&["subnet-1"]),
            list(&["10.0.0.0/8"]),
            "a\"b".into(),
            "aws-gov".into(),
        ];
        for (argument, wrong) in wrong.into_iter().enumerate() {
            let mut given = arguments();
            given[argument] = wrong;
            assert_eq!(refused(&DataPerimeterPolicyFunction, &given).0, Some(argument));
        }
        let many: Vec<_> = (0..600).map(|n| format!("vpc-{n}")).collect();
        let [prefix, _, ranges, tag, partition] = arguments();
        let many = Tree::List(many.iter().map(|id| id.as_str().into()).collect());
        assert_eq!(
            refused(&DataPerimeterPolicyFunction, &[prefix, many, ranges, tag, partition]).0,
            Some(1)
        );
    }
}
