//! What is answered.

use quilt_provider::tf::{Number, Object, Tree};
use quilt_provider::wire::proto as p;
use tonic::Code;

use super::Served;
use super::client::{object, thing, told, value};

fn number(n: i64) -> Tree {
    Tree::Number(Number::Int(n))
}

fn rule(port: i64) -> Tree {
    Tree::Map([("port".to_string(), number(port)), ("made".to_string(), Tree::Null)].into())
}

fn json(text: &str) -> Option<p::RawState> {
    Some(p::RawState { json: text.into(), ..Default::default() })
}

#[tokio::test]
async fn a_thing_is_planned_and_made() {
    let mut client = Served::start().await.client().await;
    let config = thing([
        ("name", "a".into()),
        ("secret_wo", "four".into()),
        ("rule", Tree::List(vec![rule(80)])),
    ]);
    let planned = object(client.plan(None, config.clone()).await.planned_state.as_ref());
    assert_eq!(
        [&planned["size"], &planned["id"], &planned["letters"]],
        [&number(3), &Tree::Unknown, &Tree::Unknown]
    );

    let made = client.create(config).await;
    assert_eq!(told(&made.diagnostics), []);
    let state = object(made.new_state.as_ref());
    assert_eq!(
        [&state["id"], &state["letters"], &state["secret_wo"]],
        [&"a".into(), &number(4), &Tree::Null]
    );
    assert_eq!((&state["rule"], made.private), (&Tree::List(vec![rule(80)]), b"1".to_vec()));

    let replaced = client.plan(Some(state.clone()), thing([("name", "b".into())])).await;
    assert_eq!(replaced.requires_replace.len(), 1);
    let read = p::read_resource::Request {
        type_name: "quilt_thing".into(),
        current_state: value(&state),
        ..Default::default()
    };
    let read = client.provider.read_resource(read).await.unwrap().into_inner();
    assert_eq!(object(read.new_state.as_ref()), state);
}

#[tokio::test]
async fn a_deletion_is_planned_and_what_is_gone_is_null() {
    let mut client = Served::start().await.client().await;
    let prior_state = value(&thing([("name", "gone".into()), ("id", "gone".into())]));
    let plan = p::plan_resource_change::Request {
        type_name: "quilt_thing".into(),
        prior_state: prior_state.clone(),
        prior_private: b"7".to_vec(),
        ..Default::default()
    };
    let plan = client.provider.plan_resource_change(plan).await.unwrap().into_inner();
    assert_eq!(
        (plan.planned_state.unwrap().msgpack, plan.planned_private),
        (vec![0xc0], b"7".to_vec())
    );
    let read = p::read_resource::Request {
        type_name: "quilt_thing".into(),
        current_state: prior_state,
        ..Default::default()
    };
    let read = client.provider.read_resource(read).await.unwrap().into_inner();
    assert_eq!((read.new_state.unwrap().msgpack, read.diagnostics.len()), (vec![0xc0], 0));
}

#[tokio::test]
async fn what_only_the_provider_sets_is_refused_at_its_attribute() {
    let mut client = Served::start().await.client().await;
    let made =
        Tree::Map([("port".to_string(), number(1)), ("made".to_string(), "x".into())].into());
    let config = thing([
        ("name", "a".into()),
        ("id", "x".into()),
        ("secret_wo", Tree::Unknown),
        ("first", made.clone()),
        ("rule", Tree::List(vec![rule(1), made])),
    ]);
    let mut request = p::validate_resource_config::Request {
        type_name: "quilt_thing".into(),
        config: value(&config),
        ..Default::default()
    };
    let too_old =
        client.provider.validate_resource_config(request.clone()).await.unwrap().into_inner();
    let mut at: Vec<_> = told(&too_old.diagnostics).into_iter().map(|(at, _)| at).collect();
    at.sort();
    // At a secret's own attribute Terraform would print the line that holds it: what is wrong with it is told of the whole.
    // Terraform finds no line for a member of an argument, so the argument is pointed at and the member named.
    assert_eq!(at, ["", ".first", ".id", ".rule[1].made"]);
    assert!(
        too_old.diagnostics.iter().any(|d| d.attribute.is_none()
            && format!("{} {}", d.summary, d.detail).contains("secret_wo"))
    );

    request.client_capabilities =
        Some(p::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() });
    let new = client.provider.validate_resource_config(request).await.unwrap().into_inner();
    assert!(!told(&new.diagnostics).iter().any(|(at, _)| at.is_empty()));
}

