//! A caller in Terraform's place: its certificate, its connection, its calls.

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hyper_util::rt::TokioIo;
use quilt_provider::tf::{Object, Tree};
use quilt_provider::wire::goplugin::grpc_controller_client::GrpcControllerClient;
use quilt_provider::wire::health::health_client::HealthClient;
use quilt_provider::wire::proto::{self as p, provider_client::ProviderClient};
use quilt_provider::wire::{choose_cryptography, codec};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedKey, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A certificate as Terraform makes one for each provider it starts: P-521, and an authority by its own word.
pub struct Identity(CertifiedKey<KeyPair>);

impl Identity {
    pub fn new() -> Self {
        let signing_key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        let mut params = CertificateParams::new(["localhost".to_string()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        Self(CertifiedKey { cert: params.self_signed(&signing_key).unwrap(), signing_key })
    }

    pub fn pem(&self) -> String {
        let base64 = STANDARD.encode(self.0.cert.der());
        let lines =
            base64.as_bytes().chunks(64).map(|line| format!("{}\n", String::from_utf8_lossy(line)));
        format!(
            "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
            lines.collect::<String>()
        )
    }
}

/// Goes to the address of a handshake line.
pub async fn knock(handshake: &str) -> io::Result<Box<dyn Duplex>> {
    let fields: Vec<_> = handshake.trim_end().split('|').collect();
    Ok(match fields[2] {
        "unix" => Box::new(UnixStream::connect(fields[3]).await?),
        _ => Box::new(TcpStream::connect(fields[3]).await?),
    })
}

/// Checks the server's certificate against the handshake line as Terraform does, and shows `identity`.
pub async fn secure(
    handshake: &str,
    identity: Option<&Identity>,
) -> io::Result<TlsStream<Box<dyn Duplex>>> {
    choose_cryptography();
    let certificate =
        STANDARD_NO_PAD.decode(handshake.trim_end().rsplit('|').next().unwrap()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(certificate)).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots);
    let mut config = match identity {
        None => config.with_no_client_auth(),
        Some(Identity(CertifiedKey { cert, signing_key })) => {
            let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
            config.with_client_auth_cert(vec![cert.der().clone()], key.into()).unwrap()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, knock(handshake).await?).await
}

/// Someone who is connected.
#[derive(Clone)]
pub struct Client {
    pub provider: ProviderClient<Channel>,
    pub health: HealthClient<Channel>,
    pub controller: GrpcControllerClient<Channel>,
    pub channel: Channel,
}

impl Client {
    pub async fn connect(handshake: &str, identity: Option<&Identity>) -> Self {
        let stream = secure(handshake, identity).await.unwrap();
        Self::over(Box::new(stream)).await.unwrap()
    }

    pub async fn over(stream: Box<dyn Duplex>) -> Result<Self, tonic::transport::Error> {
        let mut stream = Some(TokioIo::new(stream));
        let once = service_fn(move |_| {
            let stream = stream.take().ok_or(io::Error::from(io::ErrorKind::NotConnected));
            async move { stream }
        });
        let channel = Endpoint::from_static("http://unused").connect_with_connector(once).await?;
        Ok(Self {
            provider: ProviderClient::new(channel.clone()).max_decoding_message_size(usize::MAX),
            health: HealthClient::new(channel.clone()),
            controller: GrpcControllerClient::new(channel.clone()),
            channel,
        })
    }

    pub async fn is_served(&mut self) -> bool {
        let asked = quilt_provider::wire::health::HealthCheckRequest { service: "plugin".into() };
        self.health.check(asked).await.is_ok_and(|answer| answer.get_ref().status == 1)
    }

    /// Creates a thing as an apply does: the plan first, then what was planned.
    pub async fn create(&mut self, config: Object) -> p::apply_resource_change::Response {
        let planned = self.plan(None, config.clone()).await;
        let request = p::apply_resource_change::Request {
            type_name: "quilt_thing".into(),
            planned_state: planned.planned_state,
            config: value(&config),
            planned_private: planned.planned_private,
            ..Default::default()
        };
        self.provider.apply_resource_change(request).await.unwrap().into_inner()
    }

    pub async fn plan(
        &mut self,
        prior: Option<Object>,
        config: Object,
    ) -> p::plan_resource_change::Response {
        let request = p::plan_resource_change::Request {
            type_name: "quilt_thing".into(),
            prior_state: prior.as_ref().and_then(value),
            proposed_new_state: value(&config),
            config: value(&config),
            ..Default::default()
        };
        self.provider.plan_resource_change(request).await.unwrap().into_inner()
    }
}

/// An object on its way.
pub fn value(object: &Object) -> Option<p::DynamicValue> {
    codec::encode(&[], Some(object.clone()))
}

/// An object that came.
pub fn object(value: Option<&p::DynamicValue>) -> Object {
    codec::decode(value).unwrap().expect("null")
}

/// A configuration of a thing: what is not said is null, as Terraform sends it.
pub fn thing<const N: usize>(said: [(&str, Tree); N]) -> Object {
    let names = ["name", "size", "text", "secret_wo", "first", "last", "id", "letters"];
    let mut object: Object = names.map(|name| (name.to_string(), Tree::Null)).into();
    object.insert("rule".into(), Tree::List(vec![]));
    object.extend(said.map(|(name, value)| (name.to_string(), value)));
    object
}

/// Where each diagnostic points, and what it says first.
pub fn told(diagnostics: &[p::Diagnostic]) -> Vec<(String, &str)> {
    use p::attribute_path::step::Selector;
    let step = |step: &p::attribute_path::Step| match &step.selector {
        Some(Selector::AttributeName(name)) => format!(".{name}"),
        Some(Selector::ElementKeyString(key)) => format!("[{key}]"),
        Some(Selector::ElementKeyInt(index)) => format!("[{index}]"),
        None => "?".into(),
    };
    let path =
        |d: &p::Diagnostic| d.attribute.iter().flat_map(|a| a.steps.iter().map(step)).collect();
    diagnostics.iter().map(|d| (path(d), d.summary.as_str())).collect()
}
