//! One method for each thing Terraform asks: here those of the provider as a whole, in `objects` those of what it serves.

use std::collections::HashMap;
use std::sync::Arc;

use tonic::{Request, Response, Status, Streaming};

use super::call::{Call, caught, run};
use super::codec::{self, Malformed};
use super::diagnostics::diagnostics;
use super::events::Events;
use super::life::Stop;
use super::proto::*;
use super::schema;
use crate::cx::Cx;
use crate::kinds::function::Wrong;
use crate::outcome::Long;
use crate::provider::Provider;
use crate::tf::Diagnostics;

/// The provider as Terraform calls it.
#[derive(Clone)]
pub struct Service {
    pub(super) provider: Arc<Provider>,
    stop: Stop,
}

impl Service {
    /// Serves `provider`; calls hear of `stop`.
    pub fn new(provider: Arc<Provider>, stop: Stop) -> Self {
        Self { provider, stop }
    }

    pub(super) fn cx(&self) -> Cx {
        self.provider.cx(self.stop.token())
    }

    /// A call over the provider block.
    fn block<'a>(
        &'a self,
        name: &'static str,
        written: Option<&'a DynamicValue>,
    ) -> Call<'a, Provider> {
        let (about, veil) = (Ok(&*self.provider), &self.provider.veil);
        Call {
            name,
            veil,
            about,
            attributes: &self.provider.schema().attributes,
            written,
            sent: Default::default(),
        }
    }

    fn functions(&self) -> HashMap<String, Function> {
        let all = self.provider.served.functions.iter();
        all.map(|f| (f.name().to_string(), schema::function(&f.signature()))).collect()
    }

    fn answer(&self, name: &str, arguments: &[DynamicValue]) -> Result<DynamicValue, Wrong> {
        let Some(function) = self.provider.served.functions.iter().find(|f| f.name() == name)
        else {
            let text =
                format!("The Quilt provider has no function {name}. Use a version that has it.");
            return Err(Wrong { argument: None, text });
        };
        let unread = |index, why: Malformed| Wrong {
            argument: Some(index),
            text: format!("What Terraform sent cannot be read: {why}."),
        };
        let given = arguments
            .iter()
            .enumerate()
            .map(|(index, value)| codec::decode_value(value).map_err(|why| unread(index, why)));
        function
            .call(&given.collect::<Result<Vec<_>, _>>()?)
            .map(|answer| codec::encode_value(&answer))
    }

    /// Why a function has no answer, with a line of an argument at most. Terraform puts a full stop behind the text itself.
    fn function_error(&self, wrong: &Wrong, arguments: &[DynamicValue]) -> FunctionError {
        let mut sent = Long::default();
        let given = arguments.iter().filter_map(|value| codec::decode_value(value).ok());
        given.for_each(|value| sent.see(&value));
        FunctionError {
            text: self.provider.veil.tell(&wrong.text, &sent).trim_end_matches('.').into(),
            function_argument: wrong.argument.and_then(|index| i64::try_from(index).ok()),
        }
    }
}

/// What tonic wants around each call that has one question and one answer; `besides` has the others.
macro_rules! serve {
    ($($call:ident)*; $($besides:item)*) => {
        #[tonic::async_trait]
        impl provider_server::Provider for Service {
            $(
                async fn $call(
                    &self,
                    r: Request<$call::Request>,
                ) -> Result<Response<$call::Response>, Status> {
                    Ok(Response::new(Service::$call(self, r.into_inner()).await))
                }
            )*
            $($besides)*
        }
    };
}

serve! {
    get_metadata
    get_provider_schema
    get_resource_identity_schemas
    get_functions
    validate_provider_config
    configure_provider
    stop_provider
    validate_resource_config
    upgrade_resource_state
    read_resource
    plan_resource_change
    apply_resource_change
    import_resource_state
    move_resource_state
    upgrade_resource_identity
    generate_resource_config
    validate_data_resource_config
    read_data_source
    call_function
    validate_list_resource_config
    validate_ephemeral_resource_config
    open_ephemeral_resource
    renew_ephemeral_resource
    close_ephemeral_resource
    validate_action_config
    plan_action
    configure_state_store
    lock_state
    unlock_state
    get_states
    delete_state;

    type ListResourceStream = Events<list_resource::Event>;
    async fn list_resource(
        &self,
        r: Request<list_resource::Request>,
    ) -> Result<Response<Self::ListResourceStream>, Status> {
        Ok(Response::new(Service::list_resource(self, r.into_inner())))
    }

    type InvokeActionStream = Events<invoke_action::Event>;
    async fn invoke_action(
        &self,
        r: Request<invoke_action::Request>,
    ) -> Result<Response<Self::InvokeActionStream>, Status> {
        Ok(Response::new(Service::invoke_action(self, r.into_inner())))
    }

    type ReadStateBytesStream = Events<read_state_bytes::Response>;
    async fn read_state_bytes(
        &self,
        r: Request<read_state_bytes::Request>,
    ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
        Ok(Response::new(Service::read_state_bytes(self, r.into_inner())))
    }

    async fn write_state_bytes(
        &self,
        r: Request<Streaming<write_state_bytes::RequestChunk>>,
    ) -> Result<Response<write_state_bytes::Response>, Status> {
        let first = r.into_inner().message().await?;
        Ok(Response::new(Service::write_state_bytes(self, first)))
    }

    async fn validate_state_store_config(
        &self,
        r: Request<validate_state_store::Request>,
    ) -> Result<Response<validate_state_store::Response>, Status> {
        Ok(Response::new(Service::validate_state_store(self, r.into_inner())))
    }
}

