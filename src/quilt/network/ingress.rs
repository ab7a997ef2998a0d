//! The ranges users of a Quilt network come from: their rules, and the places the template has for them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnetwork::IpNetwork;

/// How many ranges of each family the template has places for.
pub const MOST: usize = 10;

/// The range written as `text`, of either family. Only the one way each range is written is taken: AWS answers in no other, and a
/// difference in spelling would be a change at every plan.
pub(super) fn range(text: &str) -> Result<IpNetwork, String> {
    let range: Option<IpNetwork> = text.contains('/').then(|| text.parse().ok()).flatten();
    let range = range.ok_or_else(|| match text.trim().parse::<IpAddr>() {
        Ok(address) => {
            let all = if address.is_ipv4() { 32 } else { 128 };
            format!("`{text}` is an address, not a range. For this address alone write `{address}/{all}`.")
        }
        Err(_) => format!("`{text}` is not a range. Write one such as 10.0.0.0/16."),
    })?;
    let network = IpNetwork::new(range.network(), range.prefix()).unwrap_or(range);
    if network != range {
        return Err(format!(
            "`{text}` is an address inside a range, not the range. Write `{network}`."
        ));
    }
    if network.to_string() != text {
        return Err(format!("`{text}` is not how this range is written. Write {network}."));
    }
    Ok(network)
}

/// Checks one range of `ingress_cidrs`.
pub fn check_range(text: &str) -> Result<(), String> {
    range(text).map(drop)
}

/// Checks `ingress_cidrs` as a whole.
pub fn check_ranges(ranges: &BTreeSet<String>) -> Result<(), String> {
    if ranges.is_empty() {
        return Err("It is empty: nobody could reach Quilt. Name the ranges users come from, or leave it out for 0.0.0.0/0.".into());
    }
    let over = by_family(ranges).into_iter().find(|(_, ranges)| ranges.len() > MOST);
    over.map_or(Ok(()), |(family, ranges)| {
        Err(format!(
            "It has {} {family} ranges, and at most {MOST} of each family are possible. Join neighbouring ranges into larger ones.",
            ranges.len()
        ))
    })
}

/// The template's parameters for the ranges; empty ones for the places left.
pub(super) fn parameters(ranges: &BTreeSet<String>) -> BTreeMap<String, String> {
    let families = by_family(ranges).into_iter();
    let places = families.flat_map(|(family, ranges)| {
        let mut ranges = ranges.into_iter().cloned();
        (0..MOST).map(move |place| (parameter(family, place), ranges.next().unwrap_or_default()))
    });
    places.collect()
}

/// The ranges a stack was made with.
pub(super) fn of(parameters: &BTreeMap<String, String>) -> BTreeSet<String> {
    let names = ["IPv4", "IPv6"]
        .into_iter()
        .flat_map(|family| (0..MOST).map(move |place| parameter(family, place)));
    names
        .filter_map(|name| parameters.get(&name))
        .filter(|range| !range.is_empty())
        .cloned()
        .collect()
}

fn by_family(ranges: &BTreeSet<String>) -> [(&'static str, Vec<&String>); 2] {
    let (ipv6, ipv4) = ranges.iter().partition(|range| range.contains(':'));
    [("IPv4", ipv4), ("IPv6", ipv6)]
}

fn parameter(family: &str, place: usize) -> String {
    format!("Ingress{}Cidr{}", family.replace("IP", "Ip"), place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(count: usize, range: impl Fn(usize) -> String) -> BTreeSet<String> {
        (0..count).map(range).collect()
    }

    #[test]
    fn good_ranges() {
        for good in [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "203.0.113.7/32",
            "::/0",
            "2001:db8::/32",
            "2001:db8::1/128",
        ] {
            assert_eq!(check_range(good), Ok(()));
        }
    }

    #[test]
    fn bad_ranges() {
        for (bad, text) in [
            ("everywhere", "`everywhere` is not a range. Write one such as 10.0.0.0/16."),
            (
                "203.0.113.7",
                "`203.0.113.7` is an address, not a range. For this address alone write `203.0.113.7/32`.",
            ),
            (
                "10.1.2.3/8",
                "`10.1.2.3/8` is an address inside a range, not the range. Write `10.0.0.0/8`.",
            ),
            (
                "2001:db8::1/32",
                "`2001:db8::1/32` is an address inside a range, not the range. Write `2001:db8::/32`.",
            ),
            (
                "2001:DB8:0::/32",
                "`2001:DB8:0::/32` is not how this range is written. Write 2001:db8::/32.",
            ),
        ] {
            assert_eq!(check_range(bad).unwrap_err(), text);
        }
    }

    #[test]
    fn ten_of_each_family_have_a_place() {
        let ipv4 = |count| ranges(count, |index| format!("10.{index}.0.0/16"));
        let ipv6 = |count| ranges(count, |index| format!("2001:db8:{index}::/48"));
        let full: BTreeSet<String> = ipv4(10).union(&ipv6(10)).cloned().collect();
        assert_eq!(check_ranges(&full), Ok(()));
        assert_eq!(of(&parameters(&full)), full);
        assert!(parameters(&full).values().all(|range| !range.is_empty()));
        assert_eq!(
            check_ranges(&ipv6(11)).unwrap_err(),
            "It has 11 IPv6 ranges, and at most 10 of each family are possible. Join neighbouring ranges into larger ones."
        );
        assert_eq!(
            check_ranges(&ipv4(12)).unwrap_err(),
            "It has 12 IPv4 ranges, and at most 10 of each family are possible. Join neighbouring ranges into larger ones."
        );
        assert!(
            check_ranges(&BTreeSet::new())
                .unwrap_err()
                .starts_with("It is empty: nobody could reach Quilt.")
        );
    }
}
