//! A caller that is let in and sends nonsense: every call is answered, none by a panic, and the server lives on.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use quilt_provider::provider::Provider;
use quilt_provider::tf::schema::{Attribute, Shape};
use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::codec::{encode, encode_value};
use quilt_provider::wire::proto::{self as p, DynamicValue, RawState};
use tokio::time::timeout;

use super::damage::{blows, damaged};
use super::runner;
use super::values::{msgpack, object, tree};
use crate::wire::Served;
use crate::wire::client::Client;

pub(super) const LIMIT: Duration = Duration::from_secs(20);

/// A configured provider whose AWS answers nothing, at once.
pub(super) async fn served() -> (Served, Client) {
    let served = Served::of(Provider::default()).await;
    let mut client = served.client().await;
    let text = |text: &str| Tree::String(text.into());
    let mut config: Object = Provider::default()
        .schema()
        .attributes
        .iter()
        .map(|a| (a.name.to_string(), Tree::Null))
        .collect();
    let said = [
        ("region", text("us-east-1")),
        ("access_key", text("a")),
        ("secret_key", text("b")),
        ("max_retries", Tree::Number(quilt_provider::tf::Number::Int(0))),
    ];
    config.extend(said.map(|(k, v)| (k.to_string(), v)));
    let names = Provider::default()
        .schema()
        .attributes
        .iter()
        .find(|a| a.name == "endpoints")
        .and_then(|a| a.nested().map(<[Attribute]>::to_vec));
    let nowhere = names
        .unwrap_or_default()
        .into_iter()
        .map(|a| (a.name.to_string(), text("http://127.0.0.1:1")))
        .collect();
    config.insert("endpoints".into(), Tree::List(vec![Tree::Map(nowhere)]));
    let request =
        p::configure_provider::Request { config: encode(&[], Some(config)), ..Default::default() };
    drop(
        timeout(LIMIT, client.provider.configure_provider(request))
            .await
            .expect("an answer")
            .expect("an answer"),
    );
    (served, client)
}

/// A message with nothing, a value, or rubbish in it.
fn message() -> impl Strategy<Value = Option<DynamicValue>> {
    let whole = object().prop_map(|o| encode(&[], Some(o)).unwrap().msgpack);
    prop_oneof![
        1 => Just(None),
        1 => vec(any::<u8>(), 0..60).prop_map(|bytes| Some(msgpack(bytes))),
        1 => vec(any::<u8>(), 0..60).prop_map(|json| Some(DynamicValue { msgpack: vec![], json })),
        2 => (whole, blows()).prop_map(|(bytes, blows)| Some(msgpack(damaged(&bytes, &blows)))),
    ]
}

/// An attribute as its type wants it, or null, unknown, of another type.
fn attribute(shape: &Shape, text: &'static str) -> BoxedStrategy<Tree> {
    let right = match shape {
        Shape::Single(nested) => all(nested).prop_map(Tree::Map).boxed(),
        Shape::List(nested) => {
            vec(all(nested).prop_map(Tree::Map), 0..3).prop_map(Tree::List).boxed()
        }
        Shape::Type(_) => prop_oneof![
            text.prop_map(Tree::String),
            Just(Tree::Bool(true)),
            any::<i64>().prop_map(|n| Tree::Number(quilt_provider::tf::Number::Int(n))),
            vec(text.prop_map(Tree::String), 0..3).prop_map(Tree::List),
            proptest::collection::btree_map("[A-Z][a-z]{1,5}", text.prop_map(Tree::String), 0..3)
                .prop_map(Tree::Map),
        ]
        .boxed(),
    };
    prop_oneof![3 => right, 3 => Just(Tree::Null), 2 => Just(Tree::Unknown), 1 => tree()].boxed()
}

fn all(attributes: &[Attribute]) -> BoxedStrategy<Object> {
    let none = Just(Object::new()).boxed();
    attributes.iter().fold(none, |so_far, a| {
        let (name, value) = (
            a.name,
            attribute(
                &a.shape,
                "(quilt-[a-z]{1,4}|10\\.0\\.0\\.0/16|[A-Z_]{4,9}|arn:aws:[a-z:/0-9]{0,30}|https://[a-z.]{3,9}|\\{.{0,20}|.{0,12})",
            ),
        );
        (so_far, value)
            .prop_map(move |(mut object, value)| {
                object.insert(name.to_string(), value);
                object
            })
            .boxed()
    })
}

/// No answer says that something broke.
fn sound(call: &str, diagnostics: &[p::Diagnostic]) {
    let broken = diagnostics.iter().find(|d| d.detail.contains("mistake in the provider"));
    assert!(broken.is_none(), "{call}: {broken:?}");
}

macro_rules! ask {
    ($client:expr, $call:ident, $request:expr) => {{
        let answer = timeout(LIMIT, $client.provider.$call($request))
            .await
            .unwrap_or_else(|_| panic!("{} hangs", stringify!($call)));
        if let Ok(answer) = answer {
            sound(stringify!($call), &answer.into_inner().diagnostics);
        }
    }};
}

