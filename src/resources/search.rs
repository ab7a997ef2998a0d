//! `quilt_search`: the search domain of a Quilt deployment, from a template inside the provider.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::inside::{self, Inside};
use super::protection::{self, Origin};
use super::tags;
use super::timeouts::{self, Timeouts};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Step;
use crate::kinds::resource::{Draft, Identity, Kept, Resource};
use crate::outcome::Result;
use crate::quilt::search::{TEMPLATES, stack_name};
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Value};

mod check;
mod fill;
mod live;
mod order;
mod plan;
mod seen;

attributes! {
    /// Where a search domain lives: a whole `quilt_network`, or an object with the ids of an existing network.
    pub struct SearchNetwork {
        /// The VPC.
        vpc_id: String = Optional;
        /// Two subnets in different zones, without a route out; one is enough without `zone_awareness`.
        intra_subnet_ids: Vec<Value<String>> = Optional;
    }
}

attributes! {
    /// The search domain of a Quilt deployment: an Elasticsearch cluster in the network's intra subnets. It is the CloudFormation stack
    /// `<name>-search`, made from a template inside the provider. Hand the whole of it to `quilt_stack`.
    ///
    /// Give a `size`, or instead what the domain runs on in single arguments; what those leave out is as in `medium`. A creation takes
    /// 15 to 30 minutes. A change of nodes or volumes moves everything to new ones while the old ones serve: hours, with search slower
    /// meanwhile. The domain is never replaced. A destroy deletes it with its index, which Quilt builds anew in another one.
    ///
    /// An account that never had a domain in a network needs a service-linked role, once: `aws iam create-service-linked-role
    /// --aws-service-name es.amazonaws.com`. A plan does not look for it; a creation without it fails within minutes, is rolled back, and
    /// names this command.
    pub struct SearchState {
        /// Name of the search domain, 3 to 20 characters: lower-case letters, digits and hyphens.
        name: String = Required.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// Where it lives: a whole `quilt_network`, or an object with ids. A change is refused.
        network: SearchNetwork = Required.refused();
        /// `small` (under 100 GB of data), `medium` (to 1 TB), `large` (to 5 TB), `x-large` (to 15 TB), `xx-large`, `xxx-large` or
        /// `xxxx-large`. Default: `medium`, unless one of the following is given. Where those make up a size, it is told here.
        size: String = OptionalComputed;
        /// Type of the data nodes, as `m6g.xlarge.elasticsearch`.
        instance_type: String = OptionalComputed;
        /// How many data nodes; an even number with `zone_awareness`.
        instance_count: i64 = OptionalComputed;
        /// Type of the dedicated masters.
        dedicated_master_type: String = OptionalComputed;
        /// How many dedicated masters: 0 (the data nodes do it themselves), 3 or 5.
        dedicated_master_count: i64 = OptionalComputed;
        /// Whether the nodes are spread over two zones.
        zone_awareness: bool = OptionalComputed;
        /// GiB of each data node.
        volume_size: i64 = OptionalComputed;
        /// `gp2` or `gp3`.
        volume_type: String = OptionalComputed;
        /// I/O operations a second of each volume, from 3000 on; `gp3` only. Default: what the volume's size brings.
        volume_iops: i64 = OptionalComputed;
        /// MiB a second of each volume, from 125 on; `gp3` only. Default: what the volume's size brings.
        volume_throughput: i64 = OptionalComputed;
        /// Version of Elasticsearch, which only goes up: 6.x to 6.8 to 7.10. Default: 7.10; then it is kept. Quilt needs 1.66 before a
        /// domain goes to 7.10.
        engine_version: String = OptionalComputed;
        /// Version of the template inside the provider. A domain keeps the one that made it until a newer one is written here.
        template_version: String = OptionalComputed;
        /// Whether the stack cannot be deleted. Default: true, switched on once the creation is complete; after an import it stays as it is.
        enable_termination_protection: bool = OptionalComputed;
        /// Tags of the stack and everything in it.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits. Defaults: create 12 h, update 12 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// ARN of the stack.
        id: String = Computed.stable();
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// Name of the domain in AWS.
        domain_name: String = Computed.stable();
        /// ARN of the domain.
        domain_arn: String = Computed.stable();
        /// Its host name, without a scheme.
        endpoint: String = Computed.stable();
        /// Id of the security group whose members may reach the domain.
        accessor_security_group_id: String = Computed.stable();
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

/// `quilt_search`.
pub struct SearchResource {
    templates: Templates,
}

impl Default for SearchResource {
    fn default() -> Self {
        Self { templates: TEMPLATES }
    }
}

/// A text that is known.
fn text(value: &Value<String>) -> Option<&str> {
    value.as_ref_option().map(String::as_str)
}

/// Its stack.
fn inside(state: &SearchState) -> Inside<'_> {
    let limits = timeouts::SEARCH.with(&state.timeouts);
    Inside {
        what: "search domain",
        id: ("id", &state.id),
        region: &state.region,
        limits,
        protection: (protection::OF_STACK, &state.enable_termination_protection),
    }
}

#[async_trait]
impl Resource for SearchResource {
    const NAME: &'static str = "quilt_search";
    type State = SearchState;
    type Private = Origin;

    fn subject(state: &SearchState) -> String {
        format!("Search domain {}", text(&state.name).unwrap_or("(name not known yet)"))
    }

    fn arns(state: &SearchState) -> Vec<&Value<String>> {
        vec![&state.id]
    }

    fn identity(state: &SearchState) -> Option<Identity> {
        Identity::stack("name", text(&state.name).map(stack_name), &state.region, &state.id)
    }

    fn adopts(planned: &mut SearchState, config: &SearchState) {
        inside::adopts(&mut planned.template_version, &config.template_version);
    }

    fn validate(&self, config: &SearchState, d: &mut Diagnostics) {
        check::validate(config, d);
        inside::validate(self.templates, &config.template_version, d);
        tags::validate(&config.tags, d);
        timeouts::validate(&config.timeouts, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, self.templates, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &SearchState, d: &mut Diagnostics) -> Result<()> {
        inside(state).plan_delete(cx, Self::subject(state), d).await
    }

    async fn create(
        &self,
        cx: &Cx,
        planned: SearchState,
        kept: &mut Kept<Self>,
    ) -> Result<SearchState> {
        let deploy = inside(&planned).to(cx).await?;
        let order = order::creation(&cx.settings, self.templates, &planned)?;
        kept.private.created = true;
        let adoption = kept.adoption();
        let adopt = async |live: Stack| {
            let order = order::update(&cx.settings, self.templates, &planned, &live)?;
            if order.is_some() {
                live::idle(cx, &deploy.aws, &planned, inside(&planned).limits.create).await?;
            }
            Ok(order)
        };
        let told = |step: Step<'_>| {
            kept.note(step, |id| seen::begun(planned.clone(), id, &deploy.aws.region))
        };
        let mut stack =
            deploy.create(&order, inside(&planned).limits.create, (&adoption, adopt), told).await?;
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        seen::after(planned, &stack)
    }

    async fn read(
        &self,
        cx: &Cx,
        state: SearchState,
        _private: &mut Origin,
    ) -> Result<Option<SearchState>> {
        let Some((_, stack)) = inside(&state).look(cx).await? else { return Ok(None) };
        seen::read(&cx.settings, state, &stack).map(Some)
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: SearchState,
        planned: SearchState,
        _kept: &mut Kept<Self>,
    ) -> Result<SearchState> {
        let deploy = inside(&prior).to(cx).await?;
        let limit = inside(&planned).limits.update;
        let order = async |stack: Stack| {
            let order = order::update(&cx.settings, self.templates, &planned, &stack)?;
            if order.is_some() {
                live::idle(cx, &deploy.aws, &planned, limit).await?;
            }
            Ok(order)
        };
        let mut stack = deploy.update(inside(&prior).id()?, limit, order).await?;
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        live::upgraded(&deploy.aws, &prior, &planned).await?;
        seen::after(planned, &stack)
    }

    async fn delete(&self, cx: &Cx, state: SearchState, _kept: &mut Kept<Self>) -> Result<()> {
        inside(&state).delete(cx).await
    }

    async fn import(&self, cx: &Cx, id: &str) -> Result<SearchState> {
        seen::import(cx, id).await
    }
}

#[cfg(test)]
mod tests;
