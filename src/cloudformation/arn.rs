//! An ARN: in which part of AWS something is, and whose it is.

use std::fmt;

/// An ARN, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// The part of AWS, as `aws-cn`.
    pub partition: &'a str,
    /// The service, as `cloudformation`.
    pub service: &'a str,
    /// The region; empty for what has none.
    pub region: &'a str,
    /// The account's number; empty for what names none.
    pub account: &'a str,
    /// What it is there, in the service's own form.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The ARN in a text; `None`: it is a name, or something else.
    pub fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        let (partition, service, region, account, resource) =
            (next()?, next()?, next()?, next()?, next()?);
        let whole = partition.starts_with("aws") && !service.is_empty() && !resource.is_empty();
        whole.then_some(Self { partition, service, region, account, resource })
    }

    /// The region; `None` for what has none.
    pub fn region(&self) -> Option<&'a str> {
        Some(self.region).filter(|region| !region.is_empty())
    }

    /// What it is called among what this service has of this kind, as `role/`; `None`: it is of something else.
    pub fn named(&self, service: &str, kind: &str) -> Option<&'a str> {
        let name = self.resource.strip_prefix(kind).filter(|name| !name.is_empty());
        name.filter(|_| self.service == service)
    }

    /// The name of the stack that it is of.
    pub fn stack_name(&self) -> Option<&'a str> {
        self.named("cloudformation", "stack/")?.split('/').next()
    }

    /// The identifier of the database snapshot that it is of.
    pub fn snapshot_id(&self) -> Option<&'a str> {
        self.named("rds", "snapshot:")
    }

    /// It is a change set's.
    pub fn is_set(&self) -> bool {
        self.named("cloudformation", "changeSet/").is_some()
    }

    /// It is a key's.
    pub fn is_key(&self) -> bool {
        self.named("kms", "key/").is_some()
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:{}:{}:{}:{}",
            self.partition, self.service, self.region, self.account, self.resource
        )
    }
}

/// The region inside an ARN; `None` for a name.
pub fn region_of(id: &str) -> Option<&str> {
    Arn::of(id)?.region()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: &str = "arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/prod/1-2";

    #[test]
    fn an_arn_comes_apart_and_together_again() {
        let arn = Arn::of(STACK).unwrap();
        assert_eq!(
            (arn.partition, arn.service, arn.region, arn.account),
            ("aws-cn", "cloudformation", "cn-north-1", "123456789012")
        );
        assert_eq!(
            (arn.stack_name(), arn.snapshot_id(), arn.to_string().as_str()),
            (Some("prod"), None, STACK)
        );
    }

    #[test]
    fn a_resource_may_hold_colons() {
        let arn = Arn::of("arn:aws:rds:eu-west-1:1:snapshot:mine:copy").unwrap();
        assert_eq!((arn.snapshot_id(), arn.stack_name()), (Some("mine:copy"), None));
        assert!(Arn::of("arn:aws:kms:eu-west-1:1:key/k").unwrap().is_key());
    }

    #[test]
    fn a_name_is_no_arn() {
        for text in [
            "prod",
            "",
            "arn:",
            "arn:aws:s3",
            "arn:aws:iam::1:",
            "arn::iam::1:role/a",
            "arn:gcp:iam::1:role/a",
            "urn:aws:iam::1:role/a",
        ] {
            assert_eq!(Arn::of(text), None, "{text}");
        }
        assert_eq!(
            (region_of("arn:aws:iam::1:role/a"), region_of(STACK)),
            (None, Some("cn-north-1"))
        );
    }
}
