//! Whatever long value stands in an attribute, no diagnostic shows more than a line of it.

use quilt_provider::provider::Provider;
use quilt_provider::tf::schema::{Attribute, AttributeConstraint, Shape};
use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::codec::encode;
use quilt_provider::wire::proto as p;
use tokio::time::timeout;

use super::calls::{LIMIT, served};
use crate::wire::client::Client;

/// The most characters of a value that may be shown in one piece.
const LINE: usize = 200;

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

async fn ask(client: &mut Client, name: &str, object: Object) -> Vec<p::Diagnostic> {
    let config = encode(&[], Some(object));
    let request = p::validate_resource_config::Request {
        type_name: name.into(),
        config: config.clone(),
        ..Default::default()
    };
    let judged = timeout(LIMIT, client.provider.validate_resource_config(request)).await;
    let request = p::plan_resource_change::Request {
        type_name: name.into(),
        prior_state: encode(&[], None),
        proposed_new_state: config.clone(),
        config,
        ..Default::default()
    };
    let planned = timeout(LIMIT, client.provider.plan_resource_change(request)).await;
    let mut told = judged.unwrap().unwrap().into_inner().diagnostics;
    told.extend(planned.unwrap().unwrap().into_inner().diagnostics);
    told
}

#[tokio::test]
async fn no_diagnostic_shows_more_than_a_line_of_a_value() {
    let (served, mut client) = served().await;
    let (value, mut seen) = (value(), 0);
    for resource in &Provider::default().served.resources {
        let attributes = &resource.schema().attributes;
        for object in inner(attributes, &Tree::String(value.clone())) {
            let told = ask(&mut client, resource.name(), object).await;
            seen += usize::from(!told.is_empty());
            lines_at_most(resource.name(), &value, &told);
        }
    }
    assert!(seen > 100, "only {seen} were wrong");
    assert!(served.client().await.is_served().await);
}
