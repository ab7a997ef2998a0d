//! How the range of a network is divided among its subnets.

use std::fmt;
use std::net::Ipv4Addr;

use ipnetwork::{IpNetwork, Ipv4Network};

/// Ranges AWS makes no networks in.
const FORBIDDEN: [&str; 4] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/// The share of a zone's half that no subnet has; see [`Tier::share`].
const SPARE: (u8, u32) = (4, 7);

/// A network's range with those of its six subnets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The network's range.
    pub cidr: Ipv4Network,
    /// The subnets: private, public, intra, within each the first zone first.
    pub subnets: Vec<Subnet>,
}

/// A subnet of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// What it is for.
    pub tier: Tier,
    /// 0 for the first zone, 1 for the second.
    pub zone_index: usize,
    /// Its range.
    pub cidr: Ipv4Network,
}

/// What a subnet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Services; reaches the internet through NAT.
    Private,
    /// Internet-facing load balancer and NAT gateways.
    Public,
    /// Database and search; no way out.
    Intra,
}

impl Tier {
    /// All of them, in the order they are listed to people.
    pub const ALL: [Tier; 3] = [Tier::Private, Tier::Public, Tier::Intra];

    /// Its name in the template.
    pub fn title(self) -> &'static str {
        match self {
            Tier::Private => "Private",
            Tier::Public => "Public",
            Tier::Intra => "Intra",
        }
    }

    /// Its share of a zone's half: how many bits longer its prefix is than the network's, and which block of that size it is.
    /// Private has the first half, public the third quarter, intra the seventh eighth; the last eighth is spare.
    fn share(self) -> (u8, u32) {
        match self {
            Tier::Private => (2, 0),
            Tier::Public => (3, 2),
            Tier::Intra => (4, 6),
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title().to_lowercase())
    }
}

impl Subnet {
    /// Tier and zone of every subnet, in the order of [`Division::subnets`].
    pub fn places() -> impl Iterator<Item = (Tier, usize)> {
        Tier::ALL.into_iter().flat_map(|tier| [(tier, 0), (tier, 1)])
    }

    /// The template's parameter for its range.
    pub fn parameter(&self) -> String {
        format!("{}Cidr{}", self.tier.title(), self.zone_index + 1)
    }
}

impl Division {
    /// Divides a range: each zone gets half.
    pub fn of(cidr: &str) -> Result<Self, String> {
        let cidr = network(cidr)?;
        check_size(cidr)?;
        check_place(cidr)?;
        let subnets = Subnet::places().map(|(tier, zone_index)| Subnet {
            tier,
            zone_index,
            cidr: part(cidr, tier.share(), zone_index as u32),
        });
        Ok(Division { cidr, subnets: subnets.collect() })
    }

    /// The ranges of a tier, the first zone's first.
    pub fn tier(&self, tier: Tier) -> Vec<Ipv4Network> {
        self.subnets.iter().filter(|subnet| subnet.tier == tier).map(|subnet| subnet.cidr).collect()
    }

    /// The ranges that no subnet has, the first zone's first.
    pub fn spare(&self) -> Vec<Ipv4Network> {
        [0, 1].map(|zone| part(self.cidr, SPARE, zone)).into()
    }
}

/// The IPv4 network written as `text`.
pub(super) fn network(text: &str) -> Result<Ipv4Network, String> {
    if let Ok(address) = text.trim().parse::<Ipv4Addr>() {
        return Err(format!(
            "`{text}` is an address, not a range: its size is missing. Write `{address}/16`, for example."
        ));
    }
    match super::ingress::range(text)? {
        IpNetwork::V4(cidr) => Ok(cidr),
        IpNetwork::V6(_) => Err(format!(
            "`{text}` is an IPv6 range; an IPv4 range such as 10.0.0.0/16 is needed. The IPv6 range is given by AWS."
        )),
    }
}

fn check_size(cidr: Ipv4Network) -> Result<(), String> {
    let sized = |word, bound| {
        format!(
            "{cidr} is too {word}: a Quilt network is from /16 (65,536 addresses) to /24 (256 addresses). Use {}/{bound}.",
            Ipv4Network::new(cidr.ip(), bound).map_or(cidr.ip(), |fit| fit.network())
        )
    };
    match cidr.prefix() {
        ..16 => Err(sized("large", 16)),
        16..=24 => Ok(()),
        25.. => Err(sized("small", 24)),
    }
}

fn check_place(cidr: Ipv4Network) -> Result<(), String> {
    let within = FORBIDDEN
        .into_iter()
        .find(|range| range.parse().is_ok_and(|range: Ipv4Network| range.overlaps(cidr)));
    within.map_or(Ok(()), |range| {
        Err(format!(
            "{cidr} is in {range}, where AWS makes no networks. Use a private range such as 10.0.0.0/16, 172.16.0.0/16 or 192.168.0.0/16."
        ))
    })
}

