//! What a new stack takes over from another one: that is looked at, settled at plan and kept for the apply.

use std::collections::BTreeMap;

use crate::aws::Aws;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::inherit::{Inherited, inherit};
use crate::resources::stack::order::wanted::Wanted;
use crate::resources::stack::quilt::inherit::{ARGUMENT, own_parameters};
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{StackPrivate, StackState, Values};
use crate::tf::Value;

/// The other stack, and what is taken over from it.
pub struct Inheritance {
    /// As the argument names the other stack.
    pub name: String,
    /// The other stack as CloudFormation describes it.
    pub source: Stack,
    /// Which of its parameters the new one takes over, and which it cannot.
    pub found: Inherited,
    /// The parameters that the new one will have, as far as they are known.
    pub parameters: BTreeMap<String, Option<String>>,
    /// Its template, where both are in one region and it may be read.
    pub template: Result<Option<Template>>,
}

/// Looks at what a creation takes over, where that is known; with `aws` of the region it comes to.
pub async fn look(
    cx: &Cx,
    aws: &Aws,
    config: &StackState,
    template: &Template,
) -> Result<Option<Inheritance>> {
    let Value::Value(name) = &config.inherit_parameters_from else { return Ok(None) };
    if config.maps().iter().any(|(_, map)| map.is_unknown()) {
        return Ok(None);
    }
    let (deploy, source) = Deploy::named(cx, ARGUMENT, name, Some(&aws.region)).await?;
    let given = own_parameters(config, template, Wanted::of(config, Some(template)).so_far());
    let found = inherit(template, &source.parameters, &given);
    let beside = deploy.aws.region == aws.region;
    let template = if beside { read(aws, &source).await } else { Ok(None) };
    let values = found.values.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
    let parameters = values.chain(given).collect();
    Ok(Some(Inheritance { name: name.clone(), source, found, parameters, template }))
}

async fn read(aws: &Aws, stack: &Stack) -> Result<Option<Template>> {
    match aws.stacks.template(&stack.id).await {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(None),
        text => Ok(Template::parse(&text?).ok()),
    }
}

/// What a creation takes over: as it was planned, or looked at now where the plan could not.
pub async fn values(
    cx: &Cx,
    aws: &Aws,
    planned: &StackState,
    private: &StackPrivate,
    template: Option<&Template>,
) -> Result<Values> {
    match (&private.inherited, &planned.inherit_parameters_from, template) {
        (Some(values), ..) => Ok(values.clone()),
        (None, Value::Value(name), Some(template)) => {
            let mut config = planned.clone();
            // Of these the plan could only say that they will be known.
            for short in SHORTHANDS.iter().filter(|short| (short.value)(planned).is_unknown()) {
                *(short.slot)(&mut config) = Value::Null;
            }
            let (_, source) = Deploy::named(cx, ARGUMENT, name, Some(&aws.region)).await?;
            let wanted = Wanted::of(&config, Some(template)).so_far();
            Ok(inherit(template, &source.parameters, &own_parameters(&config, template, wanted))
                .values)
        }
        _ => Ok(Values::new()),
    }
}
