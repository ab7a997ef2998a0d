//! The one road to services that have no SDK crate here: a signed call with the credentials, client, repetitions and addresses of all others.

use std::fmt;

use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{ServiceClockSkewClassifier, ServiceClockSkewInterceptor};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_runtime::{invocation_id, recursion_detection, request_info};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime::client::retries::strategy::StandardRetryStrategy;
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::retries::SharedRetryStrategy;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_types::region::{Region, SigningRegion};
use aws_types::{SdkConfig, SigningName};

use super::error;
use super::retry::{Patience, unrationed};
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};

pub use endpoint::Service;

pub mod endpoint;
pub mod json;
pub mod query;

/// A service in one region. How a call is written and its answer read is its protocol's part (`json.rs`).
pub struct Signed {
    service: &'static Service,
    sdk: SdkConfig,
    plugin: SharedRuntimePlugin,
}

/// A call as it is sent: to `/`, with POST.
pub struct Written {
    /// What the body is, as `application/x-amz-json-1.1`.
    pub content_type: &'static str,
    /// Another header and its value.
    pub header: Option<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// How a request is made of what is asked.
type Write<I> = fn(I) -> std::result::Result<HttpRequest, BoxError>;

/// How an answer is read.
pub struct Reading<T> {
    /// A body that is an answer.
    pub answer: fn(&[u8]) -> std::result::Result<T, BoxError>,
    /// One that is a refusal, with the header `x-amzn-errortype` where there is one.
    pub refusal: fn(&[u8], Option<&str>) -> Refusal,
}

/// What a service says no with; empty where it does not tell.
#[derive(Debug, Default)]
pub struct Refusal {
    /// Its code, as `AccessDeniedException`.
    pub code: String,
    /// Its text.
    pub message: String,
}

impl Signed {
    /// A service by shared settings.
    pub fn new(sdk: &SdkConfig, service: &'static Service) -> Self {
        let plugin = StaticRuntimePlugin::new()
            .with_config(settings(sdk, service).freeze())
            .with_runtime_components(components(sdk));
        Self { service, sdk: sdk.clone(), plugin: SharedRuntimePlugin::new(plugin) }
    }

    /// Makes a call. `doing` is what is asked, as "list the tasks"; `operation` is AWS's name of it.
    ///
    /// # Errors
    /// As the SDK's clients: AWS's code and text, or that nothing was answered.
    pub async fn call<T: fmt::Debug + Send + Sync + 'static>(
        &self,
        doing: &'static str,
        operation: &'static str,
        written: Written,
        reading: Reading<T>,
    ) -> Result<T> {
        self.send(doing, operation, (written, request), reading).await
    }

    /// Reads what is at a path, with GET.
    ///
    /// # Errors
    /// As `call`.
    pub async fn get<T: fmt::Debug + Send + Sync + 'static>(
        &self,
        doing: &'static str,
        operation: &'static str,
        path: String,
        reading: Reading<T>,
    ) -> Result<T> {
        self.send(doing, operation, (path, look), reading).await
    }

    /// Sends what is asked as `write` makes a request of it.
    async fn send<I, T>(
        &self,
        doing: &'static str,
        operation: &'static str,
        (asked, write): (I, Write<I>),
        reading: Reading<T>,
    ) -> Result<T>
    where
        I: fmt::Debug + Send + Sync + 'static,
        T: fmt::Debug + Send + Sync + 'static,
    {
        let place = endpoint::of(&self.sdk, self.service).map_err(|message| {
            let kind = AwsErrorKind::Invalid;
            Error::Aws(AwsError { kind, doing, code: String::new(), message })
        })?;
        let mut region = Layer::new("region");
        region.store_put(SigningRegion::from(Region::new(place.region)));
        let mut call = Operation::builder()
            .service_name(self.service.id)
            .operation_name(operation)
            .endpoint_url(&place.url)
            .runtime_plugin(self.plugin.clone())
            .runtime_plugin(StaticRuntimePlugin::new().with_config(region.freeze()))
            .serializer(write)
            .deserializer(move |response: &HttpResponse| read(response, &reading));
        if let Some(version) = self.sdk.behavior_version() {
            call = call.behavior_version(version);
        }
        call.build().invoke(asked).await.map_err(|e| error::of(doing, e))
    }
}

