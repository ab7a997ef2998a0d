//! One method for each thing Terraform asks: decode, call, encode.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use tonic::{Request, Response, Status};

use super::codec::{self, Malformed};
use super::life::Stop;
use super::proto::{self as p, provider_server::Provider as Protocol};
use super::told::{path, told};
use crate::cx::Cx;
use crate::kinds::data_source::AnyDataSource;
use crate::kinds::function::Wrong;
use crate::kinds::resource::{AnyResource, Change, Source};
use crate::provider::Provider;
use crate::tf::schema::Attribute;
use crate::tf::{Diagnostics, Object, Report};

/// The provider as Terraform calls it.
pub struct Service {
    provider: Arc<Provider>,
    stop: Stop,
}

type Reply<T> = Result<Response<T>, Status>;

fn reply<T>(message: T) -> Reply<T> {
    Ok(Response::new(message))
}

impl Service {
    /// Serves `provider`; calls hear of `stop`.
    pub fn new(provider: Arc<Provider>, stop: Stop) -> Self {
        Self { provider, stop }
    }

    fn cx(&self) -> Cx {
        self.provider.cx(self.stop.token())
    }

    fn resource(&self, name: &str, d: &mut Diagnostics) -> Option<&dyn AnyResource> {
        let resource = self.provider.resources.iter().find(|r| r.name() == name);
        if resource.is_none() {
            let known: Vec<_> = self.provider.resources.iter().map(|r| r.name()).collect();
            unknown_type("resource type", name, &known.join(", "), d);
        }
        resource.map(AsRef::as_ref)
    }

    fn data_source(&self, name: &str, d: &mut Diagnostics) -> Option<&dyn AnyDataSource> {
        let source = self.provider.data_sources.iter().find(|s| s.name() == name);
        if source.is_none() {
            let known: Vec<_> = self.provider.data_sources.iter().map(|s| s.name()).collect();
            unknown_type("data source", name, &known.join(", "), d);
        }
        source.map(AsRef::as_ref)
    }

    fn functions(&self) -> HashMap<String, p::Function> {
        self.provider
            .functions
            .iter()
            .map(|f| (f.name().to_string(), super::schema::function(&f.signature())))
            .collect()
    }

    fn answer(&self, name: &str, arguments: &[p::DynamicValue]) -> Result<p::DynamicValue, Wrong> {
        let Some(function) = self.provider.functions.iter().find(|f| f.name() == name) else {
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

    /// The attributes of a resource type; none of one that there is not.
    fn of_resource(&self, name: &str) -> &'static [Attribute] {
        self.provider
            .resources
            .iter()
            .find(|r| r.name() == name)
            .map_or(&[], |r| &r.schema().attributes)
    }

    fn of_data_source(&self, name: &str) -> &'static [Attribute] {
        self.provider
            .data_sources
            .iter()
            .find(|s| s.name() == name)
            .map_or(&[], |s| &s.schema().attributes)
    }

    /// What was sent, once what is secret in it is known to be.
    fn object(
        &self,
        attributes: &[Attribute],
        what: &str,
        value: Option<&p::DynamicValue>,
        d: &mut Diagnostics,
    ) -> Option<Option<Object>> {
        let object = read(what, codec::decode(value), d)?;
        object.iter().for_each(|object| self.provider.veil.learn_of(attributes, object));
        Some(object)
    }

    /// A change in our words.
    fn change(
        &self,
        attributes: &[Attribute],
        sent: [Option<&p::DynamicValue>; 3],
        private: &[u8],
        d: &mut Diagnostics,
    ) -> Option<Change> {
        let [prior, planned, config] = sent;
        Some(Change {
            prior: self.object(attributes, "prior state", prior, d)?,
            planned: self.object(attributes, "planned state", planned, d)?,
            config: self.object(attributes, "configuration", config, d)?.unwrap_or_default(),
            private: private.to_vec(),
        })
    }

    /// What there is to tell of what the person wrote in `config`, as far as it may be told.
    fn tell(
        &self,
        attributes: &[Attribute],
        config: Option<&p::DynamicValue>,
        d: Diagnostics,
    ) -> Vec<p::Diagnostic> {
        let config = codec::decode(config).ok().flatten().unwrap_or_default();
        told(self.provider.veil.cover(attributes, &config, d))
    }

