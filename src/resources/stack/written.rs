//! What a person leaves out of the configuration of a stack, and how the template comes into a file.

use super::shorthands::SHORTHANDS;
use super::state::StackState;
use crate::cloudformation::template::Template;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value, known};

/// So long may a template stand in a configuration without a word about it.
const LONG: usize = 1000;

/// A parameter that has an argument of its own stands there, and what holds anyway stands nowhere.
pub fn shorten(config: &mut StackState, d: &mut Diagnostics) {
    let template = config.template_body.as_deref_option().and_then(|t| Template::parse(t).ok());
    let default = |name: &str| template.as_ref()?.parameters.get(name)?.default.clone();
    for short in &SHORTHANDS {
        if let Value::Value(parameters) = &mut config.parameters {
            parameters.remove(short.parameter);
        }
        let value = (short.value)(config).clone();
        let value = value.as_ref_option();
        if value.is_some() && value == default(short.parameter).as_ref() {
            *(short.slot)(config) = Value::Null;
        }
    }
    if config.parameters.as_ref_option().is_some_and(|parameters| parameters.is_empty()) {
        config.parameters = Value::Null;
    }
    let usual: Value<_> = Set(vec![known("CAPABILITY_NAMED_IAM")]).into();
    if config.capabilities == usual || config.capabilities == Set(vec![]).into() {
        config.capabilities = Value::Null;
    }
    if config.enable_termination_protection == true.into() {
        config.enable_termination_protection = Value::Null;
    }
    template_in_file(config, d);
}

/// A plan is empty with the text that the stack has; AWS does not know the name of a file.
fn template_in_file(config: &StackState, d: &mut Diagnostics) {
    if config.template_body.as_deref_option().is_none_or(|body| body.len() < LONG) {
        return;
    }
    let name = config.name.as_deref_option().unwrap_or("<name>");
    let region = config.region.as_deref_option().map(|r| format!(" --region {r}"));
    let region = region.unwrap_or_default();
    let detail = format!(
        "The configuration that was written holds the whole template of the stack {name}. To keep it in a file, run\n\n  aws cloudformation get-template \
         --stack-name {name}{region} --query TemplateBody --output text > {name}.yaml\n\nand write `template_file = \"{name}.yaml\"` instead of `template_body`. \
         The next apply takes note of that and writes nothing to AWS."
    );
    d.warn_at(
        AttributePath::new("template_body"),
        "The template stands in the configuration",
        detail,
    );
}
