//! The hosts that follow from the catalog's, and the DNS records that lead to them.

use std::collections::BTreeMap;

use crate::quilt::hosts::{Hosts, bare};
use crate::resources::stack::state::{StackState, Strings};
use crate::tf::{Value, known};

/// Where a record leads: `target` and `zone_id`.
const ENDS: [&str; 2] = ["target", "zone_id"];

/// Sets what follows from the catalog's hosts, `None` for another kind of stack: the names are known before the load balancer is.
pub fn derive(state: &mut StackState, hosts: Option<&Hosts>) {
    state.url = hosts.map(Hosts::url).into();
    state.registry_host = hosts.map(|h| h.registry.clone()).into();
    state.s3_proxy_host = hosts.map(|h| h.s3_proxy.clone()).into();
    records(state);
}

/// A load balancer: its name, and its hosted zone.
type End = (Value<String>, Value<String>);

/// Sets the records by the hosts and the load balancers. Their names are known where every host is.
pub fn records(state: &mut StackState) {
    let (cnames, aliases) = match (&state.url, &state.load_balancer_dns_name, &state.connect_host) {
        (Value::Null, ..) | (_, Value::Null, _) => (Value::Null, Value::Null),
        (Value::Unknown, ..) | (.., Value::Unknown) => (Value::Unknown, Value::Unknown),
        _ => {
            let ends = ends(state);
            let cnames = ends.iter().map(|(host, (target, _))| (host.clone(), target.clone()));
            (Value::Value(cnames.collect()), aliases(&ends))
        }
    };
    (state.cnames, state.aliases) = (cnames, aliases);
}

/// Where each host leads. Connect has a load balancer of its own.
fn ends(state: &StackState) -> BTreeMap<String, End> {
    let own = (state.load_balancer_dns_name.clone(), state.load_balancer_zone_id.clone());
    let web = state.url.as_ref().map(|url| bare(url));
    let hosts = [web, state.registry_host.clone(), state.s3_proxy_host.clone()];
    let hosts = hosts.into_iter().map(|host| (host, own.clone()));
    let connect =
        (state.connect_load_balancer_dns_name.clone(), state.connect_load_balancer_zone_id.clone());
    let connect = (!connect.0.is_null()).then(|| (state.connect_host.clone(), connect));
    hosts.chain(connect).filter_map(|(host, end)| Some((host.as_option()?, end))).collect()
}

/// The same for records of the type alias; null where no hosted zone is given out. What is not known at all is one line of a plan.
fn aliases(ends: &BTreeMap<String, End>) -> Value<BTreeMap<String, Value<Strings>>> {
    let all = ends.iter().filter(|(_, (_, zone))| !zone.is_null());
    let alias = |(target, zone): &End| -> Value<Strings> {
        if target.is_unknown() && zone.is_unknown() {
            return Value::Unknown;
        }
        let ends = ENDS.iter().map(ToString::to_string).zip([target.clone(), zone.clone()]);
        Value::Value(ends.collect())
    };
    let all: BTreeMap<_, _> = all.map(|(host, end)| (host.clone(), alias(end))).collect();
    if all.is_empty() { Value::Null } else { Value::Value(all) }
}

/// A host that an output gives out.
pub fn given_out(output: Option<&String>) -> Value<String> {
    output.map(|host| bare(host)).filter(|host| !host.is_empty()).map(known).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(connect: Value<String>) -> StackState {
        let mut state = StackState {
            load_balancer_dns_name: known("lb"),
            load_balancer_zone_id: known("Z1"),
            connect_host: connect,
            connect_load_balancer_dns_name: known("clb"),
            connect_load_balancer_zone_id: known("Z2"),
            ..StackState::default()
        };
        derive(&mut state, Hosts::of("quilt.example.com").as_ref());
        state
    }

    #[test]
    fn the_fourth_host_leads_to_a_load_balancer_of_its_own() {
        let state = state(known("prod-connect.example.com"));
        let cnames = state.cnames.unwrap();
        assert_eq!((cnames.len(), &cnames["prod-connect.example.com"]), (4, &known("clb")));
        let aliases = state.aliases.unwrap();
        let of = |host: &str| aliases[host].clone().unwrap();
        assert_eq!(of("quilt-registry.example.com")["zone_id"], known("Z1"));
        assert_eq!(of("prod-connect.example.com")["zone_id"], known("Z2"));
        assert_eq!(of("prod-connect.example.com")["target"], known("clb"));
    }

    #[test]
    fn without_it_there_are_three_and_while_it_is_open_none_is_known() {
        assert_eq!(state(Value::Null).cnames.unwrap().len(), 3);
        let open = state(Value::Unknown);
        assert!(open.cnames.is_unknown() && open.aliases.is_unknown());
        let open = Value::Unknown;
        let mut coming = StackState {
            load_balancer_dns_name: open.clone(),
            load_balancer_zone_id: open.clone(),
            ..StackState::default()
        };
        derive(&mut coming, Hosts::of("quilt.example.com").as_ref());
        assert!(coming.aliases.unwrap().values().all(Value::is_unknown), "the hosts are known");
    }

    #[test]
    fn a_zone_that_is_not_given_out_leaves_no_aliases() {
        let mut state =
            StackState { load_balancer_dns_name: Value::Unknown, ..StackState::default() };
        derive(&mut state, Hosts::of("quilt.example.com").as_ref());
        assert!(state.aliases.is_null());
        assert_eq!(state.cnames.unwrap()["quilt.example.com"], Value::Unknown);
        let mut other = StackState::default();
        derive(&mut other, None);
        assert!(other.cnames.is_null() && other.aliases.is_null());
    }
}
