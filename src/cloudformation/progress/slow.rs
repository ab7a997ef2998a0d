//! How long what is slow takes, where a stack has no history of its own.

/// The type, and minutes for making and deleting it; a change takes about as long as making it.
const SLOW: [(&str, i64, i64); 9] = [
    ("AWS::RDS::DBInstance", 15, 8),
    ("AWS::RDS::DBCluster", 5, 5),
    ("AWS::Elasticsearch::Domain", 20, 15),
    ("AWS::OpenSearchService::Domain", 20, 15),
    ("AWS::CloudFront::Distribution", 5, 5),
    ("AWS::ECS::Service", 4, 3),
    ("AWS::EC2::NatGateway", 2, 2),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", 3, 1),
    ("AWS::Lambda::Function", 1, 20),
];

/// How long a resource of this type is expected to take, in milliseconds.
pub fn expected(kind: &str, deletion: bool) -> Option<i64> {
    let (_, made, gone) = SLOW.iter().find(|(slow, ..)| *slow == kind)?;
    Some(60_000 * if deletion { gone } else { made })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_takes_a_quarter_of_an_hour() {
        assert_eq!(expected("AWS::RDS::DBInstance", false), Some(900_000));
        assert_eq!(expected("AWS::SQS::Queue", false), None);
    }
}
