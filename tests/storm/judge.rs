//! The judgement of a round: what may not be, whatever was killed when.

use std::collections::BTreeMap;

use super::portrait::{self, Portrait};
use super::round::Operation;
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

/// Kinds of resources that hold data, or that those live in.
const GUARDED: [&str; 5] = [
    "AWS::RDS::DBInstance",
    "AWS::OpenSearchService::Domain",
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::SQS::Queue",
];

/// The physical ids of what holds data, by stack and logical id.
pub fn guarded(cloud: &Cloud) -> BTreeMap<String, String> {
    let of = |stack: crate::cloud::stack::Stack| {
        let kept = cloud
            .resources(&stack.id)
            .into_iter()
            .filter(|(_, resource)| GUARDED.contains(&resource.kind.as_str()));
        kept.map(move |(id, resource)| (format!("{}/{id}", stack.name), resource.physical_id))
            .collect::<Vec<_>>()
    };
    cloud.stacks().into_iter().flat_map(of).collect()
}

/// What is wrong once all is done.
pub fn wrong(
    cloud: &Cloud,
    project: &Project,
    operation: Operation,
    should: &Portrait,
    before: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut wrong = portrait::differences(&portrait::take(cloud), should);
    let plan = project.plan();
    let empty = operation == Operation::Delete || plan.code == 0;
    if !empty {
        wrong.push(format!("the plan is not empty:\n{}", plan.text));
    }
    if operation == Operation::Delete
        && project.state()["resources"].as_array().is_some_and(|left| !left.is_empty())
    {
        wrong.push("the state is not empty".into());
    }
    wrong.extend(made_twice(cloud, operation));
    let taken =
        cloud.calls_of("CreateDBSnapshot").iter().filter(|call| call.status == Some(200)).count();
    if taken > 1 {
        wrong.push(format!("{taken} snapshots were taken"));
    }
    wrong.extend(crossed(cloud, operation, before));
    wrong.extend(
        cloud
            .stacks()
            .iter()
            .filter(|stack| has_change_sets(cloud, &stack.id))
            .map(|s| format!("{}: a change set is left", s.name)),
    );
    wrong
}

/// Stacks of one name that were begun, deleted ones too: there is one, unless the round was about deleting.
fn made_twice(cloud: &Cloud, operation: Operation) -> Vec<String> {
    let answer =
        cloud.query("cloudformation", "ListStacks", &[]).expect("listing is always allowed");
    let (mut all, mut gone) = (BTreeMap::<String, usize>::new(), Vec::new());
    for row in answer.members("StackSummaries") {
        let name = row.get("StackName").unwrap_or_default().to_owned();
        if row.get("StackStatus") == Some("DELETE_COMPLETE") && operation != Operation::Delete {
            gone.push(format!("the stack {name} was deleted"));
        }
        *all.entry(name).or_default() += 1;
    }
    all.into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(name, count)| format!("{name} was made {count} times"))
        .chain(gone)
        .collect()
}

/// What held data before an update and is another one now.
fn crossed(cloud: &Cloud, operation: Operation, before: &BTreeMap<String, String>) -> Vec<String> {
    if operation == Operation::Delete {
        return vec![];
    }
    let now = guarded(cloud);
    before
        .iter()
        .filter(|(place, id)| now.get(*place) != Some(id))
        .map(|(place, _)| format!("{place} was replaced"))
        .collect()
}

fn has_change_sets(cloud: &Cloud, stack: &str) -> bool {
    let answer = cloud.query("cloudformation", "ListChangeSets", &[("StackName", stack)]);
    answer.is_ok_and(|answer| !answer.members("Summaries").is_empty())
}
