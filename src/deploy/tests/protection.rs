//! What is protected is not deleted, and nothing is sent to find that out.

use super::*;
use crate::deploy::protection::OF_STACK;
use crate::quilt::database::Instance;

const DATABASE: &str = "Resources:\n  DB:\n    Type: AWS::RDS::DBInstance\n";

fn removal() -> Removal {
    Removal { arguments: &[OF_STACK], ..Removal::default() }
}

/// A stack with a database in it, protected or not, from a template that says this of its end.
async fn with_database(protected: bool, policy: &str) -> (Fake, String) {
    let instance = Instance { id: "prod-db-1".into(), protected, ..Instance::default() };
    let fake =
        Fake::default().part("prod", "DB", "AWS::RDS::DBInstance", "prod-db-1").instance(instance);
    let order = Order { template: Template::Body(format!("{DATABASE}{policy}").into()), ..order() };
    let cx = fake.cx();
    let stack = Deploy::to(&cx, None)
        .await
        .unwrap()
        .create(&order, LIMIT, (&Adoption::Open, adopt), |_| {})
        .await
        .unwrap();
    (fake, stack.id)
}

/// What a deletion says; nothing: it was carried out.
async fn deleted(fake: &Fake, id: &str, removal: &Removal) -> String {
    let cx = fake.cx();
    let done = Deploy::to(&cx, None).await.unwrap().delete(id, removal, LIMIT).await;
    assert_eq!(
        done.is_ok(),
        fake.calls().iter().any(|call| call.starts_with("delete")),
        "{done:?}"
    );
    done.err().map(text).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_protected_stack_is_not_deleted() {
    let fake = Fake::default();
    let stack = create(&fake).await.unwrap();
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    deploy.aws.stacks.protect(&stack.id, true).await.unwrap();
    let text = deleted(&fake, &stack.id, &removal()).await;
    assert!(
        text.contains("1. Set `enable_termination_protection = false`")
            && text.contains("--stack-name prod"),
        "{text}"
    );
    assert!(!text.contains("estroy"), "the same words are told of a replacement: {text}");
    deploy.aws.stacks.protect(&stack.id, false).await.unwrap();
    assert_eq!(deleted(&fake, &stack.id, &removal()).await, "");
    assert_eq!(fake.stack("prod"), None);
    deploy.delete(&stack.id, &removal(), LIMIT).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_protected_database_inside_is_looked_up_before_anything_is_sent() {
    for policy in ["", "    DeletionPolicy: Snapshot\n", "    DeletionPolicy: Delete\n"] {
        let (fake, id) = with_database(true, policy).await;
        let text = deleted(&fake, &id, &removal()).await;
        assert!(
            text.contains(
                "The database instance prod-db-1 is protected from deletion; nothing was deleted."
            ),
            "{text}"
        );
        assert!(
            text.contains("aws rds modify-db-instance --no-deletion-protection")
                && !text.contains("`enable_"),
            "{text}"
        );
        let (fake, id) = with_database(false, policy).await;
        assert_eq!(deleted(&fake, &id, &removal()).await, "");
    }
}

#[tokio::test(start_paused = true)]
async fn a_database_that_stays_stands_in_nobodys_way() {
    let (fake, id) = with_database(true, "    DeletionPolicy: Retain\n").await;
    assert_eq!(deleted(&fake, &id, &removal()).await, "");
    for removal in [
        Removal { retain: ["DB".to_string()].into(), ..removal() },
        Removal { force: true, ..removal() },
    ] {
        let (fake, id) = with_database(true, "").await;
        assert_eq!(deleted(&fake, &id, &removal).await, "");
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_looked_at_is_not_deleted() {
    for call in ["parts", "instance"] {
        let (fake, id) = with_database(false, "").await;
        assert!(
            !deleted(&fake.fail(call, AwsErrorKind::Denied), &id, &removal()).await.is_empty(),
            "{call}"
        );
    }
}
