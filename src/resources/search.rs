//! `quilt_search`: the search domain of a Quilt deployment, from a template inside the provider.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use super::place::{self, Place};
use super::small_stack::{Parameters, SmallStack, SmallStackResource};
use super::timeouts::{self, Limits, Timeouts};
use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::outcome::Result;
use crate::quilt::search::{Cluster, ENGINE_VERSION, KEPT, SearchOutputs, TEMPLATES};
use crate::quilt::templates::Templates;
use crate::tf::{Diagnostics, Value};
use crate::{attributes, shared};

mod check;
mod fill;
mod live;
mod moves;

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
pub type SearchResource = SmallStackResource<SearchState>;

#[async_trait]
impl SmallStack for SearchState {
    const NAME: &'static str = "quilt_search";
    const WHAT: &'static str = "search domain";
    const TEMPLATES: Templates = TEMPLATES;
    const KEPT: &'static [&'static str] = &KEPT;
    const LIMITS: Limits = timeouts::SEARCH;
    const LOSES: &'static str =
        "the search index. Quilt builds it again from the buckets, which takes hours to days.";
    const MOVE: &'static str = "Add a second `quilt_search` in the other network and hand that to the deployment: Quilt builds its index anew.";
    shared!();

    fn check(&self, d: &mut Diagnostics) {
        check::validate(self, d);
    }

    fn place(&self) -> Option<Place<'_>> {
        self.network.as_ref_option().map(|network| (&network.vpc_id, &network.intra_subnet_ids))
    }

    fn follow(&mut self, _prior: Option<&Self>, config: &Self) {
        self.domain_name = self.name.clone();
        fill::fill(self, config);
    }

    fn shorten(&mut self) {
        fill::shorten(self);
        if self.engine_version == ENGINE_VERSION.to_string().into() {
            self.engine_version = Value::Null;
        }
    }

    async fn plan_creation(&mut self, cx: &Cx, config: &Self, d: &mut Diagnostics) -> Result<()> {
        if config.engine_version.is_null() {
            self.engine_version = ENGINE_VERSION.to_string().into();
        }
        check::engine(self, config, None, d);
        check::nodes(cx, self, config, None, d).await
    }

    async fn plan_update(
        &mut self,
        cx: &Cx,
        prior: &Self,
        config: &Self,
        d: &mut Diagnostics,
    ) -> Result<()> {
        check::engine(self, config, Some(prior), d);
        moves::tell(&cx.settings, (self, prior, config), d);
        check::nodes(cx, self, config, Some(prior), d).await
    }

    fn made_by_aws(&mut self) -> Vec<&mut Value<String>> {
        vec![&mut self.domain_arn, &mut self.endpoint, &mut self.accessor_security_group_id]
    }

    fn parameters(&self) -> Result<Parameters> {
        fill::parameters(self)
    }

    async fn before_update(&self, cx: &Cx, aws: &Aws, limit: Duration) -> Result<()> {
        live::idle(cx, aws, self, limit).await
    }

    async fn after_update(&self, aws: &Aws, prior: &Self) -> Result<()> {
        live::upgraded(aws, prior, self).await
    }

    fn read_parameters(&mut self, stack: &Stack) -> Result<(), String> {
        fill::put(self, Cluster::of(&stack.parameters).ok_or_else(String::new)?);
        self.engine_version = stack.parameters.get("EngineVersion").cloned().into();
        if !self.network.is_value() {
            let (vpc_id, intra_subnet_ids) = place::of(stack);
            self.network = SearchNetwork { vpc_id, intra_subnet_ids }.into();
        }
        Ok(())
    }

    async fn read_outputs(&mut self, _aws: &Aws, stack: &Stack) -> Result<()> {
        let Some(made) = SearchOutputs::of(&stack.outputs) else { return Ok(()) };
        self.domain_name = made.name.into();
        self.domain_arn = made.arn.into();
        self.endpoint = made.endpoint.into();
        self.accessor_security_group_id = made.accessor_group.into();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
