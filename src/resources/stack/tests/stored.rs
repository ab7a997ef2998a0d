//! A template that goes through a bucket: the one that was stored is the one that is carried out.

use super::*;

fn large(kind: &str) -> StackState {
    let filler = format!("\"Metadata\": {{\"X\": \"{}\"}}, \"Outputs\"", "x".repeat(60_000));
    let template = TEMPLATE.replace("\"Outputs\"", &filler).replace("AWS::SNS::Topic", kind);
    StackState { template_body: template.into(), ..config() }
}

fn calls(stage: &Stage) -> Vec<String> {
    let told = [
        "create",
        "draft",
        "proposed_template",
        "propose",
        "execute",
        "withdraw",
        "delete",
        "store",
    ];
    let names = stage
        .fake
        .calls()
        .into_iter()
        .map(|call| call.split(' ').next().unwrap_or_default().to_string());
    names.filter(|call| told.contains(&call.as_str())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_version_of_its_own_is_handed_on_and_nobody_writes_over_it() {
    let mut stage = Stage::new(Fake::default().plants("{\"Resources\": {}}"));
    stage.apply(&large("AWS::SNS::Topic")).await;
    stage.apply(&large("AWS::SQS::Queue")).await;
    stage.apply(&large("AWS::SNS::Topic")).await;
    let writes = [
        "store", "create", "store", "propose", "execute", "withdraw", "store", "propose",
        "execute", "withdraw",
    ];
    assert_eq!(calls(&stage), writes, "a template that was stored before is stored again");
    assert_eq!(stage.changes(&large("AWS::SNS::Topic")).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn without_versions_it_is_compared_before_it_is_carried_out() {
    let mut stage = Stage::new(Fake::default().loose());
    stage.apply(&large("AWS::SNS::Topic")).await;
    assert_eq!(calls(&stage), ["store", "draft", "proposed_template", "execute"]);
    stage.apply(&large("AWS::SQS::Queue")).await;
    assert_eq!(
        calls(&stage)[4..],
        ["store", "propose", "proposed_template", "execute", "withdraw"]
    );
    assert_eq!(stage.changes(&large("AWS::SQS::Queue")).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_somebody_wrote_over_it_is_not_carried_out() {
    let planted = "{\"Resources\": {\"Theirs\": {\"Type\": \"AWS::SNS::Topic\"}}}";
    let mut stage =
        Stage::new(Fake::default().loose().plants(planted).script(&["DELETE_COMPLETE"]));
    stage.apply_in(&stage.fake.cx(), &large("AWS::SNS::Topic")).await;
    assert!(
        stage.said.errors[0].detail.contains("somebody wrote over it. Nothing was changed."),
        "{:?}",
        stage.said
    );
    assert_eq!(
        (calls(&stage), stage.state.is_none()),
        (["store", "draft", "proposed_template", "delete"].map(String::from).to_vec(), true)
    );
    let mut stage = made().await;
    stage.fake = stage.fake.clone().loose().plants(planted);
    stage.apply_in(&stage.fake.cx(), &large("AWS::SQS::Queue")).await;
    assert!(stage.said.errors[0].detail.contains("somebody wrote over it"), "{:?}", stage.said);
    assert_eq!(calls(&stage), ["create", "store", "propose", "proposed_template", "withdraw"]);
}

/// What a killed creation by change set leaves is in review, and ours by the name of the change set.
#[tokio::test(start_paused = true)]
async fn what_is_left_in_review_is_made_anew() {
    let mut stage = Stage::new(
        Fake::default().loose().fail("proposed_template", crate::outcome::AwsErrorKind::Later),
    );
    stage.apply_in(&stage.fake.cx(), &large("AWS::SNS::Topic")).await;
    assert_eq!(stage.fake.stack("prod").unwrap().status.as_str(), "REVIEW_IN_PROGRESS");
    stage.fake = stage.fake.clone().script(&["DELETE_COMPLETE"]);
    stage.apply(&large("AWS::SNS::Topic")).await;
    assert_eq!(stage.get().status.unwrap(), "CREATE_COMPLETE");
    let limited = StackState { timeout_in_minutes: 30.into(), ..large("AWS::SNS::Topic") };
    let mut stage = Stage::new(Fake::default().loose());
    stage.apply_in(&stage.fake.cx(), &limited).await;
    assert!(stage.said.errors[0].detail.contains("Turn versioning on"), "{:?}", stage.said);
}
