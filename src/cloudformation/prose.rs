//! What AWS says in prose, in answers and in reasons alike: the only place that reads it.

use crate::outcome::AwsErrorKind;

/// The meaning of a text, where its words tell more than a code: CloudFormation says nearly everything with `ValidationError` and prose.
pub fn meaning(text: &str) -> Option<AwsErrorKind> {
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    let begins = |words: &[&str]| words.iter().any(|words| text.starts_with(words));
    let gone = (begins(&["Stack ", "ChangeSet "]) && says(&["does not exist"]))
        || (begins(&["Resource "]) && says(&[" does not exist for stack "]));
    let stuck = [
        " state and can not be ",
        " state and cannot be ",
        "while TerminationProtection is enabled",
    ];
    match () {
        () if gone => Some(AwsErrorKind::Gone),
        () if says(&["No updates are to be performed", "didn't contain changes"]) => {
            Some(AwsErrorKind::NoChange)
        }
        () if says(&["is not authorized to perform"]) => Some(AwsErrorKind::Denied),
        () if begins(&["Signature expired: ", "Signature not yet current: "]) => {
            Some(AwsErrorKind::Clock)
        }
        () if says(&stuck) => Some(AwsErrorKind::State),
        () => None,
    }
}

/// What the reason of a failed change set means.
pub fn refusal(reason: &str) -> AwsErrorKind {
    let denied = ["not authorized", "AccessDenied", "Access Denied", "Access denied"]
        .iter()
        .any(|words| reason.contains(words));
    meaning(reason).unwrap_or(if denied { AwsErrorKind::Denied } else { AwsErrorKind::Invalid })
}

/// A resource was given up because another failed.
pub fn is_cancelled(reason: &str) -> bool {
    reason.contains("cancelled")
}

/// It names what failed before it, and is no cause itself.
pub fn is_consequence(reason: &str) -> bool {
    is_cancelled(reason) || reason.starts_with("The following resource(s) failed")
}

/// A bucket was not deleted because there is something in it.
pub fn is_full(reason: &str) -> bool {
    reason.contains("not empty")
}

/// The cause is told by another API alone.
pub fn is_told_elsewhere(reason: &str) -> bool {
    reason.contains("DescribeEvents")
}

/// The account lacks a role that a service has in it.
pub fn lacks_service_role(reason: &str) -> bool {
    reason.contains("must enable a service-linked role")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_apart() {
        for (reason, kind) in [
            (
                "The submitted information didn't contain changes. Submit different",
                AwsErrorKind::NoChange,
            ),
            ("Access denied for operation GetParameters", AwsErrorKind::Denied),
            ("Parameters: [X] must have values", AwsErrorKind::Invalid),
        ] {
            assert_eq!(refusal(reason), kind, "{reason}");
        }
        assert!(is_consequence("The following resource(s) failed to create: [DB]."));
        assert!(is_consequence("Resource creation cancelled") && !is_consequence("no zones"));
    }
}
