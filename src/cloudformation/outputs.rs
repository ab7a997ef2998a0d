//! What a stack will give out, as far as it can be told before an operation.

use std::collections::{BTreeMap, BTreeSet};

use super::arn::Arn;
use super::partition;
use super::template::{Entries, Node, Scope, Template, marked, mentioned};

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

/// The outputs that an update leaves as they are while it does no more to the resources they rest on than change them: each with those
/// resources. They are said in the same way before and afterwards, of names with the same values and of what AWS fixes for a resource's life.
pub fn lasting(
    before: (&Template, &BTreeMap<String, String>),
    after: (&Template, &BTreeMap<String, String>),
) -> BTreeMap<String, BTreeSet<String>> {
    if before.0.transformed() || after.0.transformed() {
        return BTreeMap::new();
    }
    let stays = |(id, kind): &(&String, &String)| before.0.resources.get(*id) == Some(*kind);
    let resources: BTreeMap<_, _> = after
        .0
        .resources
        .iter()
        .filter(stays)
        .map(|(id, kind)| (id.clone(), kind.clone()))
        .collect();
    let [was, will_be] =
        [before, after].map(|(template, known)| Scope::marking(template, known, &resources));
    let said = before.0.section("Outputs");
    let mut lasting = BTreeMap::new();
    for (name, output) in after.0.section("Outputs").into_iter().flat_map(Entries::iter) {
        let then = said.and_then(|said| said.get(name)).and_then(|said| value(&was, said));
        if let Some(now) = value(&will_be, output).filter(|now| then.as_ref() == Some(now)) {
            lasting.insert(name.clone(), marked(&now));
        }
    }
    lasting
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
