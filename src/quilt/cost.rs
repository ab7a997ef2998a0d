//! What a deployment costs at the least, by the table of Quilt's documentation.

use crate::quilt::search::Cluster;

/// The region whose prices they are.
pub const REGION: &str = "us-east-1";
/// The hours that the table is for: a month of 31 days.
pub const MONTH: i64 = 744;
/// The most hours that are counted: more than eleven years.
const MOST: i64 = 100_000;

/// Services by name, with their cents in a [`MONTH`].
const SERVICES: [(&str, i64); 3] =
    [("Elasticsearch Service", 51_683), ("RDS", 7_556), ("ECS (Fargate)", 2_664)];

/// What comes on top: by use, as the table says, and what the table does not name.
pub const LEFT_OUT: [&str; 9] = [
    "Lambda",
    "CloudTrail",
    "Athena",
    "S3",
    "load balancers",
    "NAT gateways and their addresses",
    "interface endpoints and transit gateways",
    "data transfer",
    "CloudWatch, WAF and KMS",
];

/// The cost of some hours, in cents.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Each service's.
    pub services: Vec<(&'static str, i64)>,
    /// All together.
    pub total: i64,
}

/// Thousandths of a dollar that an hour of a search domain's instance costs in [`REGION`], on demand. Those of m5 come to the sum that Quilt's own
/// module names; AWS changes prices, so people are told "about".
const INSTANCES: [(&str, i64); 10] = [
    ("m5.large", 142),
    ("m5.xlarge", 283),
    ("m5.2xlarge", 566),
    ("m5.4xlarge", 1133),
    ("m5.12xlarge", 3398),
    ("m6g.large", 128),
    ("m6g.xlarge", 256),
    ("m6g.2xlarge", 511),
    ("m6g.4xlarge", 1023),
    ("m6g.12xlarge", 3068),
];

/// The same for a GiB of its volumes and a month.
const VOLUMES: [(&str, i64); 2] = [("gp2", 135), ("gp3", 122)];

/// What a search domain costs in a [`MONTH`], in dollars: its nodes, masters and volumes at list prices. `None`: the table does not have them.
pub fn search(cluster: &Cluster) -> Option<i64> {
    let of = |table: &[(&str, i64)], name: &str| {
        table.iter().find(|(known, _)| *known == name).map(|(_, price)| *price)
    };
    let hour = |kind: &str| of(&INSTANCES, kind.strip_suffix(".elasticsearch").unwrap_or(kind));
    let masters = match (&cluster.dedicated_master_type, cluster.dedicated_master_count) {
        (_, 0) => 0,
        (Some(kind), count) => count.checked_mul(hour(kind)?)?,
        (None, _) => return None,
    };
    let nodes = cluster.instance_count.checked_mul(hour(&cluster.instance_type)?)?;
    let gib = cluster.instance_count.checked_mul(cluster.volume_size)?;
    let volumes = gib.checked_mul(of(&VOLUMES, &cluster.volume_type)?)?;
    let thousandths = nodes.checked_add(masters)?.checked_mul(MONTH)?.checked_add(volumes)?;
    Some(thousandths.checked_add(500)? / 1000)
}

/// What these hours cost.
///
/// # Errors
/// It is no number of hours.
pub fn baseline(hours: i64) -> Result<Cost, String> {
    if !(1..=MOST).contains(&hours) {
        return Err(format!(
            "{hours} is not a number of hours from 1 to {MOST}. A month of 31 days has {MONTH}."
        ));
    }
    // Half a cent is one.
    let part = |cents: i64| (2 * cents * hours + MONTH) / (2 * MONTH);
    let services: Vec<_> = SERVICES.map(|(name, cents)| (name, part(cents))).into();
    Ok(Cost { total: services.iter().map(|(_, cents)| cents).sum(), services })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quilt::search::size;

    /// The m5 default comes to what Quilt's own module names for it: nodes and masters at about $738.
    #[test]
    fn a_search_domain_costs_its_nodes_and_volumes() {
        let cost = |name: &str| search(&size(name).unwrap());
        let costs = ["small", "medium", "large", "x-large", "xx-large", "xxx-large", "xxxx-large"]
            .map(|name| cost(name).unwrap());
        assert_eq!(costs, [164, 943, 1166, 1796, 3307, 9348, 18_411]);
        let m5 = Cluster {
            instance_type: "m5.xlarge.elasticsearch".into(),
            dedicated_master_type: Some("m5.large.elasticsearch".into()),
            volume_size: 0,
            ..size("medium").unwrap()
        };
        assert_eq!(search(&m5), Some(738));
        let other = Cluster { instance_type: "r5.large.elasticsearch".into(), ..m5 };
        assert_eq!(search(&other), None);
    }

    #[test]
    fn a_month_costs_what_the_table_says() {
        let cost = baseline(MONTH).unwrap();
        assert_eq!((cost.services.as_slice(), cost.total), (&SERVICES[..], 61_903));
        assert_eq!(
            baseline(1).unwrap(),
            Cost {
                services: vec![("Elasticsearch Service", 69), ("RDS", 10), ("ECS (Fargate)", 4)],
                total: 83
            }
        );
        assert!([0, -1, i64::MAX, i64::MIN].iter().all(|hours| baseline(*hours).is_err()));
    }
}
