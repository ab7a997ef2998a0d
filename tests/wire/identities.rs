//! Identities as Terraform meets them: in schemas and in every answer over a resource.

use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::proto as p;

use super::Served;
use super::client::{object, thing, told, value};

fn of(name: &str) -> Object {
    [("name", name.into()), ("account_id", Tree::Null), ("region", Tree::Null)]
        .map(|(k, v)| (k.to_string(), v))
        .into()
}

fn sent(identity: &Object) -> Option<p::ResourceIdentityData> {
    Some(p::ResourceIdentityData { identity_data: value(identity) })
}

fn got(identity: Option<p::ResourceIdentityData>) -> Object {
    object(identity.unwrap().identity_data.as_ref())
}

#[tokio::test]
async fn schemas_say_what_an_import_needs() {
    let mut client = Served::start().await.client().await;
    let answer = client
        .provider
        .get_resource_identity_schemas(p::get_resource_identity_schemas::Request {})
        .await
        .unwrap()
        .into_inner();
    let schema = &answer.identity_schemas["quilt_thing"];
    let attributes: Vec<_> = schema
        .identity_attributes
        .iter()
        .map(|a| (a.name.as_str(), &*a.r#type, a.required_for_import, a.optional_for_import))
        .collect();
    let text = &b"\"string\""[..];
    assert_eq!(
        (schema.version, attributes),
        (
            1,
            vec![
                ("name", text, true, false),
                ("account_id", text, false, true),
                ("region", text, false, true)
            ]
        )
    );
    assert!(schema.identity_attributes.iter().all(|a| !a.description.is_empty()));
}

#[tokio::test]
async fn plan_apply_and_read_answer_with_the_identity() {
    let mut client = Served::start().await.client().await;
    let config = thing([("name", "a".into())]);
    let planned = client.plan(None, config.clone()).await;
    assert_eq!(got(planned.planned_identity), of("a"), "all of it is known");
    let unknown = client.plan(None, thing([("name", Tree::Unknown)])).await;
    assert_eq!(unknown.planned_identity, None, "a plan cannot show an unknown one");

    let made = client.create(config.clone()).await;
    assert_eq!(got(made.new_identity), of("a"));
    let state = object(made.new_state.as_ref());
    let updated = client.plan(Some(state.clone()), config).await;
    assert_eq!(got(updated.planned_identity), of("a"));

    let read = |current_state| p::read_resource::Request {
        type_name: "quilt_thing".into(),
        current_state,
        ..Default::default()
    };
    let seen = client.provider.read_resource(read(value(&state))).await.unwrap().into_inner();
    assert_eq!(got(seen.new_identity), of("a"));
    let gone = value(&thing([("name", "gone".into()), ("id", "gone".into())]));
    let gone = client.provider.read_resource(read(gone)).await.unwrap().into_inner();
    assert_eq!(gone.new_identity, None);
}

#[tokio::test]
async fn a_deletion_and_a_failure_keep_the_identity() {
    let mut client = Served::start().await.client().await;
    let state = value(&thing([("name", "a".into()), ("id", "a".into())]));
    let plan = p::plan_resource_change::Request {
        type_name: "quilt_thing".into(),
        prior_state: state.clone(),
        prior_identity: sent(&of("a")),
        ..Default::default()
    };
    let plan = client.provider.plan_resource_change(plan).await.unwrap().into_inner();
    assert_eq!(got(plan.planned_identity), of("a"));

    let panics = value(&thing([("name", "panic".into()), ("id", "x".into())]));
    let apply = p::apply_resource_change::Request {
        type_name: "quilt_thing".into(),
        prior_state: panics.clone(),
        planned_state: panics.clone(),
        config: panics,
        planned_identity: sent(&of("panic")),
        ..Default::default()
    };
    let failed = client.provider.apply_resource_change(apply).await.unwrap().into_inner();
    assert_eq!((failed.diagnostics.len(), got(failed.new_identity)), (1, of("panic")));
}

#[tokio::test]
async fn an_import_takes_an_identity() {
    let mut client = Served::start().await.client().await;
    let import = |identity: &Object| p::import_resource_state::Request {
        type_name: "quilt_thing".into(),
        identity: sent(identity),
        ..Default::default()
    };
    let answer =
        client.provider.import_resource_state(import(&of("a"))).await.unwrap().into_inner();
    let imported = answer.imported_resources.into_iter().next().unwrap();
    assert_eq!(object(imported.state.as_ref())["id"], "a".into());
    assert_eq!(got(imported.identity), of("a"));
    let lacking =
        client.provider.import_resource_state(import(&Object::new())).await.unwrap().into_inner();
    assert!(lacking.diagnostics[0].summary.contains("does not say `name`"), "{lacking:?}");
}

#[tokio::test]
async fn identities_are_upgraded() {
    let mut client = Served::start().await.client().await;
    let request = |version, json: &str| p::upgrade_resource_identity::Request {
        type_name: "quilt_thing".into(),
        version,
        raw_identity: Some(p::RawState { json: json.into(), ..Default::default() }),
    };
    for (version, stored) in [(0, r#"{"title":"a","colour":"red"}"#), (1, r#"{"name":"a"}"#)] {
        let request = request(version, stored);
        let answer = client.provider.upgrade_resource_identity(request).await.unwrap().into_inner();
        assert_eq!(got(answer.upgraded_identity), of("a"), "{stored}");
    }
    let answer =
        client.provider.upgrade_resource_identity(request(0, "{")).await.unwrap().into_inner();
    assert_eq!(told(&answer.diagnostics), [(String::new(), "A value cannot be read")]);
}

#[tokio::test]
async fn a_move_answers_with_the_identity_and_needs_a_state() {
    let mut client = Served::start().await.client().await;
    let request = |source_state| p::move_resource_state::Request {
        source_type_name: "other_thing".into(),
        target_type_name: "quilt_thing".into(),
        source_state,
        ..Default::default()
    };
    let json = p::RawState { json: br#"{"title":"a"}"#.to_vec(), ..Default::default() };
    let moved =
        client.provider.move_resource_state(request(Some(json))).await.unwrap().into_inner();
    assert_eq!(got(moved.target_identity), of("a"));
    let null = p::RawState { json: b"null".to_vec(), ..Default::default() };
    for nothing in [None, Some(p::RawState::default()), Some(null)] {
        let refused =
            client.provider.move_resource_state(request(nothing)).await.unwrap().into_inner();
        assert_eq!(told(&refused.diagnostics), [(String::new(), "There is nothing to move")]);
        assert_eq!(refused.target_state, None);
    }
}
