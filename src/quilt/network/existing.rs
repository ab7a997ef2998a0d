//! A network that is there already: what a configuration names of it, and what EC2 says of that.

use ipnetwork::Ipv4Network;

/// The parts of a network that a configuration names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// The VPC.
    pub vpc_id: String,
    /// Users reach it from inside only.
    pub internal: bool,
    /// Subnets for services.
    pub private: Vec<String>,
    /// Subnets for an internet-facing load balancer.
    pub public: Vec<String>,
    /// Subnets for database and search.
    pub intra: Vec<String>,
    /// Subnets for an internal load balancer.
    pub user: Vec<String>,
    /// The security group that lets users in.
    pub security_group: String,
    /// The interface endpoint for API Gateway.
    pub endpoint: Option<String>,
    /// IPv6 is asked for.
    pub ipv6: bool,
}

/// What a subnet is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Services.
    Private,
    /// An internet-facing load balancer.
    Public,
    /// Database and search.
    Intra,
    /// An internal load balancer.
    User,
}

impl Role {
    /// All of them, in the order they are judged.
    pub const ALL: [Role; 4] = [Role::Private, Role::Public, Role::Intra, Role::User];

    /// The argument with its subnets.
    pub fn argument(self) -> &'static str {
        match self {
            Role::Private => "private_subnet_ids",
            Role::Public => "public_subnet_ids",
            Role::Intra => "intra_subnet_ids",
            Role::User => "user_subnet_ids",
        }
    }

    /// Its name in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Role::Private => "private",
            Role::Public => "public",
            Role::Intra => "intra",
            Role::User => "user",
        }
    }

    /// How many addresses Quilt needs in each of its subnets, AWS's own five and headroom included; and what lives there.
    pub fn needs(self) -> (i64, &'static str) {
        match self {
            Role::Private => (32, "services and functions"),
            Role::Public => (16, "the load balancer"),
            Role::Intra => (32, "the database and the search nodes"),
            Role::User => (16, "the load balancer and the API's endpoint"),
        }
    }
}

/// How many addresses of a subnet are AWS's own.
pub const OWN: i64 = 5;

impl Parts {
    /// The subnets of a role.
    pub fn ids(&self, role: Role) -> &[String] {
        match role {
            Role::Private => &self.private,
            Role::Public => &self.public,
            Role::Intra => &self.intra,
            Role::User => &self.user,
        }
    }

    /// Every subnet with its role and its place in the argument.
    pub fn places(&self) -> impl Iterator<Item = (Role, usize, &String)> {
        Role::ALL
            .into_iter()
            .flat_map(|role| self.ids(role).iter().enumerate().map(move |(i, id)| (role, i, id)))
    }

    /// Every subnet once.
    pub fn subnets(&self) -> Vec<String> {
        let mut all: Vec<String> = self.places().map(|(_, _, id)| id.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What EC2 says of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// The region.
    pub region: String,
    /// The VPC; `None`: there is none.
    pub vpc: Option<Vpc>,
    /// Names in the VPC are resolved by AWS.
    pub dns_support: bool,
    /// What is in the VPC gets names.
    pub dns_hostnames: bool,
    /// The resolvers that its DHCP options name.
    pub resolvers: Vec<String>,
    /// Those of the subnets asked for that there are.
    pub subnets: Vec<Subnet>,
    /// All route tables of the VPC.
    pub tables: Vec<RouteTable>,
    /// All endpoints of the VPC.
    pub endpoints: Vec<Endpoint>,
    /// Those of the security groups asked for that there are.
    pub groups: Vec<Group>,
}

/// A VPC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vpc {
    /// Id.
    pub id: String,
    /// Its first IPv4 range.
    pub cidr: String,
    /// The set of DHCP options it uses.
    pub dhcp_options_id: String,
    /// It has an IPv6 range.
    pub ipv6: bool,
}

/// A subnet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subnet {
    /// Id.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its zone.
    pub zone: String,
    /// Its IPv4 range.
    pub cidr: String,
    /// Addresses that nothing has.
    pub free: i64,
    /// It has an IPv6 range.
    pub ipv6: bool,
}

impl Subnet {
    /// How many addresses its range has.
    pub fn size(&self) -> i64 {
        self.cidr.parse::<Ipv4Network>().map_or(0, |range| i64::from(range.size()))
    }
}

/// A route table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouteTable {
    /// Id.
    pub id: String,
    /// It is for subnets that name no other.
    pub main: bool,
    /// The subnets that name it.
    pub subnets: Vec<String>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// The range, or the list of ranges, that it is for.
    pub to: String,
    /// Id of what it leads to.
    pub through: String,
    /// What it leads to is there.
    pub active: bool,
}

/// An endpoint of a VPC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// Id.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The service, as `com.amazonaws.eu-west-1.execute-api`.
    pub service: String,
    /// `Interface`, `Gateway` and so on.
    pub kind: String,
    /// `available` when it works.
    pub state: String,
    /// The service's own name leads to it.
    pub private_dns: bool,
    /// The route tables it stands in.
    pub tables: Vec<String>,
    /// Its security groups.
    pub groups: Vec<String>,
}

impl Endpoint {
    /// It is for this service of the region.
    pub fn is_for(&self, service: &str) -> bool {
        self.service.strip_suffix(service).is_some_and(|before| before.ends_with('.'))
    }

    /// It works.
    pub fn works(&self) -> bool {
        self.state.eq_ignore_ascii_case("available")
    }
}

/// A security group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// What it lets in.
    pub rules: Vec<Rule>,
}

/// What a security group lets in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// `tcp`, `6`, `-1` for all, and so on.
    pub protocol: String,
    /// The first port, and the last.
    pub ports: Option<(i64, i64)>,
    /// Ranges, lists of ranges and security groups that it lets in.
    pub sources: Vec<String>,
}

impl Group {
    /// Who may come in by TCP on this port.
    pub fn lets_in(&self, port: i64) -> Vec<&str> {
        let rules = self.rules.iter().filter(|rule| match rule.protocol.as_str() {
            "-1" => true,
            "tcp" | "6" => rule.ports.is_some_and(|(from, to)| from <= port && port <= to),
            _ => false,
        });
        rules.flat_map(|rule| rule.sources.iter().map(String::as_str)).collect()
    }
}

impl Survey {
    /// A subnet by its id.
    pub fn subnet(&self, id: &str) -> Option<&Subnet> {
        self.subnets.iter().find(|subnet| subnet.id == id)
    }

    /// The route table that holds for a subnet: the one that names it, else the main one.
    pub fn table(&self, subnet: &str) -> Option<&RouteTable> {
        let own = self.tables.iter().find(|table| table.subnets.iter().any(|id| id == subnet));
        own.or_else(|| self.tables.iter().find(|table| table.main))
    }

    /// A security group by its id.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The NAT gateways, or other ways out, of these subnets, each once.
    pub fn ways_out(&self, subnets: &[String]) -> Vec<&str> {
        let tables = subnets.iter().filter_map(|id| self.table(id));
        let mut ways: Vec<&str> =
            tables.filter_map(RouteTable::default_route).map(|r| r.through.as_str()).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }
}

impl RouteTable {
    /// Where everything goes that no other route is for.
    pub fn default_route(&self) -> Option<&Route> {
        self.routes.iter().find(|route| route.to == "0.0.0.0/0")
    }
}
