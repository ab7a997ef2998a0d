//! Deletions in express mode: where they are asked for and nothing stands against it, and nowhere else.

use super::*;
use crate::cx::claims::{Object as Claimed, Said, Title};

fn throw_away() -> StackState {
    StackState {
        express_deletion: true.into(),
        enable_termination_protection: false.into(),
        ..config()
    }
}

async fn there(config: &StackState, fake: Fake) -> Stage {
    let mut stage = Stage::new(fake);
    stage.apply(config).await;
    stage
}

fn deletions(stage: &Stage) -> Vec<String> {
    stage.fake.calls().into_iter().filter(|call| call.starts_with("delete")).collect()
}

fn told(stage: &Stage) -> String {
    stage.said.warnings.iter().map(|w| format!("{} {}\n", w.summary, w.detail)).collect()
}

/// What the plan of this destroy says besides.
async fn destroyed_with(stage: &mut Stage, said: impl Fn(&str) -> Said) {
    let id = stage.get().id.unwrap();
    stage.run.begin();
    let cx = stage.cx();
    stage.plan_end_in(&cx).await;
    stage.run.say(said(&id));
    stage.run.begin();
    stage.end_in(&cx).await;
}

fn network(id: &str) -> Said {
    let title = Title { kind: "stack".into(), name: "net".into(), ..Title::default() };
    Said::Ends(Claimed { title, id: id.into(), block: "quilt_network".into() })
}

#[tokio::test(start_paused = true)]
async fn a_stack_to_throw_away_goes_in_express_mode() {
    let mut stage = there(&throw_away(), Fake::default()).await;
    stage.destroy().await;
    assert!(!stage.said.failed() && stage.state.is_none(), "{:?}", stage.said);
    assert_eq!(deletions(&stage), ["delete express"]);
    assert!(told(&stage).starts_with("Stack prod is deleted in express mode"), "{}", told(&stage));

    let usual = StackState { express_deletion: Value::Null, ..throw_away() };
    let mut stage = there(&usual, Fake::default()).await;
    stage.destroy().await;
    assert_eq!((deletions(&stage), told(&stage)), (vec!["delete".to_string()], String::new()));
}

#[tokio::test(start_paused = true)]
async fn what_holds_a_database_or_a_network_goes_the_usual_way() {
    for (kind, why) in [
        ("AWS::RDS::DBInstance", "it holds a database, X (AWS::RDS::DBInstance)"),
        ("AWS::EC2::VPC", "its network goes with it, X (AWS::EC2::VPC)"),
    ] {
        let fake = Fake::default().part("prod", "X", kind, "x-1");
        let mut stage = there(&throw_away(), fake).await;
        stage.destroy().await;
        assert_eq!(deletions(&stage), ["delete"], "{kind}");
        assert!(told(&stage).contains(why), "{}", told(&stage));
    }
}

#[tokio::test(start_paused = true)]
async fn where_its_network_goes_too_it_goes_the_usual_way() {
    let mut stage = there(&throw_away(), Fake::default()).await;
    // A network that is not there any more may have been its own.
    destroyed_with(&mut stage, |_| {
        network("arn:aws:cloudformation:us-east-1:123456789012:stack/net/9")
    })
    .await;
    assert_eq!(deletions(&stage), ["delete"]);
    assert!(told(&stage).contains("this run deletes the network net as well"), "{}", told(&stage));

    // One in another region is not.
    let mut stage = there(&throw_away(), Fake::default()).await;
    destroyed_with(&mut stage, |_| {
        network("arn:aws:cloudformation:eu-west-1:123456789012:stack/net/9")
    })
    .await;
    assert_eq!(deletions(&stage), ["delete express"]);
}

#[tokio::test(start_paused = true)]
async fn a_network_that_it_does_not_use_makes_no_difference() {
    let fake = Fake::default().existing("net", "CREATE_COMPLETE");
    let id = fake.stack("net").unwrap().id;
    let mut stage = there(&throw_away(), fake).await;
    destroyed_with(&mut stage, |_| network(&id)).await;
    assert_eq!(deletions(&stage), ["delete express"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_made_anew_or_deleted_by_a_saved_plan_goes_the_usual_way() {
    let mut stage = there(&throw_away(), Fake::default()).await;
    destroyed_with(&mut stage, |id| {
        Said::Replaced(Claimed { id: id.into(), ..Claimed::default() })
    })
    .await;
    assert_eq!(deletions(&stage), ["delete"]);
    assert!(told(&stage).contains("it is made anew at once"), "{}", told(&stage));

    let mut stage = there(&throw_away(), Fake::default()).await;
    stage.remove().await;
    assert_eq!(deletions(&stage), ["delete"]);
    assert!(told(&stage).contains("as with a saved plan"), "{}", told(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_second_deletion_waits_as_usual() {
    let words =
        StackState { deletion_mode: "FORCE_DELETE_STACK".to_string().into(), ..throw_away() };
    let mut stage = there(&words, Fake::default()).await;
    stage.fake = stage.fake.clone().script(&["DELETE_IN_PROGRESS", "DELETE_FAILED"]);
    stage.destroy().await;
    assert_eq!(deletions(&stage), ["delete express", "delete force"]);
}

#[test]
fn it_is_only_for_what_is_not_protected() {
    let found = |protected: Value<bool>| {
        let mut d = Diagnostics::default();
        let config = StackState { enable_termination_protection: protected, ..throw_away() };
        Resource::validate(&StackResource, &config, &mut d);
        d.errors.len()
    };
    assert_eq!([Value::Null, true.into(), false.into(), Value::Unknown].map(found), [1, 1, 0, 0]);
}
