//! Load balancers: how the targets behind them answer.

use async_trait::async_trait;
use aws_types::SdkConfig;

use super::signed::Service;
use super::signed::query::{Node, Query};
use crate::outcome::{AwsErrorKind, Result};

const ELB: Service = Service {
    id: "Elastic Load Balancing v2",
    signs_as: "elasticloadbalancing",
    host: "elasticloadbalancing",
    fips_in_gov_cloud: true,
    global: false,
};

/// Load balancers and what they send people to.
#[async_trait]
pub trait Balancers: Send + Sync {
    /// The targets of a group, by its ARN; `None` when AWS says that it does not exist.
    async fn targets(&self, group: &str) -> Result<Option<Vec<Target>>>;
}

/// A target of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// Its address or id.
    pub id: String,
    /// `healthy`, `unhealthy`, `initial`, `draining`, `unused` or `unavailable`.
    pub state: String,
    /// Why it is not healthy, in AWS's words; empty where it is.
    pub reason: String,
}

/// Load balancers in one region.
pub struct Elb {
    query: Query,
}

impl Elb {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { query: Query::new(sdk, &ELB, "2015-12-01") }
    }
}

#[async_trait]
impl Balancers for Elb {
    async fn targets(&self, group: &str) -> Result<Option<Vec<Target>>> {
        let asked = [("TargetGroupArn".to_string(), group.to_string())];
        match self.query.call("describe the targets", "DescribeTargetHealth", &asked).await {
            Ok(answer) => Ok(Some(targets(&answer))),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

fn targets(answer: &Node) -> Vec<Target> {
    let result = answer.part("DescribeTargetHealthResult");
    let rows = result.map_or(&[][..], |result| result.items("TargetHealthDescriptions"));
    let text = |row: &Node, part: &str, name: &str| {
        row.part(part).map(|part| part.text(name)).unwrap_or_default()
    };
    let of = |row: &Node| Target {
        id: text(row, "Target", "Id"),
        state: text(row, "TargetHealth", "State"),
        reason: text(row, "TargetHealth", "Description"),
    };
    rows.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_with_what_is_wrong_with_each() {
        let leaf =
            |name: &str, text: &str| Node { name: name.into(), text: text.into(), parts: vec![] };
        let of =
            |name: &str, parts: Vec<Node>| Node { name: name.into(), parts, ..Node::default() };
        let health = vec![leaf("State", "unhealthy"), leaf("Description", "Request timed out")];
        let row = vec![of("Target", vec![leaf("Id", "10.0.1.7")]), of("TargetHealth", health)];
        let list = of("TargetHealthDescriptions", vec![of("member", row)]);
        let answer = of("R", vec![of("DescribeTargetHealthResult", vec![list])]);
        let [target] = <[Target; 1]>::try_from(targets(&answer)).unwrap();
        assert_eq!(
            (target.id.as_str(), target.state.as_str(), target.reason.as_str()),
            ("10.0.1.7", "unhealthy", "Request timed out")
        );
        assert_eq!(targets(&Node::default()), []);
    }
}