fn capabilities() -> Option<ServerCapabilities> {
    Some(ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    })
}

impl Service {
    async fn get_metadata(&self, _: get_metadata::Request) -> get_metadata::Response {
        let served = &self.provider.served;
        let type_name = |name: &str| get_metadata::TypeName { type_name: name.into() };
        let function = |name: &str| get_metadata::FunctionName { name: name.into() };
        get_metadata::Response {
            resources: served.resources.iter().map(|r| type_name(r.name())).collect(),
            data_sources: served.data_sources.iter().map(|s| type_name(s.name())).collect(),
            list_resources: served.lists.iter().map(|l| type_name(l.name())).collect(),
            functions: served.functions.iter().map(|f| function(f.name())).collect(),
            ephemeral_resources: served.ephemerals.iter().map(|e| type_name(e.name())).collect(),
            actions: served.actions.iter().map(|a| type_name(a.name())).collect(),
            server_capabilities: capabilities(),
            ..Default::default()
        }
    }

    async fn get_provider_schema(
        &self,
        _: get_provider_schema::Request,
    ) -> get_provider_schema::Response {
        let served = &self.provider.served;
        let resources = served.resources.iter().map(|r| (r.name(), r.schema()));
        let data_sources = served.data_sources.iter().map(|s| (s.name(), s.schema()));
        let lists = served.lists.iter().map(|l| (l.name(), l.schema()));
        let ephemerals = served.ephemerals.iter().map(|e| (e.name(), e.schema()));
        let actions = served.actions.iter().map(|a| (a.name(), a.schema()));
        get_provider_schema::Response {
            provider: Some(schema::schema(self.provider.schema())),
            resource_schemas: schema::managed(resources),
            data_source_schemas: schema::schemas(data_sources),
            list_resource_schemas: schema::schemas(lists),
            ephemeral_resource_schemas: schema::schemas(ephemerals),
            action_schemas: schema::schemas(actions)
                .into_iter()
                .map(|(name, schema)| (name, ActionSchema { schema: Some(schema) }))
                .collect(),
            functions: self.functions(),
            server_capabilities: capabilities(),
            ..Default::default()
        }
    }

    async fn get_functions(&self, _: get_functions::Request) -> get_functions::Response {
        get_functions::Response { functions: self.functions(), diagnostics: vec![] }
    }

    async fn validate_provider_config(
        &self,
        r: validate_provider_config::Request,
    ) -> validate_provider_config::Response {
        let call = self.block("ValidateProviderConfig", r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let provider = call.about(d)?;
            provider.validate(&call.written("provider configuration", d)?, d);
            Some(())
        })
        .await;
        validate_provider_config::Response { diagnostics }
    }

    async fn configure_provider(
        &self,
        r: configure_provider::Request,
    ) -> configure_provider::Response {
        let call = self.block("ConfigureProvider", r.config.as_ref());
        let (_, diagnostics) = run(&call, async |d| {
            let provider = call.about(d)?;
            provider
                .configure(&r.terraform_version, &call.written("provider configuration", d)?, d)
                .await;
            Some(())
        })
        .await;
        configure_provider::Response { diagnostics }
    }

    async fn stop_provider(&self, _: stop_provider::Request) -> stop_provider::Response {
        tracing::info!("Terraform asks to stop");
        self.stop.say();
        Default::default()
    }

    async fn call_function(&self, r: call_function::Request) -> call_function::Response {
        let mut d = Diagnostics::default();
        let work = async |_: &mut Diagnostics| Some(self.answer(&r.name, &r.arguments));
        let answer = caught("CallFunction", &mut d, work).await.unwrap_or_else(|| {
            Err(Wrong {
                argument: None,
                text: diagnostics(&[], d).into_iter().map(|d| d.detail).collect(),
            })
        });
        let error = answer.as_ref().err().map(|wrong| self.function_error(wrong, &r.arguments));
        call_function::Response { result: answer.ok(), error }
    }
}
