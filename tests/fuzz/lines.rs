//! Whatever long value stands in an attribute, no diagnostic shows more than a line of it.

use quilt_provider::provider::Provider;
use quilt_provider::tf::schema::{Attribute, AttributeConstraint, Shape};
use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::codec::{encode, encode_value};
use quilt_provider::wire::proto as p;
use tokio::time::timeout;

use super::calls::{LIMIT, served};
use crate::wire::client::Client;

/// The most characters of a value that may be shown in one piece.
const LINE: usize = 200;

/// The answer to a call.
macro_rules! heard {
    ($client:ident $(.$part:ident)* ($request:expr)) => {
        timeout(LIMIT, $client $(.$part)* ($request)).await.expect("an answer").unwrap().into_inner()
    };
}

/// Three lines, and no piece of it twice.
fn value() -> String {
    let text: String = (0..1_200).map(|n| format!("{n:04} ")).collect();
    format!("{}\n{}\n{}", &text[..5_000], "second line", "third line")
}

/// The values that an attribute may hold this text in; what is right first.
fn forms(shape: &Shape, text: &str) -> Vec<Tree> {
    let text = Tree::String(text.into());
    let map = |key: &str, value: Tree| Tree::Map([(key.to_string(), value)].into());
    match shape {
        Shape::Single(nested) => inner(nested, &text).into_iter().map(Tree::Map).collect(),
        Shape::List(nested) => {
            inner(nested, &text).into_iter().map(|o| Tree::List(vec![Tree::Map(o)])).collect()
        }
        Shape::Type(_) => {
            let key = value();
            vec![
                text.clone(),
                Tree::List(vec![text.clone()]),
                map("Key", text.clone()),
                map(&key, text),
            ]
        }
    }
}

/// Objects of which one attribute each holds the text.
fn inner(attributes: &[Attribute], text: &Tree) -> Vec<Object> {
    let Tree::String(text) = text else { return vec![] };
    let one = |a: &Attribute| {
        forms(&a.shape, text).into_iter().map(|value| {
            let mut object = short(attributes);
            object.insert(a.name.into(), value);
            object
        })
    };
    attributes.iter().flat_map(one).collect()
}

/// What is required is there, and nothing else.
fn short(attributes: &[Attribute]) -> Object {
    let one = |a: &Attribute| match a.given == AttributeConstraint::Required
        && matches!(a.shape, Shape::Type(_))
    {
        true => Tree::String("quilt-one".into()),
        false => Tree::Null,
    };
    attributes.iter().map(|a| (a.name.to_string(), one(a))).collect()
}

/// Every piece of a diagnostic that stands in the value too is short.
fn lines_at_most(of: &str, value: &str, told: &[p::Diagnostic]) {
    for text in told.iter().flat_map(|d| [&d.summary, &d.detail]) {
        let letters: Vec<char> = text.chars().collect();
        let shown = letters.windows(LINE + 1).any(|piece| {
            let piece: String = piece.iter().collect();
            value.contains(&piece)
        });
        assert!(!shown, "{of}: {text}");
    }
}

/// What is said of an object in every call over a resource.
async fn ask(client: &mut Client, name: &str, object: Object) -> Vec<p::Diagnostic> {
    let (type_name, json) = (name.to_string(), json(&Tree::Map(object.clone())).to_string());
    let (config, none) = (encode(&[], Some(object)), encode(&[], None));
    let raw_state = Some(p::RawState { json: json.into_bytes(), flatmap: Default::default() });
    let validate = p::validate_resource_config::Request {
        type_name: type_name.clone(),
        config: config.clone(),
        ..Default::default()
    };
    let plan = p::plan_resource_change::Request {
        type_name: type_name.clone(),
        prior_state: none.clone(),
        proposed_new_state: config.clone(),
        config: config.clone(),
        ..Default::default()
    };
    let read = p::read_resource::Request {
        type_name: type_name.clone(),
        current_state: config.clone(),
        ..Default::default()
    };
    let upgrade = p::upgrade_resource_state::Request {
        type_name: type_name.clone(),
        raw_state: raw_state.clone(),
        ..Default::default()
    };
    let moves = p::move_resource_state::Request {
        target_type_name: type_name,
        source_type_name: "aws_cloudformation_stack".into(),
        source_provider_address: "registry.terraform.io/hashicorp/aws".into(),
        source_state: raw_state,
        ..Default::default()
    };
    let provider = &mut client.provider;
    let mut said = heard!(provider.validate_resource_config(validate)).diagnostics;
    said.extend(heard!(provider.plan_resource_change(plan)).diagnostics);
    said.extend(heard!(provider.read_resource(read)).diagnostics);
    said.extend(heard!(provider.upgrade_resource_state(upgrade)).diagnostics);
    said.extend(heard!(provider.move_resource_state(moves)).diagnostics);
    said
}

