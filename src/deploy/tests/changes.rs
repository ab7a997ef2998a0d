//! Updates by change set: judged, carried out, and nothing left over wherever they end.

use std::collections::BTreeSet;

use super::*;
use crate::cloudformation::changes::{
    Action, Change, NESTED, Policy, Progress, Proposal, Replacement,
};

mod clearing;

fn change(action: Action, id: &str, kind: &str) -> Change {
    Change { action, logical_id: id.into(), kind: kind.into(), ..Change::default() }
}

fn replaced(id: &str) -> Change {
    Change {
        replacement: Replacement::Always,
        ..change(Action::Modify, id, "AWS::RDS::DBInstance")
    }
}

fn proposal(progress: Progress) -> Proposal {
    Proposal { progress, changes: vec![] }
}

/// A stack that is there, and the calls that an update of it makes.
async fn update(fake: Fake, replaceable: Option<&[&str]>) -> (Result<Updated>, Vec<String>, Fake) {
    let fake = fake.existing("prod", "CREATE_COMPLETE");
    let cx = fake.cx();
    let ids = replaceable.map(|ids| ids.iter().map(ToString::to_string).collect::<BTreeSet<_>>());
    let wanted = Order { replaceable: ids, ..order() };
    let updated = Deploy::to(&cx, None)
        .await
        .unwrap()
        .change("prod", LIMIT, async |_| Ok(Some(wanted.clone())))
        .await;
    let calls = fake.calls().into_iter().skip(1).collect();
    (updated, calls, fake)
}

