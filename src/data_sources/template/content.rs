//! A template that was read, as state.

use std::collections::BTreeSet;

use super::{TemplateLookup, TemplateParameter};
use crate::cloudformation::parameters::required;
use crate::cloudformation::template::{Declared, Template};
use crate::quilt::variant::Variant;
use crate::quilt::{admin, version, wiring};
use crate::resources::stack::{Loaded, argument_of};
use crate::tf::{Set, Value, known};

/// The parameter that makes a template Quilt's.
const WEB_HOST: &str = "QuiltWebHost";

/// It, as state.
pub fn of(config: TemplateLookup, loaded: &Loaded, template: &Template) -> TemplateLookup {
    let declares = |name: &str| template.declares(name);
    let variant = Variant::of(declares);
    let required = required(template);
    let texts = |names: &[&str]| names.iter().map(|name| known(*name)).collect::<Vec<_>>();
    TemplateLookup {
        description: template.text("Description").into(),
        quilt_version: version_of(template).into(),
        parameters: Value::Value(parameters(template, &required)),
        required_parameters: texts(&required).into(),
        missing: texts(&missing(&config, template, &required)).into(),
        outputs: Value::Value(template.outputs.iter().map(known).collect()),
        resources: template.resources.clone().into(),
        capabilities: Set(capabilities(template)).into(),
        network_version: declares(WEB_HOST).then(|| version::network(declares).to_string()).into(),
        takes_network: declares("VPC").into(),
        internal: variant.internal.into(),
        takes_database: variant.external_database.into(),
        makes_database: wiring::makes_database(template).into(),
        takes_search: variant.external_search.into(),
        makes_search: wiring::makes_search(template).into(),
        sso_family: variant.sso.map(|family| family.word().to_string()).into(),
        sha256: known(loaded.digest.clone()),
        size: i64::try_from(loaded.text.len()).unwrap_or(i64::MAX).into(),
        ..config
    }
}

/// As it stands in the output, where that is text.
fn version_of(template: &Template) -> Option<String> {
    let metadata = template.section("Outputs")?.get("TemplateBuildMetadata")?.get("Value")?;
    version::of(&metadata.text()?)
}

/// One leave for each need; the larger one where there is a choice, as Quilt's templates need it.
fn capabilities(template: &Template) -> Vec<String> {
    let needs = template.needs(true).into_iter();
    let all: BTreeSet<_> = needs.filter_map(|need| need.capabilities.last().copied()).collect();
    all.into_iter().map(str::to_string).collect()
}

fn parameters(template: &Template, required: &[&str]) -> Vec<Value<TemplateParameter>> {
    let all = template.parameters.iter();
    all.map(|(name, declared)| {
        let required = required.contains(&name.as_str());
        parameter(name, declared, required, argument_of(template, name)).into()
    })
    .collect()
}

fn parameter(
    name: &str,
    declared: &Declared,
    required: bool,
    argument: Option<&'static str>,
) -> TemplateParameter {
    let count = |length: Option<u64>| Value::from(length.and_then(|n| i64::try_from(n).ok()));
    let number = |bound: Option<f64>| Value::from(bound.map(|n| n.to_string()));
    TemplateParameter {
        name: known(name),
        parameter_type: known(declared.kind.clone()),
        default: declared.default.clone().filter(|_| !declared.no_echo).into(),
        description: declared.description.clone().into(),
        no_echo: declared.no_echo.into(),
        required: required.into(),
        argument: argument.map(str::to_string).into(),
        allowed_values: Value::Value(declared.allowed_values.iter().map(known).collect()),
        allowed_pattern: declared.allowed_pattern.clone().into(),
        constraint_description: declared.constraint_description.clone().into(),
        min_length: count(declared.length.0),
        max_length: count(declared.length.1),
        min_value: number(declared.range.0),
        max_value: number(declared.range.1),
    }
}

/// What a configuration must still give.
fn missing<'a>(config: &TemplateLookup, template: &Template, required: &[&'a str]) -> Vec<&'a str> {
    let given: BTreeSet<&str> = config
        .given
        .as_ref_option()
        .into_iter()
        .flatten()
        .filter_map(Value::as_deref_option)
        .collect();
    let made = |name: &str| name == admin::PASSWORD && admin::wanted(template).is_some();
    let brought = |name| argument_of(template, name).is_some_and(|by| given.contains(by));
    let still = required.iter().copied();
    still.filter(|name| !given.contains(name) && !made(name) && !brought(name)).collect()
}
