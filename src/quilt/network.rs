//! What a Quilt network is: its settings, and the parameters and outputs of the CloudFormation stack that they become.

mod division;
pub mod existing;
pub mod findings;
mod ingress;
mod outputs;

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::stack::Parameter;
use crate::quilt::templates::{self, Templates};

pub use division::{Division, Subnet, Tier};
pub use ingress::{MOST, check_range, check_ranges};
pub use outputs::NetworkOutputs;
#[cfg(test)]
pub use outputs::outputs;

/// The template's versions.
pub const TEMPLATES: Templates = Templates(&[include_str!("templates/network.yaml")]);

/// The range of a network about which nothing is said.
pub const CIDR: &str = "10.0.0.0/16";
const ZONE: &str = "AvailabilityZone";
const TRUE: &str = "true";

/// Checks `availability_zones`: two different ones, by name.
pub fn check_zones(zones: &[String]) -> Result<[String; 2], String> {
    if let Some(id) = zones.iter().find(|zone| zone.contains("-az")) {
        return Err(format!("`{id}` is the id of a zone. Write its name, such as eu-west-1a."));
    }
    match zones {
        [first, second] if first.is_empty() || second.is_empty() => {
            Err("A zone's name is empty. Write it such as eu-west-1a.".into())
        }
        [first, second] if first == second => Err(format!(
            "Both are `{first}`. The load balancer and the database need two different zones."
        )),
        [first, second] => Ok([first.clone(), second.clone()]),
        others => Err(format!(
            "Two zones are needed; this list has {}. Leave `availability_zones` out for the first two of the region.",
            others.len()
        )),
    }
}

/// The settings of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its range and those of its subnets.
    pub division: Division,
    /// The two zones; `None` lets CloudFormation take the first two of the region.
    pub availability_zones: Option<[String; 2]>,
    /// Users come from private networks only.
    pub internal: bool,
    /// The way out of the private subnets.
    pub nat_gateways: NatGateways,
    /// Subnets have IPv6 addresses too.
    pub ipv6: bool,
    /// There is an interface endpoint for API Gateway.
    pub api_gateway_endpoint: bool,
    /// There is a gateway endpoint for S3.
    pub s3_gateway_endpoint: bool,
    /// Ranges users come from.
    pub ingress_cidrs: BTreeSet<String>,
}

/// The way out of the private subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatGateways {
    /// A NAT gateway in each zone.
    OnePerAz,
    /// One NAT gateway for both zones.
    Single,
    /// No way out.
    None,
}

impl NatGateways {
    /// All of them, in the order they are named to people.
    pub const ALL: [NatGateways; 3] =
        [NatGateways::OnePerAz, NatGateways::Single, NatGateways::None];

    /// The word for it in configurations and in the template.
    pub fn word(self) -> &'static str {
        match self {
            NatGateways::OnePerAz => "one_per_az",
            NatGateways::Single => "single",
            NatGateways::None => "none",
        }
    }

    /// What the word stands for.
    pub fn of(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|mode| mode.word() == word);
        found.ok_or_else(|| format!("It is `{word}`. Write `one_per_az`, `single` or `none`."))
    }
}

