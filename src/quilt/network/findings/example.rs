//! A network that does: six subnets as the resource divides a range, for tests to change.

use crate::quilt::network::existing::{
    Endpoint, Group, Parts, Route, RouteTable, Rule, Subnet, Survey, Vpc,
};

/// Texts of one's own.
pub fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// What a configuration names of it.
pub fn parts(internal: bool) -> Parts {
    let (public, user, endpoint) = match internal {
        true => (vec![], texts(&["subnet-a", "subnet-b"]), Some("vpce-api".to_string())),
        false => (texts(&["subnet-e", "subnet-f"]), vec![], None),
    };
    Parts {
        vpc_id: "vpc-1".into(),
        internal,
        private: texts(&["subnet-a", "subnet-b"]),
        public,
        intra: texts(&["subnet-c", "subnet-d"]),
        user,
        security_group: "sg-1".into(),
        endpoint,
        ipv6: true,
    }
}

fn table(id: &str, subnets: &[&str], routes: &[(&str, &str)]) -> RouteTable {
    let routes = [("10.0.0.0/16", "local")].iter().chain(routes);
    RouteTable {
        id: id.into(),
        main: false,
        subnets: texts(subnets),
        routes: routes
            .map(|(to, through)| Route {
                to: to.to_string(),
                through: through.to_string(),
                active: true,
            })
            .collect(),
    }
}

/// A rule for one port.
pub fn rule(port: i64) -> Rule {
    Rule { protocol: "tcp".into(), ports: Some((port, port)), sources: texts(&["10.0.0.0/8"]) }
}

/// An endpoint for a service.
pub fn endpoint(id: &str, service: &str, kind: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        vpc_id: "vpc-1".into(),
        service: format!("com.amazonaws.us-east-1.{service}"),
        kind: kind.into(),
        state: "available".into(),
        private_dns: kind == "Interface",
        tables: if kind == "Gateway" { texts(&["rtb-1", "rtb-2"]) } else { vec![] },
        groups: if kind == "Gateway" { vec![] } else { texts(&["sg-1"]) },
    }
}

/// What EC2 says of it.
pub fn there() -> Survey {
    let subnet = |(i, id): (usize, &&str)| Subnet {
        id: id.to_string(),
        vpc_id: "vpc-1".into(),
        zone: ["us-east-1a", "us-east-1b"][i % 2].into(),
        cidr: format!("10.0.{i}.0/24"),
        free: 251,
        ipv6: true,
    };
    let ids = ["subnet-a", "subnet-b", "subnet-c", "subnet-d", "subnet-e", "subnet-f"];
    let main = RouteTable { main: true, ..table("rtb-0", &[], &[]) };
    Survey {
        region: "us-east-1".into(),
        vpc: Some(Vpc {
            id: "vpc-1".into(),
            cidr: "10.0.0.0/16".into(),
            dhcp_options_id: "dopt-1".into(),
            ipv6: true,
        }),
        dns_support: true,
        dns_hostnames: true,
        resolvers: texts(&["AmazonProvidedDNS"]),
        subnets: ids.iter().enumerate().map(subnet).collect(),
        tables: vec![
            main,
            table("rtb-1", &["subnet-a"], &[("0.0.0.0/0", "nat-1")]),
            table("rtb-2", &["subnet-b"], &[("0.0.0.0/0", "tgw-1")]),
            table("rtb-3", &["subnet-e", "subnet-f"], &[("0.0.0.0/0", "igw-1")]),
        ],
        endpoints: vec![
            endpoint("vpce-s3", "s3", "Gateway"),
            endpoint("vpce-api", "execute-api", "Interface"),
        ],
        groups: vec![Group {
            id: "sg-1".into(),
            vpc_id: "vpc-1".into(),
            rules: vec![rule(443), rule(80)],
        }],
    }
}