/// Everything that may be asked about a type, with these values.
async fn ask_all(
    client: &mut Client,
    name: &str,
    values: &[Option<DynamicValue>; 3],
    private: &[u8],
) {
    let (type_name, [a, b, c]) = (name.to_string(), values.clone());
    let json = a.as_ref().map(|v| v.msgpack.clone()).unwrap_or_default();
    let raw_state = Some(RawState { json, flatmap: Default::default() });
    ask!(
        client,
        validate_resource_config,
        p::validate_resource_config::Request {
            type_name: type_name.clone(),
            config: a.clone(),
            ..Default::default()
        }
    );
    ask!(
        client,
        upgrade_resource_state,
        p::upgrade_resource_state::Request { type_name: type_name.clone(), version: -1, raw_state }
    );
    ask!(
        client,
        read_resource,
        p::read_resource::Request {
            type_name: type_name.clone(),
            current_state: b.clone(),
            private: private.to_vec(),
            ..Default::default()
        }
    );
    ask!(
        client,
        plan_resource_change,
        p::plan_resource_change::Request {
            type_name: type_name.clone(),
            prior_state: c.clone(),
            proposed_new_state: a.clone(),
            config: a.clone(),
            prior_private: private.to_vec(),
            ..Default::default()
        }
    );
    ask!(
        client,
        apply_resource_change,
        p::apply_resource_change::Request {
            type_name: type_name.clone(),
            prior_state: c,
            planned_state: b,
            config: a,
            planned_private: private.to_vec(),
            ..Default::default()
        }
    );
    ask!(
        client,
        import_resource_state,
        p::import_resource_state::Request {
            type_name,
            id: String::from_utf8_lossy(private).into_owned(),
            ..Default::default()
        }
    );
}

fn types() -> Vec<String> {
    Provider::default()
        .served
        .resources
        .iter()
        .map(|r| r.name().to_string())
        .chain(["".into(), "quilt_nothing".into(), "\0".into()])
        .collect()
}

#[tokio::test]
async fn rubbish_is_answered() {
    let (served, mut client) = served().await;
    let mut runner = runner(20);
    let strategy = ([message(), message(), message()], vec(any::<u8>(), 0..40));
    for _ in 0..runner.config().cases {
        let (values, private) = strategy.new_tree(&mut runner).unwrap().current();
        for name in types() {
            ask_all(&mut client, &name, &values, &private).await;
        }
        ask!(
            client,
            validate_provider_config,
            p::validate_provider_config::Request { config: values[0].clone() }
        );
    }
    assert!(served.client().await.is_served().await);
}

#[tokio::test]
async fn values_that_nearly_fit_are_answered() {
    let (served, mut client) = served().await;
    let mut runner = runner(10);
    for resource in &Provider::default().served.resources {
        let one = || all(&resource.schema().attributes);
        let strategy = ([one(), one(), one()], vec(any::<u8>(), 0..20));
        for _ in 0..runner.config().cases {
            let (objects, private) = strategy.new_tree(&mut runner).unwrap().current();
            let values = objects.map(|object| encode(&[], Some(object)));
            ask_all(&mut client, resource.name(), &values, &private).await;
        }
    }
    assert!(served.client().await.is_served().await);
}

#[tokio::test]
async fn functions_answer_or_say_why() {
    let (served, mut client) = served().await;
    let mut runner = runner(60);
    for function in &Provider::default().served.functions {
        let parameters = function.signature().parameters;
        let text = "(quilt[a-z.-]{0,9}|10\\.0\\.0\\.0/1[0-9]|arn:aws(-cn)?:(iam|kms|s3):[a-z0-9-]{0,9}:[0-9]{0,12}:[a-z/*]{0,9}|vpc-[0-9a-f]{1,4}|\\{.{0,20}|.{0,12})";
        let one = || parameters.iter().map(|p| attribute(&p.shape, text)).collect::<Vec<_>>();
        let strategy = (one(), vec(message(), 0..3), any::<bool>());
        for _ in 0..runner.config().cases {
            let (right, rubbish, mixed) = strategy.new_tree(&mut runner).unwrap().current();
            let mut arguments: Vec<_> = right.iter().map(encode_value).collect();
            if mixed {
                arguments.extend(rubbish.into_iter().flatten());
            }
            let request = p::call_function::Request { name: function.name().into(), arguments };
            let answer = timeout(LIMIT, client.provider.call_function(request))
                .await
                .expect("an answer")
                .unwrap()
                .into_inner();
            let why = answer.error.as_ref().map(|error| error.text.as_str()).unwrap_or_default();
            assert!(
                answer.result.is_some() != answer.error.is_some()
                    && !why.contains("mistake in the provider"),
                "{}: {why}",
                function.name()
            );
        }
    }
    assert!(served.client().await.is_served().await);
}

#[tokio::test]
async fn a_storm_of_stops_stops_nothing_else() {
    let (served, client) = served().await;
    let stops = (0..300).map(|_| {
        let mut client = client.clone();
        tokio::spawn(async move {
            client.provider.stop_provider(p::stop_provider::Request {}).await.is_ok()
        })
    });
    let calls = (0..100).map(|_| {
        let mut client = client.clone();
        let request = p::validate_resource_config::Request {
            type_name: "quilt_stack".into(),
            ..Default::default()
        };
        tokio::spawn(async move { client.provider.validate_resource_config(request).await.is_ok() })
    });
    for answered in stops.chain(calls).collect::<Vec<_>>() {
        assert!(timeout(LIMIT, answered).await.expect("an answer").unwrap());
    }
    assert!(served.client().await.is_served().await);
}