    fn capabilities(&self) -> Option<p::ServerCapabilities> {
        Some(p::ServerCapabilities {
            plan_destroy: true,
            get_provider_schema_optional: true,
            move_resource_state: true,
            generate_resource_config: false,
        })
    }
}

fn unknown_type(kind: &str, name: &str, known: &str, d: &mut Diagnostics) {
    let version = env!("CARGO_PKG_VERSION");
    let detail = format!(
        "Version {version} of the Quilt provider has no {kind} `{name}`; it has: {known}.\n\nUse a version that has it."
    );
    d.fail(format!("There is no {kind} {name}"), detail);
}

/// Runs one call. A panic is told like any other error, instead of taking every call down with it.
async fn call<T>(
    name: &'static str,
    d: &mut Diagnostics,
    work: impl AsyncFnOnce(&mut Diagnostics) -> Option<T>,
) -> Option<T> {
    let begun = Instant::now();
    let done = AssertUnwindSafe(work(d)).catch_unwind().await;
    let answer = done.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let said = said.unwrap_or("it did not say which");
        d.fail(
            "The provider has a fault",
            format!("It failed in {name}: {said}.\n\nThis is a mistake in the provider, not in the configuration. Please report it with this text."),
        );
        None
    });
    tracing::debug!(
        call = name,
        ms = begun.elapsed().as_millis() as u64,
        errors = d.errors.len() as u64,
        "answered"
    );
    answer
}

/// What was read, or an error in words.
fn read<T>(what: &str, read: Result<T, Malformed>, d: &mut Diagnostics) -> Option<T> {
    read.map_err(|why| {
        let detail = format!(
            "The {what} that Terraform sent cannot be read: {why}.\n\nNothing was changed."
        );
        d.fail("A value cannot be read", detail);
    })
    .ok()
}

#[tonic::async_trait]
impl Protocol for Service {
    async fn get_metadata(
        &self,
        _: Request<p::get_metadata::Request>,
    ) -> Reply<p::get_metadata::Response> {
        let resources = self
            .provider
            .resources
            .iter()
            .map(|r| p::get_metadata::TypeName { type_name: r.name().into() })
            .collect();
        let data_sources = self
            .provider
            .data_sources
            .iter()
            .map(|s| p::get_metadata::TypeName { type_name: s.name().into() })
            .collect();
        let functions = self
            .provider
            .functions
            .iter()
            .map(|f| p::get_metadata::FunctionName { name: f.name().into() })
            .collect();
        reply(p::get_metadata::Response {
            resources,
            data_sources,
            functions,
            server_capabilities: self.capabilities(),
            ..Default::default()
        })
    }

    async fn get_provider_schema(
        &self,
        _: Request<p::get_provider_schema::Request>,
    ) -> Reply<p::get_provider_schema::Response> {
        let resources = self
            .provider
            .resources
            .iter()
            .map(|r| (r.name().to_string(), super::schema::schema(r.schema())));
        let data_sources = self
            .provider
            .data_sources
            .iter()
            .map(|s| (s.name().to_string(), super::schema::schema(s.schema())));
        reply(p::get_provider_schema::Response {
            provider: Some(super::schema::schema(self.provider.schema())),
            resource_schemas: resources.collect(),
            data_source_schemas: data_sources.collect(),
            functions: self.functions(),
            server_capabilities: self.capabilities(),
            ..Default::default()
        })
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<p::get_resource_identity_schemas::Request>,
    ) -> Reply<p::get_resource_identity_schemas::Response> {
        reply(Default::default())
    }

    async fn get_functions(
        &self,
        _: Request<p::get_functions::Request>,
    ) -> Reply<p::get_functions::Response> {
        reply(p::get_functions::Response { functions: self.functions(), diagnostics: vec![] })
    }

