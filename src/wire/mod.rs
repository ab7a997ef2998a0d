//! Terraform's plugin protocol: gRPC over a private socket, to the one caller that started us. Only here are tonic, prost and rustls named.

mod actions;
mod call;
pub mod codec;
mod ephemerals;
mod events;
mod identities;
mod life;
mod listen;
mod lists;
pub mod log;
mod objects;
mod plugin;
mod schema;
mod service;
#[cfg(unix)]
mod stale;
mod state_stores;
mod tls;
mod diagnostics;

use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server as Tonic;

pub use life::{Life, StartedBy, Stop};
pub use tls::choose_cryptography;

use crate::provider::Provider;
use goplugin::grpc_broker_server::GrpcBrokerServer;
use goplugin::grpc_controller_server::GrpcControllerServer;
use goplugin::grpc_stdio_server::GrpcStdioServer;
use health::health_server::HealthServer;
use proto::provider_server::ProviderServer;

/// Terraform's messages.
#[allow(missing_docs)] // made from proto/tfplugin6.proto, which says what they are
pub mod proto {
    tonic::include_proto!("tfplugin6");
}

/// Messages of the plugin library.
#[allow(missing_docs)] // made from proto/goplugin.proto
pub mod goplugin {
    tonic::include_proto!("plugin");
}

/// Messages of the health check.
#[allow(missing_docs)] // made from proto/health.proto
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}

/// Terraform's own limit is 2 GiB; what a state can sensibly hold is far below this.
const LARGEST_MESSAGE: usize = 256 << 20;

/// Terraform kills us two seconds after it says that it is done.
const FAREWELL: Duration = Duration::from_millis(900);

/// Why we cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Terraform announced something else than a certificate.
    #[error("PLUGIN_CLIENT_CERT holds no certificate. Terraform sets it; do not set it yourself.")]
    CallerCertificate,
    /// The folder takes no socket: its path is too long, or nobody may write there.
    #[error("No socket can be made in {dir}: {why}. {next}", dir = .dir.display())]
    Socket {
        /// The folder that was tried.
        dir: PathBuf,
        /// What the system answered. It is told already, and so is no source.
        why: io::Error,
        /// What to do.
        next: &'static str,
    },
    /// Where sockets are wanted as ports, and all are taken.
    #[error("No port of this machine from {} to {} is free.", .0.start(), .0.end())]
    NoPort(RangeInclusive<u16>),
    /// Serving would let anybody in.
    #[error(
        "Every user of this machine could use this provider: without a certificate it does not listen on a port. Unset TF_DISABLE_PLUGIN_TLS."
    )]
    OpenPort,
    /// Input and output failed otherwise.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
    /// No certificate could be made.
    #[error(transparent)]
    OwnCertificate(#[from] rcgen::Error),
    /// The server failed.
    #[error(transparent)]
    Serve(#[from] tonic::transport::Error),
}

/// What the program that starts us says of itself.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The one certificate that may come in, as PEM. Without it everybody who reaches the socket may.
    pub certificate: Option<String>,
    /// Where the socket is wanted; the system's folder for temporary files when not said.
    pub socket_dir: Option<PathBuf>,
    /// Ports to choose from.
    pub ports: RangeInclusive<u16>,
    /// A port is wanted even where there are unix sockets.
    pub tcp: bool,
}

impl Default for Caller {
    fn default() -> Self {
        Self { certificate: None, socket_dir: None, ports: 0..=0, tcp: false }
    }
}

impl Caller {
    /// What the environment says.
    pub fn from_environment() -> Self {
        let text = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        let port = |name| text(name).and_then(|value| value.parse().ok());
        Self {
            certificate: text("PLUGIN_CLIENT_CERT"),
            socket_dir: text("PLUGIN_UNIX_SOCKET_DIR").map(Into::into),
            ports: port("PLUGIN_MIN_PORT").unwrap_or(0)..=port("PLUGIN_MAX_PORT").unwrap_or(0),
            tcp: false,
        }
    }
}

/// A server whose door is open.
pub struct Server {
    provider: Arc<Provider>,
    life: Life,
    listener: listen::Listener,
    identity: Option<tls::Identity>,
}

impl Server {
    /// Opens a door for `caller`.
    pub fn open(provider: Provider, caller: &Caller, life: Life) -> Result<Self, Error> {
        let identity = caller.certificate.as_deref().map(tls::identity).transpose()?;
        Ok(Self {
            provider: Arc::new(provider),
            life,
            listener: listen::Listener::open(caller)?,
            identity,
        })
    }

    /// The network, `unix` or `tcp`, and the address in it.
    pub fn address(&self) -> (&'static str, &str) {
        (self.listener.network, &self.listener.address)
    }

    /// The line that tells Terraform how to reach us.
    pub fn handshake(&self) -> String {
        let (network, address) = self.address();
        let certificate = self.identity.as_ref().map_or("", |i| &i.certificate);
        format!("1|6|{network}|{address}|grpc|{certificate}\n")
    }

    /// Serves until its life ends.
    pub async fn run(self) -> Result<(), Error> {
        let (admitted, connections) = mpsc::channel(8);
        #[cfg(unix)]
        if let ("unix", Some(own)) =
            (self.listener.network, std::path::Path::new(&self.listener.address).parent())
        {
            tokio::spawn(stale::clear_later(own.to_path_buf()));
        }
        let plugin = plugin::Plugin(self.life.clone());
        let service = service::Service::new(self.provider, self.life.stop.clone());
        let serving = Tonic::builder()
            .add_service(ProviderServer::new(service).max_decoding_message_size(LARGEST_MESSAGE))
            .add_service(GrpcControllerServer::new(plugin.clone()))
            .add_service(GrpcStdioServer::new(plugin.clone()))
            .add_service(GrpcBrokerServer::new(plugin.clone()))
            .add_service(HealthServer::new(plugin))
            .serve_with_incoming_shutdown(
                ReceiverStream::new(connections),
                self.life.end.clone().cancelled_owned(),
            );
        let admitting = async {
            self.listener.admit(self.identity.map(|i| i.acceptor), admitted).await;
            std::future::pending().await
        };
        let farewell = async {
            self.life.end.cancelled().await;
            drop(tokio::time::timeout(FAREWELL, std::future::pending::<()>()).await);
        };
        tokio::select! {
            served = serving => Ok(served?),
            () = admitting => Ok(()),
            () = farewell => Ok(()),
        }
    }
}

/// Serves the Terraform that started this process until it is done.
pub async fn serve(provider: Provider) -> Result<(), Error> {
    let life = Life::default();
    life.follow(StartedBy::Terraform)?;
    let server = Server::open(provider, &Caller::from_environment(), life)?;
    let mut stdout = io::stdout();
    stdout.write_all(server.handshake().as_bytes())?;
    stdout.flush()?;
    server.run().await
}
