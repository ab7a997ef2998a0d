//! Policies that Quilt's templates leave open: the registry writes into them as buckets and roles are added, so they drift by design.

use crate::cloudformation::drift::Drift;
use crate::cloudformation::stack::Stack;

/// Their logical ids, the same in every template.
const OPEN: [&str; 3] = ["BucketReadPolicy", "BucketWritePolicy", "RegistryAssumeRolePolicy"];

/// A change that Quilt has made itself: what one of these policies of a Quilt stack says. One that is gone, or changed otherwise, is no such.
pub fn is_meant(stack: &Stack, drift: &Drift) -> bool {
    let said = |property: &String| property.starts_with("/PolicyDocument");
    stack.parameters.contains_key("QuiltWebHost")
        && OPEN.contains(&drift.logical_id.as_str())
        && drift.kind == "AWS::IAM::ManagedPolicy"
        && !drift.deleted
        && drift.properties.iter().all(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_registry_writes_is_meant() {
        let quilt = || Stack {
            parameters: [("QuiltWebHost".to_string(), "quilt.example.com".to_string())].into(),
            ..Stack::default()
        };
        let policy = || Drift {
            logical_id: "BucketReadPolicy".into(),
            kind: "AWS::IAM::ManagedPolicy".into(),
            properties: vec!["/PolicyDocument/Statement/0/Effect".into()],
            ..Drift::default()
        };
        assert!(is_meant(&quilt(), &policy()));
        assert!(!is_meant(&Stack::default(), &policy()), "of another stack");
        for drift in [
            Drift { deleted: true, ..policy() },
            Drift { properties: vec!["/Path".into()], ..policy() },
            Drift { logical_id: "OtherPolicy".into(), ..policy() },
            Drift { kind: "AWS::IAM::Role".into(), ..policy() },
        ] {
            assert!(!is_meant(&quilt(), &drift), "{}", drift.line());
        }
    }
}
