//! Function `subnets`: how the range of a network is divided.

use crate::arguments;
use crate::attributes;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::network::{Division, Tier};
use crate::tf::Value;

arguments! {
    /// The ranges of the subnets of a Quilt network, as `quilt_network` divides its own.
    ///
    /// For a network that is made by other means. Each of two zones gets half of the range; of that, private subnets get a half, public ones a
    /// quarter, intra ones an eighth, and the last eighth is spare.
    pub struct SubnetsArguments {
        /// The network's range, from /16 to /24, as `10.0.0.0/16`.
        cidr: String;
    }
}

attributes! {
    /// The ranges of a network, by what they are for.
    pub struct Ranges {
        /// For the services, which reach the internet through NAT; the first zone's first, as in every list here.
        private: Vec<String> = Computed;
        /// For an internet-facing load balancer and the NAT gateways.
        public: Vec<String> = Computed;
        /// For the database and the search domain, without a way out.
        intra: Vec<String> = Computed;
        /// For what comes later.
        spare: Vec<String> = Computed;
    }
}

/// Function `subnets`.
pub struct SubnetsFunction;

impl Function for SubnetsFunction {
    const NAME: &'static str = "subnets";
    const RETURNS: &'static str = "Two ranges for each tier.";
    type Arguments = SubnetsArguments;
    type Answer = Ranges;

    fn answer(SubnetsArguments { cidr }: SubnetsArguments) -> Result<Ranges, Refused> {
        let division = Division::of(&cidr).map_err(at("cidr"))?;
        let texts = |ranges: Vec<_>| {
            Value::Value(
                ranges.into_iter().map(|range: ipnetwork::Ipv4Network| range.to_string()).collect(),
            )
        };
        Ok(Ranges {
            private: texts(division.tier(Tier::Private)),
            public: texts(division.tier(Tier::Public)),
            intra: texts(division.tier(Tier::Intra)),
            spare: texts(division.spare()),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::functions::tests::{answered, refused};

    #[test]
    fn the_default_network_is_divided() {
        let expected = json!({
            "private": ["10.0.0.0/18", "10.0.128.0/18"],
            "public": ["10.0.64.0/19", "10.0.192.0/19"],
            "intra": ["10.0.96.0/20", "10.0.224.0/20"],
            "spare": ["10.0.112.0/20", "10.0.240.0/20"],
        });
        assert_eq!(answered(&SubnetsFunction, &["10.0.0.0/16".into()]), expected);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for cidr in ["10.0.0.0", "10.0.0.0/25", "10.0.0.1/16", "2001:db8::/56"] {
            assert_eq!(refused(&SubnetsFunction, &[cidr.into()]).0, Some(0), "{cidr}");
        }
    }
}
