//! `quilt_network`: a VPC divided as Quilt needs it, from a template inside the provider.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::small_stack::template::name_in;
use super::small_stack::{Parameters, SmallStack, SmallStackResource, foreign};
use super::timeouts::Timeouts;
use crate::aws::Aws;
use crate::cloudformation::stack::{Parameter, Stack};
use crate::cx::Cx;
use crate::outcome::Result;
use crate::quilt::network::{CIDR, Network, NetworkOutputs, TEMPLATES};
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Set, Value};
use crate::{attributes, shared};

mod check;
mod plan;
mod rules;
mod seen;

/// Strings in a configuration or state.
type Strings = Vec<Value<String>>;

attributes! {
    /// A subnet of a network.
    pub struct SubnetState {
        /// What it is for: `private` (services), `public` (internet-facing load balancer, NAT gateways) or `intra` (database and search).
        tier: String = Computed;
        /// Its zone.
        availability_zone: String = Computed;
        /// Its IPv4 range.
        cidr_block: String = Computed;
        /// Its id.
        subnet_id: String = Computed;
    }
}

attributes! {
    /// A network for Quilt: a VPC with private, public and intra subnets in two availability zones. It is the CloudFormation stack
    /// `<name>-network`, made from a template inside the provider. Hand the whole of it to `quilt_stack`.
    ///
    /// Each zone gets half of the range: half of that is its private subnet, a quarter the public one, an eighth the intra one, and an
    /// eighth is spare. Intra subnets have no route out. A creation takes about 5 minutes.
    pub struct NetworkState (version 1) {
        /// Name of the network, 3 to 20 characters: lower-case letters, digits and hyphens.
        name: String = Required.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// IPv4 range, from /16 to /24. A change is refused: it would replace every subnet with all that lives in it.
        cidr: String = Optional.default(CIDR.to_string()).refused();
        /// Whether users reach Quilt from private networks only. The public subnets are there either way: NAT gateways live in them.
        internal: bool = Optional.default(false);
        /// The two zones, by name. Default: the first two of the region, chosen once and kept. A change is refused.
        availability_zones: Strings = OptionalComputed.refused();
        /// The private subnets' way out: `one_per_az` (a NAT gateway in each zone), `single` (one for both: cheaper, and both depend on
        /// one zone) or `none` (another way out, or no default route at all). Default: `one_per_az`, or `none` with a `transit_gateway_id`.
        nat_gateways: String = OptionalComputed;
        /// Id of a transit gateway of this region as the private subnets' way out, instead of NAT gateways. The network attaches itself to
        /// it by its intra subnets; the gateway must accept attachments by itself, and its route tables must lead back.
        transit_gateway_id: String = Optional;
        /// Whether the transit gateway is the way out over IPv6 as well. Otherwise the private subnets have none.
        /// Default: false.
        transit_gateway_ipv6_egress: bool = Optional;
        /// Whether subnets have IPv6 addresses too. Switching it off later fails, and is rolled back, while anything in the network has
        /// such an address.
        ipv6: bool = Optional.default(true);
        /// Whether there is an interface endpoint for API Gateway, which an internal Quilt needs. Default: the value of `internal`.
        api_gateway_endpoint: bool = OptionalComputed;
        /// Whether there is a gateway endpoint for S3, which costs nothing and spares NAT.
        s3_gateway_endpoint: bool = Optional.default(true);
        /// Services of AWS that are reached through interface endpoints in the private subnets, as a network without a way out needs them
        /// (about $7 a month for each and zone): `logs`, `ecr.api`, `ecr.dkr`, `sqs` and `sns` at least; `lambda`, `ecs`, `events` and `kms`
        /// for most of Quilt; `athena`, `cloudformation`, `glue`, `kinesis-firehose`, `monitoring`, `secretsmanager`, `ssm`, `sts`.
        interface_endpoints: Set<Value<String>> = Optional;
        /// Where records of all traffic go: `none`, `cloud-watch-logs` (a log group of the network's own, deleted with it) or `s3`.
        /// Default: `none`.
        flow_logs: String = Optional;
        /// ARN of the bucket for `flow_logs = "s3"`, with a folder or without. Its policy must let `delivery.logs.amazonaws.com` write.
        flow_logs_bucket_arn: String = Optional;
        /// How many days the log group keeps records. Default: 90.
        flow_logs_retention_days: i64 = Optional;
        /// Ranges users come from, let in on 443 and 80; at most 10 of IPv4 and 10 of IPv6. Default: `0.0.0.0/0`.
        ingress_cidrs: Set<Value<String>> = Optional.default(Set(vec!["0.0.0.0/0".to_string()]));
        /// Version of the template inside the provider. A network keeps the one that made it until a newer one is written here.
        template_version: String = OptionalComputed;
        /// Whether the stack cannot be deleted. Default: true, switched on once the creation is complete; after an import it stays as it is.
        enable_termination_protection: bool = OptionalComputed;
        /// Tags of the stack and everything in it.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// ARN of the stack.
        id: String = Computed.stable();
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// Id of the VPC.
        vpc_id: String = Computed.stable();
        /// Ids of the two private subnets, first zone first.
        private_subnet_ids: Strings = Computed.stable();
        /// Ids of the two public subnets.
        public_subnet_ids: Strings = Computed.stable();
        /// Ids of the two intra subnets.
        intra_subnet_ids: Strings = Computed.stable();
        /// Ids of the subnets where an internal load balancer lives: the private ones. Empty when the network is internet-facing.
        user_subnet_ids: Strings = Computed;
        /// Id of the security group that lets users in.
        user_security_group_id: String = Computed.stable();
        /// Id of the interface endpoint for API Gateway; null where there is none.
        api_gateway_endpoint_id: String = Computed;
        /// Id of the attachment to the transit gateway; null where there is none. Whoever owns the gateway puts it into route tables.
        transit_gateway_attachment_id: String = Computed;
        /// Name of the log group with records of the traffic; null where there is none.
        flow_log_group_name: String = Computed;
        /// Every subnet: private, public and intra, within each the first zone first. The ranges are known at plan.
        subnets: Vec<Value<SubnetState>> = Computed.stable();
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

/// `quilt_network`.
pub type NetworkResource = SmallStackResource<NetworkState>;

#[async_trait]
impl SmallStack for NetworkState {
    const NAME: &'static str = "quilt_network";
    const WHAT: &'static str = "network";
    const TEMPLATES: Templates = TEMPLATES;
    // The role by which flow logs are written.
    const CAPABILITIES: &'static [&'static str] = &["CAPABILITY_IAM"];
    shared!();

    fn check(&self, d: &mut Diagnostics) {
        check::validate(self, d);
        rules::validate(self, d);
    }

    fn follow(&mut self, _prior: Option<&Self>, config: &Self) {
        if config.api_gateway_endpoint.is_null() {
            self.api_gateway_endpoint = self.internal;
        }
        if config.nat_gateways.is_null() {
            self.nat_gateways = rules::nat_gateways(&self.transit_gateway_id);
        }
    }

    fn shorten(&mut self) {
        // They are kept as they were chosen.
        self.availability_zones = Value::Null;
        let internal = self.internal == true.into();
        if self.api_gateway_endpoint == internal.into() {
            self.api_gateway_endpoint = Value::Null;
        }
        if self.nat_gateways == rules::nat_gateways(&self.transit_gateway_id) {
            self.nat_gateways = Value::Null;
        }
    }

    async fn plan_creation(&mut self, cx: &Cx, config: &Self, d: &mut Diagnostics) -> Result<()> {
        plan::creation(self);
        rules::version(self, d);
        rules::services(self, None, d);
        check::ahead(cx, config, self, d).await
    }

    async fn plan_update(
        &mut self,
        _cx: &Cx,
        prior: &Self,
        _config: &Self,
        d: &mut Diagnostics,
    ) -> Result<()> {
        plan::update(self, prior, d);
        rules::version(self, d);
        rules::services(self, Some(prior), d);
        Ok(())
    }

    fn made_by_aws(&mut self) -> Vec<&mut Value<String>> {
        vec![&mut self.vpc_id, &mut self.user_security_group_id]
    }

    fn parameters(&self) -> Result<Parameters> {
        Ok(check::settings(self)?.parameters())
    }

    fn changes(
        &self,
        live: &Stack,
        template: Option<&str>,
    ) -> Result<Option<BTreeMap<String, Parameter>>> {
        let wanted = check::settings(self)?;
        rules::sendable(self, live, template)?;
        let chosen = NetworkOutputs::of(&live.outputs).ok().map(|made| made.availability_zones);
        let zones = chosen.or_else(|| wanted.availability_zones.clone());
        Ok(wanted.changes(&live.parameters, zones, template))
    }

    fn read_parameters(&mut self, stack: &Stack) -> Result<(), String> {
        seen::settings(self, &Network::of(&stack.parameters)?);
        Ok(())
    }

    async fn read_outputs(&mut self, _aws: &Aws, stack: &Stack) -> Result<()> {
        if let Ok(made) = NetworkOutputs::of(&stack.outputs) {
            seen::outputs(self, &made);
        }
        Ok(())
    }

    fn lacks(stack: &Stack) -> Option<String> {
        NetworkOutputs::of(&stack.outputs).err()
    }

    fn name_of(stack: &Stack) -> Result<String> {
        name_in::<Self>(stack)
            .ok_or_else(|| foreign::<Self>(stack, "Its name does not end with `-network`."))
    }
}

#[cfg(test)]
mod tests;
