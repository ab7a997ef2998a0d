//! ARNs, AWS's names of things, taken apart.

/// The parts of AWS that know nothing of each other; the second part of every ARN.
pub const PARTITIONS: [&str; 8] = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

/// An ARN: `arn:<partition>:<service>:<region>:<account>:<resource>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// As `aws-cn`.
    pub partition: &'a str,
    /// As `iam`.
    pub service: &'a str,
    /// As `us-east-1`; empty where the thing is in no region.
    pub region: &'a str,
    /// Twelve digits; empty where the thing is in no account.
    pub account: &'a str,
    /// What is left, as `role/quilt`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes a text apart; `None` where it is no ARN of a known partition.
    pub fn of(text: &'a str) -> Option<Self> {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let &["arn", partition, service, region, account, resource] = parts.as_slice() else { return None };
        let sound = PARTITIONS.contains(&partition) && !service.is_empty() && !resource.is_empty();
        let written = !text.contains(|c: char| c.is_whitespace() || c.is_control());
        (sound && written).then_some(Self { partition, service, region, account, resource })
    }
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
    let known = PARTITIONS.contains(&name);
    if known { Ok(()) } else { Err(format!("`{name}` is no partition of AWS. It is one of {}.", PARTITIONS.join(", "))) }
}

/// Checks the ARN of a role.
///
/// # Errors
/// It is none.
pub fn check_role(text: &str) -> Result<(), String> {
    let example = "A role's ARN is written as `arn:aws:iam::123456789012:role/quilt`";
    match Arn::of(text) {
        Some(Arn { service: "iam", region: "", account, resource, .. }) if is_account(account) && named(resource, "role/") => Ok(()),
        Some(Arn { service: "sts", .. }) => Err(format!("`{text}` is a session of a role, not the role. {example}.")),
        _ => Err(format!("`{text}` is not the ARN of a role. {example}.")),
    }
}

fn named(resource: &str, kind: &str) -> bool {
    resource.strip_prefix(kind).is_some_and(|name| !name.is_empty() && !name.ends_with('/') && !name.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_taken_apart() {
        let arn = Arn::of("arn:aws-cn:kms:cn-north-1:123456789012:key/a:b").unwrap();
        assert_eq!(
            [arn.partition, arn.service, arn.region, arn.account, arn.resource],
            ["aws-cn", "kms", "cn-north-1", "123456789012", "key/a:b"]
        );
        for text in ["", "arn", "arn:aws:iam::1", "arn:aws:iam:::", "arn:gcp:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/a "]
        {
            assert_eq!(Arn::of(text), None, "{text}");
        }
    }

    #[test]
    fn roles_are_told_from_what_is_like_them() {
        for partition in PARTITIONS {
            assert_eq!(check_role(&format!("arn:{partition}:iam::123456789012:role/path/quilt")), Ok(()));
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
