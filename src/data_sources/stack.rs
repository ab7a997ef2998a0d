//! Data source `quilt_stack`: a stack that exists, whoever made it.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::attributes;
use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::quilt::variant::Variant;
use crate::resources::stack::{Aliases, StackState, Strings, look};
use crate::tf::{Diagnostics, Set, Value};

attributes! {
    /// A stack that exists: a Quilt deployment, or any other CloudFormation stack, made by Terraform, by hand or by another tool. Nothing is
    /// changed. What the template decides is told by the parameters that the stack has.
    pub struct StackLookup {
        /// Name of the stack, or its ARN.
        name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = OptionalComputed;
        /// Whether `template_body` is given: it may have some 7,000 lines, which stand in state and plan. Default: false.
        include_template: bool = Optional;
        /// ARN of the stack.
        id: String = Computed;
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// The stack's outputs, by name.
        outputs: Strings = Computed;
        /// The stack's parameters, by name, secret ones left out.
        parameters: Strings = Computed;
        /// Names of the parameters that are secret.
        secret_parameters: Set<String> = Computed;
        /// Where people open the catalog. Null for a stack that is no Quilt deployment; so is everything below that only Quilt has.
        url: String = Computed;
        /// Host name of the registry.
        registry_host: String = Computed;
        /// Host name of the S3 proxy.
        s3_proxy_host: String = Computed;
        /// The DNS records, all CNAME: host name to target.
        cnames: Strings = Computed;
        /// The same as records of the type alias, for Route 53: host name to `target` and `zone_id`. Null where the stack does not give out the zone.
        aliases: Aliases = Computed;
        /// Host name of the load balancer.
        load_balancer_dns_name: String = Computed;
        /// Route 53's hosted zone of the load balancer.
        load_balancer_zone_id: String = Computed;
        /// Host name of Connect, Null where it is off, or the template has none.
        connect_host: String = Computed;
        /// Host name of Connect's own load balancer.
        connect_load_balancer_dns_name: String = Computed;
        /// Route 53's hosted zone of that one.
        connect_load_balancer_zone_id: String = Computed;
        /// ARN of the registry's role.
        registry_role_arn: String = Computed;
        /// Version of Quilt that the template was built for.
        quilt_version: String = Computed;
        /// The network's generation: `1.0` or `2.0`.
        network_version: String = Computed;
        /// Id of the provisioned product, where the stack was launched through AWS Service Catalog. Null for every other stack.
        provisioned_product_id: String = Computed;
        /// Whether users reach it from inside only. Null where the parameters do not tell.
        internal: bool = Computed;
        /// How the template takes sign-in: `legacy`, `single` or `multi`.
        sso_family: String = Computed;
        /// Whether the database stands beside the stack. `false`: the stack has one of its own.
        external_database: bool = Computed;
        /// Whether the search domain stands beside the stack. `false`: the stack has one of its own.
        external_search: bool = Computed;
        /// Identifier of the stack's own database instance. Null where it has none.
        db_instance_identifier: String = Computed;
        /// The template that the stack has, as it was given to CloudFormation. Null without `include_template = true`.
        template_body: String = Computed;
        /// What the template says that it is.
        description: String = Computed;
        /// Minutes after which CloudFormation gives up a creation. Null: it has no limit of its own.
        timeout_in_minutes: i64 = Computed;
        /// Capabilities granted to its last operation.
        capabilities: Set<String> = Computed;
        /// ARNs of the topics that are told of its events.
        notification_arns: Set<String> = Computed;
        /// ARN of the service role that CloudFormation uses for it. Null: it uses the caller's permissions.
        iam_role_arn: String = Computed;
        /// Whether a creation that fails is left as it is, instead of rolled back.
        disable_rollback: bool = Computed;
        /// Whether the stack is protected from deletion.
        enable_termination_protection: bool = Computed;
        /// Tags of the stack.
        tags: BTreeMap<String, String> = Computed;
    }
}

/// Data source `quilt_stack`.
pub struct StackSource;

#[async_trait]
impl DataSource for StackSource {
    const NAME: &'static str = "quilt_stack";
    type State = StackLookup;

    fn subject(config: &StackLookup) -> String {
        format!("Stack {}", config.name.as_deref_option().unwrap_or_default())
    }

    async fn read(
        &self,
        cx: &Cx,
        config: StackLookup,
        _d: &mut Diagnostics,
    ) -> Result<StackLookup> {
        let name = config.name.clone().unwrap_or_default();
        let (deploy, stack) =
            Deploy::named(cx, "name", &name, config.region.as_deref_option()).await?;
        let variant = Variant::of(|p| stack.parameters.contains_key(p));
        let instance = match variant.external_database {
            true => None,
            false => deploy
                .aws
                .stacks
                .part(&stack.id, "DB")
                .await?
                .filter(|p| p.kind == "AWS::RDS::DBInstance" && !p.physical_id.is_empty()),
        };
        let template_body = match config.include_template {
            Value::Value(true) => deploy.aws.stacks.template(&stack.id).await?.into(),
            _ => Value::Null,
        };
        let StackLookup { name, include_template, .. } = config;
        let db_instance_identifier = instance.map(|p| p.physical_id).into();
        let told = StackLookup { name, include_template, ..described(&stack, &variant) };
        Ok(StackLookup { db_instance_identifier, template_body, ..told })
    }
}

/// What a stack says of itself.
fn described(stack: &Stack, variant: &Variant) -> StackLookup {
    let mut state = StackState::default();
    look(&mut state, stack);
    let quilt = state.network_version.is_value();
    let (secret, shown): (BTreeMap<_, _>, BTreeMap<_, _>) =
        stack.parameters.clone().into_iter().partition(|(_, value)| value == HIDDEN);
    StackLookup {
        id: state.id,
        region: state.region,
        status: state.status,
        outputs: state.outputs,
        parameters: Value::Value(shown.into_iter().map(|(k, v)| (k, v.into())).collect()),
        secret_parameters: Set(secret.into_keys().collect()).into(),
        url: state.url,
        registry_host: state.registry_host,
        s3_proxy_host: state.s3_proxy_host,
        cnames: state.cnames,
        load_balancer_dns_name: state.load_balancer_dns_name,
        aliases: state.aliases,
        load_balancer_zone_id: state.load_balancer_zone_id,
        connect_host: state.connect_host,
        connect_load_balancer_dns_name: state.connect_load_balancer_dns_name,
        connect_load_balancer_zone_id: state.connect_load_balancer_zone_id,
        registry_role_arn: state.registry_role_arn,
        quilt_version: state.quilt_version,
        network_version: state.network_version,
        provisioned_product_id: state.provisioned_product_id,
        internal: variant.internal.filter(|_| quilt).into(),
        sso_family: variant.sso.map(|family| family.word().to_string()).into(),
        external_database: Some(variant.external_database).filter(|_| quilt).into(),
        external_search: Some(variant.external_search).filter(|_| quilt).into(),
        description: stack.description.clone().into(),
        timeout_in_minutes: stack.timeout_in_minutes.into(),
        capabilities: Set(stack.capabilities.iter().cloned().collect()).into(),
        notification_arns: Set(stack.notification_arns.iter().cloned().collect()).into(),
        iam_role_arn: stack.role.clone().into(),
        disable_rollback: stack.disable_rollback.into(),
        enable_termination_protection: stack.protected.into(),
        tags: stack.tags.clone().into(),
        ..StackLookup::default()
    }
}

#[cfg(test)]
mod tests;