#[tokio::test(start_paused = true)]
async fn an_update_is_compared_judged_and_carried_out() {
    let comparing = vec![
        proposal(Progress::Comparing),
        proposal(Progress::Comparing),
        proposal(Progress::Ready),
    ];
    let (updated, calls, fake) = update(Fake::default().compares(comparing), None).await;
    assert_eq!(updated.unwrap().stack.status.as_str(), "UPDATE_COMPLETE");
    assert_eq!(
        calls,
        [
            "propose",
            "proposal",
            "proposal",
            "proposal",
            "execute",
            "find",
            "recent",
            "proposals",
            "withdraw"
        ]
    );
    assert_eq!(fake.sets(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_resource_is_updated_without() {
    let (updated, calls, fake) =
        update(Fake::default().compares(vec![proposal(Progress::Empty)]), None).await;
    assert_eq!(updated.unwrap().changes, Some(vec![]));
    assert_eq!(calls, ["propose", "proposal", "withdraw", "proposals", "update", "find", "recent"]);
    assert_eq!(fake.sets(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_holds_data_is_not_replaced_unless_it_is_named() {
    let would = || {
        Fake::default()
            .would(vec![replaced("DB"), change(Action::Remove, "Data", "AWS::S3::Bucket")])
    };
    let (refused, calls, fake) = update(would(), Some(&["DB"])).await;
    let said = text(refused.err().unwrap());
    assert!(
        said.contains("Data (AWS::S3::Bucket) would be deleted.") && !said.contains("DB (AWS"),
        "{said}"
    );
    assert!(
        said.contains("Nothing was changed.") && said.contains("allow_replacement = [\"Data\"]"),
        "{said}"
    );
    assert_eq!((calls.contains(&"execute".to_string()), fake.sets()), (false, vec![]));

    let (refused, ..) = update(would(), None).await;
    let said = text(refused.err().unwrap());
    assert!(
        said.contains("never replaces or deletes what holds data")
            && !said.contains("allow_replacement"),
        "{said}"
    );

    let (allowed, ..) = update(would(), Some(&["DB", "Data"])).await;
    let told: Vec<_> =
        allowed.unwrap().changes.unwrap().into_iter().map(|j| j.change.logical_id).collect();
    assert_eq!(told, ["DB", "Data"]);
}

#[tokio::test(start_paused = true)]
async fn nested_stacks_are_followed() {
    let nested = |set: Option<&str>, action| Change {
        nested: set.map(Into::into),
        ..change(action, "In", NESTED)
    };
    let fake = Fake::default()
        .nested("arn:set", vec![replaced("DB")])
        .would(vec![nested(Some("arn:set"), Action::Modify)]);
    let said = text(update(fake, Some(&[])).await.0.err().unwrap());
    assert!(said.contains("allow_replacement = [\"In.DB\"]"), "{said}");

    let gone = Change { physical_id: "inner".into(), ..nested(None, Action::Remove) };
    let holding = |fake: Fake| {
        fake.existing("inner", "CREATE_COMPLETE")
            .part("inner", "Data", "AWS::S3::Bucket", "data")
            .part("inner", "Q", "AWS::SQS::Queue", "q")
    };
    let said = text(
        update(holding(Fake::default().would(vec![gone.clone()])), Some(&[]))
            .await
            .0
            .err()
            .unwrap(),
    );
    assert!(said.contains("- In.Data (AWS::S3::Bucket) would be deleted."), "{said}");
    let kept = Change { policy: Policy::Retain, ..gone };
    assert!(update(holding(Fake::default().would(vec![kept])), Some(&[])).await.0.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_nested_change_set_that_is_not_shown_is_no_change_set_without_changes() {
    let unseen =
        Change { nested: Some("arn:unseen".into()), ..change(Action::Modify, "In", NESTED) };
    let (updated, calls, _) = update(Fake::default().would(vec![unseen]), Some(&[])).await;
    assert!(updated.is_ok(), "the change set is made anew");
    let carried_out = calls.iter().position(|call| call == "execute");
    assert_eq!(
        calls[..carried_out.unwrap()].iter().filter(|call| *call == "propose").count(),
        2,
        "{calls:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_impossible_update_says_why_and_leaves_nothing() {
    let failed = vec![
        proposal(Progress::Comparing),
        proposal(Progress::Failed("Template error: no such thing".into())),
    ];
    let (updated, calls, fake) = update(Fake::default().compares(failed), None).await;
    let said = text(updated.err().unwrap());
    assert!(said.starts_with("CloudFormation finds the update impossible: Template error: no such thing.\nNothing was changed."), "{said}");
    assert_eq!((calls.last().unwrap().as_str(), fake.sets()), ("withdraw", vec![]));
}

#[tokio::test(start_paused = true)]
async fn what_validation_finds_in_an_update_is_told_by_resource() {
    let reason = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation \
                  errors, use the DescribeEvents API for detailed failure information.";
    let failed = || {
        Fake::default()
            .compares(vec![proposal(Progress::Failed(reason.into()))])
            .objects_to("Data", "It exists (/Resources/Data)")
    };
    let (updated, calls, fake) = update(failed(), None).await;
    let said = text(updated.err().unwrap());
    assert!(
        said.starts_with("CloudFormation finds the update impossible: Data (AWS::S3::Bucket): It exists (/Resources/Data)\n"),
        "{said}"
    );
    assert_eq!(
        (calls, fake.sets()),
        (["propose", "proposal", "objections", "withdraw"].map(String::from).to_vec(), vec![])
    );
    let (updated, ..) = update(failed().fail("objections", AwsErrorKind::Denied), None).await;
    let said = text(updated.err().unwrap());
    assert!(
        said.contains("ResourceExistenceCheck")
            && said.contains("allow `cloudformation:DescribeEvents`"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_somebody_outdates_is_made_anew() {
    let fake =
        Fake::default().compares(vec![proposal(Progress::Comparing), proposal(Progress::Spent)]);
    let stays = update(fake.clone(), None).await.0.err().unwrap();
    assert_eq!(stays.aws(), Some(AwsErrorKind::State), "nobody changed the stack");
    let fake = Fake::default()
        .compares(vec![proposal(Progress::Spent)])
        .script(&["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]);
    let fake = fake.existing("prod", "CREATE_COMPLETE");
    let (cx, theirs) = (fake.cx(), fake.clone());
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let mut asked = 0;
    let updated = deploy.change("prod", LIMIT, |live| {
        asked += 1;
        let (fake, first) = (theirs.cx(), asked == 1);
        async move {
            if first {
                fake.aws(None).await?.stacks.update(&live.id, &order(), "theirs").await?;
            }
            Ok(Some(order()))
        }
    });
    assert_eq!(updated.await.unwrap().stack.status.as_str(), "UPDATE_COMPLETE");
    assert_eq!((asked, fake.sets()), (2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn one_that_goes_with_somebody_else_s_is_made_anew() {
    let fake = Fake::default()
        .existing("prod", "CREATE_COMPLETE")
        .script(&["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]);
    let fake = fake.compares(vec![
        proposal(Progress::Comparing),
        proposal(Progress::Comparing),
        proposal(Progress::Ready),
    ]);
    let (cx, theirs) = (fake.cx(), fake.cx());
    let id = fake.stack("prod").unwrap().id;
    tokio::spawn(async move {
        let _ =
            tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await;
        let stacks = &theirs.aws(None).await.unwrap().stacks;
        stacks.propose(&id, &order(), "theirs").await.unwrap();
        stacks.execute(&id, "theirs", false, "token").await.unwrap();
    });
    let updated = Deploy::to(&cx, None)
        .await
        .unwrap()
        .change("prod", LIMIT, async |_| Ok(Some(order())))
        .await;
    assert_eq!(updated.unwrap().stack.status.as_str(), "UPDATE_COMPLETE");
    assert_eq!(fake.sets(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn without_permission_nothing_is_left() {
    let (updated, calls, _) =
        update(Fake::default().fail("propose", AwsErrorKind::Denied), None).await;
    assert_eq!(
        (updated.err().unwrap().aws(), calls),
        (Some(AwsErrorKind::Denied), vec!["propose".to_string()])
    );
    for call in ["proposal", "execute"] {
        let (updated, _, fake) =
            update(Fake::default().fail(call, AwsErrorKind::Denied), None).await;
        assert_eq!(
            (updated.err().unwrap().aws(), fake.sets()),
            (Some(AwsErrorKind::Denied), vec![]),
            "{call}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_leaves_the_change_set_to_what_is_going_on() {
    let (updated, calls, _) =
        update(Fake::default().fail("execute", AwsErrorKind::Later), None).await;
    assert_eq!(updated.err().unwrap().aws(), Some(AwsErrorKind::Later));
    assert_eq!(calls.last().unwrap(), "execute");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_aws_knows_is_an_answer_that_was_lost() {
    let fake = Fake::default().fail("propose", AwsErrorKind::Exists);
    assert!(update(fake, None).await.0.is_ok(), "and one that is not there after all is made");
    let fake =
        Fake::default().existing("prod", "CREATE_COMPLETE").fail("execute", AwsErrorKind::Exists);
    let (cx, before) = (fake.cx(), fake.stack("prod").unwrap());
    let updated =
        Deploy::to(&cx, None).await.unwrap().bring(&before, &order(), LIMIT).await.unwrap();
    assert_eq!(updated.stack.status.as_str(), "UPDATE_COMPLETE");
    let fake = Fake::default()
        .existing("prod", "UPDATE_COMPLETE")
        .compares(vec![proposal(Progress::Empty)]);
    let (cx, stack) =
        (fake.clone().fail("update", AwsErrorKind::Exists).cx(), fake.stack("prod").unwrap());
    assert!(Deploy::to(&cx, None).await.unwrap().bring(&stack, &order(), LIMIT).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_still_looks_as_before_is_not_done() {
    let fake = Fake::default()
        .script(&["CREATE_COMPLETE", "CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"])
        .slow();
    let (updated, calls, _) = update(fake, None).await;
    assert_eq!(updated.unwrap().stack.status.as_str(), "UPDATE_COMPLETE");
    let after: Vec<_> = calls.iter().skip_while(|c| *c != "execute").collect();
    assert_eq!(
        after,
        [
            "execute",
            "find",
            "recent",
            "find",
            "recent",
            "find",
            "find",
            "recent",
            "proposals",
            "withdraw"
        ]
    );
}
