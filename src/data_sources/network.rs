//! Data source `quilt_network`: a network that is there already, looked at before anything is built in it.

use async_trait::async_trait;

use crate::attributes;
use crate::aws::ec2;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::quilt::network::existing::Parts;
use crate::quilt::network::findings::{Finding, Weight, judge};
use crate::resources::network::SubnetState;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

mod check;
mod shape;

/// Ids in a configuration.
type Ids = Vec<Value<String>>;

attributes! {
    /// Something that was found in a network.
    pub struct FindingState {
        /// Its name, which `accept` takes.
        name: String = Computed;
        /// `wrong`: Quilt does not work so. `doubt`: it may.
        weight: String = Computed;
        /// The argument it is about.
        attribute: String = Computed;
        /// What is wrong, in one line.
        what: String = Computed;
        /// What was seen, and what comes of it.
        found: String = Computed;
        /// The command or the block that mends it.
        fix: String = Computed;
    }
}

attributes! {
    /// A network that somebody else has made, for Quilt to be built in. It is looked at deeply, at plan wherever its ids are known then, and
    /// everything that is wrong with it is said at once, with the command that mends it: otherwise a deployment tells after an hour.
    /// Hand the whole of it to `quilt_stack`, `quilt_database` and `quilt_search`, as a resource `quilt_network`. Nothing is changed.
    ///
    /// What Quilt needs: two private subnets with a way out (a NAT gateway, a transit gateway or a firewall), two intra subnets without one,
    /// all in the same two zones; two public subnets with an internet gateway for an internet-facing catalog, or two user subnets and an
    /// endpoint for API Gateway for an internal one; a security group that lets users in. A subnet may serve more than once, as private and user.
    /// In each private and each intra subnet 32 addresses are needed, in each public and each user subnet 16, AWS's own five included.
    pub struct NetworkLookup {
        /// Id of the VPC.
        vpc_id: String = Required;
        /// The region, when it is not the provider's.
        region: String = OptionalComputed;
        /// Whether users reach Quilt from private networks only. Default: false.
        internal: bool = OptionalComputed;
        /// Ids of two subnets for services, in two zones, with a way out.
        private_subnet_ids: Ids = Required;
        /// Ids of two subnets for database and search, without a way out.
        intra_subnet_ids: Ids = Required;
        /// Ids of two subnets for an internet-facing load balancer. Not for an internal network.
        public_subnet_ids: Ids = OptionalComputed;
        /// Ids of two subnets for an internal load balancer; the private ones will do. Only for an internal network.
        user_subnet_ids: Ids = OptionalComputed;
        /// Id of the security group that lets users in, on 443 and 80.
        user_security_group_id: String = Required;
        /// Id of the interface endpoint for API Gateway (`execute-api`), with private DNS. Only for an internal network.
        api_gateway_endpoint_id: String = Optional;
        /// Whether the intra subnets must have IPv6, as a database of the type DUAL needs it. When not given, it says whether they have.
        ipv6: bool = OptionalComputed;
        /// Names of findings that are known and meant: they are no error and no warning any more, but stand in `findings`. They are
        /// `dns_attributes`, `dns_resolver`, `zones`, `subnet_size`, `free_addresses`, `ipv6`, `private_route`, `public_route`, `intra_route`,
        /// `s3_endpoint`, `security_group_https`, `security_group_http`, `api_gateway_endpoint` and `api_gateway_endpoint_https`.
        accept: Set<Value<String>> = Optional;
        /// IPv4 range of the VPC.
        cidr: String = Computed;
        /// The two zones of the private subnets, in their order.
        availability_zones: Ids = Computed;
        /// The private subnets' way out: `one_per_az` or `single` for NAT gateways, `none` for any other and for no way out.
        nat_gateways: String = Computed;
        /// Whether there is an interface endpoint for API Gateway.
        api_gateway_endpoint: bool = Computed;
        /// Whether the private subnets reach S3 through a gateway endpoint.
        s3_gateway_endpoint: bool = Computed;
        /// Ranges that the security group lets in on 443.
        ingress_cidrs: Set<Value<String>> = Computed;
        /// Every subnet: private, public, intra and user, as they are given.
        subnets: Vec<Value<SubnetState>> = Computed;
        /// All that was found, what is accepted included. Empty for a network that does.
        findings: Vec<Value<FindingState>> = Computed;
    }
}

/// Data source `quilt_network`.
pub struct NetworkSource;

#[async_trait]
impl DataSource for NetworkSource {
    const NAME: &'static str = "quilt_network";
    type State = NetworkLookup;

    fn subject(config: &NetworkLookup) -> String {
        format!("Network {}", config.vpc_id.as_deref_option().unwrap_or_default())
    }

    fn validate(&self, config: &NetworkLookup, d: &mut Diagnostics) {
        check::arguments(config, d);
    }

    async fn read(
        &self,
        cx: &Cx,
        config: NetworkLookup,
        d: &mut Diagnostics,
    ) -> Result<NetworkLookup> {
        let aws = cx.aws(config.region.as_deref_option()).await?;
        let parts = parts(&config);
        let there = ec2::survey(&*aws.networks, &aws.region, &parts).await?;
        let found = judge(&parts, &there);
        report(&config, &found, d);
        Ok(shape::of(config, &parts, &there, &found))
    }
}

/// The parts that a configuration names, every one known.
fn parts(config: &NetworkLookup) -> Parts {
    let ids = |list: &Value<Ids>| {
        list.as_ref_option()
            .into_iter()
            .flatten()
            .filter_map(|id| id.as_ref_option().cloned())
            .collect()
    };
    Parts {
        vpc_id: config.vpc_id.clone().unwrap_or_default(),
        internal: config.internal.as_option().unwrap_or_default(),
        private: ids(&config.private_subnet_ids),
        public: ids(&config.public_subnet_ids),
        intra: ids(&config.intra_subnet_ids),
        user: ids(&config.user_subnet_ids),
        security_group: config.user_security_group_id.clone().unwrap_or_default(),
        endpoint: config.api_gateway_endpoint_id.as_ref_option().cloned(),
        ipv6: config.ipv6.as_option().unwrap_or_default(),
    }
}

/// Everything at once: what is wrong as errors, the rest as warnings, and nothing of what is accepted.
fn report(config: &NetworkLookup, found: &[Finding], d: &mut Diagnostics) {
    let accepted = |name: &str| {
        let names = config.accept.as_ref_option().into_iter().flatten();
        names.filter_map(Value::as_deref_option).any(|accepted| accepted == name)
    };
    for finding in found.iter().filter(|finding| !accepted(finding.name)) {
        let (attribute, index) = finding.at;
        let at = AttributePath::new(attribute);
        let at = index.into_iter().fold(at, |at, index| at.index(index as i64));
        let told = format!(
            "{}\n\n{}\n\nIf this is meant: accept = [{:?}].",
            finding.found, finding.fix, finding.name
        );
        let told = if check::may_be_accepted(finding.name) {
            told
        } else {
            format!("{}\n\n{}", finding.found, finding.fix)
        };
        match finding.weight {
            Weight::Wrong => d.fail_at(at, &finding.what, told),
            Weight::Doubt => d.warn_at(at, &finding.what, told),
        }
    }
}

#[cfg(test)]
mod tests;
