//! Where Terraform finds us: a unix socket that only its user can reach, or a loopback port.

use std::io;
use std::net::{Ipv4Addr, TcpListener as StdTcpListener};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;

use super::{Caller, Error};
#[cfg(unix)]
use crate::cx::run::own_name;

/// How the name of a socket's folder begins.
#[cfg(unix)]
pub(super) const PREFIX: &str = "quilt-";
/// The name of a socket in its folder.
#[cfg(unix)]
pub(super) const SOCKET: &str = "plugin.sock";

/// The name of the file beside it that says whose the folder is.
#[cfg(unix)]
pub(super) const MARK: &str = "provider";
/// How that file begins, before the name of the process.
#[cfg(unix)]
pub(super) const MARKED: &str = "terraform-provider-quilt ";

/// How long a caller may take to prove who it is.
const PROOF: Duration = Duration::from_secs(10);

/// An open door. A socket's directory is removed when this is dropped.
pub struct Listener {
    door: Door,
    /// `unix` or `tcp`, as the handshake line says it.
    pub network: &'static str,
    /// A path, or a host with a port.
    pub address: String,
}

enum Door {
    #[cfg(unix)]
    Unix {
        socket: tokio::net::UnixListener,
        owner: u32,
        _dir: tempfile::TempDir,
    },
    Tcp(TcpListener),
}

/// Terraform never sets it.
#[cfg(unix)]
const UNSET: &str = "PLUGIN_UNIX_SOCKET_DIR names that folder: unset it, or have it name one with a short path that can be written to.";

impl Listener {
    /// Opens a unix socket where there are such, else a port.
    pub fn open(caller: &Caller) -> Result<Self, Error> {
        #[cfg(unix)]
        if !caller.tcp {
            return Self::unix(caller);
        }
        Self::tcp(caller)
    }

    /// A directory of our own that others cannot enter, so that the mode of the socket inside does not matter.
    #[cfg(unix)]
    fn unix(caller: &Caller) -> Result<Self, Error> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let parent = caller.socket_dir.clone().unwrap_or_else(std::env::temp_dir);
        let open = || {
            let dir = tempfile::Builder::new()
                .prefix(PREFIX)
                .permissions(PermissionsExt::from_mode(0o700))
                .tempdir_in(&parent)?;
            std::fs::write(dir.path().join(MARK), format!("{MARKED}{}", own_name()))?;
            let path = dir.path().join(SOCKET);
            let (socket, owner) =
                (tokio::net::UnixListener::bind(&path)?, dir.path().metadata()?.uid());
            let address = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?.into();
            Ok(Self { door: Door::Unix { socket, owner, _dir: dir }, network: "unix", address })
        };
        let next = match caller.socket_dir {
            Some(_) => UNSET,
            None => "Set TMPDIR to a folder with a short path that can be written to.",
        };
        open().map_err(|why| Error::Socket { dir: parent.clone(), why, next })
    }

    fn tcp(caller: &Caller) -> Result<Self, Error> {
        if caller.certificate.is_none() {
            return Err(Error::OpenPort);
        }
        let open = |port| StdTcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
        let listener = caller
            .ports
            .clone()
            .find_map(open)
            .ok_or_else(|| Error::NoPort(caller.ports.clone()))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?.to_string();
        Ok(Self { door: Door::Tcp(TcpListener::from_std(listener)?), network: "tcp", address })
    }

    async fn accept(&self) -> io::Result<Connection> {
        match &self.door {
            #[cfg(unix)]
            Door::Unix { socket, owner, .. } => {
                let (stream, _) = socket.accept().await?;
                let peer = stream.peer_cred()?.uid();
                if peer != *owner {
                    return Err(io::Error::new(
                        io::ErrorKind::PermissionDenied,
                        format!("user {peer} is not ours"),
                    ));
                }
                Ok(Connection(Box::new(stream)))
            }
            Door::Tcp(port) => {
                let (stream, _) = port.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Connection(Box::new(stream)))
            }
        }
    }

    /// Hands every caller that proves itself to `admitted`; each proves itself on its own, so that a slow one holds nobody up.
    pub async fn admit(
        &self,
        acceptor: Option<TlsAcceptor>,
        admitted: Sender<io::Result<Connection>>,
    ) {
        while !admitted.is_closed() {
            match self.accept().await {
                Ok(connection) => {
                    drop(tokio::spawn(prove(connection, acceptor.clone(), admitted.clone())))
                }
                Err(error) => {
                    tracing::warn!(%error, "a caller was turned away");
                    // Out of file handles, for one: do not spin.
                    drop(timeout(Duration::from_millis(20), admitted.closed()).await);
                }
            }
        }
    }
}

async fn prove(
    connection: Connection,
    acceptor: Option<TlsAcceptor>,
    admitted: Sender<io::Result<Connection>>,
) {
    let Some(acceptor) = acceptor else {
        return drop(admitted.send(Ok(connection)).await);
    };
    match timeout(PROOF, acceptor.accept(connection)).await {
        Ok(Ok(stream)) => drop(admitted.send(Ok(Connection(Box::new(stream)))).await),
        Ok(Err(error)) => tracing::warn!(%error, "a caller was turned away"),
        Err(_) => tracing::warn!("a caller was turned away: it said nothing"),
    }
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A caller, whichever way it came.
pub struct Connection(Box<dyn Duplex>);

impl Connected for Connection {
    type ConnectInfo = ();
    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
