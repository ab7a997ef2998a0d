//! What another stack uses is not deleted under it.

use super::*;
use crate::outcome::spoken;

fn removal() -> Removal {
    Removal { shared: true, ..Removal::default() }
}

/// A stack that has made a group, and another one whose parameter says this.
async fn beside(value: &str) -> (Fake, String) {
    let fake = Fake::default().outputs(&[("AccessorSecurityGroupId", "sg-1"), ("Port", "5432")]);
    let stack = create(&fake).await.unwrap();
    (fake.using("catalog", "DBAccessorSecurityGroup", value), stack.id)
}

/// What a deletion says; nothing: it was carried out.
async fn deleted(fake: &Fake, id: &str, removal: &Removal) -> String {
    let cx = fake.cx();
    let done = Deploy::to(&cx, None).await.unwrap().delete(id, removal, LIMIT).await;
    assert_eq!(done.is_ok(), fake.stack("prod").is_none(), "{done:?} {}", spoken(&LIMIT));
    done.err().map(text).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn what_another_stack_names_stays() {
    let (fake, id) = beside("sg-0,sg-1").await;
    let text = deleted(&fake, &id, &removal()).await;
    assert!(
        text.contains("By the stack catalog (DBAccessorSecurityGroup: sg-1)")
            && text.contains("nothing was deleted"),
        "{text}"
    );
    assert!(!text.contains("estroy again"), "the same words are told of a replacement: {text}");
    let calls = fake.calls();
    assert_eq!(calls.iter().filter(|call| *call == "list").count(), 1);
    assert!(!calls.iter().any(|call| call.starts_with("delete")), "{calls:?}");
    let plain = Removal::default();
    assert_eq!(
        deleted(&fake, &id, &plain).await,
        "",
        "only what is made for others is looked at so"
    );
}

#[tokio::test(start_paused = true)]
async fn what_nobody_names_goes() {
    for value in ["sg-12", "5432", ""] {
        let (fake, id) = beside(value).await;
        assert_eq!(deleted(&fake, &id, &removal()).await, "", "{value}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_that_is_going_is_waited_for_and_one_that_holds_nothing_is_none() {
    let (fake, id) = beside("sg-1").await;
    let statuses = [["DELETE_IN_PROGRESS"; 20].as_slice(), &["DELETE_COMPLETE"]].concat();
    let fake = fake.script(&statuses);
    let aws = fake.cx().aws(None).await.unwrap();
    aws.stacks.delete("catalog", &Removal::default(), "t").await.unwrap();
    aws.stacks.find("catalog").await.unwrap();
    assert_eq!(deleted(&fake, &id, &removal()).await, "");
    let (fake, id) = beside("sg-1").await;
    fake.becomes("catalog", "ROLLBACK_COMPLETE");
    assert_eq!(deleted(&fake, &id, &removal()).await, "");
    let (fake, id) = beside("sg-1").await;
    fake.becomes("catalog", "DELETE_FAILED");
    assert!(deleted(&fake, &id, &removal()).await.contains("By the stack catalog"));
}

#[tokio::test(start_paused = true)]
async fn without_leave_to_list_nothing_is_deleted() {
    let (fake, id) = beside("").await;
    let text = deleted(&fake.fail("list", AwsErrorKind::Denied), &id, &removal()).await;
    assert!(text.contains("Allow `cloudformation:DescribeStacks` on `*`"), "{text}");
}
