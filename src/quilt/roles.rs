//! The roles of a deployment that use the keys of its buckets.

use std::collections::BTreeMap;

use crate::cloudformation::arn::Arn;
use crate::cloudformation::stack::Part;
use crate::cloudformation::template::Template;

/// Logical ids of the roles that read and write encrypted objects; older templates have one of the two that run queries, newer ones the other.
pub const KEY_USERS: [&str; 7] = [
    "AmazonECSTaskExecutionRole",
    "PkgEventsRole",
    "PkgSelectLambdaRole",
    "DuckDBSelectLambdaRole",
    "SearchHandlerRole",
    "T4BucketReadRole",
    "T4BucketWriteRole",
];

/// ARNs of those of the roles that a stack has, by logical id: its own, and those that a stack beside it has made and its parameters name.
pub fn key_users(
    stack: &str,
    parts: &[Part],
    template: Option<&Template>,
    parameters: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let own = |id: &str| {
        let part =
            parts.iter().find(|part| part.logical_id == id && part.kind == "AWS::IAM::Role")?;
        (!part.physical_id.is_empty())
            .then(|| arn(stack, &part.physical_id, &path(template, id)))?
    };
    let foreign = |id: &str| parameters.get(id).filter(|value| value.starts_with("arn:")).cloned();
    let all =
        KEY_USERS.iter().filter_map(|id| Some((id.to_string(), own(id).or_else(|| foreign(id))?)));
    all.collect()
}

/// The ARN of a role by its name and its path, in the account of a stack.
fn arn(stack: &str, name: &str, path: &str) -> Option<String> {
    let Arn { partition, account, .. } = Arn::of(stack)?;
    Some(format!("arn:{partition}:iam::{account}:role{path}{name}"))
}

/// The path that the template gives a role; `/` where it gives none.
fn path(template: Option<&Template>, id: &str) -> String {
    let path = || template?.section("Resources")?.get(id)?.get("Properties")?.get("Path")?.text();
    path().unwrap_or_else(|| "/".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: &str = "arn:aws-us-gov:cloudformation:us-gov-west-1:111122223333:stack/prod/1";

    fn role(id: &str, name: &str) -> Part {
        Part {
            logical_id: id.into(),
            kind: "AWS::IAM::Role".into(),
            physical_id: name.into(),
            ..Part::default()
        }
    }

    #[test]
    fn roles_that_are_there_come_with_their_paths() {
        let text = r#"{"Resources": {"PkgEventsRole": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/quilt/"}}}}"#;
        let template = Template::parse(text).unwrap();
        let parts = [
            role("T4BucketReadRole", "ReadQuiltV2-prod"),
            role("PkgEventsRole", "prod-PkgEventsRole-1"),
            role("ApiRole", "prod-ApiRole-1"),
            role("SearchHandlerRole", ""),
            Part { kind: "AWS::Lambda::Function".into(), ..role("T4BucketWriteRole", "x") },
        ];
        let parameters = [
            (
                "SearchHandlerRole".to_string(),
                "arn:aws-us-gov:iam::111122223333:role/s".to_string(),
            ),
            ("T4BucketWriteRole".to_string(), "no".to_string()),
        ];
        let found = key_users(STACK, &parts, Some(&template), &parameters.into());
        let found: Vec<_> = found.iter().map(|(id, arn)| format!("{id} {arn}")).collect();
        assert_eq!(
            found,
            [
                "PkgEventsRole arn:aws-us-gov:iam::111122223333:role/quilt/prod-PkgEventsRole-1",
                "SearchHandlerRole arn:aws-us-gov:iam::111122223333:role/s",
                "T4BucketReadRole arn:aws-us-gov:iam::111122223333:role/ReadQuiltV2-prod",
            ]
        );
        assert!(key_users("prod", &parts, None, &BTreeMap::new()).is_empty());
    }
}