/// What a call carries: whose it is, how long it may take and how often it is repeated.
fn settings(sdk: &SdkConfig, service: &'static Service) -> Layer {
    let mut layer = Layer::new(service.id);
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigningName::from_static(service.signs_as));
    layer.store_put(ApiMetadata::new(service.signs_as, env!("CARGO_PKG_VERSION")));
    layer.store_put(unrationed());
    layer.store_put(sdk.retry_config().cloned().unwrap_or_else(RetryConfig::standard));
    sdk.timeout_config().cloned().map(|timeouts| layer.store_put(timeouts));
    sdk.stalled_stream_protection().map(|protection| layer.store_put(protection));
    sdk.app_name().cloned().map(|name| layer.store_put(name));
    for framework in sdk.framework_metadata() {
        layer.store_append(framework.clone());
    }
    let mut signing_options = SigningOptions::default();
    signing_options.double_uri_encode = true;
    signing_options.normalize_uri_path = true;
    layer.store_put(SigV4OperationSigningConfig { signing_options, ..Default::default() });
    layer
}

/// What a call goes through, as the SDK's own clients do.
fn components(sdk: &SdkConfig) -> RuntimeComponentsBuilder {
    let mut parts = RuntimeComponentsBuilder::new("signed")
        .with_http_client(sdk.http_client())
        .with_identity_cache(sdk.identity_cache())
        .with_sleep_impl(sdk.sleep_impl())
        .with_time_source(Some(sdk.time_source().unwrap_or_default()))
        .with_retry_strategy(Some(SharedRetryStrategy::new(StandardRetryStrategy::new())))
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
            SCHEME_ID,
        ])))
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_interceptor(ConnectionPoisoningInterceptor::new())
        .with_interceptor(StalledStreamProtectionInterceptor::default())
        .with_interceptor(ServiceClockSkewInterceptor::new())
        .with_interceptor(request_info::RequestInfoInterceptor::new())
        .with_interceptor(UserAgentInterceptor::new())
        .with_interceptor(invocation_id::InvocationIdInterceptor::new())
        .with_interceptor(recursion_detection::RecursionDetectionInterceptor::new())
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_retry_classifier(TransientErrorClassifier::<Refused>::new())
        .with_retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
        .with_retry_classifier(ServiceClockSkewClassifier::<Refused>::new())
        .with_retry_classifier(Patience);
    if let Some(credentials) = sdk.credentials_provider() {
        parts.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
    parts
}

fn look(path: String) -> std::result::Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("GET")?;
    request.set_uri(path)?;
    Ok(request)
}

fn request(written: Written) -> std::result::Result<HttpRequest, BoxError> {
    let length = written.body.len().to_string();
    let mut request = HttpRequest::new(SdkBody::from(written.body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.insert("content-type", written.content_type);
    headers.insert("content-length", length);
    if let Some((name, value)) = written.header {
        headers.insert(name, value);
    }
    Ok(request)
}

fn read<T>(
    response: &HttpResponse,
    reading: &Reading<T>,
) -> std::result::Result<T, OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return (reading.answer)(body).map_err(OrchestratorError::response);
    }
    let refusal = (reading.refusal)(body, response.headers().get("x-amzn-errortype"));
    Err(OrchestratorError::operation(Refused::from(refusal)))
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written")
    }
}

/// A refusal, as the SDK's machinery takes it.
#[derive(Debug)]
struct Refused(ErrorMetadata);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let mut meta = ErrorMetadata::builder();
        if !refusal.code.is_empty() {
            meta = meta.code(refusal.code);
        }
        if !refusal.message.is_empty() {
            meta = meta.message(refusal.message);
        }
        Self(meta.build())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

#[cfg(test)]
mod tests;