#[tokio::test]
async fn five_megabytes_pass() {
    let mut client = Served::start().await.client().await;
    let text: Tree = Tree::String("ä".repeat(2_500_000));
    let made = client.create(thing([("name", "a".into()), ("text", text.clone())])).await;
    assert_eq!(object(made.new_state.as_ref())["text"], text);
}

#[tokio::test]
async fn what_the_protocol_does_not_know_is_unimplemented() {
    let client = Served::start().await.client().await;
    let mut raw = tonic::client::Grpc::new(client.channel.clone());
    raw.ready().await.unwrap();
    let path = "/tfplugin6.Provider/Invented".parse().unwrap();
    let codec =
        tonic_prost::ProstCodec::<p::stop_provider::Request, p::stop_provider::Response>::default();
    let status = raw.unary(tonic::Request::new(Default::default()), path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[tokio::test]
async fn a_type_that_does_not_exist_is_told() {
    let mut client = Served::start().await.client().await;
    let request = p::import_resource_state::Request {
        type_name: "quilt_castle".into(),
        id: "x".into(),
        ..Default::default()
    };
    let answer = client.provider.import_resource_state(request).await.unwrap().into_inner();
    assert_eq!(
        told(&answer.diagnostics),
        [(String::new(), "There is no resource type quilt_castle")]
    );
    assert!(
        answer.diagnostics[0].detail.contains("it has: quilt_thing"),
        "{}",
        answer.diagnostics[0].detail
    );
    let data = p::read_data_source::Request { type_name: "quilt_x".into(), ..Default::default() };
    let data = client.provider.read_data_source(data).await.unwrap().into_inner();
    assert_eq!(data.diagnostics[0].summary, "There is no data source quilt_x");
    let function = p::call_function::Request { name: "sing".into(), arguments: vec![] };
    let function = client.provider.call_function(function).await.unwrap().into_inner();
    let error = function.error.unwrap();
    assert_eq!(
        (error.text.as_str(), error.function_argument),
        ("The Quilt provider has no function sing. Use a version that has it", None)
    );
}

#[tokio::test]
async fn a_panic_is_told_and_the_next_call_is_served() {
    let mut client = Served::start().await.client().await;
    let answer = client.create(thing([("name", "panic".into())])).await;
    assert_eq!(told(&answer.diagnostics), [(String::new(), "The provider has a fault")]);
    assert!(answer.diagnostics[0].detail.contains("It failed in ApplyResourceChange: asked to."));
    assert_eq!(answer.new_state, None);
    assert_eq!(told(&client.create(thing([("name", "a".into())])).await.diagnostics), []);
}

#[tokio::test]
async fn a_panic_loses_neither_state_nor_what_is_remembered() {
    let mut client = Served::start().await.client().await;
    let (state, private) =
        (value(&thing([("name", "panic".into()), ("id", "x".into())])), b"7".to_vec());
    let fault = vec![(String::new(), "The provider has a fault")];

    let read = p::read_resource::Request {
        type_name: "quilt_thing".into(),
        current_state: state.clone(),
        private: private.clone(),
        ..Default::default()
    };
    let answer = client.provider.read_resource(read).await.unwrap().into_inner();
    assert_eq!(
        (told(&answer.diagnostics), &answer.new_state, &answer.private),
        (fault.clone(), &state, &private)
    );

    for planned_state in [state.clone(), quilt_provider::wire::codec::encode(&[], None)] {
        let request = p::apply_resource_change::Request {
            type_name: "quilt_thing".into(),
            prior_state: state.clone(),
            planned_state,
            config: state.clone(),
            planned_private: private.clone(),
            ..Default::default()
        };
        let answer = client.provider.apply_resource_change(request).await.unwrap().into_inner();
        assert_eq!(
            (told(&answer.diagnostics), &answer.new_state, &answer.private),
            (fault.clone(), &state, &private)
        );
    }
}

#[tokio::test]
async fn bytes_that_are_no_value_are_told_and_change_nothing() {
    let mut client = Served::start().await.client().await;
    let broken =
        Some(p::DynamicValue { msgpack: vec![0xdf, 0xff, 0xff, 0xff, 0xff], json: vec![] });
    let request = p::apply_resource_change::Request {
        type_name: "quilt_thing".into(),
        prior_state: value(&thing([("name", "a".into())])),
        planned_state: broken,
        ..Default::default()
    };
    let prior = request.prior_state.clone();
    let answer = client.provider.apply_resource_change(request).await.unwrap().into_inner();
    assert_eq!(
        (told(&answer.diagnostics), answer.new_state),
        (vec![(String::new(), "A value cannot be read")], prior)
    );
}

#[tokio::test]
async fn old_states_are_upgraded_and_lose_what_is_no_more() {
    let mut client = Served::start().await.client().await;
    let old = r#"{"name":"a","count":5,"colour":"red"}"#;
    let request = p::upgrade_resource_state::Request {
        type_name: "quilt_thing".into(),
        version: 1,
        raw_state: json(old),
    };
    let answer = client.provider.upgrade_resource_state(request).await.unwrap().into_inner();
    assert_eq!(
        object(answer.upgraded_state.as_ref()),
        thing([("name", "a".into()), ("size", number(5))])
    );

    let request = p::upgrade_resource_state::Request {
        type_name: "quilt_thing".into(),
        version: 2,
        raw_state: json(r#"{"size":1.1}"#),
    };
    let answer = client.provider.upgrade_resource_state(request).await.unwrap().into_inner();
    assert_eq!(told(&answer.diagnostics), [(".size".into(), "Wrong type of value")]);
}

#[tokio::test]
async fn things_are_imported_and_moved() {
    let mut client = Served::start().await.client().await;
    let request = p::import_resource_state::Request {
        type_name: "quilt_thing".into(),
        id: "a".into(),
        ..Default::default()
    };
    let imported = client
        .provider
        .import_resource_state(request)
        .await
        .unwrap()
        .into_inner()
        .imported_resources;
    let state: Object = thing([("name", "a".into()), ("id", "a".into())]);
    assert_eq!((imported.len(), object(imported[0].state.as_ref())), (1, state));

    let mut request = p::move_resource_state::Request {
        source_provider_address: "registry.terraform.io/x/other".into(),
        source_type_name: "other_thing".into(),
        source_state: json(r#"{"title":"a"}"#),
        target_type_name: "quilt_thing".into(),
        ..Default::default()
    };
    let moved = client.provider.move_resource_state(request.clone()).await.unwrap().into_inner();
    assert_eq!(object(moved.target_state.as_ref()), thing([("name", "a".into())]));
    request.source_type_name = "other_castle".into();
    let refused = client.provider.move_resource_state(request).await.unwrap().into_inner();
    assert_eq!(refused.diagnostics[0].summary, "This resource cannot be moved here");
}

#[tokio::test]
async fn opentofus_further_questions_have_empty_answers() {
    let mut client = Served::start().await.client().await;
    assert!(
        client
            .provider
            .get_resource_identity_schemas(p::get_resource_identity_schemas::Request {})
            .await
            .is_ok()
    );
    let metadata =
        client.provider.get_metadata(p::get_metadata::Request {}).await.unwrap().into_inner();
    assert_eq!(metadata.resources[0].type_name, "quilt_thing");
    assert!(
        client
            .provider
            .validate_provider_config(p::validate_provider_config::Request::default())
            .await
            .is_ok()
    );
}