impl Network {
    /// The parameters of its stack: all that the template has, so that none depends on what the stack had before.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let [zone1, zone2] = self.availability_zones.clone().unwrap_or_default();
        let mut parameters: BTreeMap<String, String> = [
            ("Cidr", self.division.cidr.to_string()),
            ("AvailabilityZone1", zone1),
            ("AvailabilityZone2", zone2),
            ("Internal", self.internal.to_string()),
            ("NatGateways", self.nat_gateways.word().to_string()),
            ("Ipv6", self.ipv6.to_string()),
            ("ApiGatewayEndpoint", self.api_gateway_endpoint.to_string()),
            ("S3GatewayEndpoint", self.s3_gateway_endpoint.to_string()),
        ]
        .map(|(name, value)| (name.to_string(), value))
        .into();
        parameters.extend(
            self.division
                .subnets
                .iter()
                .map(|subnet| (subnet.parameter(), subnet.cidr.to_string())),
        );
        parameters.extend(ingress::parameters(&self.ingress_cidrs));
        parameters
    }

    /// What an update of a stack with the parameters `live` sends; `None`: it has them all. What a subnet is made with stays: its range is
    /// not sent again, and `zones` are those that were chosen at the creation. `template`: the text of another version, when it changes.
    pub fn changes(
        &self,
        live: &BTreeMap<String, String>,
        zones: Option<[String; 2]>,
        template: Option<&str>,
    ) -> Option<BTreeMap<String, Parameter>> {
        let mut wanted = Network { availability_zones: zones, ..self.clone() }.parameters();
        let fixed: BTreeSet<String> =
            self.division.subnets.iter().map(Subnet::parameter).chain(["Cidr".into()]).collect();
        if template.is_some() {
            let fixed: Vec<_> = fixed.iter().map(String::as_str).collect();
            return templates::changes(&wanted, live, &fixed, template);
        }
        wanted.retain(|name, _| !fixed.contains(name));
        let same = wanted
            .iter()
            .all(|(name, value)| name.starts_with(ZONE) || live.get(name) == Some(value));
        let sent = wanted.into_iter().map(|(name, value)| (name, Parameter::Value(value)));
        (!same).then(|| {
            sent.chain(fixed.into_iter().map(|name| (name, Parameter::Previous))).collect()
        })
    }

    /// The settings a stack was made with.
    pub fn of(parameters: &BTreeMap<String, String>) -> Result<Self, String> {
        let text = |name: &str| member(parameters, "parameter", name);
        let flag = |name: &str| text(name).map(|value| value == TRUE);
        let mut division = Division::of(text("Cidr")?)?;
        for subnet in &mut division.subnets {
            subnet.cidr = division::network(text(&subnet.parameter())?)?;
        }
        let zones =
            [text("AvailabilityZone1")?.to_string(), text("AvailabilityZone2")?.to_string()];
        Ok(Network {
            division,
            availability_zones: zones.iter().all(|zone| !zone.is_empty()).then_some(zones),
            internal: flag("Internal")?,
            nat_gateways: NatGateways::of(text("NatGateways")?)?,
            ipv6: flag("Ipv6")?,
            api_gateway_endpoint: flag("ApiGatewayEndpoint")?,
            s3_gateway_endpoint: flag("S3GatewayEndpoint")?,
            ingress_cidrs: ingress::of(parameters),
        })
    }
}

