//! Who uses what a network, a database or a search domain has made: stacks whose parameters name it.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloudformation::stack::Stack;

/// Outputs of the provider's own templates that stacks are told to use them by.
const NAMED: [&str; 15] = [
    "VpcId",
    "PrivateSubnetId1",
    "PrivateSubnetId2",
    "PublicSubnetId1",
    "PublicSubnetId2",
    "IntraSubnetId1",
    "IntraSubnetId2",
    "UserSecurityGroupId",
    "ApiGatewayEndpointId",
    "InstanceArn",
    "PasswordSecretArn",
    "AccessorSecurityGroupId",
    "DomainArn",
    "Endpoint",
    "InstanceIdentifier",
];

/// What a stack has made that others may name.
pub fn ids(stack: &Stack) -> BTreeSet<String> {
    NAMED
        .iter()
        .filter_map(|name| stack.outputs.get(*name))
        .filter(|id| !id.is_empty())
        .cloned()
        .collect()
}

/// The first parameter that names something of `made`, with what it names.
pub fn named<'a>(
    parameters: &'a BTreeMap<String, String>,
    made: &'a BTreeSet<String>,
) -> Option<(&'a str, &'a str)> {
    let of = |value: &str| made.iter().find(|id| mentions(value, id));
    parameters.iter().find_map(|(name, value)| Some((name.as_str(), of(value)?.as_str())))
}

/// A stack uses something of `made`: it holds something, and its parameters name it.
pub fn uses(stack: &Stack, made: &BTreeSet<String>) -> bool {
    !stack.status.holds_nothing() && named(&stack.parameters, made).is_some()
}

/// A value names an id: alone, in a list, in an ARN or in a URL, and not as a part of a longer one.
fn mentions(value: &str, id: &str) -> bool {
    let part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    value.match_indices(id).any(|(at, _)| {
        let (before, after) =
            (value[..at].chars().next_back(), value[at + id.len()..].chars().next());
        !before.is_some_and(|c| part_of_word(c) || c == '.') && !after.is_some_and(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudformation::status::Status;

    #[test]
    fn ids_are_named_whole() {
        for (value, id) in [
            ("sg-1", "sg-1"),
            ("subnet-1,subnet-2", "subnet-2"),
            ("https://db.example.com/", "db.example.com"),
            ("postgresql://root@db.example.com:5432/quilt", "db.example.com"),
            ("arn:aws:es:us-east-1:1:domain/find", "arn:aws:es:us-east-1:1:domain/find"),
        ] {
            assert!(mentions(value, id), "{value} {id}");
        }
        for (value, id) in [
            ("sg-12", "sg-1"),
            ("other.db.example.com", "db.example.com"),
            ("****", "sg-1"),
            ("", "sg-1"),
        ] {
            assert!(!mentions(value, id), "{value} {id}");
        }
    }

    #[test]
    fn a_stack_that_holds_nothing_uses_nothing() {
        let made = ["sg-1".to_string()].into();
        let of = |status: &str| {
            let parameters = [("Group".to_string(), "sg-1".to_string())].into();
            uses(&Stack { status: Status::from(status), parameters, ..Stack::default() }, &made)
        };
        for status in [
            "CREATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            "DELETE_FAILED",
            "DELETE_IN_PROGRESS",
            "ROLLBACK_FAILED",
        ] {
            assert!(of(status), "{status}");
        }
        for status in ["DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"] {
            assert!(!of(status), "{status}");
        }
    }
}
