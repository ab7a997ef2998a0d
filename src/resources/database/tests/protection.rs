//! What is protected of a database is not deleted: the stack by its termination protection, the instance by its own.

use super::*;
use crate::outcome::AwsErrorKind;

#[tokio::test(start_paused = true)]
async fn a_protected_one_is_not_destroyed() {
    let mut stage =
        made(fake("root"), &DatabaseState { enable_deletion_protection: true.into(), ..config() })
            .await;
    stage.destroy().await;
    assert!(
        stage.state.is_some() && said(&stage).contains("enable_deletion_protection = false"),
        "{}",
        said(&stage)
    );
}

/// Both protections are told at once; a database that was imported keeps its stack's as it is.
#[tokio::test(start_paused = true)]
async fn both_protections_are_told_at_once() {
    let protected = DatabaseState {
        enable_deletion_protection: Value::Null,
        enable_termination_protection: Value::Null,
        ..config()
    };
    let mut stage = made(fake("root"), &protected).await;
    assert_eq!(stage.get().enable_termination_protection, true.into());
    let instance = stage.fake.held_instance("new-db");
    stage.fake = stage.fake.clone().instance(Instance { protected: true, ..instance });
    let both =
        "1. Set `enable_termination_protection = false` and `enable_deletion_protection = false`";
    for denied in [false, true] {
        if denied {
            stage.fake = stage.fake.clone().fail("glance", AwsErrorKind::Denied);
        }
        stage.destroy().await;
        assert!(stage.state.is_some() && said(&stage).contains(both), "{}", said(&stage));
    }
    let mut stage = made(fake("root"), &config()).await;
    stage.import("prod").await;
    let changes = stage.changes(&protected).await;
    assert!(!changes.iter().any(|name| name == "enable_termination_protection"), "{changes:?}");
}

/// By the state, by a word on the command line, and behind Terraform's back.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_the_instance_is_protected() {
    let mut stage =
        made(fake("root"), &DatabaseState { enable_deletion_protection: true.into(), ..config() })
            .await;
    stage.remove().await;
    assert!(
        stage.state.is_some()
            && said(&stage).contains("1. Set `enable_deletion_protection = false`"),
        "{}",
        said(&stage)
    );
    assert!(
        said(&stage).contains("new-db is protected from deletion; nothing was deleted")
            && !said(&stage).contains("estroy")
    );
    let mut stage = made(fake("root"), &config()).await;
    let instance = stage.fake.held_instance("new-db");
    stage.fake = stage.fake.clone().instance(Instance { protected: true, ..instance });
    stage.destroy().await;
    assert!(said(&stage).contains("new-db is protected from deletion"), "{}", said(&stage));
    stage.remove().await;
    assert!(
        stage.state.is_some() && !stage.fake.calls().iter().any(|call| call.starts_with("delete")),
        "{}",
        said(&stage)
    );
    let denied = crate::outcome::AwsErrorKind::Denied;
    stage.fake = stage.fake.clone().fail("instance", denied);
    stage.remove().await;
    assert!(
        stage.state.is_some() && !stage.fake.calls().iter().any(|call| call.starts_with("delete")),
        "unseen is not unprotected"
    );
}
