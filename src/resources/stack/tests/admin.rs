//! The administrator's password: made once, kept in Secrets Manager, deleted with the stack and restored with it.

use super::*;
use crate::aws::fake::ACCOUNT;
use crate::outcome::AwsErrorKind;
use crate::quilt::token;

const ADMIN: &str = r#"{"Parameters": {"AdminPassword": {"Type": "String", "NoEcho": true, "AllowedPattern": ".{8,64}|"}, "Size": {"Type": "String", "Default": "small"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
const NAME: &str = "quilt/prod/admin-password";

fn admin() -> StackState {
    StackState {
        template_body: ADMIN.to_string().into(),
        enable_termination_protection: false.into(),
        ..config()
    }
}

fn stage() -> Stage {
    Stage::of(StackResource, Fake::default())
}

fn sent_password(stage: &Stage) -> String {
    stage.fake.stack("prod").unwrap().parameters["AdminPassword"].clone()
}

#[tokio::test(start_paused = true)]
async fn a_password_is_made_before_the_stack_and_never_kept_here() {
    let mut stage = stage();
    let tagged = StackState { tags: strings(&[("Team", "data")]), ..admin() };
    stage.apply(&tagged).await;
    let (secret, password) = stage.fake.held(NAME).unwrap();
    assert_eq!(
        (sent_password(&stage), password.len(), stage.get().admin_password_secret_arn),
        (password.clone(), 24, secret.arn.into())
    );
    assert_eq!(
        (secret.tags["Team"].as_str(), &secret.tags["quilt-owner"]),
        ("data", &token::creation("owner", ACCOUNT, "us-east-1", "prod"))
    );
    let calls = stage.fake.calls();
    assert!(
        calls.iter().position(|c| c.starts_with("create_secret"))
            < calls.iter().position(|c| c == "create prod"),
        "{calls:?}"
    );
    assert!(!format!("{:?}", stage.state).contains(&password));
    assert_eq!(stage.changes(&tagged).await, Vec::<String>::new());
    // A change later leaves it alone, and so does a password that is given then.
    stage.apply(&StackState { parameters: strings(&[("Size", "huge")]), ..tagged }).await;
    assert!(stage.get().admin_password_secret_arn.is_value());
}

#[tokio::test(start_paused = true)]
async fn none_is_made_where_one_is_given_or_none_is_wanted() {
    for config in [
        StackState {
            parameters_wo: strings(&[("AdminPassword", "given-by-us")]),
            parameters_wo_version: 1.into(),
            ..admin()
        },
        StackState { parameters: strings(&[("AdminPassword", "")]), ..admin() },
        config(),
    ] {
        let mut stage = stage();
        stage.apply(&config).await;
        assert_eq!(stage.get().admin_password_secret_arn, Value::Null);
        assert!(
            !stage.fake.calls().iter().any(|c| c.contains("secret")),
            "{:?}",
            stage.fake.calls()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_deleted_with_the_stack_and_restored_with_it() {
    let mut stage = stage();
    stage.apply(&admin()).await;
    let (secret, password) = stage.fake.held(NAME).unwrap();
    stage.destroy().await;
    assert!(!stage.said.failed() && stage.state.is_none(), "{:?}", stage.said);
    assert!(stage.fake.calls().contains(&format!("delete_secret {} 30", secret.arn)));
    assert!(stage.fake.held(NAME).unwrap().0.going);
    stage.private = vec![];
    stage.apply(&admin()).await;
    let (restored, same) = stage.fake.held(NAME).unwrap();
    assert_eq!((restored.going, same, sent_password(&stage)), (false, password.clone(), password));
}

#[tokio::test(start_paused = true)]
async fn a_failed_creation_keeps_it_for_the_next() {
    let mut stage = Stage::of(StackResource, Fake::default().fail("create", AwsErrorKind::Denied));
    stage.apply_in(&stage.fake.cx(), &admin()).await;
    assert!(stage.said.failed() && stage.state.is_none());
    let (_, password) = stage.fake.held(NAME).unwrap();
    stage.apply(&admin()).await;
    assert_eq!(sent_password(&stage), password);
    assert_eq!(stage.fake.calls().iter().filter(|c| c.starts_with("create_secret")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_secret_is_left_alone() {
    let mut stage = Stage::of(StackResource, Fake::default().holding(NAME, "theirs"));
    stage.apply_in(&stage.fake.cx(), &admin()).await;
    assert!(
        stage.said.errors[0].detail.contains("which this configuration did not make"),
        "{:?}",
        stage.said
    );
    assert!(stage.fake.stack("prod").is_none());
    // A secret that lost its mark is not deleted with the stack, and that is said.
    let mut stage = self::stage();
    stage.apply(&admin()).await;
    stage.fake = stage.fake.clone().holding(NAME, "theirs now");
    stage.destroy().await;
    assert!(
        stage.state.is_none()
            && stage.said.warnings.iter().any(|w| w.summary == "A secret was left"),
        "{:?}",
        stage.said
    );
    assert!(!stage.fake.held(NAME).unwrap().0.going);
}

#[tokio::test(start_paused = true)]
async fn an_imported_stack_keeps_its_password() {
    let mut stage = Stage::of(StackResource, Fake::default().secret("AdminPassword"));
    stage.apply(&admin()).await;
    stage.import("prod").await;
    assert_eq!(stage.changes(&admin()).await, ["template_body"]);
    assert_eq!(stage.get().admin_password_secret_arn, Value::Null);
}
