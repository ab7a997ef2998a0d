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

/// What lies behind the reason of a failed resource, where somebody can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The account lacks a role that a service has in it.
    ServiceRole,
    /// No elastic IP address is left.
    Addresses,
    /// No trail is left.
    Trails,
    /// Another limit of the account.
    Quota,
    /// Tasks of ECS do not start.
    Tasks,
    /// The name is taken.
    Taken,
    /// The load balancer does not take the certificate.
    Certificate,
    /// AWS has no machine of this type left.
    Capacity,
    /// Too many calls.
    Throttled,
    /// Not allowed.
    Denied,
    /// A bucket has something in it.
    Full,
}

/// What AWS says of each, the narrower words first.
const CAUSES: [(&str, Cause); 23] = [
    ("must enable a service-linked role", Cause::ServiceRole),
    ("maximum number of addresses", Cause::Addresses),
    ("AddressLimitExceeded", Cause::Addresses),
    ("MaximumNumberOfTrailsExceeded", Cause::Trails),
    (" trails in ", Cause::Trails),
    ("Circuit Breaker", Cause::Tasks),
    ("circuit breaker", Cause::Tasks),
    ("UnsupportedCertificate", Cause::Certificate),
    ("CertificateNotFound", Cause::Certificate),
    ("InsufficientDBInstanceCapacity", Cause::Capacity),
    ("InsufficientInstanceCapacity", Cause::Capacity),
    ("do not have sufficient", Cause::Capacity),
    ("ThrottlingException", Cause::Throttled),
    ("Rate exceeded", Cause::Throttled),
    ("is not authorized to perform", Cause::Denied),
    ("AccessDenied", Cause::Denied),
    ("Access Denied", Cause::Denied),
    ("not empty", Cause::Full),
    ("LimitExceeded", Cause::Quota),
    ("QuotaExceeded", Cause::Quota),
    ("maximum number of ", Cause::Quota),
    ("already exists", Cause::Taken),
    ("AlreadyExists", Cause::Taken),
];

/// The cause that a reason tells of.
pub fn cause(reason: &str) -> Option<Cause> {
    CAUSES.iter().find(|(words, _)| reason.contains(words)).map(|(_, cause)| *cause)
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
