//! Looks at stacks in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::cloudformation::stack::{Order, Parameter};
use crate::kinds::data_source::AnyDataSource;
use crate::tf::{Report, State, known};

/// A Quilt stack with these parameters and outputs.
async fn quilt(fake: &Fake, parameters: &[(&str, &str)]) {
    let parameters =
        parameters.iter().map(|(k, v)| (k.to_string(), Parameter::Value(v.to_string()))).collect();
    let order = Order { name: "old".into(), parameters, ..Order::default() };
    fake.cx().aws(None).await.unwrap().stacks.create(&order, "t").await.unwrap();
}

async fn read(fake: &Fake, name: &str) -> (Option<StackLookup>, Diagnostics) {
    let config = StackLookup { name: known(name), ..StackLookup::default() };
    let mut d = Diagnostics::default();
    let object = AnyDataSource::read(&StackSource, &fake.cx(), config.write_object(), &mut d).await;
    (object.map(|o| StackLookup::read_object(&o, &crate::tf::AttributePath::root()).unwrap()), d)
}

#[tokio::test(start_paused = true)]
async fn an_old_stack_tells_what_it_is() {
    let outputs = [
        ("LoadBalancerDNSName", "lb.example.com"),
        ("TemplateBuildMetadata", r#"{"git_tag": "1.61.0"}"#),
    ];
    let fake = Fake::default().outputs(&outputs).secret("DBPassword").part(
        "old",
        "DB",
        "AWS::RDS::DBInstance",
        "old-db-1",
    );
    quilt(
        &fake,
        &[
            ("QuiltWebHost", "quilt.a.example.com"),
            ("DBPassword", "hunter2"),
            ("AuthType", "Enabled"),
        ],
    )
    .await;
    let (state, d) = read(&fake, "old").await;
    let state = state.unwrap_or_else(|| panic!("{d:?}"));
    let texts = [
        &state.url,
        &state.network_version,
        &state.sso_family,
        &state.db_instance_identifier,
        &state.quilt_version,
    ];
    let told = texts.map(|t| t.as_deref_option().unwrap_or_default());
    assert_eq!(told, ["https://quilt.a.example.com", "1.0", "legacy", "old-db-1", "1.61.0"]);
    assert_eq!(
        (state.external_database.as_option(), state.external_search.as_option(), state.internal),
        (Some(false), Some(false), Value::Null)
    );
    assert_eq!(state.secret_parameters, Set(vec!["DBPassword".to_string()]).into());
    assert!(!state.parameters.unwrap().contains_key("DBPassword"));
    assert_eq!(read(&fake, &state.id.unwrap()).await.0.unwrap().status, known("CREATE_COMPLETE"));
}

#[tokio::test(start_paused = true)]
async fn another_stack_has_no_more_than_it_says() {
    let fake = Fake::default().existing("other", "UPDATE_COMPLETE");
    let state = read(&fake, "other").await.0.unwrap();
    assert_eq!(
        (state.url, state.external_database, state.db_instance_identifier),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!(state.status, known("UPDATE_COMPLETE"));
}

#[tokio::test(start_paused = true)]
async fn the_template_is_given_only_where_it_is_asked_for() {
    let fake = Fake::default();
    quilt(&fake, &[]).await;
    for asked in [Value::Null, false.into(), true.into()] {
        let config =
            StackLookup { name: known("old"), include_template: asked, ..Default::default() };
        let mut d = Diagnostics::default();
        let cx = fake.cx();
        let object = AnyDataSource::read(&StackSource, &cx, config.write_object(), &mut d).await;
        let object = object.unwrap_or_else(|| panic!("{d:?}"));
        let state = StackLookup::read_object(&object, &crate::tf::AttributePath::root()).unwrap();
        assert_eq!(state.template_body.is_value(), asked == true.into());
        assert_eq!(state.include_template, asked);
    }
    let looks = fake.calls().iter().filter(|call| call.starts_with("template")).count();
    assert_eq!(looks, 1);
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_not_there_is_told_at_its_name() {
    let (state, d) = read(&Fake::default(), "nope").await;
    assert!(state.is_none() && d.failed());
    assert_eq!(
        (d.errors[0].attribute.to_string(), &*d.errors[0].summary),
        ("name".into(), "There is no stack nope in us-east-1.")
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_tells_how_it_was_made() {
    let fake = Fake::default();
    let set = |text: &str| [text.to_string()].into();
    let order = Order {
        name: "old".into(),
        role: Some("arn:aws:iam::123456789012:role/deployer".into()),
        timeout_in_minutes: Some(7),
        capabilities: set("CAPABILITY_IAM"),
        notification_arns: Some(set("arn:aws:sns:us-east-1:123456789012:news")),
        disable_rollback: Some(true),
        tags: Some([("team".to_string(), "data".to_string())].into()),
        ..Order::default()
    };
    fake.cx().aws(None).await.unwrap().stacks.create(&order, "t").await.unwrap();
    fake.describes("old", "What runs here.");
    let state = read(&fake, "old").await.0.unwrap();
    let one = |text: &str| Value::from(Set(vec![text.to_string()]));
    assert_eq!(
        (state.capabilities, state.notification_arns),
        (one("CAPABILITY_IAM"), one("arn:aws:sns:us-east-1:123456789012:news"))
    );
    assert_eq!(
        (state.iam_role_arn, state.description),
        (known("arn:aws:iam::123456789012:role/deployer"), known("What runs here."))
    );
    assert_eq!((state.timeout_in_minutes, state.disable_rollback), (7.into(), true.into()));
    assert_eq!(state.tags.unwrap()["team"], "data");
    let plain = Fake::default().existing("plain", "CREATE_COMPLETE");
    let state = read(&plain, "plain").await.0.unwrap();
    assert_eq!(
        (state.iam_role_arn, state.description, state.timeout_in_minutes),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!((state.disable_rollback, state.capabilities), (false.into(), Set(vec![]).into()));
}