/// As a state file has it.
fn json(value: &Tree) -> serde_json::Value {
    match value {
        Tree::String(text) => text.as_str().into(),
        Tree::List(items) => items.iter().map(json).collect(),
        Tree::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), json(value))).collect()
        }
        _ => serde_json::Value::Null,
    }
}

#[tokio::test]
async fn no_diagnostic_shows_more_than_a_line_of_a_value() {
    let (served, mut client) = served().await;
    let (value, mut seen) = (value(), 0);
    for resource in &Provider::default().served.resources {
        let attributes = &resource.schema().attributes;
        for object in inner(attributes, &Tree::String(value.clone())) {
            let said = ask(&mut client, resource.name(), object).await;
            seen += usize::from(!said.is_empty());
            lines_at_most(resource.name(), &value, &said);
        }
        let import = p::import_resource_state::Request {
            type_name: resource.name().into(),
            id: value.clone(),
            ..Default::default()
        };
        let said = heard!(client.provider.import_resource_state(import)).diagnostics;
        assert!(!said.is_empty(), "{} has nothing of this id", resource.name());
        lines_at_most(resource.name(), &value, &said);
    }
    assert!(seen > 100, "only {seen} were wrong");
    assert!(served.client().await.is_served().await);
}

#[tokio::test]
async fn no_diagnostic_of_a_data_source_shows_more_either() {
    let (_served, mut client) = served().await;
    let (value, mut seen) = (value(), 0);
    for source in &Provider::default().served.data_sources {
        for object in inner(&source.schema().attributes, &Tree::String(value.clone())) {
            let config = encode(&[], Some(object));
            let validate = p::validate_data_resource_config::Request {
                type_name: source.name().into(),
                config: config.clone(),
            };
            let read = p::read_data_source::Request {
                type_name: source.name().into(),
                config,
                ..Default::default()
            };
            let mut said =
                heard!(client.provider.validate_data_resource_config(validate)).diagnostics;
            said.extend(heard!(client.provider.read_data_source(read)).diagnostics);
            seen += usize::from(!said.is_empty());
            lines_at_most(source.name(), &value, &said);
        }
    }
    assert!(seen > 5, "only {seen} were wrong");
}

#[tokio::test]
async fn no_error_of_a_function_shows_more_either() {
    let (_served, mut client) = served().await;
    let (value, mut seen) = (value(), 0);
    for function in &Provider::default().served.functions {
        let parameters = function.signature().parameters;
        for (index, parameter) in parameters.iter().enumerate() {
            for long in forms(&parameter.shape, &value) {
                let given = parameters.iter().enumerate().map(|(at, other)| match at == index {
                    true => long.clone(),
                    false => forms(&other.shape, "quilt-one").remove(0),
                });
                let arguments = given.map(|value| encode_value(&value)).collect();
                let name = function.name().to_string();
                let request = p::call_function::Request { name: name.clone(), arguments };
                let Some(error) = heard!(client.provider.call_function(request)).error else {
                    continue;
                };
                seen += 1;
                let said = p::Diagnostic { detail: error.text, ..Default::default() };
                lines_at_most(&name, &value, &[said]);
            }
        }
    }
    assert!(seen > 20, "only {seen} were wrong");
}
