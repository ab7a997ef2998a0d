//! A transit gateway as the private subnets' way out, instead of NAT.

use std::collections::BTreeMap;

/// The transit gateway of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Transit {
    /// Its id.
    pub id: String,
    /// It leads out over IPv6 too.
    pub ipv6_egress: bool,
}

impl Transit {
    /// The template's parameters, with a gateway or without.
    pub(super) fn parameters(transit: Option<&Self>) -> [(&'static str, String); 2] {
        [
            ("TransitGatewayId", transit.map(|it| it.id.clone()).unwrap_or_default()),
            ("TransitGatewayIpv6Egress", transit.is_some_and(|it| it.ipv6_egress).to_string()),
        ]
    }

    /// What a stack was made with; the first version of the template knows none.
    pub(super) fn of(parameters: &BTreeMap<String, String>) -> Option<Self> {
        let id = parameters.get("TransitGatewayId").filter(|id| !id.is_empty())?.clone();
        let ipv6 = parameters.get("TransitGatewayIpv6Egress").is_some_and(|it| it == super::TRUE);
        Some(Self { id, ipv6_egress: ipv6 })
    }
}

/// Checks `transit_gateway_id`.
pub fn check_id(id: &str) -> Result<(), String> {
    let digits = id.strip_prefix("tgw-").unwrap_or_default();
    if !digits.is_empty() && digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
        return Ok(());
    }
    Err(match id {
        _ if id.starts_with("tgw-attach-") => {
            format!(
                "`{id}` is an attachment of one. The network makes its own: write the gateway's id, as `tgw-0123456789abcdef0`."
            )
        }
        _ if id.starts_with("tgw-rtb-") => {
            format!(
                "`{id}` is a route table of one. Write the gateway's id, as `tgw-0123456789abcdef0`."
            )
        }
        _ if id.starts_with("arn:") => {
            format!("`{id}` is an ARN. Write the id in it, as `tgw-0123456789abcdef0`.")
        }
        _ => {
            format!("`{id}` is no id of a transit gateway. One looks like `tgw-0123456789abcdef0`.")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        assert_eq!(check_id("tgw-0123456789abcdef0"), Ok(()));
        for (bad, words) in [
            ("tgw-", "no id of a transit gateway"),
            ("nat-0123", "no id of a transit gateway"),
            ("tgw-XYZ", "no id of a transit gateway"),
            ("tgw-attach-0123", "The network makes its own"),
            ("tgw-rtb-0123", "a route table"),
            ("arn:aws:ec2:us-east-1:1:transit-gateway/tgw-0123", "an ARN"),
        ] {
            assert!(check_id(bad).is_err_and(|why| why.contains(words)), "{bad}");
        }
    }

    #[test]
    fn a_gateway_comes_back() {
        for transit in [None, Some(Transit { id: "tgw-1".into(), ipv6_egress: true })] {
            let sent = Transit::parameters(transit.as_ref());
            let sent = sent.map(|(name, value)| (name.to_string(), value)).into();
            assert_eq!(Transit::of(&sent), transit);
        }
        assert_eq!(Transit::of(&BTreeMap::new()), None);
    }
}
