//! What a stack will give out, as far as it can be told before an operation.

use std::collections::{BTreeMap, BTreeSet};

use super::arn::Arn;
use super::partition;
use super::template::{Entries, Node, Scope, Template, mentioned};

/// The outputs of a stack made from `template` where `known` names have these values: parameters, and pseudo parameters as `AWS::Region`.
/// `None` for a value: only the operation decides it. `None` for all: not even which outputs there will be can be told.
pub fn foreseen(
    template: &Template,
    known: &BTreeMap<String, String>,
) -> Option<BTreeMap<String, Option<String>>> {
    if template.transformed() {
        return None;
    }
    let scope = Scope::new(template, known);
    let mut outputs = BTreeMap::new();
    for (name, output) in template.section("Outputs").into_iter().flat_map(Entries::iter) {
        let given = match output.get("Condition") {
            Some(condition) => scope.holds(&condition.text()?)?,
            None => true,
        };
        if given {
            outputs.insert(name.clone(), value(&scope, output));
        }
    }
    Some(outputs)
}

fn value(scope: &Scope, output: &Node) -> Option<String> {
    // What is empty, resolved only now or a line ending may be written in another way by CloudFormation, and outside ASCII it gives back `?`.
    let sure = |text: &String| {
        !text.is_empty() && text.is_ascii() && !text.contains("{{") && !text.contains('\r')
    };
    scope.resolve(output.get("Value")?).filter(sure)
}

/// The resources that these outputs name.
pub fn rests(template: &Template, outputs: &[&str]) -> BTreeSet<String> {
    let section = template.section("Outputs");
    let values = outputs.iter().filter_map(|output| section?.get(output)?.get("Value"));
    let names: BTreeSet<_> = values
        .flat_map(mentioned)
        .flat_map(|name| [Some(name), name.split('.').next()])
        .flatten()
        .collect();
    template.resources.keys().filter(|id| names.contains(id.as_str())).cloned().collect()
}

/// What the pseudo parameters are worth in the stack of this ARN.
pub fn pseudo(arn: &str) -> BTreeMap<String, String> {
    let Some(stack) = Arn::of(arn) else { return BTreeMap::new() };
    let all = [
        ("AccountId", Some(stack.account)),
        ("Partition", Some(stack.partition)),
        ("Region", Some(stack.region)),
        ("StackId", Some(arn)),
        ("StackName", stack.stack_name()),
        ("URLSuffix", partition::named(stack.partition).map(|partition| partition.suffix)),
    ];
    all.into_iter()
        .filter_map(|(key, value)| Some((format!("AWS::{key}"), value?.to_string())))
        .collect()
}

#[cfg(test)]
mod tests;
