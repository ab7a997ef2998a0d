//! What is secret: sent when it is new, told to nobody.

use super::*;
use crate::outcome::AwsErrorKind;

fn with(parameters: &[(&str, &str)]) -> StackState {
    StackState { parameters: strings(parameters), ..config() }
}

fn proposed(stage: &Stage) -> Vec<String> {
    stage.fake.calls().into_iter().filter(|call| call.starts_with("propose")).collect()
}

/// Its default is what the stack has, and AWS does not show it.
#[tokio::test(start_paused = true)]
async fn a_secret_that_is_added_later_is_sent() {
    let mut stage = made().await;
    let added = with(&[("Size", "large"), ("Secret", "only-mine")]);
    assert!(stage.changes(&added).await.contains(&"parameters".to_string()));
    assert!(
        stage.changes(&added).await.contains(&"status".to_string()),
        "it is an update of the stack"
    );
    assert_eq!(stage.said.warnings[0].summary, "A secret will be kept in the state");
    stage.apply(&added).await;
    assert_eq!(proposed(&stage).last().unwrap(), "propose Secret=*** Size=previous value");
    assert_eq!(stage.changes(&added).await, Vec::<String>::new());
    assert!(stage.said.warnings.is_empty(), "{:?}", stage.said);
    let bigger = with(&[("Size", "huge"), ("Secret", "only-mine")]);
    stage.apply(&bigger).await;
    assert_eq!(proposed(&stage).last().unwrap(), "propose Secret=previous value Size=***");
    assert!(!String::from_utf8(stage.private.clone()).unwrap().contains("only-mine"));
}

/// What it has cannot be told, and the state must not say more than is so.
#[tokio::test(start_paused = true)]
async fn an_imported_stack_is_sent_what_the_configuration_adds() {
    let mut stage = made().await;
    stage.import("prod").await;
    let added = with(&[("Size", "large"), ("Secret", "only-mine")]);
    let added = StackState { preview: false.into(), ..added };
    stage.apply(&added).await;
    assert_eq!(proposed(&stage).len(), 1, "the state says what the stack has");
    assert_eq!(stage.changes(&added).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_write_only_value_of_a_parameter_that_is_shown_is_refused() {
    let mut stage = made().await;
    let shown = StackState {
        parameters: Value::Null,
        parameters_wo: strings(&[("Size", "only-mine")]),
        ..config()
    };
    let mut new = Stage::new(Fake::default());
    for stage in [&mut stage, &mut new] {
        stage.plan(&shown).await;
        let told = &stage.said.errors[0];
        assert_eq!(
            (told.summary.as_ref(), told.attribute.to_string()),
            ("This parameter is not secret", AttributePath::root().to_string())
        );
        assert!(
            told.detail.contains("Give it in `parameters`.")
                && told.detail.contains("This is about `parameters_wo"),
            "{told:?}"
        );
        assert!(!format!("{:?}", stage.said).contains("only-mine"), "{:?}", stage.said);
    }
}

/// AWS quotes what it was sent.
#[tokio::test(start_paused = true)]
async fn what_aws_quotes_is_struck_out() {
    let secrets = [
        with(&[("Secret", "only-mine")]),
        StackState {
            parameters_wo: strings(&[("Secret", "only-mine")]),
            parameters_wo_version: 1.into(),
            ..config()
        },
    ];
    for config in secrets {
        for call in ["create", "find"] {
            let mut stage = Stage::new(
                Fake::default().quotes("'only-mine' is no value").fail(call, AwsErrorKind::Invalid),
            );
            stage.apply_in(&stage.cx(), &config).await;
            assert!(
                stage.said.errors.iter().any(|e| e.detail.contains("'***' is no value")),
                "{:?}",
                stage.said
            );
            assert!(!format!("{:?}", stage.said).contains("only-mine"), "{:?}", stage.said);
        }
        let mut stage = Stage::new(Fake::default().script(&["ROLLBACK_COMPLETE"]).event(
            "T",
            "CREATE_FAILED",
            "only-mine is too weak",
        ));
        stage.apply_in(&stage.cx(), &config).await;
        assert!(stage.said.errors[0].detail.contains("*** is too weak"), "{:?}", stage.said);
    }
}

/// A problem at a line in which a secret may stand is told at the resource.
#[tokio::test(start_paused = true)]
async fn a_problem_beside_a_secret_points_at_the_resource() {
    let mut stage = Stage::new(Fake::default());
    for (config, at) in [
        (with(&[("Sizes", "large")]), AttributePath::new("parameters").key("Sizes").to_string()),
        (with(&[("Sizes", "large"), ("Secret", "only-mine")]), AttributePath::root().to_string()),
    ] {
        stage.plan(&config).await;
        assert_eq!(stage.said.errors[0].attribute.to_string(), at);
        assert!(stage.said.errors[0].detail.contains("Sizes"), "{:?}", stage.said);
    }
}

#[tokio::test(start_paused = true)]
async fn a_changed_secret_is_seen_and_an_unchanged_one_is_not() {
    let secret = |s: &str| StackState {
        parameters: strings(&[("Size", "large"), ("Secret", s)]),
        ..config()
    };
    let mut stage = Stage::new(Fake::default());
    stage.apply(&secret("one")).await;
    assert!(stage.said.warnings.iter().any(|w| w.detail.contains("parameters_wo")));
    assert!(!String::from_utf8(stage.private.clone()).unwrap().contains("one"));
    assert_eq!(stage.changes(&secret("one")).await, Vec::<String>::new());
    assert!(stage.changes(&secret("two")).await.contains(&"parameters".to_string()));
    stage.apply(&secret("two")).await;
    assert_eq!(stage.changes(&secret("two")).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_changed_secret_is_seen_when_what_was_remembered_is_lost() {
    let secret = |s: &str| StackState {
        parameters: strings(&[("Size", "large"), ("Secret", s)]),
        ..config()
    };
    let mut stage = Stage::new(Fake::default());
    stage.apply(&secret("one")).await;
    stage.private = vec![];
    stage.refresh().await;
    stage.apply(&secret("two")).await;
    assert_eq!(stage.changes(&secret("two")).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn write_only_secrets_are_sent_again_with_a_new_version() {
    let secret = |v: i64| StackState {
        parameters_wo: strings(&[("Secret", "s3cr3t")]),
        parameters_wo_version: v.into(),
        ..config()
    };
    let mut stage = Stage::new(Fake::default());
    stage.apply(&secret(1)).await;
    assert_eq!(stage.get().parameters_wo, Value::Null);
    assert_eq!(stage.changes(&secret(1)).await, Vec::<String>::new());
    stage.apply(&secret(2)).await;
    let mut updates: Vec<_> =
        stage.fake.calls().into_iter().filter(|c| c.starts_with("propose")).collect();
    // The plan may have shown the same ahead.
    updates.dedup();
    assert_eq!(updates, ["propose Secret=*** Size=previous value"]);
}
