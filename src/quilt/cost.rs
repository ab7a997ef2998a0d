//! What a deployment costs at the least, by the table of Quilt's documentation.

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
