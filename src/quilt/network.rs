//! What a Quilt network is: its settings, and the parameters and outputs of the CloudFormation stack that they become.

mod division;
pub mod existing;
pub mod findings;
pub mod flow_logs;
mod ingress;
mod outputs;
pub mod services;
pub mod transit;

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::stack::Parameter;
use crate::quilt::templates::{self, Templates};

pub use division::{Division, Subnet, Tier};
use flow_logs::FlowLogs;
pub use ingress::{MOST, check_range, check_ranges};
pub use outputs::NetworkOutputs;
#[cfg(test)]
pub use outputs::outputs;
use transit::Transit;

/// The template's versions.
pub const TEMPLATES: Templates =
    Templates(&[include_str!("templates/network.yaml"), include_str!("templates/network-2.yaml")]);

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
    /// The way out, where it is no NAT gateway.
    pub transit_gateway: Option<Transit>,
    /// Interface endpoints, by the service's name.
    pub interface_endpoints: BTreeSet<String>,
    /// What is recorded of the traffic.
    pub flow_logs: FlowLogs,
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

    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            NatGateways::OnePerAz => 2,
            NatGateways::Single => 1,
            NatGateways::None => 0,
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
        parameters.extend(self.young());
        parameters
    }

    /// Those of its parameters that the first version of the template does not have.
    fn young(&self) -> BTreeMap<String, String> {
        let transit = Transit::parameters(self.transit_gateway.as_ref());
        let all = transit.into_iter().chain(self.flow_logs.parameters());
        let named = all.map(|(name, value)| (name.to_string(), value));
        named.chain(services::parameters(&self.interface_endpoints)).collect()
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
        // What the stack's version of the template does not have cannot be sent to it.
        let young = self.young();
        let unknown = |name: &String| young.contains_key(name) && !live.contains_key(name);
        wanted.retain(|name, _| !fixed.contains(name) && !unknown(name));
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
            transit_gateway: Transit::of(parameters),
            interface_endpoints: services::of(parameters),
            flow_logs: FlowLogs::of(parameters)?,
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
mod tests;