fn member<'a>(of: &'a BTreeMap<String, String>, kind: &str, name: &str) -> Result<&'a str, String> {
    let value = of.get(name).map(String::as_str);
    value.ok_or_else(|| {
        format!("It has no {kind} `{name}`, which every stack of a Quilt network has.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Network {
        Network {
            division: Division::of("10.0.0.0/16").unwrap(),
            availability_zones: None,
            internal: false,
            nat_gateways: NatGateways::OnePerAz,
            ipv6: true,
            api_gateway_endpoint: false,
            s3_gateway_endpoint: true,
            ingress_cidrs: ["0.0.0.0/0".to_string()].into(),
        }
    }

    /// Names in a section of the template, with whether they have a default.
    fn declared(section: &str) -> BTreeMap<String, bool> {
        let text = TEMPLATES.of("1").unwrap();
        let lines = text
            .lines()
            .skip_while(|line| *line != format!("{section}:"))
            .skip(1)
            .take_while(|line| line.is_empty() || line.starts_with("  "));
        lines
            .filter_map(|line| {
                Some((
                    line.strip_prefix("  ")?.split_once(": {")?.0.to_string(),
                    line.contains("Default:"),
                ))
            })
            .collect()
    }

    #[test]
    fn the_template_declares_what_is_sent_and_no_more() {
        let sent: Vec<String> = network().parameters().into_keys().collect();
        assert_eq!(declared("Parameters").into_keys().collect::<Vec<_>>(), sent);
    }

    #[test]
    fn the_template_puts_out_what_is_read() {
        let conditional = ["ApiGatewayEndpointId", "UserSubnetIds"].map(str::to_string);
        let read: BTreeSet<String> = outputs().into_keys().chain(conditional).collect();
        assert_eq!(declared("Outputs").into_keys().collect::<BTreeSet<_>>(), read);
    }

    #[test]
    fn the_template_tells_its_version_and_fits_in_a_request() {
        let text = TEMPLATES.of("1").unwrap();
        assert!(
            text.contains("\n  Quilt:\n    TemplateVersion: \"1\"\n")
                && text.contains("\n  TemplateVersion: {Value: \"1\"}\n")
        );
        assert!(text.len() < 51_200, "{}", text.len());
    }

    #[test]
    fn the_parameters_of_a_network() {
        let mut parameters = network().parameters();
        parameters.retain(|_, value| !value.is_empty());
        let lines: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            lines,
            [
                "ApiGatewayEndpoint=false",
                "Cidr=10.0.0.0/16",
                "IngressIpv4Cidr1=0.0.0.0/0",
                "Internal=false",
                "IntraCidr1=10.0.96.0/20",
                "IntraCidr2=10.0.224.0/20",
                "Ipv6=true",
                "NatGateways=one_per_az",
                "PrivateCidr1=10.0.0.0/18",
                "PrivateCidr2=10.0.128.0/18",
                "PublicCidr1=10.0.64.0/19",
                "PublicCidr2=10.0.192.0/19",
                "S3GatewayEndpoint=true",
            ]
        );
    }

    #[test]
    fn settings_come_back_from_the_stack() {
        let zones = ["us-gov-west-1a".to_string(), "us-gov-west-1c".to_string()];
        let other = Network {
            division: Division::of("172.16.4.0/24").unwrap(),
            availability_zones: Some(zones),
            internal: true,
            nat_gateways: NatGateways::None,
            ipv6: false,
            api_gateway_endpoint: true,
            s3_gateway_endpoint: false,
            ingress_cidrs: ["10.0.0.0/8", "2001:db8::/32", "192.168.0.0/16"]
                .map(str::to_string)
                .into(),
        };
        for network in [network(), other] {
            assert_eq!(Network::of(&network.parameters()), Ok(network));
        }
    }

    #[test]
    fn an_update_sends_what_may_change_and_keeps_what_subnets_are_made_with() {
        let (live, zones) = (network().parameters(), || Some(["a".to_string(), "b".to_string()]));
        assert_eq!(network().changes(&live, zones(), None), None);
        let single = Network { nat_gateways: NatGateways::Single, ..network() };
        let sent = single.changes(&live, zones(), None).unwrap();
        let value = |text: &str| Parameter::Value(text.into());
        assert_eq!(sent.keys().collect::<Vec<_>>(), live.keys().collect::<Vec<_>>());
        assert_eq!(
            (&sent["NatGateways"], &sent["AvailabilityZone2"]),
            (&value("single"), &value("b"))
        );
        assert_eq!(
            (&sent["Cidr"], &sent["IntraCidr2"]),
            (&Parameter::Previous, &Parameter::Previous)
        );
        assert_eq!(sent["IngressIpv4Cidr1"], value("0.0.0.0/0"));
    }

    #[test]
    fn a_stack_of_another_kind_is_told_apart() {
        let mut parameters = network().parameters();
        parameters.remove("Ipv6");
        assert_eq!(
            Network::of(&parameters).unwrap_err(),
            "It has no parameter `Ipv6`, which every stack of a Quilt network has."
        );
    }

    #[test]
    fn zones() {
        let check = |zones: &[&str]| {
            check_zones(&zones.iter().map(|zone| zone.to_string()).collect::<Vec<_>>())
        };
        assert_eq!(
            check(&["eu-west-1c", "eu-west-1a"]),
            Ok(["eu-west-1c".to_string(), "eu-west-1a".to_string()])
        );
        for (zones, text) in [
            (
                &[][..],
                "Two zones are needed; this list has 0. Leave `availability_zones` out for the first two of the region.",
            ),
            (
                &["eu-west-1a"],
                "Two zones are needed; this list has 1. Leave `availability_zones` out for the first two of the region.",
            ),
            (
                &["a", "b", "c"],
                "Two zones are needed; this list has 3. Leave `availability_zones` out for the first two of the region.",
            ),
            (
                &["a", "a"],
                "Both are `a`. The load balancer and the database need two different zones.",
            ),
            (&["a", ""], "A zone's name is empty. Write it such as eu-west-1a."),
            (
                &["euw1-az1", "euw1-az2"],
                "`euw1-az1` is the id of a zone. Write its name, such as eu-west-1a.",
            ),
        ] {
            assert_eq!(check(zones).unwrap_err(), text);
        }
    }

    #[test]
    fn words_for_nat_gateways() {
        for mode in NatGateways::ALL {
            assert_eq!(NatGateways::of(mode.word()), Ok(mode));
        }
        assert_eq!(
            NatGateways::of("two").unwrap_err(),
            "It is `two`. Write `one_per_az`, `single` or `none`."
        );
    }
}
