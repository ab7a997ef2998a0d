//! What is not served: each kind has its answer in words, and what is served stands in both lists of it.

use std::collections::BTreeSet;

use quilt_provider::provider::Provider;
use quilt_provider::wire::proto::invoke_action::event::Type;
use quilt_provider::wire::proto::{self as p, Diagnostic};

use super::Served;
use super::client::Client;

/// One error that names the kind and the name.
fn refused(diagnostics: &[Diagnostic], kind: &str) {
    let told: Vec<_> = diagnostics.iter().map(|d| d.summary.as_str()).collect();
    assert_eq!(told, [format!("There is no {kind} quilt_castle")]);
    assert!(
        diagnostics[0].detail.ends_with("Use a version that has it."),
        "{}",
        diagnostics[0].detail
    );
}

macro_rules! refused {
    ($client:expr, $kind:literal: $($call:ident($module:ident, $name:ident)),* $(,)?) => {{ $(
        #[allow(clippy::needless_update)] // some requests hold nothing but the name
        let request = p::$module::Request { $name: "quilt_castle".into(), ..Default::default() };
        let answer = $client.provider.$call(request).await.unwrap().into_inner();
        refused(&answer.diagnostics, $kind);
    )* }};
}

async fn client() -> Client {
    Served::start().await.client().await
}

#[tokio::test]
async fn resources_of_no_type_have_neither_identity_nor_configuration() {
    let mut client = client().await;
    refused!(client, "resource type":
        upgrade_resource_identity(upgrade_resource_identity, type_name),
        generate_resource_config(generate_resource_config, type_name),
    );
}

#[tokio::test]
async fn ephemeral_resources_are_refused_in_words() {
    let mut client = client().await;
    refused!(client, "ephemeral resource":
        validate_ephemeral_resource_config(validate_ephemeral_resource_config, type_name),
        open_ephemeral_resource(open_ephemeral_resource, type_name),
        renew_ephemeral_resource(renew_ephemeral_resource, type_name),
        close_ephemeral_resource(close_ephemeral_resource, type_name),
    );
}

#[tokio::test]
async fn actions_are_refused_in_words_and_their_stream_has_an_end() {
    let mut client = client().await;
    refused!(client, "action":
        validate_action_config(validate_action_config, type_name),
        plan_action(plan_action, action_type),
    );
    let request =
        p::invoke_action::Request { action_type: "quilt_castle".into(), ..Default::default() };
    let mut events = client.provider.invoke_action(request).await.unwrap().into_inner();
    let Some(Type::Completed(end)) = events.message().await.unwrap().unwrap().r#type else {
        panic!("no end")
    };
    refused(&end.diagnostics, "action");
    assert_eq!(events.message().await.unwrap(), None);
}

#[tokio::test]
async fn lists_are_refused_in_words_by_an_event() {
    let mut client = client().await;
    refused!(client, "list resource":
        validate_list_resource_config(validate_list_resource_config, type_name),
    );
    let request =
        p::list_resource::Request { type_name: "quilt_castle".into(), ..Default::default() };
    let mut events = client.provider.list_resource(request).await.unwrap().into_inner();
    refused(&events.message().await.unwrap().unwrap().diagnostic, "list resource");
    assert_eq!(events.message().await.unwrap(), None);
}

#[tokio::test]
async fn state_stores_are_refused_in_words() {
    let mut client = client().await;
    refused!(client, "state store":
        validate_state_store_config(validate_state_store, type_name),
        configure_state_store(configure_state_store, type_name),
        lock_state(lock_state, type_name),
        unlock_state(unlock_state, type_name),
        get_states(get_states, type_name),
        delete_state(delete_state, type_name),
    );
    let request =
        p::read_state_bytes::Request { type_name: "quilt_castle".into(), ..Default::default() };
    let mut events = client.provider.read_state_bytes(request).await.unwrap().into_inner();
    refused(&events.message().await.unwrap().unwrap().diagnostics, "state store");
    assert_eq!(events.message().await.unwrap(), None);

    let meta = p::RequestChunkMeta { type_name: "quilt_castle".into(), state_id: "default".into() };
    let first = p::write_state_bytes::RequestChunk { meta: Some(meta), ..Default::default() };
    let chunks = tokio_stream::iter([first, p::write_state_bytes::RequestChunk::default()]);
    let answer = client.provider.write_state_bytes(chunks).await.unwrap().into_inner();
    refused(&answer.diagnostics, "state store");
}

#[tokio::test]
async fn metadata_and_schema_name_the_same() {
    let mut client = Served::of(Provider::default()).await.client().await;
    let names =
        client.provider.get_metadata(p::get_metadata::Request {}).await.unwrap().into_inner();
    let schema = client
        .provider
        .get_provider_schema(p::get_provider_schema::Request {})
        .await
        .unwrap()
        .into_inner();
    let named = |of: Vec<p::get_metadata::TypeName>| -> BTreeSet<String> {
        of.into_iter().map(|one| one.type_name).collect()
    };
    assert_eq!(
        [
            named(names.resources),
            named(names.data_sources),
            named(names.ephemeral_resources),
            named(names.list_resources),
            named(names.actions),
            named(names.state_stores),
            names.functions.into_iter().map(|one| one.name).collect(),
        ],
        [
            schema.resource_schemas.into_keys().collect(),
            schema.data_source_schemas.into_keys().collect(),
            schema.ephemeral_resource_schemas.into_keys().collect(),
            schema.list_resource_schemas.into_keys().collect(),
            schema.action_schemas.into_keys().collect(),
            schema.state_store_schemas.into_keys().collect::<BTreeSet<_>>(),
            schema.functions.into_keys().collect(),
        ]
    );
    assert_eq!(names.server_capabilities, schema.server_capabilities);
}
