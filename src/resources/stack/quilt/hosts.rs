//! The hosts that follow from the catalog's, and the DNS records that lead to them.

use crate::quilt::hosts::Hosts;
use crate::resources::stack::state::{StackState, Strings};
use crate::tf::Value;

/// Sets what follows from the catalog's hosts, `None` for another kind of stack: the names are known before the load balancer is.
pub fn derive(state: &mut StackState, hosts: Option<&Hosts>) {
    state.url = hosts.map(Hosts::url).into();
    state.registry_host = hosts.map(|h| h.registry.clone()).into();
    state.s3_proxy_host = hosts.map(|h| h.s3_proxy.clone()).into();
    state.cnames = match (hosts, &state.load_balancer_dns_name) {
        (None, _) | (_, Value::Null) => Value::Null,
        (Some(hosts), target) => Value::Value(records(hosts, target)),
    };
}

fn records(hosts: &Hosts, target: &Value<String>) -> Strings {
    hosts.cnames("").into_keys().map(|host| (host, target.clone())).collect()
}
