//! Stack policies over changes: one line a case.

use super::*;
use crate::cloudformation::changes::{Action, Cause, Change, Replacement, judge as judged};

const DB: &str = "AWS::RDS::DBInstance";

fn modified(id: &str, kind: &str) -> Change {
    let causes = vec![Cause { name: "Size".into(), ..Cause::default() }];
    Change { logical_id: id.into(), kind: kind.into(), causes, ..Change::default() }
}

fn replaced(id: &str) -> Change {
    Change { replacement: Replacement::Always, ..modified(id, DB) }
}

fn removed(id: &str) -> Change {
    Change { action: Action::Remove, causes: vec![], ..modified(id, DB) }
}

/// Effect, action, and what else a statement has.
type Says = (&'static str, &'static str, &'static str);

fn policy(statements: &[Says]) -> String {
    let one = |(effect, action, more): &Says| {
        format!(r#"{{"Effect": "{effect}", "Principal": "*", "Action": {action}, {more}}}"#)
    };
    format!(r#"{{"Statement": [{}]}}"#, statements.iter().map(one).collect::<Vec<_>>().join(", "))
}

const ALL: Says = ("Allow", r#""Update:*""#, r#""Resource": "*""#);

fn says(body: &str, change: Change) -> String {
    match judge(body, &judged(vec![change])) {
        Verdict::Allowed => "allowed".into(),
        Verdict::Unsure => "unsure".into(),
        Verdict::Denied(barred) => {
            format!("{} of {}: {}", barred.action, barred.resource, barred.why)
        }
    }
}

#[test]
fn statements_speak_of_actions_and_resources() {
    let db = r#""Resource": "LogicalResourceId/Db""#;
    let cases: [(&[Says], Change, &str); 19] = [
        (&[ALL], replaced("Db"), "allowed"),
        (
            &[],
            modified("Db", DB),
            "Update:Modify of Db (AWS::RDS::DBInstance): no statement allows it",
        ),
        (&[("Allow", r#""Update:Modify""#, db)], modified("Db", DB), "allowed"),
        (&[("Allow", r#"["Update:Delete", "update:modify"]"#, db)], modified("Db", DB), "allowed"),
        (
            &[("Allow", r#""Update:Modify""#, db)],
            replaced("Db"),
            "Update:Replace of Db (AWS::RDS::DBInstance): no statement allows it",
        ),
        (
            &[("Allow", r#""Update:Modify""#, db)],
            removed("Db"),
            "Update:Delete of Db (AWS::RDS::DBInstance): no statement allows it",
        ),
        (
            &[("Allow", r#""Update:Modify""#, db)],
            modified("Db2", DB),
            "Update:Modify of Db2 (AWS::RDS::DBInstance): no statement allows it",
        ),
        (
            &[ALL, ("Deny", r#""Update:Replace""#, db)],
            replaced("Db"),
            "Update:Replace of Db (AWS::RDS::DBInstance): statement 2 denies it",
        ),
        (
            &[("Deny", r#""Update:*""#, db), ALL],
            modified("Db", DB),
            "Update:Modify of Db (AWS::RDS::DBInstance): statement 1 denies it",
        ),
        (&[ALL, ("Deny", r#""Update:*""#, db)], modified("Queue", DB), "allowed"),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": ["LogicalResourceId/X", "LogicalResourceId/D*"]"#,
                ),
            ],
            removed("Db"),
            "Update:Delete of Db (AWS::RDS::DBInstance): statement 2 denies it",
        ),
        (
            &[ALL, ("Deny", r#""Update:*""#, r#""NotResource": "LogicalResourceId/Db""#)],
            modified("Db", DB),
            "allowed",
        ),
        (
            &[ALL, ("Deny", r#""Update:*""#, r#""NotResource": "LogicalResourceId/Db""#)],
            modified("Q", DB),
            "Update:Modify of Q (AWS::RDS::DBInstance): statement 2 denies it",
        ),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": "*", "Condition": {"StringEquals": {"ResourceType": ["AWS::RDS::DBInstance"]}}"#,
                ),
            ],
            removed("Db"),
            "Update:Delete of Db (AWS::RDS::DBInstance): statement 2 denies it",
        ),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": "*", "Condition": {"StringEquals": {"ResourceType": "AWS::RDS::*"}}"#,
                ),
            ],
            removed("Db"),
            "allowed",
        ),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": "*", "Condition": {"StringLike": {"ResourceType": "AWS::RDS::*"}}"#,
                ),
            ],
            removed("Db"),
            "Update:Delete of Db (AWS::RDS::DBInstance): statement 2 denies it",
        ),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": "*", "Condition": {"StringLike": {"ResourceType": "AWS::RDS::*"}}"#,
                ),
            ],
            modified("Q", "AWS::SQS::Queue"),
            "allowed",
        ),
        (
            &[
                ALL,
                (
                    "Deny",
                    r#""Update:*""#,
                    r#""Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2030"}}"#,
                ),
            ],
            removed("Db"),
            "unsure",
        ),
        (
            &[(
                "Allow",
                r#""Update:*""#,
                r#""Resource": "*", "Condition": {"Bool": {"x": "true"}}"#,
            )],
            removed("Db"),
            "unsure",
        ),
    ];
    for (statements, change, verdict) in cases {
        let body = policy(statements);
        assert_eq!(says(&body, change), verdict, "{body}");
    }
}

#[test]
fn not_action_is_every_other_action() {
    let body =
        policy(&[ALL]).replace("\"Action\"", "\"NotAction\"").replace("Update:*", "Update:Delete");
    assert_eq!(says(&body, modified("Db", DB)), "allowed");
    assert_eq!(
        says(&body, removed("Db")),
        "Update:Delete of Db (AWS::RDS::DBInstance): no statement allows it"
    );
}

#[test]
fn what_may_stay_as_it_is_is_not_denied_for_sure() {
    let none = policy(&[]);
    let from = |resource: Option<&str>| Cause {
        name: "Size".into(),
        resource: resource.map(Into::into),
        ..Cause::default()
    };
    let of = |causes| Change { causes, ..modified("Db", DB) };
    assert_eq!(
        says(&none, of(vec![from(Some("Other"))])),
        "unsure",
        "a value of another resource may be the one it was"
    );
    assert_eq!(says(&none, of(vec![])), "unsure", "a nested stack is always listed");
    let same =
        Cause { before: Some("1".into()), after: Some("1".into()), has_values: true, ..from(None) };
    assert_eq!(says(&none, of(vec![same])), "unsure");
    let perhaps = Change { replacement: Replacement::Perhaps, ..modified("Db", DB) };
    let modify = policy(&[("Allow", r#""Update:Modify""#, r#""Resource": "*""#)]);
    assert_eq!(
        (says(&modify, perhaps.clone()), says(&policy(&[ALL]), perhaps)),
        ("unsure".into(), "allowed".into())
    );
    assert_eq!(
        says(&none, Change { action: Action::Add, ..modified("New", DB) }),
        "allowed",
        "nothing is updated"
    );
    assert_eq!(
        says(&none, modified("Nested.Db", DB)),
        "allowed",
        "a nested stack has its own policy"
    );
    assert_eq!(says("{", modified("Db", DB)), "unsure");
}

#[test]
fn the_policy_that_allows_more_has_the_first_turn() {
    let (all, none) = (policy(&[ALL]), policy(&[]));
    let perhaps = policy(&[(
        "Allow",
        r#""Update:*""#,
        r#""Resource": "*", "Condition": {"Bool": {"x": "true"}}"#,
    )]);
    let changes = judged(vec![removed("Db")]);
    let turn = |now: Option<&String>, then: Option<&String>| {
        Policies { now: now.cloned(), then: then.cloned() }.turn(&changes)
    };
    for (now, then) in [
        (Some(&all), Some(&none)),
        (Some(&all), None),
        (None, Some(&none)),
        (None, None),
        (Some(&perhaps), Some(&none)),
    ] {
        assert_eq!(turn(now, then), Ok(Turn::Last), "{now:?} {then:?}");
    }
    for (now, then) in [(&none, &all), (&none, &perhaps), (&perhaps, &all)] {
        assert_eq!(turn(Some(now), Some(then)), Ok(Turn::First), "{now:?} {then:?}");
    }
    let denied = policy(&[ALL, ("Deny", r#""Update:Delete""#, r#""Resource": "*""#)]);
    let barred = |why: &str, new| Barred {
        resource: format!("Db ({DB})"),
        action: "Update:Delete",
        why: why.into(),
        new,
    };
    assert_eq!(turn(Some(&none), Some(&denied)), Err(barred("statement 2 denies it", true)));
    assert_eq!(turn(Some(&none), None), Err(barred("no statement allows it", false)));
}

#[test]
fn stars_and_marks_stand_for_characters() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("a*c", "abbc", true),
        ("a*c", "abcd", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*b*b", "abab", true),
        ("a**", "a", true),
        ("", "a", false),
    ] {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}
