//! Function `cnames`: the DNS records of a deployment.

use std::collections::BTreeMap;

use crate::arguments;
use crate::kinds::function::{Function, Refused, at};
use crate::quilt::hosts::{Hosts, is_host};

arguments! {
    /// The DNS records of a Quilt deployment, all CNAME: host name to target.
    ///
    /// A `quilt_stack` has them as `cnames`. This function serves where the records are made apart from the stack, as for the switch from one
    /// deployment to another. A record of this kind cannot be at the top of a zone; for that take an alias record.
    pub struct CnamesArguments {
        /// Host name of the catalog, as `quilt.example.com`.
        web_host: String;
        /// What the records point to: the DNS name of the load balancer, as `load_balancer_dns_name` of a `quilt_stack`.
        target: String;
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
        CnamesArguments { web_host, target }: CnamesArguments,
    ) -> Result<BTreeMap<String, String>, Refused> {
        let hosts = Hosts::checked(&web_host).map_err(at("web_host"))?;
        let bare = target.trim_end_matches('.');
        if !is_host(bare) || !bare.contains('.') {
            return Err(at("target")(format!(
                "`{target}` is no DNS name. Give the one of the load balancer, without `https://`."
            )));
        }
        Ok(hosts.cnames(&target))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::functions::tests::{answered, refused};

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
}