/// A share of a zone's half. Only for networks that `check_size` let pass, whose subnets are /28 at the least.
fn part(cidr: Ipv4Network, (longer, block): (u8, u32), zone: u32) -> Ipv4Network {
    let prefix = cidr.prefix() + longer;
    let block = (zone << (longer - 1)) + block;
    let address = u32::from(cidr.network()) + (block << (32 - prefix));
    Ipv4Network::new_checked(Ipv4Addr::from(address), prefix).unwrap_or(cidr)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnets(cidr: &str) -> Vec<String> {
        Division::of(cidr)
            .unwrap()
            .subnets
            .iter()
            .map(|subnet| format!("{} {} {}", subnet.tier, subnet.zone_index, subnet.cidr))
            .collect()
    }

    #[test]
    fn the_default_network() {
        assert_eq!(
            subnets("10.0.0.0/16"),
            [
                "private 0 10.0.0.0/18",
                "private 1 10.0.128.0/18",
                "public 0 10.0.64.0/19",
                "public 1 10.0.192.0/19",
                "intra 0 10.0.96.0/20",
                "intra 1 10.0.224.0/20"
            ]
        );
    }

    #[test]
    fn the_smallest_network() {
        assert_eq!(
            subnets("192.168.7.0/24"),
            [
                "private 0 192.168.7.0/26",
                "private 1 192.168.7.128/26",
                "public 0 192.168.7.64/27",
                "public 1 192.168.7.192/27",
                "intra 0 192.168.7.96/28",
                "intra 1 192.168.7.224/28"
            ]
        );
    }

    #[test]
    fn every_size_has_its_shares_and_an_eighth_of_each_half_to_spare() {
        for prefix in 16..=24 {
            let cidr: Ipv4Network = format!("10.128.0.0/{prefix}").parse().unwrap();
            let subnets = Division::of(&cidr.to_string()).unwrap().subnets;
            let (half, size) = (cidr.size() / 2, |subnet: &Subnet| subnet.cidr.size());
            for (index, subnet) in subnets.iter().enumerate() {
                let share = match subnet.tier {
                    Tier::Private => 2,
                    Tier::Public => 4,
                    Tier::Intra => 8,
                };
                let offset = u32::from(subnet.cidr.network()) - u32::from(cidr.network());
                assert_eq!(
                    (size(subnet), offset / half),
                    (half / share, subnet.zone_index as u32),
                    "{subnet:?}"
                );
                assert!(
                    subnet.cidr.is_subnet_of(cidr)
                        && !subnets[..index].iter().any(|other| other.cidr.overlaps(subnet.cidr)),
                    "{subnet:?}"
                );
            }
            assert_eq!(cidr.size() - subnets.iter().map(size).sum::<u32>(), 2 * half / 8);
            let spare = Division::of(&cidr.to_string()).unwrap().spare();
            assert_eq!(spare.iter().map(|range| range.size()).sum::<u32>(), 2 * half / 8);
            assert!(spare.iter().all(|range| range.is_subnet_of(cidr)
                && !subnets.iter().any(|subnet| subnet.cidr.overlaps(*range))));
        }
    }

    #[test]
    fn ranges_that_cannot_be_networks() {
        for (cidr, text) in [
            ("", "`` is not a range. Write one such as 10.0.0.0/16."),
            ("ten", "`ten` is not a range. Write one such as 10.0.0.0/16."),
            (
                "10.0.0.0",
                "`10.0.0.0` is an address, not a range: its size is missing. Write `10.0.0.0/16`, for example.",
            ),
            ("10.0.0/16", "`10.0.0/16` is not a range. Write one such as 10.0.0.0/16."),
            ("10.0.0.0/33", "`10.0.0.0/33` is not a range. Write one such as 10.0.0.0/16."),
            ("10.0.0.0/16 ", "`10.0.0.0/16 ` is not a range. Write one such as 10.0.0.0/16."),
            (
                "10.0.0.0/255.255.0.0",
                "`10.0.0.0/255.255.0.0` is not how this range is written. Write 10.0.0.0/16.",
            ),
            (
                "10.0.0.1/16",
                "`10.0.0.1/16` is an address inside a range, not the range. Write `10.0.0.0/16`.",
            ),
            (
                "10.0.128.0/16",
                "`10.0.128.0/16` is an address inside a range, not the range. Write `10.0.0.0/16`.",
            ),
            (
                "2001:db8::/56",
                "`2001:db8::/56` is an IPv6 range; an IPv4 range such as 10.0.0.0/16 is needed. The IPv6 range is given by AWS.",
            ),
            (
                "10.0.0.0/15",
                "10.0.0.0/15 is too large: a Quilt network is from /16 (65,536 addresses) to /24 (256 addresses). Use 10.0.0.0/16.",
            ),
            (
                "10.0.0.128/25",
                "10.0.0.128/25 is too small: a Quilt network is from /16 (65,536 addresses) to /24 (256 addresses). Use 10.0.0.0/24.",
            ),
            (
                "127.0.0.0/16",
                "127.0.0.0/16 is in 127.0.0.0/8, where AWS makes no networks. Use a private range such as 10.0.0.0/16, 172.16.0.0/16 or 192.168.0.0/16.",
            ),
            (
                "240.0.0.0/16",
                "240.0.0.0/16 is in 224.0.0.0/3, where AWS makes no networks. Use a private range such as 10.0.0.0/16, 172.16.0.0/16 or 192.168.0.0/16.",
            ),
        ] {
            assert_eq!(Division::of(cidr).unwrap_err(), text);
        }
    }
}
