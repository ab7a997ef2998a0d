//! Functions as Terraform asks for them, and as nobody should.

use quilt_provider::provider::Provider;
use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::codec::{decode_value, encode_value};
use quilt_provider::wire::proto::{self as p, DynamicValue};

use super::Served;
use super::client::Client;

async fn client() -> (Served, Client) {
    let served = Served::of(Provider::default()).await;
    let client = served.client().await;
    (served, client)
}

async fn call(
    client: &mut Client,
    name: &str,
    arguments: Vec<DynamicValue>,
) -> Result<Tree, (String, Option<i64>)> {
    let answer = client
        .provider
        .call_function(p::call_function::Request { name: name.into(), arguments })
        .await
        .unwrap()
        .into_inner();
    match (answer.result, answer.error) {
        (Some(result), None) => Ok(decode_value(&result).unwrap()),
        (None, Some(error)) => Err((error.text, error.function_argument)),
        both => panic!("a result or an error, and not both: {both:?}"),
    }
}

fn object(tree: Tree) -> Object {
    let Tree::Map(object) = tree else { panic!("{tree:?}") };
    object
}

#[tokio::test]
async fn the_three_lists_of_functions_agree() {
    let (_served, mut client) = client().await;
    let asked =
        client.provider.get_functions(p::get_functions::Request {}).await.unwrap().into_inner();
    let schema = client
        .provider
        .get_provider_schema(p::get_provider_schema::Request {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!((asked.functions.clone(), asked.diagnostics), (schema.functions, vec![]));
    let metadata =
        client.provider.get_metadata(p::get_metadata::Request {}).await.unwrap().into_inner();
    let mut named: Vec<_> = metadata.functions.into_iter().map(|f| f.name).collect();
    let mut known: Vec<_> = asked.functions.into_keys().collect();
    named.sort();
    known.sort();
    assert!(!named.is_empty());
    assert_eq!(named, known);
}

/// A type as Terraform reads types; one that it cannot read makes the whole provider unusable.
fn readable(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::String(name) => {
            ["string", "number", "bool", "dynamic"].contains(&name.as_str())
        }
        serde_json::Value::Array(pair) => match (pair[0].as_str(), &pair[1]) {
            (Some("list" | "set" | "map"), inner) => readable(inner),
            (Some("object"), serde_json::Value::Object(members)) => members.values().all(readable),
            _ => false,
        },
        _ => false,
    }
}

#[tokio::test]
async fn every_signature_keeps_terraforms_rules() {
    let (_served, mut client) = client().await;
    for (name, function) in client
        .provider
        .get_functions(p::get_functions::Request {})
        .await
        .unwrap()
        .into_inner()
        .functions
    {
        assert!(
            !function.summary.is_empty()
                && !function.summary.contains('\n')
                && !function.description.is_empty(),
            "{name}"
        );
        let parameters: Vec<_> =
            function.parameters.iter().chain(&function.variadic_parameter).collect();
        let types =
            parameters.iter().map(|p| &p.r#type).chain(function.r#return.iter().map(|r| &r.r#type));
        assert!(
            types.clone().all(|json| readable(&serde_json::from_slice(json).unwrap())),
            "{name}"
        );
        assert_eq!(types.count(), parameters.len() + 1, "{name} gives something back");
        let mut names: Vec<_> = parameters.iter().map(|p| &p.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), parameters.len(), "{name}");
        assert!(
            parameters.iter().all(|p| !p.description.is_empty() && !p.allow_unknown_values),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_function_answers_before_the_provider_is_configured() {
    let (_served, mut client) = client().await;
    let answer =
        call(&mut client, "hosts", vec![encode_value(&"quilt.example.com".into())]).await.unwrap();
    assert_eq!(object(answer)["registry_host"], "quilt-registry.example.com".into());
    let json = DynamicValue { msgpack: vec![], json: b"\"quilt.example.com\"".to_vec() };
    assert!(call(&mut client, "hosts", vec![json]).await.is_ok());
}

#[tokio::test]
async fn what_nobody_should_send_is_told_with_its_argument() {
    let (served, mut client) = client().await;
    let text = |text: &str| encode_value(&text.into());
    let bytes = |msgpack: &[u8]| DynamicValue { msgpack: msgpack.to_vec(), json: vec![] };
    let deep = [vec![0x91; 5000], vec![0xc0]].concat();
    let cases = [
        (vec![], None, "The argument `web_host` is missing"),
        (vec![text("a.b"), text("c")], Some(1), "Leave this one out"),
        (vec![bytes(&[0xdf, 0xff, 0xff, 0xff, 0xff])], Some(0), "cannot be read"),
        (vec![bytes(&[0xc0, 0xc0])], Some(0), "bytes after the end"),
        (vec![bytes(&deep)], Some(0), "nested too deeply"),
        (vec![DynamicValue { msgpack: vec![], json: b"{".to_vec() }], Some(0), "not JSON"),
        (vec![DynamicValue::default()], Some(0), "Expected here: a string"),
        (vec![encode_value(&Tree::Unknown)], Some(0), "Expected here: a string"),
        (vec![encode_value(&Tree::Bool(true))], Some(0), "Expected here: a string"),
        (vec![text("\0")], Some(0), "has no domain"),
    ];
    for (arguments, argument, says) in cases {
        let (said, at) = call(&mut client, "hosts", arguments).await.unwrap_err();
        assert!(at == argument && said.contains(says) && !said.ends_with('.'), "{at:?} {said}");
    }
    for name in ["", "\0", "HOSTS", "quilt_hosts", &"a".repeat(100_000)] {
        assert!(call(&mut client, name, vec![]).await.is_err());
    }
    assert!(served.client().await.is_served().await);
}
