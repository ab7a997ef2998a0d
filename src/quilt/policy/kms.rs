//! What KMS keys and Quilt say to each other: who may use which key.

use super::named::{arn, check_role, is_account};
use super::{Statement, Words, aws, check_all, distinct, json, policy};

/// What reading and writing encrypted objects needs.
const ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

/// The policy by which Quilt's roles may use these keys.
///
/// # Errors
/// One of them is no key.
pub fn usage_policy(keys: &[String]) -> Result<String, String> {
    check_all(keys, "key", check_key)?;
    Ok(policy(allowed(Words(distinct(keys)))))
}

/// The statement of a key's own policy by which these roles may use it.
///
/// # Errors
/// One of them is no role.
pub fn key_statement(roles: &[String]) -> Result<String, String> {
    check_all(roles, "role", check_role)?;
    Ok(json(&Statement { principal: aws(Words(distinct(roles))), ..allowed(Words::of(["*"])) }))
}

fn allowed(resource: Words) -> Statement {
    Statement {
        effect: "Allow",
        action: Words::of(ACTIONS),
        resource: Some(resource),
        ..Statement::default()
    }
}

fn check_key(text: &str) -> Result<(), String> {
    let key = arn(text)
        .filter(|arn| arn.service == "kms" && !arn.region.is_empty() && is_account(arn.account));
    match key.map(|arn| arn.resource) {
        Some(resource) if resource.len() > "key/".len() && resource.starts_with("key/") => Ok(()),
        Some(resource) if resource.starts_with("alias/") => Err(format!(
            "`{text}` is an alias, and a policy goes by the key itself. Write the key's ARN (`target_key_arn` of `aws_kms_alias`)."
        )),
        _ => Err(format!(
            "`{text}` is not the ARN of a key. Write it as `arn:aws:kms:us-west-2:123456789012:key/…`; `key/*` is every key of the region."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_string()).collect()
    }

    /// The examples of Quilt's own documentation.
    #[test]
    fn the_documented_policies() {
        let every = "arn:aws:kms:us-west-2:111122223333:key/*";
        let start = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"#;
        assert_eq!(usage_policy(&all(&[every, every])), Ok(format!(r#"{start}"{every}"}}}}"#)));
        let one = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let other = "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";
        assert_eq!(
            usage_policy(&all(&[one, other])),
            Ok(format!(r#"{start}["{one}","{other}"]}}}}"#))
        );
        let roles =
            ["arn:aws-us-gov:iam::111122223333:role/b", "arn:aws-us-gov:iam::111122223333:role/a"];
        let expected = format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":["{}","{}"]}},"Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"*"}}"#,
            roles[0], roles[1]
        );
        assert_eq!(key_statement(&all(&roles)), Ok(expected));
    }

    #[test]
    fn what_is_no_key_and_no_role_is_refused() {
        let role = "arn:aws:iam::111122223333:role/a";
        for (keys, says) in [
            (vec![], "It is empty. Name one key or more."),
            (vec!["1234abcd-12ab-34cd-56ef-1234567890ab"], "is not the ARN of a key"),
            (vec!["arn:aws:kms:us-west-2:111122223333:key/"], "is not the ARN of a key"),
            (vec!["arn:aws:kms:us-west-2:111122223333:alias/quilt"], "is an alias"),
            (vec![role], "is not the ARN of a key"),
            (
                vec![
                    "arn:aws:kms:us-west-2:111122223333:key/a",
                    "arn:aws-cn:kms:cn-north-1:111122223333:key/a",
                ],
                "two partitions",
            ),
        ] {
            assert!(usage_policy(&all(&keys)).unwrap_err().contains(says), "{keys:?}");
        }
        assert!(key_statement(&all(&[role, ""])).unwrap_err().contains("is not the ARN of a role"));
        assert!(key_statement(&[]).unwrap_err().contains("Name one role or more"));
    }
}