    async fn validate_provider_config(
        &self,
        r: Request<p::validate_provider_config::Request>,
    ) -> Reply<p::validate_provider_config::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = &self.provider.schema().attributes;
        call("ValidateProviderConfig", &mut d, async |d| {
            let config = self
                .object(attributes, "provider configuration", r.config.as_ref(), d)?
                .unwrap_or_default();
            self.provider.validate(&config, d);
            Some(())
        })
        .await;
        reply(p::validate_provider_config::Response {
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn configure_provider(
        &self,
        r: Request<p::configure_provider::Request>,
    ) -> Reply<p::configure_provider::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = &self.provider.schema().attributes;
        call("ConfigureProvider", &mut d, async |d| {
            let config = self
                .object(attributes, "provider configuration", r.config.as_ref(), d)?
                .unwrap_or_default();
            self.provider.configure(&r.terraform_version, &config, d).await;
            Some(())
        })
        .await;
        reply(p::configure_provider::Response {
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn stop_provider(
        &self,
        _: Request<p::stop_provider::Request>,
    ) -> Reply<p::stop_provider::Response> {
        tracing::info!("Terraform asks to stop");
        self.stop.say();
        reply(Default::default())
    }

    async fn validate_resource_config(
        &self,
        r: Request<p::validate_resource_config::Request>,
    ) -> Reply<p::validate_resource_config::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let write_only_allowed =
            r.client_capabilities.is_some_and(|c| c.write_only_attributes_allowed);
        let attributes = self.of_resource(&r.type_name);
        call("ValidateResourceConfig", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let config =
                self.object(attributes, "configuration", r.config.as_ref(), d)?.unwrap_or_default();
            resource.validate(&config, write_only_allowed, d);
            Some(())
        })
        .await;
        reply(p::validate_resource_config::Response {
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn upgrade_resource_state(
        &self,
        r: Request<p::upgrade_resource_state::Request>,
    ) -> Reply<p::upgrade_resource_state::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_resource(&r.type_name);
        let upgraded_state = call("UpgradeResourceState", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let state = match read("stored state", codec::decode_state(r.raw_state.as_ref()), d)? {
                Some(old) => {
                    self.provider.veil.learn_of(attributes, &old);
                    Some(resource.upgrade(&self.cx(), r.version, old, d).await?)
                }
                None => None,
            };
            codec::encode(&resource.schema().attributes, state)
        })
        .await;
        reply(p::upgrade_resource_state::Response {
            upgraded_state,
            diagnostics: self.tell(attributes, None, d),
        })
    }

    async fn read_resource(
        &self,
        r: Request<p::read_resource::Request>,
    ) -> Reply<p::read_resource::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_resource(&r.type_name);
        let answer = call("ReadResource", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let state =
                self.object(attributes, "state", r.current_state.as_ref(), d)?.unwrap_or_default();
            let answer = resource.read(&self.cx(), state, &r.private, d).await;
            Some((codec::encode(&resource.schema().attributes, answer.state), answer.private))
        })
        .await;
        let diagnostics = self.tell(attributes, r.current_state.as_ref(), d);
        let (new_state, private) = answer.unwrap_or((r.current_state, r.private));
        reply(p::read_resource::Response { new_state, private, diagnostics })
    }

    async fn plan_resource_change(
        &self,
        r: Request<p::plan_resource_change::Request>,
    ) -> Reply<p::plan_resource_change::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_resource(&r.type_name);
        let planned = call("PlanResourceChange", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let change = self.change(
                attributes,
                [r.prior_state.as_ref(), r.proposed_new_state.as_ref(), r.config.as_ref()],
                &r.prior_private,
                d,
            )?;
            let cx = Cx { first: r.planned_private.clone(), ..self.cx() };
            let planned = resource.plan(&cx, change, d).await?;
            Some((
                codec::encode(&resource.schema().attributes, planned.state),
                planned.replace,
                planned.private,
            ))
        })
        .await;
        let (planned_state, replace, planned_private) =
            planned.unwrap_or((r.prior_state, vec![], r.prior_private));
        let requires_replace = replace.into_iter().map(path).collect();
        reply(p::plan_resource_change::Response {
            planned_state,
            requires_replace,
            planned_private,
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn apply_resource_change(
        &self,
        r: Request<p::apply_resource_change::Request>,
    ) -> Reply<p::apply_resource_change::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_resource(&r.type_name);
        let answer = call("ApplyResourceChange", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let change = self.change(
                attributes,
                [r.prior_state.as_ref(), r.planned_state.as_ref(), r.config.as_ref()],
                &r.planned_private,
                d,
            )?;
            let answer = resource.apply(&self.cx(), change, d).await;
            Some((codec::encode(&resource.schema().attributes, answer.state), answer.private))
        })
        .await;
        let (new_state, private) = answer.unwrap_or((r.prior_state, r.planned_private));
        reply(p::apply_resource_change::Response {
            new_state,
            private,
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn import_resource_state(
        &self,
        r: Request<p::import_resource_state::Request>,
    ) -> Reply<p::import_resource_state::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let imported = call("ImportResourceState", &mut d, async |d| {
            let resource = self.resource(&r.type_name, d)?;
            let answer = resource.import(&self.cx(), &r.id, d).await?;
            let state = codec::encode(&resource.schema().attributes, answer.state);
            Some(p::import_resource_state::ImportedResource {
                type_name: r.type_name.clone(),
                state,
                private: answer.private,
            })
        })
        .await;
        reply(p::import_resource_state::Response {
            imported_resources: imported.into_iter().collect(),
            diagnostics: self.tell(&[], None, d),
        })
    }

    async fn move_resource_state(
        &self,
        r: Request<p::move_resource_state::Request>,
    ) -> Reply<p::move_resource_state::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_resource(&r.target_type_name);
        let target_state = call("MoveResourceState", &mut d, async |d| {
            let resource = self.resource(&r.target_type_name, d)?;
            let old = read("state to move", codec::decode_state(r.source_state.as_ref()), d)?
                .unwrap_or_default();
            let source = Source {
                provider: r.source_provider_address.clone(),
                type_name: r.source_type_name.clone(),
            };
            self.provider.veil.learn_of(attributes, &old);
            let state = resource.move_from(&source, &old, d)?;
            codec::encode(&resource.schema().attributes, Some(state))
        })
        .await;
        reply(p::move_resource_state::Response {
            target_state,
            target_private: vec![],
            diagnostics: self.tell(attributes, None, d),
        })
    }

    async fn validate_data_resource_config(
        &self,
        r: Request<p::validate_data_resource_config::Request>,
    ) -> Reply<p::validate_data_resource_config::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_data_source(&r.type_name);
        call("ValidateDataResourceConfig", &mut d, async |d| {
            let source = self.data_source(&r.type_name, d)?;
            let config =
                self.object(attributes, "configuration", r.config.as_ref(), d)?.unwrap_or_default();
            source.validate(&config, d);
            Some(())
        })
        .await;
        reply(p::validate_data_resource_config::Response {
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn read_data_source(
        &self,
        r: Request<p::read_data_source::Request>,
    ) -> Reply<p::read_data_source::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let attributes = self.of_data_source(&r.type_name);
        let state = call("ReadDataSource", &mut d, async |d| {
            let source = self.data_source(&r.type_name, d)?;
            let config =
                self.object(attributes, "configuration", r.config.as_ref(), d)?.unwrap_or_default();
            let state = source.read(&self.cx(), config, d).await?;
            codec::encode(&source.schema().attributes, Some(state))
        })
        .await;
        reply(p::read_data_source::Response {
            state,
            diagnostics: self.tell(attributes, r.config.as_ref(), d),
        })
    }

    async fn call_function(
        &self,
        r: Request<p::call_function::Request>,
    ) -> Reply<p::call_function::Response> {
        let (r, mut d) = (r.into_inner(), Diagnostics::default());
        let answer =
            call("CallFunction", &mut d, async |_| Some(self.answer(&r.name, &r.arguments))).await;
        let answer = answer.unwrap_or_else(|| {
            Err(Wrong { argument: None, text: told(d).into_iter().map(|d| d.detail).collect() })
        });
        reply(match answer {
            Ok(result) => p::call_function::Response { result: Some(result), error: None },
            Err(wrong) => {
                p::call_function::Response { result: None, error: Some(function_error(wrong)) }
            }
        })
    }
}

/// Terraform puts a full stop behind the text itself.
fn function_error(wrong: Wrong) -> p::FunctionError {
    let text = wrong.text.trim_end_matches('.').to_string();
    p::FunctionError {
        text,
        function_argument: wrong.argument.and_then(|index| i64::try_from(index).ok()),
    }
}
