//! Function `cnames`: the DNS records of a deployment.

use std::collections::BTreeMap;

use crate::arguments;
use crate::attributes;
use crate::kinds::function::{Extra, Function, Refused, at};
use crate::quilt::hosts::{Hosts, is_host};
use crate::tf::Value;

attributes! {
    /// The way to Connect, which has a load balancer of its own.
    pub struct ConnectEnd {
        /// Its host name.
        host: String = Optional;
        /// The DNS name of its load balancer.
        target: String = Optional;
    }
}

arguments! {
    /// The DNS records of a Quilt deployment, all CNAME: host name to target.
    ///
    /// A `quilt_stack` has them as `cnames`. This function serves where the records are made apart from the stack, as for the switch from one
    /// deployment to another. There are three, and a fourth where Connect is on. A record of this kind cannot be at the top of a zone; for that take an alias record.
    pub struct CnamesArguments {
        /// Host name of the catalog, as `quilt.example.com`.
        web_host: String;
        /// What the records point to: the DNS name of the load balancer, as `load_balancer_dns_name` of a `quilt_stack`.
        target: String;
        /// Connect, as `{ host = quilt_stack.this.connect_host, target = quilt_stack.this.connect_load_balancer_dns_name }`. Where both are null Connect is off,
        /// and there is no record of it.
        connect: Extra<ConnectEnd>;
    }
}

/// Function `cnames`.
pub struct CnamesFunction;

impl Function for CnamesFunction {
    const NAME: &'static str = "cnames";
    const RETURNS: &'static str = "The target by host name, for `for_each`.";
    type Arguments = CnamesArguments;
    type Answer = BTreeMap<String, String>;

    fn answer(
        CnamesArguments { web_host, target, connect: Extra(connect) }: CnamesArguments,
    ) -> Result<BTreeMap<String, String>, Refused> {
        let hosts = Hosts::checked(&web_host).map_err(at("web_host"))?;
        check_target(&target).map_err(at("target"))?;
        let mut records = hosts.cnames(&target);
        let connect = connect.map_or(Ok(None), of_connect).map_err(at("connect"))?;
        if let Some((host, _)) = connect.as_ref().filter(|(host, _)| records.contains_key(host)) {
            return Err(at("connect")(format!(
                "`{host}` is a host of the deployment already. Connect has one of its own, as `connect_host` of a `quilt_stack` says."
            )));
        }
        records.extend(connect);
        Ok(records)
    }
}

/// Connect's record; `None` where it is off.
fn of_connect(ConnectEnd { host, target }: ConnectEnd) -> Result<Option<(String, String)>, String> {
    match (host, target) {
        (Value::Value(host), Value::Value(target)) => {
            if !is_name(&host) {
                return Err(format!(
                    "`{host}` is not a host name. Write one such as `quilt-connect.example.com`."
                ));
            }
            check_target(&target)?;
            Ok(Some((host, target)))
        }
        (Value::Value(_), _) => Err("`host` has no `target`. Give both, or null for both.".into()),
        (_, Value::Value(_)) => Err("`target` has no `host`. Give both, or null for both.".into()),
        _ => Ok(None),
    }
}

fn check_target(target: &str) -> Result<(), String> {
    if is_name(target.trim_end_matches('.')) {
        return Ok(());
    }
    Err(format!(
        "`{target}` is no DNS name. Give the one of the load balancer, without `https://`."
    ))
}

/// A name with a domain.
fn is_name(name: &str) -> bool {
    is_host(name) && name.contains('.')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::functions::tests::{answered, refused};
    use crate::tf::Tree;

    fn connect(host: Tree, target: Tree) -> Tree {
        Tree::Map([("host".to_string(), host), ("target".to_string(), target)].into())
    }

    fn with(connect: Tree) -> [Tree; 3] {
        ["quilt.example.com".into(), "lb.example.com".into(), connect]
    }

    #[test]
    fn every_host_points_to_the_target() {
        let lb = "internal-quilt-1.us-east-1.elb.amazonaws.com";
        let records = answered(&CnamesFunction, &["quilt.example.com".into(), lb.into()]);
        assert_eq!(
            records,
            json!({"quilt.example.com": lb, "quilt-registry.example.com": lb, "quilt-s3-proxy.example.com": lb})
        );
    }

    #[test]
    fn each_argument_is_refused_for_itself() {
        assert_eq!(refused(&CnamesFunction, &["quilt".into(), "lb.example.com".into()]).0, Some(0));
        for target in ["", "lb", "https://lb.example.com", "192.0.2.1/24", "a b.c"] {
            let (at, why) = refused(&CnamesFunction, &["quilt.example.com".into(), target.into()]);
            assert!(at == Some(1) && why.contains("is no DNS name"), "{target}: {why}");
        }
    }

    #[test]
    fn connect_has_a_record_of_its_own_where_it_is_on() {
        let on = with(connect("prod-connect.example.com".into(), "clb.example.com".into()));
        let records = answered(&CnamesFunction, &on);
        assert_eq!(records["prod-connect.example.com"], "clb.example.com");
        assert_eq!(records.as_object().unwrap().len(), 4);
        for off in [with(connect(Tree::Null, Tree::Null)), with(Tree::Null)] {
            assert_eq!(answered(&CnamesFunction, &off).as_object().unwrap().len(), 3);
        }
    }

    #[test]
    fn half_of_connect_is_refused() {
        for (host, target, says) in [
            ("a-connect.b.c".into(), Tree::Null, "has no `target`"),
            (Tree::Null, "clb.b.c".into(), "has no `host`"),
            ("https://a.b".into(), "clb.b.c".into(), "is not a host name"),
            ("a-connect.b.c".into(), "clb".into(), "is no DNS name"),
            (
                "quilt-registry.example.com".into(),
                "clb.b.c".into(),
                "is a host of the deployment already",
            ),
        ] {
            let (at, why) = refused(&CnamesFunction, &with(connect(host, target)));
            assert!(at == Some(2) && why.contains(says), "{why}");
        }
    }
}
