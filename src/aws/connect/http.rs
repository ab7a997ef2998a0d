//! The connection itself: authorities, proxies, the user agent, and errors that name the host.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::access::Network;
use crate::aws::error::Unreached;
use crate::aws::retry::Attempt;
use crate::outcome::{Error, Result, unread};
use crate::tf::AttributePath;

/// How long a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// How long AWS may take to answer: a template of 1 MB goes out first, maybe on a slow line.
pub(super) const READ: Duration = Duration::from_secs(90);

/// The client for AWS's services.
pub(super) fn client(network: &Network) -> Result<SharedHttpClient> {
    lines(network).map(SharedHttpClient::new)
}

/// The connections that a provider block describes.
pub(super) fn lines(network: &Network) -> Result<Lines> {
    let line = Line {
        http: proxy(network, "http")?,
        https: proxy(network, "https")?,
        trust: trust(network)?,
        ..Line::default()
    };
    Ok(Lines(Arc::new(Line { user_agent: network.user_agent.clone(), ..line })))
}

/// The client for the container's and the instance's own addresses: never through a proxy.
pub(super) fn direct() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https()
}

#[derive(Default)]
struct Line {
    http: Option<ProxyConfig>,
    https: Option<ProxyConfig>,
    trust: Option<TrustStore>,
    user_agent: Option<String>,
    /// Made when first used: loading the system's authorities takes time that plain addresses need not wait for.
    plain: OnceLock<Connector>,
    tls: OnceLock<Connector>,
}

/// Connections: one pool for `http://`, one for `https://`.
#[derive(Clone)]
pub(super) struct Lines(Arc<Line>);

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}

impl Lines {
    fn pick(&self, scheme: &str) -> &Connector {
        let settings =
            HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(READ).build();
        let builder = Connector::builder().connector_settings(settings);
        let proxied =
            |proxy: &Option<ProxyConfig>| proxy.clone().unwrap_or_else(ProxyConfig::disabled);
        let line = &self.0;
        match scheme {
            // A proxy may itself be an `https://` address, so that plain addresses need authorities too.
            "http" if line.http.is_none() => line.plain.get_or_init(|| builder.build_http()),
            "http" => {
                line.plain.get_or_init(|| secured(builder.proxy_config(proxied(&line.http)), line))
            }
            _ => line.tls.get_or_init(|| secured(builder.proxy_config(proxied(&line.https)), line)),
        }
    }
}

fn secured(builder: aws_smithy_http_client::ConnectorBuilder, line: &Line) -> Connector {
    let builder = builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    match line.trust.clone().map(|trust| TlsContext::builder().with_trust_store(trust).build()) {
        Some(Ok(context)) => builder.tls_context(context).build(),
        _ => builder.build(),
    }
}

impl HttpClient for Lines {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Lines {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        if let (Some(more), Some(agent)) = (&self.0.user_agent, request.headers().get("user-agent"))
        {
            // The user agent is not part of the signature.
            let agent = format!("{agent} {more}");
            request.headers_mut().insert("user-agent", agent);
        }
        let (uri, attempt) = (request.uri().to_string(), attempt(&request));
        let (scheme, rest) = uri.split_once("://").unwrap_or(("https", &uri));
        // What stands before an `@` is a name and a password.
        let host = rest
            .split(['/', '?'])
            .next()
            .and_then(|host| host.rsplit('@').next())
            .unwrap_or_default()
            .to_string();
        let answer = self.pick(scheme).call(request);
        HttpConnectorFuture::new(async move {
            let mut response = answer.await.map_err(|e| named(host, attempt.0, e))?;
            response.add_extension(attempt);
            Ok(response)
        })
    }
}

/// As the SDK tells AWS: `attempt=3; max=26`.
fn attempt(request: &HttpRequest) -> Attempt {
    let header = request.headers().get("amz-sdk-request").unwrap_or_default();
    let number =
        header.split(';').find_map(|part| part.trim().strip_prefix("attempt=")?.parse().ok());
    Attempt(number.unwrap_or(1))
}

/// The same error with the host that it is about.
fn named(host: String, attempt: u32, e: ConnectorError) -> ConnectorError {
    let (timeout, io, user, kind) = (e.is_timeout(), e.is_io(), e.is_user(), e.as_other());
    let source = Unreached { host, attempt, source: e.into() }.into();
    match () {
        () if timeout => ConnectorError::timeout(source),
        () if io => ConnectorError::io(source),
        () if user => ConnectorError::user(source),
        () => ConnectorError::other(source, kind),
    }
}

fn proxy(network: &Network, scheme: &'static str) -> Result<Option<ProxyConfig>> {
    let (name, url) = match scheme {
        "http" => ("http_proxy", &network.http_proxy),
        _ => ("https_proxy", &network.https_proxy),
    };
    let Some(url) = url else { return Ok(None) };
    let proxy = if scheme == "http" {
        ProxyConfig::http(url.as_str())
    } else {
        ProxyConfig::https(url.as_str())
    };
    let what = format!("`{name}` is not the address of a proxy.");
    let proxy = proxy.map_err(|_| {
        Error::config(AttributePath::root(), what, "Write it as http://proxy.example.com:8080.")
    })?;
    Ok(Some(match &network.no_proxy {
        Some(hosts) => proxy.no_proxy(hosts),
        None => proxy,
    }))
}

/// The authorities of the bundle; `None` is the system's. Checked here, because the connection takes a bad one for impossible.
fn trust(network: &Network) -> Result<Option<TrustStore>> {
    let Some(path) = &network.ca_bundle else { return Ok(None) };
    let wrong = |why: String| {
        let what = format!("The CA bundle {path} cannot be used: {why}.");
        Error::config(
            AttributePath::root(),
            what,
            "Give `custom_ca_bundle` or AWS_CA_BUNDLE a PEM file of certificates.",
        )
    };
    let pem = std::fs::read(path).map_err(|e| wrong(unread(&e)))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|e| wrong(format!("it is not PEM ({e})")))?;
        roots
            .add(certificate)
            .map_err(|e| wrong(format!("a certificate in it cannot be read ({e})")))?;
    }
    if roots.is_empty() {
        return Err(wrong("there is no certificate in it".into()));
    }
    Ok(Some(TrustStore::empty().with_pem_certificate(pem)))
}

#[cfg(test)]
pub mod tests {
    //! The other end of a line with TLS.

    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Arc;

    use rcgen::{CertifiedKey, KeyPair};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    /// A connection, plain or not.
    pub trait Talk: Read + Write {}
    impl<T: Read + Write> Talk for T {}

    /// Makes connections secure by this certificate.
    pub fn secure(
        own: &CertifiedKey<KeyPair>,
    ) -> impl Fn(TcpStream) -> Box<dyn Talk> + Send + Sync + use<> {
        let key =
            rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = Arc::new(
            config
                .with_no_client_auth()
                .with_single_cert(vec![own.cert.der().clone()], key)
                .unwrap(),
        );
        move |stream| {
            Box::new(StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream))
        }
    }
}
