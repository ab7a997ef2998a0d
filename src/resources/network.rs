//! `quilt_network`: a VPC divided as Quilt needs it, from a template inside the provider.

use std::collections::BTreeMap;
use std::future::ready;

use async_trait::async_trait;

use super::inside::{self, Inside};
use super::protection::Origin;
use super::timeouts::{self, Timeouts};
use super::{protection, tags};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Step;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::quilt::network::{TEMPLATES, stack_name};
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Set, Value};

mod check;
mod order;
mod plan;
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
    pub struct NetworkState {
        /// Name of the network, 3 to 20 characters: lower-case letters, digits and hyphens.
        name: String = Required.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// IPv4 range, from /16 to /24. A change is refused: it would replace every subnet with all that lives in it.
        cidr: String = Optional.default("10.0.0.0/16".to_string()).refused();
        /// Whether users reach Quilt from private networks only. The public subnets are there either way: NAT gateways live in them.
        internal: bool = Optional.default(false);
        /// The two zones, by name. Default: the first two of the region, chosen once and kept. A change is refused.
        availability_zones: Strings = OptionalComputed.refused();
        /// The private subnets' way out: `one_per_az` (a NAT gateway in each zone), `single` (one for both: cheaper, and both depend on
        /// one zone) or `none` (no default route at all; give them another way to AWS's services).
        nat_gateways: String = Optional.default("one_per_az".to_string());
        /// Whether subnets have IPv6 addresses too. Switching it off later fails, and is rolled back, while anything in the network has
        /// such an address.
        ipv6: bool = Optional.default(true);
        /// Whether there is an interface endpoint for API Gateway, which an internal Quilt needs. Default: the value of `internal`.
        api_gateway_endpoint: bool = OptionalComputed;
        /// Whether there is a gateway endpoint for S3, which costs nothing and spares NAT.
        s3_gateway_endpoint: bool = Optional.default(true);
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
        stack_id: String = Computed.stable();
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
        /// Every subnet: private, public and intra, within each the first zone first. The ranges are known at plan.
        subnets: Vec<Value<SubnetState>> = Computed.stable();
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

/// `quilt_network`.
pub struct NetworkResource {
    templates: Templates,
}

impl Default for NetworkResource {
    fn default() -> Self {
        Self { templates: TEMPLATES }
    }
}

/// Its stack.
fn inside(state: &NetworkState) -> Inside<'_> {
    let limits = timeouts::STACK.with(&state.timeouts);
    Inside {
        what: "network",
        id: ("stack_id", &state.stack_id),
        region: &state.region,
        limits,
        protection: (protection::OF_STACK, &state.enable_termination_protection),
    }
}

#[async_trait]
impl Resource for NetworkResource {
    const NAME: &'static str = "quilt_network";
    type State = NetworkState;
    type Private = Origin;

    fn subject(state: &NetworkState) -> String {
        format!(
            "Network {}",
            state.name.as_ref_option().map_or("(name not known yet)", String::as_str)
        )
    }

    fn arns(state: &NetworkState) -> Vec<&Value<String>> {
        vec![&state.stack_id]
    }

    fn identity(state: &NetworkState) -> Option<Identity> {
        Identity::stack(
            "name",
            state.name.as_ref_option().map(|name| stack_name(name)),
            &state.region,
            &state.stack_id,
        )
    }

    fn adopts(planned: &mut NetworkState, config: &NetworkState) {
        inside::adopts(&mut planned.template_version, &config.template_version);
    }

    fn validate(&self, config: &NetworkState, d: &mut Diagnostics) {
        check::validate(config, d);
        inside::validate(self.templates, &config.template_version, d);
        tags::validate(&config.tags, d);
        timeouts::validate(&config.timeouts, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, self.templates, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &NetworkState, d: &mut Diagnostics) -> Result<()> {
        inside(state).plan_delete(cx, Self::subject(state), d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: NetworkState,
        kept: &mut Kept<Self>,
    ) -> Result<NetworkState> {
        let deploy = inside(&planned).to(cx).await?;
        let order = order::creation(&cx.settings, self.templates, &planned)?;
        kept.private.created = true;
        let adoption = kept.adoption();
        let told = |step: Step<'_>| {
            kept.note(step, |id| seen::begun(planned.clone(), id, &deploy.aws.region))
        };
        let adopt =
            |live: Stack| ready(order::update(&cx.settings, self.templates, &planned, &live));
        let mut stack =
            deploy.create(&order, inside(&planned).limits.create, (&adoption, adopt), told).await?;
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        seen::after(planned, &stack)
    }

    async fn read(
        &self,
        cx: &Cx,
        state: NetworkState,
        _private: &mut Origin,
    ) -> Result<Option<NetworkState>> {
        let Some((_, stack)) = inside(&state).look(cx).await? else { return Ok(None) };
        seen::read(&cx.settings, state, &stack).map(Some)
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: NetworkState,
        planned: NetworkState,
        _kept: &mut Kept<Self>,
    ) -> Result<NetworkState> {
        let deploy = inside(&prior).to(cx).await?;
        let limit = inside(&planned).limits.update;
        let mut stack = deploy
            .update(inside(&prior).id()?, limit, |live| {
                ready(order::update(&cx.settings, self.templates, &planned, &live))
            })
            .await?;
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        seen::after(planned, &stack)
    }

    async fn delete(&self, cx: &Cx, state: NetworkState, _kept: &mut Kept<Self>) -> Result<()> {
        inside(&state).delete(cx).await
    }

    async fn import(&self, cx: &Cx, id: &str) -> Result<NetworkState> {
        seen::import(cx, id).await
    }
}

#[cfg(test)]
mod tests;
