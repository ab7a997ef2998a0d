//! What a policy names: the ARNs, accounts and partitions that may stand in one.

use crate::cloudformation::arn::Arn;
use crate::cloudformation::partition::{PARTITIONS, named as partition};

/// An ARN that may stand in a policy: of a known partition, and without spaces.
pub fn arn(text: &str) -> Option<Arn<'_>> {
    let written = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    Arn::of(text).filter(|arn| written && partition(arn.partition).is_some())
}

/// An account's twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Checks the name of a partition.
///
/// # Errors
/// There is none of this name.
pub fn check_partition(name: &str) -> Result<(), String> {
    let known = PARTITIONS.map(|partition| partition.name);
    match known.contains(&name) {
        true => Ok(()),
        false => {
            Err(format!("`{name}` is no partition of AWS. It is one of {}.", known.join(", ")))
        }
    }
}

/// Checks the ARN of a role.
///
/// # Errors
/// It is none.
pub fn check_role(text: &str) -> Result<(), String> {
    let example = "A role's ARN is written as `arn:aws:iam::123456789012:role/quilt`";
    match arn(text) {
        Some(Arn { service: "iam", region: "", account, resource, .. })
            if is_account(account) && named(resource, "role/") =>
        {
            Ok(())
        }
        Some(Arn { service: "sts", .. }) => {
            Err(format!("`{text}` is a session of a role, not the role. {example}."))
        }
        _ => Err(format!("`{text}` is not the ARN of a role. {example}.")),
    }
}

fn named(resource: &str, kind: &str) -> bool {
    resource
        .strip_prefix(kind)
        .is_some_and(|name| !name.is_empty() && !name.ends_with('/') && !name.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_of_a_known_partition_and_in_one_piece() {
        assert!(arn("arn:aws-cn:kms:cn-north-1:123456789012:key/a").is_some());
        for text in [
            "",
            "arn:aws:iam::1",
            "arn:gcp:iam::123456789012:role/a",
            "arn:aws:iam::123456789012:role/a ",
            "arn:aws:iam::1:role/a\nb",
        ] {
            assert_eq!(arn(text), None, "{text}");
        }
    }

    #[test]
    fn roles_are_told_from_what_is_like_them() {
        for partition in PARTITIONS.map(|partition| partition.name) {
            assert_eq!(
                check_role(&format!("arn:{partition}:iam::123456789012:role/path/quilt")),
                Ok(())
            );
        }
        for (text, says) in [
            ("quilt", "is not the ARN of a role"),
            ("arn:aws:iam::123456789012:user/quilt", "is not the ARN of a role"),
            ("arn:aws:iam::12345678901:role/quilt", "is not the ARN of a role"),
            ("arn:aws:iam::123456789012:role/", "is not the ARN of a role"),
            ("arn:aws:iam::123456789012:role/*", "is not the ARN of a role"),
            ("arn:aws:sts::123456789012:assumed-role/quilt/me", "is a session of a role"),
        ] {
            assert!(check_role(text).unwrap_err().contains(says), "{text}");
        }
    }
}
