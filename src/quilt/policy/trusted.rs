//! Whether a role's trust policy lets another role in, read as IAM reads it. What depends on more than the policy is in doubt.

use serde_json::{Map, Value};

use crate::cloudformation::arn::Arn;
use crate::cloudformation::stack_policy::fits;

/// The action by which a role is taken on.
const ASSUME: &str = "sts:assumerole";

/// Whether a role is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trusted {
    /// It is not.
    No,
    /// That depends on what is not seen here.
    Doubt,
    /// It is.
    Yes,
}

use Trusted::{Doubt, No, Yes};

/// Whether a trust policy lets a role in, by its ARN.
pub fn trusted(policy: &str, role: &str) -> Trusted {
    let Some(statements) = statements(policy) else { return Doubt };
    let of = |effect: &str| {
        let such = statements.iter().filter(|statement| statement["Effect"] == *effect);
        such.map(|statement| applies(statement, role)).max().unwrap_or(No)
    };
    match (of("Allow"), of("Deny")) {
        (No, _) | (_, Yes) => No,
        (allowed, No) => allowed,
        (_, Doubt) => Doubt,
    }
}

fn statements(policy: &str) -> Option<Vec<Value>> {
    let all: Map<String, Value> = serde_json::from_str(policy).ok()?;
    let all = match all.get("Statement")? {
        Value::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    all.iter().all(Value::is_object).then_some(all)
}

/// A statement is about this role's taking on of the other one.
fn applies(statement: &Value, role: &str) -> Trusted {
    action(statement).min(principal(statement, role)).min(conditions(&statement["Condition"], role))
}

fn action(statement: &Value) -> Trusted {
    let named = |list: &Value| texts(list).any(|one| fits(&one.to_lowercase(), ASSUME));
    let about = match (&statement["Action"], &statement["NotAction"]) {
        (Value::Null, Value::Null) => false,
        (Value::Null, all_but) => !named(all_but),
        (these, _) => named(these),
    };
    if about { Yes } else { No }
}

fn principal(statement: &Value, role: &str) -> Trusted {
    match (&statement["Principal"], &statement["NotPrincipal"]) {
        (Value::Null, Value::Null) => No,
        // Who is meant by it depends on the session and its account as well.
        (Value::Null, _) => Doubt,
        (Value::String(all), _) => {
            if all == "*" {
                Yes
            } else {
                No
            }
        }
        (named, _) => texts(&named["AWS"]).map(|one| is_meant(one, role)).max().unwrap_or(No),
    }
}

/// A principal's name means the role.
fn is_meant(name: &str, role: &str) -> Trusted {
    let Some(own) = Arn::of(role) else { return Doubt };
    match Arn::of(name) {
        _ if name == "*" || name == role => Yes,
        // The whole account: the policies of the role itself decide.
        Some(arn)
            if arn.service == "iam" && arn.resource == "root" && arn.account == own.account =>
        {
            Doubt
        }
        None if name == own.account => Doubt,
        // One session of it.
        Some(arn) if arn.service == "sts" && arn.account == own.account => Doubt,
        // Another one, or the inner id of a role that is deleted: IAM shows the ARN of every other.
        _ => No,
    }
}

/// All conditions of a statement hold for the role.
fn conditions(condition: &Value, role: &str) -> Trusted {
    match condition {
        Value::Null => Yes,
        Value::Object(all) => {
            all.iter().map(|(operator, keys)| holds(operator, keys, role)).min().unwrap_or(Yes)
        }
        _ => Doubt,
    }
}

fn holds(operator: &str, keys: &Value, role: &str) -> Trusted {
    let Value::Object(keys) = keys else { return Doubt };
    let one = |(key, values): (&String, &Value)| {
        let account = Arn::of(role).map_or("", |arn| arn.account);
        let any = |has: &dyn Fn(&str) -> bool| if texts(values).any(has) { Yes } else { No };
        match (key.to_lowercase().as_str(), operator) {
            ("aws:principalarn", "ArnEquals" | "ArnLike" | "StringLike") => {
                any(&|one| fits(one, role))
            }
            ("aws:principalarn", "StringEquals") => any(&|one| one == role),
            ("aws:principalaccount", "StringEquals") => any(&|one| one == account),
            _ => Doubt,
        }
    };
    keys.iter().map(one).min().unwrap_or(Yes)
}

/// A text, or all texts of a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/prod-RegistryRole";

    fn judged(statements: Value) -> Trusted {
        trusted(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string(), ROLE)
    }

    fn allow(principal: Value, more: Value) -> Value {
        let mut statement =
            json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
        for (name, value) in more.as_object().into_iter().flatten() {
            statement[name] = value.clone();
        }
        statement
    }

    #[test]
    fn a_role_is_meant_by_its_arn_and_perhaps_by_its_account() {
        for (principal, expected) in [
            (json!({ "AWS": ROLE }), Yes),
            (json!({ "AWS": ["arn:aws:iam::123456789012:role/other", ROLE] }), Yes),
            (json!("*"), Yes),
            (json!({ "AWS": "*" }), Yes),
            (json!({ "AWS": "arn:aws:iam::123456789012:root" }), Doubt),
            (json!({ "AWS": "123456789012" }), Doubt),
            (json!({ "AWS": "arn:aws:sts::123456789012:assumed-role/prod-RegistryRole/s" }), Doubt),
            (json!({ "AWS": "arn:aws:iam::210987654321:root" }), No),
            (json!({ "AWS": "AROAEXAMPLEEXAMPLE" }), No),
            (json!({ "AWS": "arn:aws:iam::123456789012:role/other" }), No),
            (json!({ "Service": "ec2.amazonaws.com" }), No),
            (json!({ "Federated": "arn:aws:iam::123456789012:saml-provider/x" }), No),
        ] {
            assert_eq!(judged(allow(principal.clone(), json!({}))), expected, "{principal}");
        }
        assert_eq!(
            judged(json!([{ "Effect": "Allow", "NotPrincipal": { "AWS": ROLE }, "Action": "*" }])),
            Doubt
        );
        assert_eq!((judged(json!([])), judged(json!([1])), trusted("{", ROLE)), (No, Doubt, Doubt));
    }

    #[test]
    fn actions_have_wildcards_and_no_case() {
        let own = || json!({ "AWS": ROLE });
        for (action, expected) in [
            (json!({ "Action": ["sts:TagSession", "STS:assumerole"] }), Yes),
            (json!({ "Action": "sts:*" }), Yes),
            (json!({ "Action": "sts:Assume?ole" }), Yes),
            (json!({ "Action": "sts:TagSession" }), No),
            (json!({ "Action": "sts:AssumeRoleWithSAML" }), No),
            (json!({ "Action": null, "NotAction": "sts:TagSession" }), Yes),
            (json!({ "Action": null, "NotAction": "sts:*" }), No),
            (json!({ "Action": null }), No),
        ] {
            assert_eq!(judged(allow(own(), action.clone())), expected, "{action}");
        }
    }

    #[test]
    fn conditions_are_judged_where_they_are_about_the_role() {
        let like = |operator: &str, key: &str, value: Value| json!({ "Condition": { operator: { key: value } } });
        for (condition, expected) in [
            (like("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::*:role/prod-*")), Yes),
            (like("ArnLike", "aws:PrincipalArn", json!(["a", "arn:aws:iam::*:role/dev-*"])), No),
            (like("StringEquals", "aws:PrincipalArn", json!(ROLE)), Yes),
            (like("StringEquals", "aws:PrincipalAccount", json!("210987654321")), No),
            (like("StringEquals", "aws:PrincipalOrgID", json!("o-1")), Doubt),
            (like("StringEquals", "sts:ExternalId", json!("x")), Doubt),
            (like("ArnNotLike", "aws:PrincipalArn", json!(ROLE)), Doubt),
            (json!({ "Condition": {} }), Yes),
        ] {
            assert_eq!(judged(allow(json!("*"), condition.clone())), expected, "{condition}");
        }
    }

    #[test]
    fn a_denial_goes_before() {
        let deny = |principal: Value, condition: Value| json!({ "Effect": "Deny", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition });
        let with =
            |denial: Value| judged(json!([allow(json!({ "AWS": ROLE }), json!({})), denial]));
        assert_eq!(with(deny(json!({ "AWS": ROLE }), json!(null))), No);
        assert_eq!(
            with(deny(json!("*"), json!({ "Bool": { "aws:SecureTransport": "false" } }))),
            Doubt
        );
        assert_eq!(
            with(deny(json!({ "AWS": "arn:aws:iam::123456789012:role/other" }), json!(null))),
            Yes
        );
    }
}
