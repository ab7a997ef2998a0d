//! The trust policy of a role that Quilt may take on.

use serde_json::Value;
use serde_json::value::RawValue;

use super::{Statement, Words, aws, json, policy};
use crate::outcome::not_json;

/// The one action that a trust policy for Quilt allows.
const ASSUME: &str = "sts:AssumeRole";

/// The policy with the registry's role trusted: its statement is put before the others, and nothing else is touched. A policy that trusts the
/// role already comes back as it is. Without a policy there is one with this statement alone.
///
/// # Errors
/// The text is no trust policy.
pub fn trusting(role: &str, given: Option<&str>) -> Result<String, String> {
    let Some(given) = given else { return Ok(policy([statement(role)])) };
    let found = Found::of(given)?;
    if found.statements.iter().any(|statement| trusts(statement, role)) {
        return Ok(given.into());
    }
    Ok(found.with(&json(&statement(role))))
}

fn statement(role: &str) -> Statement {
    Statement {
        effect: "Allow",
        principal: aws(Words::of([role])),
        action: Words::of([ASSUME]),
        ..Statement::default()
    }
}

/// It lets the role in already, and on no condition.
fn trusts(statement: &Value, role: &str) -> bool {
    let allows = statement["Effect"] == "Allow" && statement["Condition"].is_null();
    let any = |value: &Value, is: &dyn Fn(&str) -> bool| match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).any(is),
        one => one.as_str().is_some_and(is),
    };
    allows
        && any(&statement["Principal"]["AWS"], &|arn| arn == role)
        && any(&statement["Action"], &|action| action.eq_ignore_ascii_case(ASSUME))
}

/// A policy as text, and where its statements are in it.
struct Found<'a> {
    text: &'a str,
    /// The value of `Statement`.
    part: &'a str,
    statements: Vec<Value>,
}

impl<'a> Found<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let members: Members =
            serde_json::from_str(text).map_err(|why| format!("It is not a policy in JSON: {}. `jsonencode` writes one, and so does `json` of `aws_iam_policy_document`.", not_json(&why)))?;
        let part = members.one("Statement")?.get();
        let statements = match serde_json::from_str(part) {
            Ok(Value::Array(all)) => all,
            Ok(one) => vec![one],
            Err(why) => return Err(format!("Its `Statement` cannot be read: {why}.")),
        };
        statements.iter().try_for_each(check)?;
        Ok(Self { text, part, statements })
    }

    /// The text with one more statement before the others.
    fn with(&self, statement: &str) -> String {
        // A raw value is a part of the text it was read from.
        let start = self.part.as_ptr() as usize - self.text.as_ptr() as usize;
        let (before, after) = (&self.text[..start], &self.text[start + self.part.len()..]);
        let part = match (self.part.strip_prefix('['), self.statements.is_empty()) {
            (Some(_), true) => format!("[{statement}]"),
            (Some(rest), false) => format!("[{statement},{rest}"),
            (None, _) => format!("[{statement},{}]", self.part),
        };
        format!("{before}{part}{after}")
    }
}

fn check(statement: &Value) -> Result<(), String> {
    let Value::Object(members) = statement else {
        return Err("A statement of it is no object.".into());
    };
    if members.contains_key("Principal") || members.contains_key("NotPrincipal") {
        return Ok(());
    }
    Err("A statement of it names no `Principal`, so it is not who may take the role on. Give the role's trust policy (`assume_role_policy`).".into())
}

/// The members of an object as text, doubles included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn one(&self, name: &str) -> Result<&'a RawValue, String> {
        let mut found = self.0.iter().filter(|(member, _)| member == name).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(format!(
                "It has no `{name}`, so it is no policy. Give the role's trust policy (`assume_role_policy`)."
            )),
            (Some(_), Some(_)) => {
                Err(format!("It has `{name}` twice, and AWS would take one of them. Leave one."))
            }
        }
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Visitor).map(Members)
    }
}

struct Visitor;

impl<'de> serde::de::Visitor<'de> for Visitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = vec![];
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::000000000000:role/stackname-ecsTaskExecutionRole";
    const OURS: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:role/stackname-ecsTaskExecutionRole"},"Action":"sts:AssumeRole"}"#;
    const OTHER: &str = r#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}"#;

    #[test]
    fn the_statement_comes_first_and_the_rest_stays_to_the_letter() {
        let before = format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {OTHER}\n  ]\n, \"Id\": \"\\u00e4\"}}\n"
        );
        let after = trusting(ROLE, Some(&before)).unwrap();
        assert_eq!(
            after,
            format!(
                "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{OURS},\n    {OTHER}\n  ]\n, \"Id\": \"\\u00e4\"}}\n"
            )
        );
        assert_eq!(trusting(ROLE, Some(&after)).as_deref(), Ok(after.as_str()), "twice is once");
        let third = trusting("arn:aws:iam::000000000000:role/b", Some(&after)).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&third).unwrap()["Statement"].as_array().map(Vec::len),
            Some(3)
        );
    }

    #[test]
    fn one_statement_no_statement_and_no_policy() {
        let one =
            |statement: &str| format!("{{\"Version\":\"2008-10-17\",\"Statement\":{statement}}}");
        assert_eq!(trusting(ROLE, Some(&one(OTHER))), Ok(one(&format!("[{OURS},{OTHER}]"))));
        assert_eq!(trusting(ROLE, Some(&one(" [ ] "))), Ok(one(&format!(" [{OURS}] "))));
        assert_eq!(
            trusting(ROLE, None),
            Ok(format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{OURS}]}}"))
        );
    }

    #[test]
    fn a_role_that_is_trusted_otherwise_is_trusted() {
        let trusted = |statement: &str| {
            let given = format!("{{\"Statement\":[{statement}]}}");
            trusting(ROLE, Some(&given)) == Ok(given)
        };
        assert!(trusted(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":["a","{ROLE}"]}},"Action":["sts:TagSession","sts:assumerole"]}}"#
        )));
        for statement in [
            format!(
                r#"{{"Effect":"Deny","Principal":{{"AWS":"{ROLE}"}},"Action":"sts:AssumeRole"}}"#
            ),
            format!(
                r#"{{"Effect":"Allow","Principal":{{"AWS":"{ROLE}"}},"Action":"sts:TagSession"}}"#
            ),
            format!(
                r#"{{"Effect":"Allow","NotPrincipal":{{"AWS":"{ROLE}"}},"Action":"sts:AssumeRole"}}"#
            ),
            format!(
                r#"{{"Effect":"Allow","Principal":{{"AWS":"{ROLE}"}},"Action":"sts:AssumeRole","Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"true"}}}}}}"#
            ),
        ] {
            assert!(!trusted(&statement), "{statement}");
        }
    }

    #[test]
    fn what_is_no_trust_policy_is_refused() {
        for (given, says) in [
            ("", "not a policy in JSON"),
            ("{", "not a policy in JSON"),
            ("[]", "not a policy in JSON"),
            ("{} x", "not a policy in JSON"),
            ("{\"Version\":\"2012-10-17\"}", "has no `Statement`"),
            ("{\"Statement\":[],\"Statement\":[]}", "has `Statement` twice"),
            ("{\"Statement\":[\"... one or more statements\"]}", "is no object"),
            ("{\"Statement\":null}", "is no object"),
            (
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}",
                "names no `Principal`",
            ),
        ] {
            let why = trusting(ROLE, Some(given)).unwrap_err();
            assert!(why.contains(says), "{given}: {why}");
        }
    }
}
